//! A check-in that somebody asks for now, beside the plan.

use bansou_core::audit::Actor;
use bansou_core::cadence::{Adjuster, AdjusterKind, Because, DueReason, Every};
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::ids::{GraduateId, OfficeId};
use bansou_core::window::{NeverReason, SendDecision, SendKind, WaitReason, may_send};
use bansou_store::{CadenceRow, CheckIn, Graduate, NewCheckIn, Tx};
use chrono::{DateTime, NaiveDate, Utc};

use crate::engine::{Engine, OfficeRules};
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

/// Whom a check-in can be asked for now.
struct Askable {
    person: Graduate,
    cadence: CadenceRow,
    /// The newest row of the ledger.
    last: Option<CheckIn>,
}

impl Engine {
    /// What would come of asking for a check-in now, as far as it can be known without asking. Changes nothing.
    pub async fn may_ask_now(&self, office: OfficeId, graduate: GraduateId) -> Result<AskedNow> {
        let tx = self.parts.store.read(office).await?;
        let rules = self.rules(&tx).await?;
        let askable = match self.askable(&tx, &rules, graduate).await? {
            Ok(askable) => askable,
            Err(no) => return Ok(no),
        };
        let today = rules.today(self.now());
        if askable.last.as_ref().is_some_and(|row| went_out_on(row, today, &rules)) {
            return Ok(AskedNow::HadToday);
        }
        Ok(match askable.last.filter(|row| row.due_on == today).map(|row| row.state) {
            None | Some(CheckInState::Planned | CheckInState::Due) => AskedNow::OnItsWay,
            Some(CheckInState::HandedOver) => AskedNow::NeedsCall,
            Some(_) => AskedNow::HadToday,
        })
    }

    /// Plans a check-in of today that leaves at once, because the person asked for more contact. It is a row of the ledger
    /// like any other and every gate holds; nothing changes where the answer isn't [`AskedNow::OnItsWay`] or
    /// [`AskedNow::NeedsCall`].
    pub async fn ask_now(&self, actor: Actor, office: OfficeId, graduate: GraduateId) -> Result<AskedNow> {
        let tx = self.parts.store.begin(office).await?;
        let rules = self.rules(&tx).await?;
        let today = rules.today(self.now());
        let Askable { person, cadence, last } = match self.askable(&tx, &rules, graduate).await? {
            Ok(askable) => askable,
            Err(no) => return Ok(no),
        };
        // Today's own check-in waits for its moment: it comes now instead of a second one.
        if last.as_ref().is_some_and(|row| went_out_on(row, today, &rules)) {
            return Ok(AskedNow::HadToday);
        }
        if let Some(row) = last.as_ref().filter(|row| row.due_on == today)
            && tx.bring_forward(row.id, self.now()).await?
        {
            tx.save().await?;
            return Ok(AskedNow::OnItsWay);
        }
        let works = tx.works_on(graduate, today).await?;
        let template = rules.templates.next_check_in(last.as_ref().map(|row| row.template.as_str()), works);
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
    /// The gates that stand before every check-in; `Err` is what is in the way.
    async fn askable(
        &self,
        tx: &Tx,
        rules: &OfficeRules,
        graduate: GraduateId,
    ) -> Result<std::result::Result<Askable, AskedNow>> {
        let (Some(person), Some(cadence)) = (tx.graduate(graduate).await?, tx.cadence(graduate).await?) else {
            return Ok(Err(AskedNow::NoPlan));
        };
        if let Some(why) = not_contacted(&person, rules.today(self.now())) {
            return Ok(Err(AskedNow::NotContacted(why)));
        }
        match may_send(self.now(), &rules.send_context(&person.details.hours, SendKind::CheckIn)) {
            SendDecision::Now { .. } => {}
            SendDecision::Later { at, why } => return Ok(Err(AskedNow::Later { at, why })),
            SendDecision::Never { why } => return Ok(Err(AskedNow::Never(why))),
        }
        let last = tx.check_ins_of(graduate, 1).await?.into_iter().next();
        Ok(Ok(Askable { person, cadence, last }))
    }
}

/// One a day, also where that of an earlier day went out late (P14).
fn went_out_on(row: &CheckIn, day: NaiveDate, rules: &OfficeRules) -> bool {
    row.sent_at.is_some_and(|at| rules.today(at) == day)
}
