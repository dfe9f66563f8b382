//! People of a simulated office: when they answer and how, their good and bad weeks, and those who block, stop or pause.

use std::collections::BTreeMap;

use bansou_channels::{PhoneAction, SimulatedMessage};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::known::local_day;
use crate::demo::clock::Dice;
use crate::demo::habits::{Asked, Episode, Habits, Pace, Say, Way, answer, answers_at, mood};
use crate::demo::phrases::Theme;

const THEMES: [Theme; 7] =
    [Theme::Sleep, Theme::Instructions, Theme::Workload, Theme::Relations, Theme::Body, Theme::Confidence, Theme::Life];

/// What somebody is about to do.
#[derive(Clone)]
pub(super) enum Act {
    /// In the chat on LINE.
    Chat(PhoneAction),
    /// By SMS.
    Text(String),
    /// They say stop, in the way they are written to.
    Stop,
    /// They ask the office for some days without contact.
    Pause { days: u32 },
}

/// One person's ways.
struct Ways {
    habits: Habits,
    episodes: Vec<Episode>,
}

/// Everybody's ways, and what they are about to do.
pub(super) struct Crowd {
    ways: BTreeMap<u32, Ways>,
    plans: BTreeMap<(DateTime<Utc>, u64), (u32, Act)>,
    dice: Dice,
    counter: u64,
}

impl Crowd {
    pub(super) fn new(people: u32, days: u32, start: DateTime<Utc>, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut crowd =
            Self { ways: BTreeMap::new(), plans: BTreeMap::new(), dice: Dice::new(seed ^ 0x5eed), counter: 0 };
        for n in 1..=people {
            let habits = Habits {
                pace: dice.pick(&[Pace::Quick, Pace::Lunch, Pace::Evening, Pace::Evening, Pace::Slow]),
                way: dice.pick(&[Way::Taps, Way::Taps, Way::Types, Way::Writes]),
                answers: dice.between(55, 98),
            };
            let episodes = if dice.chance(35) { vec![episode(&mut dice, local_day(start), days)] } else { Vec::new() };
            crowd.ways.insert(n, Ways { habits, episodes });
            let some_day = start + TimeDelta::minutes((dice.below(days * 24 * 60)).into());
            match dice.below(100) {
                0..4 => crowd.plan(some_day, n, Act::Stop),
                4..8 => {
                    crowd.plan(some_day, n, Act::Chat(PhoneAction::Block));
                    if dice.chance(50) {
                        let back = some_day + TimeDelta::days(dice.between(1, 10).into());
                        crowd.plan(back, n, Act::Chat(PhoneAction::Follow));
                    }
                }
                8..16 => crowd.plan(some_day, n, Act::Pause { days: dice.between(1, 21) }),
                _ => {}
            }
        }
        crowd
    }

    /// Somebody got a message and decides what to do about it.
    pub(super) fn gets(&mut self, n: u32, message: &SimulatedMessage) {
        if message.is_reply || !message.delivered {
            return;
        }
        let Some(asked) = Asked::read(&message.text, &message.choices) else { return };
        let Some(Ways { habits, episodes }) = self.ways.get(&n) else { return };
        let (habits, mood) = (*habits, mood(episodes, local_day(message.at)));
        let said = answer(&asked, habits, mood, &mut self.dice);
        let mut at = answers_at(message.at, habits, mood, &mut self.dice);
        let by_sms = message.choices.is_empty();
        for say in said {
            let act = match say {
                Say::Text(text) if by_sms => Act::Text(text),
                Say::Text(text) => Act::Chat(PhoneAction::Text(text)),
                Say::Tap(data) => Act::Chat(PhoneAction::Tap { data }),
            };
            self.plan(at, n, act);
            at += TimeDelta::seconds(self.dice.between(20, 200).into());
        }
    }

    /// What is to be done by now.
    pub(super) fn next(&mut self, now: DateTime<Utc>) -> Option<(u32, Act)> {
        let entry = self.plans.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(entry.remove())
    }

    pub(super) fn next_at(&self) -> Option<DateTime<Utc>> {
        self.plans.keys().next().map(|(at, _)| *at)
    }

    /// How often a webhook of theirs is delivered.
    pub(super) fn copies(&mut self) -> u32 {
        if self.dice.chance(90) { 1 } else { self.dice.between(2, 5) }
    }

    fn plan(&mut self, at: DateTime<Utc>, n: u32, act: Act) {
        self.counter += 1;
        self.plans.insert((at, self.counter), (n, act));
    }
}

/// A harder time of two to six weeks somewhere in these days; in two of five the person says nothing after a while.
fn episode(dice: &mut Dice, start: NaiveDate, days: u32) -> Episode {
    let later = |day: NaiveDate, by: u32| day + TimeDelta::days(by.into());
    let from = later(start, dice.below(days));
    let worse = later(from, dice.between(4, 14));
    let silent = dice.chance(40).then(|| later(worse, dice.between(3, 10)));
    let eases = later(worse, dice.between(10, 30));
    Episode { theme: dice.pick(&THEMES), from, worse, silent, eases, helped: None }
}
