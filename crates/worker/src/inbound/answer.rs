//! What a graduate says: an answer to a check-in, words that want a reply, words of crisis, a stop.
//!
//! The program suggests signs with the words quoted; it answers nothing by itself but thanks for a button and the office's own
//! safe text (DESIGN.md, decision 7).

use bansou_core::check_in::CheckInState;
use bansou_core::delivery::ChannelKind;
use bansou_core::ids::{CheckInId, GraduateId, MessageId};
use bansou_core::message::AnswerChoice;
use bansou_core::sign::SignSource;
use bansou_core::signs::{Classification, classify};
use bansou_core::task::{TaskKind, TaskReason};
use bansou_core::thread::MessageBody;
use bansou_store::{CheckIn, Delivery, InboundMessage, NewSign, NewTask, SignPlace, Tx};
use chrono::{DateTime, Utc};

use crate::engine::{Engine, OfficeRules};
use crate::error::Result;

/// Something that a graduate wrote.
pub(crate) struct Said<'a> {
    pub(crate) graduate: GraduateId,
    pub(crate) channel: ChannelKind,
    pub(crate) text: &'a str,
    pub(crate) attachment: Option<String>,
    /// The channel at which that can be fetched.
    pub(crate) fetch_from: Option<String>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) provider_ref: Option<String>,
    pub(crate) reply_token: Option<String>,
}

impl Engine {
    /// Words: a typed number or label answers the check-in that is out; anything else is read for signs and wants a reply.
    pub(crate) async fn said(&self, tx: &Tx, rules: &OfficeRules, said: &Said<'_>) -> Result<()> {
        let found = classify(said.text, &self.parts.lexicon);
        if found.opt_out_exact {
            return self.stop(tx, rules, said).await;
        }
        let check_in = tx.answerable_check_in(said.graduate, said.at).await?;
        let template = check_in.as_ref().and_then(|row| rules.templates.get(&row.template));
        // Once staff have written, a number may be meant for what they asked.
        let asked_since = match check_in.as_ref().and_then(|row| row.sent_at) {
            Some(sent_at) => tx
                .thread(said.graduate)
                .await?
                .and_then(|thread| thread.last_outbound_at)
                .is_some_and(|at| at > sent_at),
            None => false,
        };
        let choice = template.and_then(|template| {
            if asked_since { template.typed_label(said.text) } else { template.typed_choice(said.text) }
        });
        let message = InboundMessage {
            needs_reply: choice.is_none_or(|choice| choice.sign.is_some()),
            crisis: found.crisis,
            check_in: check_in.as_ref().map(|row| row.id),
            ..message_of(said, said.text)
        };
        if let Some(row) = &check_in {
            let called = |delivery: &Delivery| delivery.first_attempt_at.is_some_and(|first| first <= said.at);
            let code = choice.map_or("text", |choice| choice.code.as_str());
            self.answered(tx, rules, row, code, said.at, called).await?;
        }
        let message = tx.add_inbound_message(&message).await?;
        tx.drop_silence_tasks(said.graduate, said.at).await?;
        match choice {
            Some(choice) => self.suggest_choice(tx, said.graduate, message, choice).await?,
            None => self.suggest_words(tx, said, message, &found).await?,
        }
        if !found.crisis && !found.soon.is_empty() {
            let key = format!("read-soon:{message}");
            tx.add_task(&NewTask {
                graduate: Some(said.graduate),
                ..NewTask::program(TaskKind::Look, TaskReason::ReadSoon, key, tx.now())
            })
            .await?;
        }
        if found.crisis {
            self.crisis(tx, rules, said, message).await?;
        } else if choice.is_some() {
            self.thank(tx, rules, said.graduate, message, said.channel, said.reply_token.clone()).await?;
        } else {
            self.out_of_hours(tx, rules, said, message).await?;
        }
        Ok(())
    }

    /// A pressed button of a check-in. Pressed twice, the first answer stays and the second is kept as words.
    pub(crate) async fn pressed(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        check_in: CheckInId,
        code: &str,
        press: &Said<'_>,
    ) -> Result<()> {
        let (graduate, at) = (press.graduate, press.at);
        let Some(row) = tx.check_in(check_in).await?.filter(|row| row.graduate == graduate) else { return Ok(()) };
        let Some(choice) = rules.templates.get(&row.template).and_then(|template| template.choice(code)) else {
            return Ok(());
        };
        let message = InboundMessage {
            needs_reply: choice.sign.is_some(),
            check_in: Some(check_in),
            ..message_of(press, &choice.label)
        };
        // Whatever their clock and ours say: a button that is pressed has arrived.
        let called = |delivery: &Delivery| delivery.first_attempt_at.is_some();
        self.answered(tx, rules, &row, code, at, called).await?;
        let message = tx.add_inbound_message(&message).await?;
        tx.drop_silence_tasks(graduate, at).await?;
        self.suggest_choice(tx, graduate, message, choice).await?;
        self.thank(tx, rules, graduate, message, ChannelKind::Line, press.reply_token.clone()).await
    }

    /// The check-in has its answer, however late it comes and whatever we thought had become of the message. The question stands in
    /// the thread before its answer is written there.
    async fn answered(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        row: &CheckIn,
        code: &str,
        at: DateTime<Utc>,
        called: impl Fn(&Delivery) -> bool,
    ) -> Result<()> {
        if matches!(row.state, CheckInState::Planned | CheckInState::Due) {
            // They answer what we weren't sure to have sent: it did go out.
            for delivery in tx.deliveries_of_check_in(row.id).await?.iter().filter(|delivery| called(delivery)) {
                if tx.found_accepted(delivery.id, None).await? {
                    self.accepted(tx, rules, delivery, at).await?;
                    break;
                }
            }
        }
        // Looked at once more: the call's own result may have been written down at this very moment.
        let Some(row) = tx.check_in(row.id).await? else { return Ok(()) };
        if row.state.may_become(CheckInState::Answered) {
            self.answered_out(tx, &row, code, at).await?;
        }
        Ok(())
    }

    /// Whoever answers this one isn't silent about older ones: nobody waits for those any more.
    async fn answered_out(&self, tx: &Tx, row: &CheckIn, code: &str, at: DateTime<Utc>) -> Result<()> {
        tx.check_in_answered(row.id, code, at).await?;
        tx.drop_tasks_for_check_in(row.id).await?;
        for older in tx.open_check_ins_of(row.graduate).await? {
            if older.state == CheckInState::Out && older.due_on < row.due_on {
                tx.close_check_in(older.id, CheckInState::Silent, None).await?;
            }
        }
        Ok(())
    }

    async fn suggest_choice(
        &self,
        tx: &Tx,
        graduate: GraduateId,
        message: MessageId,
        choice: &AnswerChoice,
    ) -> Result<()> {
        let Some(sign) = choice.sign else { return Ok(()) };
        tx.suggest_sign(&NewSign {
            graduate,
            source: SignSource::Person,
            category: sign.category,
            level: sign.level,
            quote: choice.label.clone(),
            place: SignPlace::Message(message),
        })
        .await?;
        Ok(())
    }

    async fn suggest_words(&self, tx: &Tx, said: &Said<'_>, message: MessageId, found: &Classification) -> Result<()> {
        for sign in &found.signs {
            tx.suggest_sign(&NewSign {
                graduate: said.graduate,
                source: SignSource::Person,
                category: sign.category,
                level: sign.level,
                quote: sign.quote.clone(),
                place: SignPlace::Message(message),
            })
            .await?;
        }
        if found.opt_out {
            let key = format!("maybe-stop:{message}");
            tx.add_task(&NewTask {
                graduate: Some(said.graduate),
                ..NewTask::program(TaskKind::Look, TaskReason::MaybeStop, key, tx.now())
            })
            .await?;
        }
        Ok(())
    }

    /// Words of crisis: a person, at once. Nothing automatic is sent but the office's own safe text.
    async fn crisis(&self, tx: &Tx, rules: &OfficeRules, said: &Said<'_>, message: MessageId) -> Result<()> {
        tx.add_task(&NewTask {
            graduate: Some(said.graduate),
            ..NewTask::program(TaskKind::Call, TaskReason::Crisis, format!("crisis:{message}"), tx.now())
        })
        .await?;
        self.safe_text(tx, rules, said, message).await
    }
}

pub(super) fn message_of(said: &Said<'_>, text: &str) -> InboundMessage {
    InboundMessage {
        graduate: said.graduate,
        channel: said.channel,
        body: MessageBody { text: text.to_owned(), choices: Vec::new(), attachment: said.attachment.clone() },
        at: said.at,
        check_in: None,
        provider_ref: said.provider_ref.clone(),
        fetch_from: said.fetch_from.clone(),
        needs_reply: true,
        crisis: false,
    }
}
