//! Whoever writes while the office is closed is told when it opens and whom to call, once an evening, where the office wants that.
//!
//! It goes over LINE's free reply while the person still holds the phone, and by SMS where they wrote an SMS. Late words get none; nor does
//! anybody in a pause or after words of crisis, which have their own safe text.

use bansou_core::delivery::{ChannelKind, Purpose};
use bansou_core::graduate::Support;
use bansou_core::ids::MessageId;
use bansou_core::message::Fill;
use bansou_core::out_of_hours::{Closed, closed};
use bansou_core::signs::hotlines::Hotlines;
use bansou_core::told_time::told_time;
use bansou_store::{Graduate, Tx};

use super::answer::Said;
use super::effects::TOKEN_GOOD_FOR;
use crate::engine::{Engine, OfficeRules};
use crate::error::Result;

/// The message template.
const TEMPLATE: &str = "out-of-hours";

impl Engine {
    /// Tells whoever has just written that the office is closed, where that is wanted and hasn't been said this evening.
    pub(crate) async fn out_of_hours(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        said: &Said<'_>,
        message: MessageId,
    ) -> Result<()> {
        if !rules.office.settings.out_of_hours || tx.now() - said.at > TOKEN_GOOD_FOR {
            return Ok(());
        }
        if said.channel == ChannelKind::Line && said.reply_token.is_none() {
            return Ok(());
        }
        let Some(closed) = closed(tx.now(), &rules.calendar) else { return Ok(()) };
        let Some(person) = tx.graduate(said.graduate).await? else { return Ok(()) };
        if !self.may_be_told(tx, rules, &person, closed).await? {
            return Ok(());
        }
        let Some(template) = rules.templates.get(TEMPLATE) else { return Ok(()) };
        let local = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&rules.office.zone).naive_local();
        let language = person.details.language;
        let opens = told_time(local(closed.opens_at), local(tx.now()).date(), language);
        let hotline = Hotlines::embedded().at_any_hour();
        let more = [("{time}", opens.as_str()), ("{hotlines}", hotline.as_str())];
        let fill = Fill { more: &more, ..rules.fill(&person, &rules.office.name) };
        let payload = template.payload(said.channel, language, &fill, None);
        let payload = bansou_core::delivery::Payload { reply_token: said.reply_token.clone(), ..payload };
        let until = tx.now() + rules.office.settings.sending.margin() + TOKEN_GOOD_FOR;
        let slot = message.to_string();
        self.put(tx, rules, said.graduate, said.channel, Purpose::OutOfHours, &slot, payload, until).await
    }

    async fn may_be_told(&self, tx: &Tx, rules: &OfficeRules, person: &Graduate, closed: Closed) -> Result<bool> {
        let today = rules.today(tx.now());
        let rests = person.pause.as_ref().is_some_and(|pause| pause.dates.covers(today));
        if person.support != Support::Supported || rests || person.contact_stopped_at.is_some() {
            return Ok(false);
        }
        if tx.thread(person.id).await?.is_some_and(|thread| thread.crisis_since.is_some()) {
            return Ok(false);
        }
        for said_already in [Purpose::OutOfHours, Purpose::SafeText] {
            if tx.sent_since(person.id, said_already, closed.answered_since).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
