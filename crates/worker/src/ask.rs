//! A check-in that somebody asks for now, beside the plan.

use bansou_core::audit::Actor;
use bansou_core::cadence::{Adjuster, AdjusterKind, Because, DueReason, Every};
use bansou_core::check_in::CloseReason;
use bansou_core::ids::{GraduateId, OfficeId};
use bansou_core::window::{NeverReason, SendDecision, SendKind, WaitReason, may_send};
use bansou_store::NewCheckIn;
use chrono::{DateTime, Utc};

use crate::engine::Engine;
use crate::error::Result;
use crate::plan::not_contacted;
use crate::ways::OnItsWay;

/// What came of asking for a check-in now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskedNow {
    /// It leaves with the dispatcher's next round.
    OnItsWay,
    /// No channel leads to the person: a call task was made.
    NeedsCall,
    /// There is a check-in of today already.
    HadToday,
    /// The hours don't allow one now.
    Later {
        /// When they do again.
        at: DateTime<Utc>,
        /// What is in the way.
        why: WaitReason,
    },
    /// The hours never allow one.
    Never(NeverReason),
    /// The person isn't contacted by plan.
    NotContacted(CloseReason),
    /// The person has no cadence.
    NoPlan,
}

impl Engine {
    /// Plans a check-in of today that leaves at once, because the person asked for more contact. It is a row of the ledger
    /// like any other and every gate holds; nothing changes where the answer isn't [`AskedNow::OnItsWay`] or
    /// [`AskedNow::NeedsCall`].
    pub async fn ask_now(&self, actor: Actor, office: OfficeId, graduate: GraduateId) -> Result<AskedNow> {
        let tx = self.parts.store.begin(office).await?;
        let rules = self.rules(&tx).await?;
        let today = rules.today(self.now());
        let (Some(person), Some(cadence)) = (tx.graduate(graduate).await?, tx.cadence(graduate).await?) else {
            return Ok(AskedNow::NoPlan);
        };
        if let Some(why) = not_contacted(&person, today) {
            return Ok(AskedNow::NotContacted(why));
        }
        match may_send(self.now(), &rules.send_context(&person.details.hours, SendKind::CheckIn)) {
            SendDecision::Now { .. } => {}
            SendDecision::Later { at, why } => return Ok(AskedNow::Later { at, why }),
            SendDecision::Never { why } => return Ok(AskedNow::Never(why)),
        }
        let last = tx.check_ins_of(graduate, 1).await?.into_iter().next();
        // Today's own check-in waits for its moment: it comes now instead of a second one.
        if let Some(row) = last.as_ref().filter(|row| row.due_on == today)
            && tx.bring_forward(row.id, self.now()).await?
        {
            tx.save().await?;
            return Ok(AskedNow::OnItsWay);
        }
        let template = rules.templates.next_check_in(last.as_ref().map(|row| row.template.as_str()));
        let because = Because::Adjusted { by: AdjusterKind::AskedMore, every: Every::Days(1), until: Some(today) };
        let reason = DueReason { because, in_touch: None, moved: None };
        let new = NewCheckIn {
            graduate,
            cadence: cadence.id,
            due_on: today,
            reason: serde_json::to_string(&reason).unwrap_or_default(),
            template: template.key.clone(),
        };
        let Some(id) = tx.add_check_in(&new).await? else { return Ok(AskedNow::HadToday) };
        let mut state = cadence.state.clone();
        let from = today.pred_opt().unwrap_or(today);
        let kind = AdjusterKind::AskedMore;
        state.adjusters.push(Adjuster { kind, from, until: Some(today), every: Every::Days(1) });
        tx.put_cadence(actor, graduate, &state).await?;
        let going = OnItsWay { rules: &rules, graduate: &person, check_in: id, due_on: today, template, at_once: true };
        let sent = self.send_by_next_way(&tx, &going, self.now(), &[], CloseReason::NoAddress).await?;
        self.set_next(&tx, &rules, &cadence, &state, Some(today)).await?;
        tx.save().await?;
        Ok(if sent { AskedNow::OnItsWay } else { AskedNow::NeedsCall })
    }
}
