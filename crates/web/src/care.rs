//! Who looks after whom, and until when, as pages say it.

use std::collections::HashMap;

use bansou_core::absence::{HalfDays, Leave};
use bansou_core::half_day::{Half, HalfDay};
use bansou_core::ids::StaffId;
use bansou_core::team::{Away, CareBy, Team};
use bansou_core::words::{FluentValue, Lang, Words};
use bansou_store::{Graduate, Mine, Pair, Tx};
use chrono::NaiveDate;

use crate::errors::Failure;
use crate::heads::person_head;
use crate::pages::absences::CareView;
use crate::pages::person::PersonHead;
use crate::say::{day, filled};
use crate::signed::Signed;

/// So many stretches are named, and the others counted.
const STRETCHES: usize = 3;

/// The office's team as of today, with the names that a page says.
pub(crate) struct Caring<'a> {
    pub(crate) signed: &'a Signed,
    pub(crate) team: Team,
    names: HashMap<StaffId, String>,
}

impl<'a> Caring<'a> {
    /// Loads the team: a fixed number of queries, however long a page's list is.
    pub(crate) async fn load(signed: &'a Signed, tx: &Tx) -> Result<Self, Failure> {
        Self::since(signed, tx, signed.today()).await
    }

    /// The same with leave from an earlier day on.
    pub(crate) async fn since(signed: &'a Signed, tx: &Tx, day: NaiveDate) -> Result<Self, Failure> {
        let team = tx.team(signed.calendar(), day.min(signed.today())).await?;
        Ok(Self { signed, team, names: tx.staff_names().await? })
    }

    /// Everybody's name.
    pub(crate) fn names(&self) -> &HashMap<StaffId, String> {
        &self.names
    }

    /// Somebody's name.
    pub(crate) fn name(&self, id: StaffId) -> String {
        self.names.get(&id).cloned().unwrap_or_default()
    }

    /// Which of the office's pairs of owner and stand-in somebody looks after now.
    pub(crate) async fn cared_for(&self, tx: &Tx, staff: StaffId) -> Result<Vec<Pair>, Failure> {
        let mut pairs = tx.pairs().await?;
        let now = self.signed.now();
        pairs.retain(|(owner, standin)| self.team.looks_after(*owner, *standin, now).staff == Some(staff));
        Ok(pairs)
    }

    /// The reader's people, of the office's pairs ([`Tx::pairs`]): what "mine" means on Today, in the inbox and among the promises.
    pub(crate) fn mine(&self, mut pairs: Vec<Pair>) -> Mine {
        let (staff, now) = (self.signed.staff.id, self.signed.now());
        pairs.retain(|pair| self.team.is_for(staff, *pair, now));
        Mine { staff, pairs, asked: self.team.stands_for(staff, now) }
    }

    /// Whether the reader looks after anybody by name: as the owner, or in somebody's place for now.
    pub(crate) fn looks_after_anybody(&self, mine: &Mine) -> bool {
        let now = self.signed.now();
        let by_name = |(owner, standin): &Pair| {
            *owner == Some(mine.staff) || self.team.looks_after(*owner, *standin, now).staff == Some(mine.staff)
        };
        mine.pairs.iter().any(by_name)
    }

    /// Who looks after a person instead of their own member of staff; `None` while that one is there.
    pub(crate) fn view(&self, (owner, standin): Pair) -> Option<CareView> {
        let now = self.signed.now();
        let care = self.team.looks_after(owner, standin, now);
        if care.by == CareBy::Owner {
            return None;
        }
        let is_mine = care.staff == Some(self.signed.staff.id);
        let name = care.staff.map(|id| self.name(id)).unwrap_or_default();
        let owner_name = owner.map(|id| self.name(id)).unwrap_or_default();
        let blanks = [("owner", FluentValue::from(owner_name)), ("name", FluentValue::from(name))];
        let key = match (owner, care.staff) {
            (Some(_), Some(_)) if is_mine => "care-mine",
            (Some(_), Some(_)) => "care-other",
            (Some(_), None) => "care-anybody",
            (None, Some(_)) if is_mine => "care-mine-nobodys",
            (None, Some(_)) => "care-other-nobodys",
            (None, None) => return None,
        };
        let back = owner.and_then(|owner| self.team.back(owner, now));
        let back = back.map(|back| self.signed.say_with("care-back", &[("when", self.half(back).into())]));
        Some(CareView { text: self.signed.say_with(key, &blanks), back: back.unwrap_or_default(), is_mine })
    }

    /// Whether somebody is there now, in words.
    pub(crate) fn presence(&self, staff: StaffId) -> String {
        let signed = self.signed;
        let now = signed.now();
        let back = || self.team.back(staff, now).map(|back| self.half(back)).unwrap_or_default();
        match self.team.away(staff, now) {
            None if self.team.half_at(now).on > signed.today() => signed.say("presence-closed"),
            None => signed.say("presence-there"),
            Some(Away::Leave(when)) => signed.say_with("presence-leave", &[("when", self.when(when).into())]),
            Some(Away::OffHours) => signed.say_with("presence-off", &[("when", back().into())]),
            Some(Away::Gone) => signed.say("presence-gone"),
        }
    }

    /// Why somebody can't be asked for something today, in words; `None` where they are there until its end.
    pub(crate) fn absence(&self, staff: StaffId) -> Option<String> {
        let now = self.signed.now();
        if self.team.away(staff, now).is_some() {
            return Some(self.presence(staff));
        }
        let half = self.team.half_at(now);
        let leave = self.team.leave_in(staff, HalfDays::new(half, HalfDay::afternoon(half.on)).ok()?)?;
        Some(self.signed.say_with("presence-leave", &[("when", self.when(leave.when).into())]))
    }

    /// That whoever stands in during leave doesn't work in some of the rest of it, and when; empty where they do.
    pub(crate) fn standin_off(&self, leave: Leave) -> String {
        let rest = HalfDays::new(leave.when.from().max(self.team.half_at(self.signed.now())), leave.when.to());
        let (Some(standin), Ok(rest)) = (leave.standin, rest) else { return String::new() };
        let open = self.team.uncovered(leave.staff, standin, rest);
        let named: Vec<String> = open.iter().take(STRETCHES).map(|stretch| self.when(*stretch)).collect();
        let blanks = [
            ("name", self.name(standin).into()),
            ("when", named.join(&self.signed.say("list-comma")).into()),
            ("more", (open.len() - named.len()).into()),
        ];
        if open.is_empty() { String::new() } else { self.signed.say_with("absence-standin-off", &blanks) }
    }

    /// A half-day in words.
    pub(crate) fn half(&self, half: HalfDay) -> String {
        half_words(&self.signed.app.parts.words, self.signed.lang, half)
    }

    /// A stretch of half-days in words.
    pub(crate) fn when(&self, when: HalfDays) -> String {
        when_words(&self.signed.app.parts.words, self.signed.lang, when)
    }
}

/// The head of a page about a graduate, with who looks after them now.
pub(crate) async fn head(signed: &Signed, tx: &Tx, graduate: &Graduate) -> Result<PersonHead, Failure> {
    let care = Caring::load(signed, tx).await?.view((graduate.staff, graduate.standin));
    Ok(PersonHead { care, ..person_head(tx, graduate, signed.today()).await? })
}

/// `11月24日（火）午後`.
pub(crate) fn half_words(words: &Words, lang: Lang, half: HalfDay) -> String {
    let key = format!("half-of-{}", half.half);
    filled(words, lang, &key, &[("day", day(lang, half.on).into())])
}

/// Whole days are said as days; only a half that begins or ends inside a day is named.
pub(crate) fn when_words(words: &Words, lang: Lang, when: HalfDays) -> String {
    let (from, to) = (when.from(), when.to());
    let first = if from.half == Half::Morning { day(lang, from.on) } else { half_words(words, lang, from) };
    let last = if to.half == Half::Afternoon { day(lang, to.on) } else { half_words(words, lang, to) };
    if from.on != to.on {
        return filled(words, lang, "when-span", &[("from", first.into()), ("to", last.into())]);
    }
    if from.half == to.half { half_words(words, lang, from) } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leave_is_said_in_days_and_a_half_only_where_it_matters() {
        let words = Words::embedded();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (tue, wed) = (day("2026-11-24"), day("2026-11-25"));
        let said = |from, to| when_words(&words, Lang::Ja, HalfDays::new(from, to).unwrap());
        assert_eq!(said(HalfDay::morning(tue), HalfDay::afternoon(tue)), "11月24日（火）");
        assert_eq!(said(HalfDay::morning(tue), HalfDay::morning(tue)), "11月24日（火）午前");
        assert_eq!(said(HalfDay::afternoon(tue), HalfDay::afternoon(wed)), "11月24日（火）午後から11月25日（水）まで");
        assert_eq!(said(HalfDay::morning(tue), HalfDay::morning(wed)), "11月24日（火）から11月25日（水）午前まで");
    }
}
