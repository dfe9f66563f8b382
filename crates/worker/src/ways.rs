//! By which way a check-in goes: LINE, else SMS, else a call by staff.

use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::contact::ContactKind;
use bansou_core::delivery::{ChannelKind, Purpose};
use bansou_core::ids::{CheckInId, GraduateId};
use bansou_core::message::Template;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_core::window::{SendContext, SendDecision, SendKind, SendWindow, first_moment, may_send, windows_on};
use bansou_store::{ContactPoint, Delivery, Graduate, NewDelivery, NewTask, Tx};
use chrono::{DateTime, NaiveDate, Utc};

use crate::engine::{Engine, OfficeRules};
use crate::error::Result;
use crate::plan::day_begins;

/// So many days, the due day among them, are looked through for one on which the person can be written to.
const WAIT_DAYS: usize = 7;

/// A check-in on its way to a channel.
pub(crate) struct OnItsWay<'a> {
    pub(crate) rules: &'a OfficeRules,
    pub(crate) graduate: &'a Graduate,
    pub(crate) check_in: CheckInId,
    pub(crate) due_on: NaiveDate,
    pub(crate) template: &'a Template,
    /// Leaves at once where the hours allow it, instead of at a moment spread over the day.
    pub(crate) at_once: bool,
}

impl Engine {
    /// Plans the check-in's delivery over the first way that isn't among `tried`; without one, a person takes over.
    pub(crate) async fn send_by_next_way(
        &self,
        tx: &Tx,
        going: &OnItsWay<'_>,
        not_before: DateTime<Utc>,
        tried: &[ChannelKind],
        otherwise: CloseReason,
    ) -> Result<bool> {
        let Some(way) = self.way(tx, going.graduate, tried).await? else {
            let why = match otherwise {
                CloseReason::NoAddress if has_address(&tx.contact_points(going.graduate.id).await?, tried) => {
                    CloseReason::NoChannel
                }
                otherwise => otherwise,
            };
            hand_over(tx, going.graduate.id, going.check_in, why).await?;
            return Ok(false);
        };
        let (rules, graduate, id) = (going.rules, going.graduate, going.check_in);
        let Some((due_at, window)) = moment(rules, graduate, id, going.due_on, not_before, going.at_once) else {
            let why = unless_never(rules, graduate, not_before, CloseReason::Expired);
            hand_over(tx, going.graduate.id, going.check_in, why).await?;
            return Ok(false);
        };
        let (kind, channel_id, point) = way;
        let speaker = going.rules.speaker(tx, going.graduate, due_at).await?;
        let fill = going.rules.fill(going.graduate, &speaker);
        let payload = going.template.payload(kind, going.graduate.details.language, &fill, Some(going.check_in));
        let delivery = NewDelivery {
            graduate: Some(going.graduate.id),
            check_in: Some(going.check_in),
            message: None,
            escalation: None,
            purpose: Purpose::CheckIn,
            slot: going.due_on.to_string(),
            channel_id,
            channel_kind: kind,
            contact_point: Some((point.id, point.version)),
            address: point.address,
            payload,
            due_at,
            window: (window.from, window.to),
            expires_at: window.to,
        };
        if tx.add_delivery(&delivery).await?.is_none() {
            // This very thing went to this very address already. Whatever became of it, it isn't said twice.
            hand_over(tx, going.graduate.id, going.check_in, CloseReason::Unclear).await?;
            return Ok(false);
        }
        Ok(true)
    }

    /// Words a check-in that was just claimed as it is said now: who speaks was worked out when it was planned, and since then leave,
    /// duty or hours may have changed. What may be out already keeps its words, and so does what no template says.
    pub(crate) async fn say_as_of_now(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        graduate: &Graduate,
        template: Option<&Template>,
        delivery: &mut Delivery,
    ) -> Result<()> {
        let Some(template) = template else { return Ok(()) };
        if delivery.attempts > 1 && tx.may_be_out(delivery.id).await? {
            return Ok(());
        }
        let speaker = rules.speaker(tx, graduate, self.now()).await?;
        let fill = rules.fill(graduate, &speaker);
        let payload = template.payload(delivery.channel_kind, graduate.details.language, &fill, delivery.check_in);
        if payload != delivery.payload && tx.reword(delivery, &payload).await? {
            delivery.payload = payload;
        }
        Ok(())
    }

    /// The first usable address in the order LINE, SMS whose channel isn't stopped.
    async fn way(
        &self,
        tx: &Tx,
        graduate: &Graduate,
        tried: &[ChannelKind],
    ) -> Result<Option<(ChannelKind, String, ContactPoint)>> {
        let points = tx.contact_points(graduate.id).await?;
        for kind in ChannelKind::OF_CHECK_INS {
            let Some(channel) = self.channel_of(kind).filter(|_| !tried.contains(&kind)) else { continue };
            let state = tx.channel_state(channel.id()).await?;
            if state.and_then(|state| state.stopped_until).is_some_and(|until| until > tx.now()) {
                continue;
            }
            if let Some(point) =
                points.iter().find(|point| kind_of_point(point.kind) == Some(kind) && point.reach.is_reachable())
            {
                return Ok(Some((kind, channel.id().to_owned(), point.clone())));
            }
        }
        Ok(None)
    }
}

/// A moment inside the windows of the due day. Where the person can't be written to at all on that day, it is the next day
/// on which they can, within a week. Once its moment has passed, the late rule decides.
pub(crate) fn moment(
    rules: &OfficeRules,
    graduate: &Graduate,
    check_in: CheckInId,
    due_on: NaiveDate,
    not_before: DateTime<Utc>,
    at_once: bool,
) -> Option<(DateTime<Utc>, SendWindow)> {
    let context = rules.send_context(&graduate.details.hours, SendKind::CheckIn);
    let seed = check_in.0.into_bytes();
    let due_at = due_moment(check_in, due_on, &context);
    let at = if at_once && matches!(may_send(not_before, &context), SendDecision::Now { .. }) {
        not_before
    } else if due_at < not_before {
        rules.office.settings.late.moment(due_at, not_before, &context, seed)?
    } else {
        let from = due_on.max(rules.today(not_before));
        let day = from.iter_days().take(WAIT_DAYS).find(|day| !windows_on(*day, &context).is_empty())?;
        first_moment(day, not_before, &context, seed).ok().filter(|at| rules.today(*at) == day)?
    };
    let day = rules.today(at);
    // Several periods of a day are several windows; the delivery lives in the one its moment lies in.
    let window = windows_on(day, &context).into_iter().find(|window| window.contains(at))?;
    Some((at, window))
}

/// The first moment from now on at which a colleague's words may leave.
pub(crate) fn reply_moment(
    rules: &OfficeRules,
    graduate: &Graduate,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, SendWindow)> {
    let context = rules.send_context(&graduate.details.hours, SendKind::Reply);
    let at = match may_send(now, &context) {
        SendDecision::Now { .. } => now,
        SendDecision::Later { at, .. } => at,
        SendDecision::Never { .. } => return None,
    };
    let window = windows_on(rules.today(at), &context).into_iter().find(|window| window.contains(at))?;
    Some((at, window))
}

/// The moment at which a check-in of a day wants to leave, by the hours as they are now.
pub(crate) fn due_moment(id: CheckInId, due_on: NaiveDate, context: &SendContext<'_>) -> DateTime<Utc> {
    let begins = day_begins(due_on, context.calendar.zone);
    first_moment(due_on, begins, context, id.0.into_bytes()).unwrap_or(begins)
}

/// The kind of channel that writes to an address, if one does: a landline is for calls by staff.
pub(crate) fn kind_of_point(kind: ContactKind) -> Option<ChannelKind> {
    match kind {
        ContactKind::Line => Some(ChannelKind::Line),
        ContactKind::Sms => Some(ChannelKind::Sms),
        ContactKind::Email => Some(ChannelKind::Email),
        ContactKind::Phone => None,
    }
}

/// Whether a check-in could go to one of these addresses, had the office a channel for it.
fn has_address(points: &[ContactPoint], tried: &[ChannelKind]) -> bool {
    let untried = |kind: &ChannelKind| ChannelKind::OF_CHECK_INS.contains(kind) && !tried.contains(kind);
    let asked = |point: &ContactPoint| kind_of_point(point.kind).is_some_and(|kind| untried(&kind));
    points.iter().any(|point| asked(point) && point.reach.is_reachable())
}

/// Why a check-in found no moment: the hours never meet, or else what is given.
pub(crate) fn unless_never(
    rules: &OfficeRules,
    graduate: &Graduate,
    now: DateTime<Utc>,
    otherwise: CloseReason,
) -> CloseReason {
    match may_send(now, &rules.send_context(&graduate.details.hours, SendKind::CheckIn)) {
        SendDecision::Never { .. } => CloseReason::NoCommonHours,
        SendDecision::Now { .. } | SendDecision::Later { .. } => otherwise,
    }
}

/// Closes a check-in as handed over and makes the call task for it.
pub(crate) async fn hand_over(tx: &Tx, graduate: GraduateId, check_in: CheckInId, why: CloseReason) -> Result<()> {
    tx.close_check_in(check_in, CheckInState::HandedOver, Some(why)).await?;
    let (kind, reason) = match why {
        CloseReason::NoChannel => (TaskKind::Call, TaskReason::NoChannel),
        CloseReason::NoCommonHours => (TaskKind::Call, TaskReason::NoCommonHours),
        CloseReason::TooLate => (TaskKind::Call, TaskReason::TooLate),
        CloseReason::Refused => (TaskKind::Call, TaskReason::Refused),
        CloseReason::Unclear | CloseReason::Template => (TaskKind::Look, TaskReason::Unclear),
        CloseReason::Expired | CloseReason::OfficeStopped => (TaskKind::Call, TaskReason::Expired),
        _ => (TaskKind::Call, TaskReason::NoAddress),
    };
    tx.add_task(&NewTask {
        graduate: Some(graduate),
        check_in: Some(check_in),
        ..NewTask::program(kind, reason, format!("check-in:{check_in}"), tx.now())
    })
    .await?;
    Ok(())
}
