//! Loading what several pages show of a person.

use std::collections::HashMap;

use bansou_core::contact::{PhoneNumber, Reachability};
use bansou_core::delivery::Purpose;
use bansou_core::graduate::PauseDates;
use bansou_core::hours::{WeekHours, day_text};
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::note::ContactMode;
use bansou_store::{ContactPoint, Graduate, Message, Task, Thread, Tx};
use chrono::{DateTime, NaiveDate, Utc, Weekday};

use crate::errors::Failure;
use crate::form::FormState;
use crate::pages::person::{CrisisBlock, CrisisCloseForm, PauseView, StopView, Taken};
use crate::pages::today::LastContact;
use crate::signed::Signed;

/// So many deliveries back the safe text is looked for.
const SAFE_TEXT_LOOKS_BACK: u64 = 100;

/// A graduate of the reader's office, or 404.
pub async fn graduate(tx: &Tx, id: GraduateId) -> Result<Graduate, Failure> {
    tx.graduate(id).await?.ok_or(Failure::NotFound)
}

/// Names of the office's staff.
pub async fn staff_names(tx: &Tx) -> Result<HashMap<StaffId, String>, Failure> {
    Ok(tx.staff_names().await?)
}

/// Which day of the job it is, counted from one.
pub fn tenure(hired_on: NaiveDate, today: NaiveDate) -> i64 {
    (today - hired_on).num_days() + 1
}

/// The pause that holds today, with its reason.
pub fn paused(graduate: &Graduate, today: NaiveDate) -> Option<PauseView> {
    let pause = graduate.pause.as_ref().filter(|pause| pause.dates.covers(today))?;
    Some(PauseView { until: pause.dates.until, why: pause.reason.clone() })
}

/// The pause that holds today where the reason isn't at hand, as in lists.
pub fn pause_dates(pause: Option<PauseDates>, today: NaiveDate) -> Option<PauseView> {
    let pause = pause.filter(|pause| pause.covers(today))?;
    Some(PauseView { until: pause.until, why: String::new() })
}

/// The last time a person of the office was in touch: what was written down, or a message of staff where that is newer.
pub fn last_contact(
    signed: &Signed,
    written_down: Option<(NaiveDate, Option<ContactMode>)>,
    wrote_at: Option<DateTime<Utc>>,
) -> Option<LastContact> {
    let wrote = wrote_at.map(|at| signed.local(at).date_naive());
    if let Some((on, mode)) = written_down.filter(|(on, _)| wrote.is_none_or(|wrote| wrote <= *on)) {
        let how = mode.map(|mode| signed.say(&format!("contact-mode-{mode}"))).unwrap_or_default();
        return Some(LastContact { on, how });
    }
    Some(LastContact { on: wrote?, how: signed.say("last-contact-message") })
}

/// Since when nothing may be sent to the person, and whether that was their own word.
pub async fn stop(signed: &Signed, tx: &Tx, graduate: &Graduate) -> Result<Option<StopView>, Failure> {
    let Some(since) = graduate.contact_stopped_at else { return Ok(None) };
    let by_person = tx.is_own_stop(graduate.id).await?;
    Ok(Some(StopView { on: signed.local(since).date_naive(), by_person }))
}

/// Who is calling about a task at this moment.
pub(crate) fn calling(signed: &Signed, task: &Task, names: &HashMap<StaffId, String>) -> Option<Taken> {
    let calling = task.calling(signed.now())?;
    let by = names.get(&calling.staff).cloned().unwrap_or_default();
    Some(Taken { by, at: signed.local(calling.since), is_me: calling.staff == signed.staff.id })
}

/// Words of crisis that wait for a person, with all that is needed to act.
pub async fn crisis(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    thread: Option<&Thread>,
) -> Result<Option<CrisisBlock>, Failure> {
    let Some((thread, since)) = thread.and_then(|thread| Some((thread, thread.crisis_since?))) else {
        return Ok(None);
    };
    let all = tx.words_of_crisis(graduate.id, since).await?;
    let seen = crisis_seen(&all);
    let mut all = all.into_iter();
    let words = all.next();
    // Written before the newest and come in after them: nobody who has read those has read these.
    let late = all.filter(|message| words.as_ref().is_some_and(|newest| message.id > newest.id));
    let late = late.filter_map(|message| Some((signed.local(message.at), message.body?.text)));
    let deliveries = tx.deliveries_of(graduate.id, SAFE_TEXT_LOOKS_BACK).await?;
    let safe = deliveries.iter().filter(|delivery| delivery.purpose == Purpose::SafeText);
    let points = tx.contact_points(graduate.id).await?;
    Ok(Some(CrisisBlock {
        graduate: graduate.id.to_string(),
        name: graduate.details.profile.name.clone(),
        at: signed.local(words.as_ref().map_or(since, |message| message.at)),
        channel: words.as_ref().map(|message| message.channel),
        close: FormState::new(CrisisCloseForm { seen, ..CrisisCloseForm::default() }),
        late: late.collect(),
        quote: words.and_then(|message| message.body).map(|body| body.text).unwrap_or_default(),
        safe_text_at: safe
            .filter_map(|delivery| delivery.accepted_at)
            .find(|at| *at >= since)
            .map(|at| signed.local(at)),
        taken: taken(signed, tx, thread).await?,
        plan: graduate.details.profile.crisis_plan.clone(),
        phone: phone(&points),
    }))
}

/// Whichever of words of crisis came in last, as the form carries it by which the crisis is ended.
pub(crate) fn crisis_seen(words: &[Message]) -> String {
    crate::desk::last_come(words).map(|last| last.to_string()).unwrap_or_default()
}

/// The number to call, as one dials it in Japan.
pub fn phone(points: &[ContactPoint]) -> Option<String> {
    number(points).map(|point| dialled(&point.address))
}

/// The number to call: a landline before the mobile, because it was given for calls. One at which somebody else answers,
/// or nobody ever will, is none.
pub fn number(points: &[ContactPoint]) -> Option<&ContactPoint> {
    use bansou_core::contact::ContactKind::{Phone, Sms};
    let is_dead = |point: &&ContactPoint| matches!(point.reach, Reachability::Invalid { .. });
    let of = |kind| points.iter().find(|point| point.kind == kind && !is_dead(point));
    of(Phone).or_else(|| of(Sms))
}

/// Kinds of disability or certificates in words, each with its grade; own words as they are.
pub(crate) fn kinds_in_words(signed: &Signed, what: &str, stored: &str) -> String {
    let words = &signed.app.parts.words;
    let one = |kind: &str| {
        let (code, grade) = kind.split_once(' ').unwrap_or((kind, ""));
        let key = format!("{what}-{code}");
        words
            .has(signed.lang, &key)
            .then(|| format!("{} {grade}", words.plain(signed.lang, &key)).trim_end().to_owned())
    };
    let kinds: Option<Vec<String>> = stored.split(',').map(one).collect();
    kinds.map_or_else(|| stored.to_owned(), |kinds| kinds.join(&signed.say("list-comma")))
}

/// `+819012000001` as `090-1200-0001`; what is no number in use stays as it is.
pub fn dialled(address: &str) -> String {
    address.parse::<PhoneNumber>().map_or_else(|_| address.to_owned(), |number| number.national())
}

async fn taken(signed: &Signed, tx: &Tx, thread: &Thread) -> Result<Option<Taken>, Failure> {
    let Some(staff) = thread.crisis_staff else { return Ok(None) };
    let by = tx.staff_member(staff).await?.map(|member| member.profile.name).unwrap_or_default();
    let at = thread.crisis_taken_at.unwrap_or_else(|| signed.now());
    Ok(Some(Taken { by, at: signed.local(at), is_me: staff == signed.staff.id }))
}

/// A week's hours: days with the same hours are said together.
pub(crate) fn week_hours(signed: &Signed, week: &WeekHours) -> String {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (day, key) in [(Mon, "mon"), (Tue, "tue"), (Wed, "wed"), (Thu, "thu"), (Fri, "fri"), (Sat, "sat"), (Sun, "sun")]
    {
        let text = day_text(week.on(day));
        if text.is_empty() {
            continue;
        }
        let name = signed.say(&format!("weekday-{key}"));
        match groups.last_mut().filter(|(last, _)| *last == text) {
            Some((_, days)) => days.push(name),
            None => groups.push((text, vec![name])),
        }
    }
    groups.into_iter().map(|(text, days)| format!("{} {text}", days.join("・"))).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_as_it_is_dialled() {
        assert_eq!(dialled("+819012000001"), "090-1200-0001");
        assert_eq!(dialled("+81300000001"), "03-0000-0001", "as the export writes it");
        assert_eq!(dialled("U1"), "U1");
    }

    #[test]
    fn the_first_day_of_a_job_is_day_one() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(tenure(day("2026-04-01"), day("2026-04-01")), 1);
        assert_eq!(tenure(day("2026-04-01"), day("2026-04-03")), 3);
    }
}
