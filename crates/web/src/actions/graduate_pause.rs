//! A time without contact. It stops the plan, never an answer.

use axum::extract::Path;
use bansou_core::graduate::PauseDates;
use bansou_core::ids::GraduateId;
use bansou_store::{Pause, Tx};
use chrono::NaiveDate;

use crate::answer;
use crate::areas::me::{month_until, week_until};
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::heads::person_head;
use crate::pages::Done;
use crate::pages::pause::{PauseForm, PauseLength, PausePage};
use crate::people;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// Most letters of a reason.
const WHY_MAX: usize = 200;

/// `GET /graduates/{id}/pause`.
pub async fn page(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let page = load(&signed, &tx, id, FormState::default()).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/pause`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<PauseForm>) -> Answer {
    let there = format!("/graduates/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::Paused)) };
    let pause = match read(&sent.form, sent.signed.today()) {
        Ok(pause) => pause,
        Err(form) => {
            let page = load(&sent.signed, &tx, id, form).await?;
            return sent.signed.refused(&tx, &page).await;
        }
    };
    tx.pause_graduate(sent.signed.actor(), id, &pause).await?;
    tx.save().await?;
    (sent.signed.app.parts.wake)();
    Ok(answer::done(&there, Done::Paused))
}

async fn load(signed: &Signed, tx: &Tx, id: GraduateId, form: FormState<PauseForm>) -> Result<PausePage, Failure> {
    let graduate = people::graduate(tx, id).await?;
    Ok(PausePage { person: person_head(tx, &graduate, signed.today()).await?, form, lengths: PauseLength::ALL })
}

fn read(form: &PauseForm, today: NaiveDate) -> Result<Pause, FormState<PauseForm>> {
    let mut state = FormState::new(form.clone());
    let why = form.why.trim();
    let now = why.chars().count();
    if why.is_empty() {
        state = state.with_error("why", FieldError::Required);
    } else if now > WHY_MAX {
        state = state.with_error("why", FieldError::TooLong { max: WHY_MAX, now });
    }
    let until = match form.length.parse::<PauseLength>() {
        Ok(PauseLength::Week) => Some(week_until(today)),
        Ok(PauseLength::Month) => Some(month_until(today)),
        Ok(PauseLength::Open) => None,
        Ok(PauseLength::Date) => {
            let until = form.until.parse::<NaiveDate>().ok();
            match until {
                None => state = state.with_error("until", FieldError::NotADate),
                Some(until) if until <= today => state = state.with_error("until", FieldError::NotInFuture),
                Some(_) => {}
            }
            until
        }
        Err(_) => {
            state = state.with_error("length", FieldError::NotAChoice);
            None
        }
    };
    if !state.is_valid() {
        return Err(state);
    }
    Ok(Pause { dates: PauseDates { from: today, until }, reason: why.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(length: &str, until: &str, why: &str) -> PauseForm {
        PauseForm { length: length.into(), until: until.into(), why: why.into() }
    }

    #[test]
    fn a_week_has_seven_days_a_month_ends_the_day_before_the_same_date_and_an_open_pause_has_no_end() {
        let today = "2026-04-01".parse().unwrap();
        let until = |length| read(&form(length, "", "本人の希望"), today).ok().map(|pause| pause.dates.until);
        assert_eq!(until("week"), Some(Some("2026-04-07".parse().unwrap())));
        // The same day as when the person takes a month on their own page.
        assert_eq!(until("month"), Some(Some("2026-04-30".parse().unwrap())));
        assert_eq!(until("open"), Some(None));
    }

    #[test]
    fn what_is_missing_is_named_at_its_field() {
        let today = "2026-04-01".parse().unwrap();
        let errors = |form: PauseForm| read(&form, today).err().map(|form| form.errors.into_keys().collect::<Vec<_>>());
        assert_eq!(errors(form("date", "2026-04-01", "")), Some(vec!["until", "why"]));
        assert_eq!(errors(form("", "", "x")), Some(vec!["length"]));
    }
}
