//! A graduate's own pages: what comes next, a rest, what is shared, help.
//!
//! The routes of [`crate::pages::me`]. One tap is enough everywhere; nothing here asks for a reason.

mod sharing;
mod today;

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::response::{IntoResponse, Response};
use bansou_core::cadence::DueReason;
use bansou_core::delivery::ChannelKind;
use bansou_core::graduate::Support;
use bansou_core::hours::{WeekHours, day_text};
use bansou_core::ids::GraduateId;
use bansou_core::words::{Lang, Words};
use bansou_store::{Graduate, LinkKind, Tx};
use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, Utc, Weekday};
use http::StatusCode;
use http::request::Parts;

use crate::actions::{me_consent, me_link, me_read, me_rest};
use crate::answer;
use crate::app::App;
use crate::errors::Failure;
use crate::guest::{Me, came_by, enter};
use crate::heads::staff_name;
use crate::pages::me::{MeClosedPage, MeHelpPage, MeNext, MeOpenPage, MePage, MePausePage, MePlanPage, Rest};
use crate::requests::to_read;
use crate::routes::Routes;
use crate::sent::Nothing;
use crate::signed::Answer;
use crate::threads::way_of_check_ins;
use crate::visitor::{Visitor, VisitorSent};

pub(crate) use sharing::own_request;

/// Deliveries looked at for one that is set.
const LOOKS_BACK: u64 = 20;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/me/{token}", door)
        .post("/me/{token}", open)
        .get("/me", tiles)
        .get("/me/plan", plan)
        .get("/me/pause", pause)
        .get("/me/sharing", sharing::list)
        .get("/me/help", help)
        .post("/me/pause", me_rest::pause)
        .post("/me/resume", me_rest::resume)
        .post("/me/stop", me_rest::stop)
        .post("/me/consents/{id}/withdraw", me_consent::withdraw)
        .get("/me/requests/{id}", sharing::one)
        .post("/me/requests/{id}", me_read::post)
        .get("/graduates/{id}/me-link", me_link::page)
        .post("/graduates/{id}/me-link", me_link::post)
}

async fn door(State(app): State<Arc<App>>, Path(token): Path<String>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match Visitor::from_request_parts(&mut parts, &app).await {
        Ok(visitor) => at_the_door(&visitor, &parts, &token).await.into_response(),
        Err(refused) => refused,
    }
}

async fn at_the_door(visitor: &Visitor, parts: &Parts, token: &str) -> Answer {
    let store = &visitor.app.parts.store;
    if let Some(link) = store.find_link(LinkKind::Me, token).await? {
        let office = store.read(link.office).await?.own_office().await?;
        return visitor.page(&MeOpenPage { token: token.to_owned(), office: office.name });
    }
    let Some(used) = store.find_used_link(LinkKind::Me, token).await? else {
        return visitor.page_as(StatusCode::NOT_FOUND, &MeClosedPage { phone: String::new() });
    };
    // The link in the chat is tapped again and again; the browser that used it may simply go on.
    if let Some(place) = came_by(parts, &visitor.app, &used).await? {
        return Ok(answer::see(&place));
    }
    let phone = store.read(used.office).await?.own_office().await?.settings.phone;
    visitor.page_as(StatusCode::GONE, &MeClosedPage { phone })
}

async fn open(State(app): State<Arc<App>>, Path(token): Path<String>, sent: VisitorSent<Nothing>) -> Answer {
    match enter(&app, LinkKind::Me, &token).await? {
        Some(response) => Ok(response),
        None => sent.visitor.page_as(StatusCode::NOT_FOUND, &MeClosedPage { phone: String::new() }),
    }
}

async fn tiles(me: Me) -> Answer {
    let tx = me.guest.read().await?;
    let waiting = to_read(&tx, me.graduate.id).await?;
    let today = me.guest.today();
    let consents = tx.consents_of(me.graduate.id).await?;
    me.guest.page(&MePage {
        call_name: me.graduate.details.profile.call_name().to_owned(),
        office: me.guest.office.name.clone(),
        today: today::today(&me, &tx).await?,
        next: next(&me, &tx).await?,
        to_read: waiting.iter().map(|request| format!("/me/requests/{}", request.id)).collect(),
        consents: consents.iter().filter(|consent| sharing::holds(consent, today)).count(),
    })
}

async fn plan(me: Me) -> Answer {
    let tx = me.guest.read().await?;
    // Somebody without a member of staff of their own hears from the office.
    let staff = staff_name(&tx, me.graduate.staff).await?.unwrap_or_else(|| me.guest.office.name.clone());
    me.guest.page(&MePlanPage { next: next(&me, &tx).await?, staff })
}

async fn pause(me: Me) -> Answer {
    let today = me.guest.today();
    me.guest.page(&MePausePage {
        rest: rest(&me.graduate, today),
        week_until: week_until(today),
        month_until: month_until(today),
        phone: me.guest.office.settings.phone.clone(),
    })
}

async fn help(me: Me) -> Answer {
    let tx = me.guest.read().await?;
    let office = &me.guest.office;
    me.guest.page(&MeHelpPage {
        office: office.name.clone(),
        phone: office.settings.phone.clone(),
        hours: week_words(&office.settings.hours, &me.guest.app.parts.words, me.guest.lang),
        staff: staff_name(&tx, me.graduate.staff).await?,
        plan: me.graduate.details.profile.crisis_plan.clone(),
        hotlines: me.guest.app.parts.hotlines.clone(),
    })
}

/// Last day of a rest of one week that begins today.
pub(crate) fn week_until(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(6)).unwrap_or(today)
}

/// Last day of a rest of one month that begins today.
pub(crate) fn month_until(today: NaiveDate) -> NaiveDate {
    let next = today.checked_add_months(Months::new(1));
    next.and_then(|day| day.pred_opt()).unwrap_or(today)
}

/// Whether contact rests.
pub(crate) fn rest(graduate: &Graduate, today: NaiveDate) -> Rest {
    if graduate.contact_stopped_at.is_some() {
        return Rest::Stopped;
    }
    match &graduate.pause {
        Some(pause) if pause.dates.covers(today) => Rest::Paused { until: pause.dates.until },
        _ => Rest::No,
    }
}

/// When the office is in touch next, as far as it is planned: the minute only of what is set already.
async fn next(me: &Me, tx: &Tx) -> Result<MeNext, Failure> {
    let rest = rest(&me.graduate, me.guest.today());
    let none = MeNext { at: None, is_set: false, channel: None, why: None, rest };
    if rest != Rest::No || me.graduate.support != Support::Supported {
        return Ok(none);
    }
    let points = tx.contact_points(me.graduate.id).await?;
    let way = way_of_check_ins(&me.guest.app, me.guest.office.id, &points);
    if let Some(set) = set(tx, me.graduate.id).await?.filter(|set| way == Some(set.channel)) {
        return Ok(MeNext {
            at: Some(me.guest.local(set.at)),
            is_set: true,
            channel: Some(set.channel),
            why: set.reason.as_ref().map(Into::into),
            rest,
        });
    }
    let Some(due) = tx.cadence(me.graduate.id).await?.and_then(|cadence| cadence.next) else { return Ok(none) };
    let begins = due.due_on.and_time(NaiveTime::MIN).and_local_timezone(me.guest.office.zone).earliest();
    Ok(MeNext {
        at: begins.map(|at| me.guest.local(at.to_utc())),
        is_set: false,
        channel: way,
        why: Some((&due.reason).into()),
        rest,
    })
}

/// A check-in whose delivery waits for its minute.
pub(crate) struct Set {
    /// When it goes.
    pub(crate) at: DateTime<Utc>,
    /// By which channel.
    pub(crate) channel: ChannelKind,
    /// Why then.
    pub(crate) reason: Option<DueReason>,
}

/// The person's next check-in that is set already, if any.
pub(crate) async fn set(tx: &Tx, graduate: GraduateId) -> Result<Option<Set>, Failure> {
    let mut waits = tx.deliveries_of(graduate, LOOKS_BACK).await?;
    waits.retain(bansou_store::Delivery::is_waiting_question);
    let Some(first) = waits.into_iter().min_by_key(|delivery| delivery.due_at) else { return Ok(None) };
    let row = match first.check_in {
        Some(id) => tx.check_in(id).await?,
        None => None,
    };
    let reason = row.and_then(|row| serde_json::from_str(&row.reason).ok());
    Ok(Some(Set { at: first.due_at, channel: first.channel_kind, reason }))
}

/// The week in words, days with the same hours together: 「月〜金 9:00〜12:00、13:00〜17:30」.
pub(crate) fn week_words(week: &WeekHours, words: &Words, lang: Lang) -> String {
    const DAYS: [(Weekday, &str); 7] = [
        (Weekday::Mon, "weekday-mon"),
        (Weekday::Tue, "weekday-tue"),
        (Weekday::Wed, "weekday-wed"),
        (Weekday::Thu, "weekday-thu"),
        (Weekday::Fri, "weekday-fri"),
        (Weekday::Sat, "weekday-sat"),
        (Weekday::Sun, "weekday-sun"),
    ];
    let mut runs: Vec<(&str, &str, String)> = Vec::new();
    let mut joins = false;
    for (day, name) in DAYS {
        let text = day_text(week.on(day));
        if text.is_empty() {
            joins = false;
            continue;
        }
        match runs.last_mut() {
            Some((_, last, same)) if joins && *same == text => *last = name,
            _ => runs.push((name, name, text)),
        }
        joins = true;
    }
    let (to, and) = if lang == Lang::En { ("–", ", ") } else { ("〜", "、") };
    let day = |key: &str| words.plain(lang, key);
    let clock = |time: &'_ str| time.strip_prefix('0').unwrap_or(time).to_owned();
    let runs = runs.iter().map(|(first, last, text)| {
        let days = if first == last { day(first) } else { format!("{}{to}{}", day(first), day(last)) };
        let spans = text.split(',').map(|span| span.split('-').map(clock).collect::<Vec<_>>().join(to));
        format!("{days} {}", spans.collect::<Vec<_>>().join(and))
    });
    runs.collect::<Vec<_>>().join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_with_the_same_hours_stand_together() {
        let words = Words::embedded();
        let week = WeekHours::weekdays("09:00-12:00,13:00-17:30").unwrap().with_day(Weekday::Wed, "").unwrap();
        let said = week_words(&week, &words, Lang::Ja);
        assert_eq!(said, "月〜火 9:00〜12:00、13:00〜17:30 / 木〜金 9:00〜12:00、13:00〜17:30");
        assert_eq!(week_words(&WeekHours::default(), &words, Lang::Ja), "");
    }

    #[test]
    fn a_rest_of_a_month_ends_the_day_before_the_same_date() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(month_until(day("2026-11-20")), day("2026-12-19"));
        assert_eq!(month_until(day("2027-01-31")), day("2027-02-27"));
        assert_eq!(week_until(day("2026-11-20")), day("2026-11-26"));
    }
}
