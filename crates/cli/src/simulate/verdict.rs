//! The end of a history: everything runs on without faults until whatever began has had time to end, then all books are
//! compared.

use std::collections::HashMap;

use bansou_core::check_in::CheckInState;
use bansou_core::delivery::{ChannelKind, DeliveryState};
use bansou_store::ContactRow;
use chrono::{NaiveDate, TimeDelta};

use super::known::local_day;
use super::oracle::Violation;
use super::play::Player;
use super::stage::{LINE, SMS, Stage};
use crate::failure::Done;

/// Longer than anything may stay open: an answer is waited for up to three working days, and Golden Week lies in between.
const UNTIL_ALL_IS_OVER: TimeDelta = TimeDelta::days(12);
/// Of these days, the first may still be taken up with what was left over.
const ORDINARY_AFTER: TimeDelta = TimeDelta::days(4);
/// What was planned for the last days isn't over yet.
const STILL_OPEN: TimeDelta = TimeDelta::days(6);

impl Player {
    /// Lets everything end and judges.
    pub(super) async fn judge(&mut self) -> Done {
        self.stage.inbox.recover();
        let tx = self.stage.begin().await?;
        tx.stop_sending(None).await?;
        for channel in [LINE, SMS] {
            tx.resume_channel(channel).await?;
        }
        tx.save().await?;
        self.known.office_stopped = false;
        self.settle().await?;
        let ends = self.stage.now();
        // Words first: a stop among them has to be obeyed by everything that follows.
        self.stage.engine.inbound().await.map_err(crate::failure::Failure::failed)?;
        self.known.refresh(&self.stage).await?;
        self.stops_are_obeyed();
        let trail = self.trail().await?;
        self.oracle.judge_claims(&self.known, &trail, ends);
        self.stage.run_until(ends + UNTIL_ALL_IS_OVER).await?;
        let seen = self.oracle.ledger.last().map_or(0, |message| message.number);
        self.oracle.judge_taken(&self.known, self.stage.inbox.accepted_after(seen));
        let trail = self.trail().await?;
        self.oracle.judge_keys(&trail);
        for row in trail.iter().filter(|row| row.window.1 < self.stage.now() - STILL_OPEN) {
            if matches!(row.state, DeliveryState::Due | DeliveryState::Sending | DeliveryState::Unknown) {
                self.oracle.complain("P1", format!("a {} never came to an end: {}", row.purpose, row.state));
            }
        }
        let rows = all_rows(&self.stage).await?;
        let is_answered = |row: &&ContactRow| row.state == CheckInState::Answered;
        let answered = rows.iter().filter(is_answered).map(|row| row.id).collect();
        self.oracle.judge_outcomes(&self.known, &trail, &answered);
        self.judge_rows(&rows, local_day(ends));
        self.judge_words().await
    }

    fn judge_rows(&mut self, rows: &[ContactRow], ends: NaiveDate) {
        let still_open = local_day(self.stage.now()) - STILL_OPEN;
        let mut complaints = Vec::new();
        for row in rows.iter().filter(|row| row.due_on <= still_open) {
            let n = self.known.by_id(row.graduate).map_or(0, |person| person.n);
            let what = format!("the check-in of {} for person {n}", row.due_on);
            let mut complain = |promise, words| complaints.push(Violation { promise, words });
            let needs_reason =
                matches!(row.state, CheckInState::Skipped | CheckInState::Failed | CheckInState::HandedOver);
            if !row.state.is_closed() {
                complain("P1", format!("{what} is still {}", row.state));
            } else if needs_reason && row.state_reason.is_none() {
                complain("P1", format!("{what} is {} without a reason", row.state));
            }
            let by_line = row.channel == Some(ChannelKind::Line);
            if row.sent_at.is_some() && by_line && row.state != CheckInState::Answered && !self.oracle.has_taken(row.id)
            {
                complain("P1", format!("{what} is down as sent, and LINE doesn't know it"));
            }
            if row.state == CheckInState::Skipped && self.oracle.has_taken(row.id) && row.sent_at.is_none() {
                let why = row.state_reason.map_or("", |why| why.as_str());
                complain("P1", format!("{what} went out, and is down as skipped ({why})"));
            }
            // In the days after the last fault everybody who may be written to is.
            let is_ordinary = row.due_on > ends + ORDINARY_AFTER;
            if let Some(person) = self.known.by_id(row.graduate).filter(|_| is_ordinary) {
                let paused = person.pause.is_some_and(|pause| pause.covers(row.due_on));
                let reached = person.is_reachable(ChannelKind::Line) || person.is_reachable(ChannelKind::Sms);
                if !person.stopped && !person.ended && !paused && reached && row.sent_at.is_none() {
                    let why = row.state_reason.map_or("", |why| why.as_str());
                    complain("P1", format!("{what} wasn't sent though nothing stood in its way: {} {why}", row.state));
                }
            }
        }
        self.oracle.violations.extend(complaints);
    }

    /// Each event had its effect once, however often it came.
    async fn judge_words(&mut self) -> Done {
        let tx = self.stage.store.read(self.stage.office).await?;
        let mut said: HashMap<u32, Vec<String>> = HashMap::new();
        for person in &self.known.people {
            if self.wrote.iter().all(|wrote| wrote.n != person.n) {
                continue;
            }
            let messages = tx.messages_of(person.id, None, 2_000).await?;
            let texts = messages.into_iter().filter_map(|message| message.body).map(|body| body.text);
            said.insert(person.n, texts.collect());
        }
        for wrote in &self.wrote {
            let texts = said.get(&wrote.n).map(Vec::as_slice).unwrap_or_default();
            let count = texts.iter().filter(|text| text.ends_with(&wrote.mark)).count();
            let person = self.known.people.iter().find(|person| person.n == wrote.n);
            // Words from an account that has become somebody else's may wait for staff's eyes.
            let is_known = wrote.by_sms || person.is_some_and(|person| !person.readdressed);
            if count > 1 || (count == 0 && is_known) {
                let words = format!("words of person {} stand {count} times in their thread", wrote.n);
                self.oracle.violations.push(Violation { promise: "P7", words });
            }
        }
        Ok(())
    }
}

/// The whole ledger of check-ins.
pub(super) async fn all_rows(stage: &Stage) -> Done<Vec<ContactRow>> {
    let tx = stage.store.read(stage.office).await?;
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let (from, to) = (day(2000), day(2100));
    let mut rows: Vec<ContactRow> = Vec::new();
    loop {
        let page = tx.contacts_page(from, to, rows.last().map(ContactRow::mark), 500).await?;
        if page.is_empty() {
            return Ok(rows);
        }
        rows.extend(page);
    }
}
