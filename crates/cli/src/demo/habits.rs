//! How made-up people answer: their pace, their way, and what an episode does to both.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc};
use chrono_tz::Asia::Tokyo;

use super::clock::Dice;
use super::phrases::{FINE, SHORT, Theme};

/// When somebody usually answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Within the hour.
    Quick,
    /// In the next lunch break.
    Lunch,
    /// After work, also after the office has closed.
    Evening,
    /// The next day.
    Slow,
}

/// How somebody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Presses buttons (types the number where there are none).
    Taps,
    /// Types the number or the words on the button.
    Types,
    /// Often writes in own words.
    Writes,
}

/// What doesn't change about somebody.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    pub(crate) pace: Pace,
    pub(crate) way: Way,
    /// So many of a hundred check-ins are answered on ordinary days.
    pub(crate) answers: u32,
}

/// A time in which things are harder. Without help it passes slowly; with help it ends soon after.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Episode {
    pub(crate) theme: Theme,
    /// First day on which it shows.
    pub(crate) from: NaiveDate,
    /// From here on it is worse.
    pub(crate) worse: NaiveDate,
    /// From here on the person says nothing, where it comes to that.
    pub(crate) silent: Option<NaiveDate>,
    /// From here on it gets better by itself.
    pub(crate) eases: NaiveDate,
    /// When somebody helped.
    pub(crate) helped: Option<NaiveDate>,
}

/// How somebody is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Good,
    Early(Theme),
    Worse(Theme),
    Silent,
    Better(Theme),
}

/// One thing said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Say {
    /// A button, by its data.
    Tap(String),
    /// Typed words.
    Text(String),
}

/// A check-in as it stands on the phone: its question and its answers, the last one being no answer.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) question: String,
    pub(crate) choices: Vec<AskedChoice>,
}

/// One answer that can be chosen.
#[derive(Clone, Debug)]
pub(crate) struct AskedChoice {
    pub(crate) label: String,
    /// What the button sends, where it is a button.
    pub(crate) data: Option<String>,
}

/// So long after help or easing the person still speaks of it.
const AFTERWARDS: TimeDelta = TimeDelta::days(21);

impl Episode {
    fn mood(&self, day: NaiveDate) -> Option<Mood> {
        let turns = self.helped.map_or(self.eases, |helped| helped.min(self.eases));
        if day < self.from || day > turns + AFTERWARDS {
            return None;
        }
        if day > turns {
            return Some(Mood::Better(self.theme));
        }
        if self.silent.is_some_and(|silent| day >= silent) {
            return Some(Mood::Silent);
        }
        Some(if day >= self.worse { Mood::Worse(self.theme) } else { Mood::Early(self.theme) })
    }
}

/// How somebody with these episodes is on a day.
pub(crate) fn mood(episodes: &[Episode], day: NaiveDate) -> Mood {
    episodes.iter().rev().find_map(|episode| episode.mood(day)).unwrap_or(Mood::Good)
}

/// What somebody answers, and in what order; nothing = silence.
pub(crate) fn answer(asked: &Asked, habits: Habits, mood: Mood, dice: &mut Dice) -> Vec<Say> {
    let answers = match mood {
        Mood::Silent => 0,
        Mood::Worse(_) => habits.answers * 3 / 4,
        _ => habits.answers,
    };
    if !dice.chance(answers) {
        return Vec::new();
    }
    let words = match mood {
        Mood::Good => dice.pick(FINE),
        Mood::Early(theme) => dice.pick(theme.phrases().early),
        Mood::Worse(theme) => dice.pick(theme.phrases().worse),
        Mood::Better(theme) => dice.pick(theme.phrases().better),
        Mood::Silent => dice.pick(SHORT),
    };
    if habits.way == Way::Writes && dice.chance(35) {
        let short = matches!(mood, Mood::Worse(_)) && dice.chance(40);
        return vec![Say::Text(if short { dice.pick(SHORT) } else { words }.to_owned())];
    }
    let (at, AskedChoice { label, data }) = choose(asked, mood, dice);
    let typed = match data {
        Some(data) if habits.way != Way::Types => Say::Tap(data.clone()),
        _ if dice.chance(30) => Say::Text(label.clone()),
        // The last answer is 0 wherever it stands (C7).
        _ if at + 1 == asked.choices.len() => Say::Text("0".to_owned()),
        _ => Say::Text((at + 1).to_string()),
    };
    let more = match mood {
        Mood::Good => 6,
        Mood::Early(_) | Mood::Worse(_) => 35,
        _ => 20,
    };
    let mut said = vec![typed];
    if dice.chance(more) {
        said.push(Say::Text(words.to_owned()));
    }
    said
}

/// When somebody answers something that came at `sent`.
pub(crate) fn answers_at(sent: DateTime<Utc>, habits: Habits, mood: Mood, dice: &mut Dice) -> DateTime<Utc> {
    let minutes = |n: u32| TimeDelta::minutes(n.into());
    let slower = if matches!(mood, Mood::Worse(_)) { minutes(dice.between(60, 420)) } else { TimeDelta::zero() };
    let seconds = TimeDelta::seconds(dice.below(60).into());
    let at = match habits.pace {
        Pace::Quick => sent + minutes(dice.between(2, 55)),
        Pace::Lunch => next_at(sent, 12, dice.between(3, 50)),
        Pace::Evening => next_at(sent, 18, dice.between(20, 170)),
        Pace::Slow => next_at(sent + TimeDelta::hours(14), 17, dice.between(30, 240)),
    };
    not_at_night(at + slower + seconds)
}

/// The next time that it is so many minutes after an hour of the day.
fn next_at(after: DateTime<Utc>, hour: u32, minutes: u32) -> DateTime<Utc> {
    let day = after.with_timezone(&Tokyo).date_naive();
    let at = on_day(day, hour, 0) + TimeDelta::minutes(minutes.into());
    if at > after { at } else { at + TimeDelta::days(1) }
}

fn not_at_night(at: DateTime<Utc>) -> DateTime<Utc> {
    let local = at.with_timezone(&Tokyo);
    match local.hour() {
        0..6 => at + TimeDelta::hours(7),
        _ => at,
    }
}

/// A time of a day in Japan.
pub(crate) fn on_day(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN);
    // Japan's clocks never skip an hour.
    day.and_time(time).and_local_timezone(Tokyo).single().map_or_else(|| day.and_time(time).and_utc(), |at| at.to_utc())
}

fn choose<'a>(asked: &'a Asked, mood: Mood, dice: &mut Dice) -> (usize, &'a AskedChoice) {
    let about = |theme| theme_answer(&asked.question, theme);
    let wanted = match mood {
        Mood::Worse(theme) => about(theme).unwrap_or(1),
        Mood::Early(theme) if dice.chance(60) => about(theme).unwrap_or(1),
        Mood::Early(_) | Mood::Silent => 1,
        Mood::Good if dice.chance(3) => asked.choices.len().saturating_sub(1),
        Mood::Good | Mood::Better(_) if dice.chance(12) => usize::from(asked.is_about_trouble()).abs_diff(1),
        Mood::Good | Mood::Better(_) => 0,
    };
    let at = wanted.min(asked.choices.len().saturating_sub(1));
    (at, &asked.choices[at])
}

/// Which answer fits a theme, counted from 0; `None` when the question isn't about it.
fn theme_answer(question: &str, theme: Theme) -> Option<usize> {
    let asks = |words: &[&str]| words.iter().any(|word| question.contains(word));
    if asks(&["こまって"]) {
        return match theme {
            Theme::Instructions | Theme::Workload | Theme::Confidence => Some(1),
            Theme::Relations => Some(2),
            Theme::Sleep | Theme::Body => Some(3),
            Theme::Life => Some(4),
        };
    }
    let fits = match theme {
        Theme::Sleep => asks(&["ねむり", "調子", "ちょうし"]),
        Theme::Body | Theme::Confidence | Theme::Life => asks(&["調子", "ちょうし"]),
        Theme::Instructions => asks(&["指示", "せつめい"]),
        Theme::Workload => asks(&["量", "りょう"]),
        Theme::Relations => asks(&["話しやすい", "話"]),
    };
    fits.then_some(2)
}

impl Asked {
    fn is_about_trouble(&self) -> bool {
        self.question.contains("こまって")
    }

    /// Reads a check-in as it came: buttons on LINE, numbers in the last line of an SMS. `None` for anything else.
    pub(crate) fn read(text: &str, buttons: &[bansou_channels::Choice]) -> Option<Self> {
        if !buttons.is_empty() {
            let choices = buttons
                .iter()
                .map(|button| AskedChoice { label: button.label.clone(), data: Some(button.data.clone()) });
            return Some(Self { question: text.to_owned(), choices: choices.collect() });
        }
        let (question, numbered) = text.rsplit_once('\n')?;
        let label = |choice: &str| {
            Some(choice.split_once(':').filter(|(number, _)| number.parse::<u8>().is_ok())?.1.to_owned())
        };
        let labels = numbered.split(' ').filter_map(label);
        let choices: Vec<_> = labels.map(|label| AskedChoice { label, data: None }).collect();
        (choices.len() > 1).then(|| Self { question: question.to_owned(), choices })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::default() + TimeDelta::days(n)
    }

    #[test]
    fn an_episode_grows_falls_silent_and_ends_soon_after_help() {
        let mut episode = Episode {
            theme: Theme::Sleep,
            from: day(0),
            worse: day(10),
            silent: Some(day(20)),
            eases: day(60),
            helped: None,
        };
        let on = |episode: &Episode, n| mood(&[*episode], day(n));
        assert_eq!(on(&episode, -1), Mood::Good);
        assert_eq!(on(&episode, 5), Mood::Early(Theme::Sleep));
        assert_eq!(on(&episode, 12), Mood::Worse(Theme::Sleep));
        assert_eq!(on(&episode, 25), Mood::Silent);
        episode.helped = Some(day(26));
        assert_eq!(on(&episode, 27), Mood::Better(Theme::Sleep));
        assert_eq!(on(&episode, 60), Mood::Good);
    }

    #[test]
    fn an_sms_is_read_by_its_numbers() {
        let asked = Asked::read("見本です。今日の体の調子は？\n1:よい 2:ふつう 3:しんどい 0:こたえない", &[]).unwrap();
        let labels: Vec<&str> = asked.choices.iter().map(|choice| choice.label.as_str()).collect();
        assert_eq!(labels, ["よい", "ふつう", "しんどい", "こたえない"]);
        assert!(Asked::read("わかりました。", &[]).is_none());
    }

    #[test]
    fn nobody_answers_before_the_message_or_in_the_middle_of_the_night() {
        let mut dice = Dice::new(1);
        let sent: DateTime<Utc> = "2026-11-20T16:10:00+09:00".parse().unwrap();
        for pace in [Pace::Quick, Pace::Lunch, Pace::Evening, Pace::Slow] {
            for mood in [Mood::Good, Mood::Worse(Theme::Sleep)] {
                let at = answers_at(sent, Habits { pace, way: Way::Taps, answers: 100 }, mood, &mut dice);
                assert!(at > sent && at.with_timezone(&Tokyo).hour() >= 6, "{pace:?} {at}");
            }
        }
    }

    #[test]
    fn somebody_in_a_silent_time_says_nothing() {
        let asked = Asked::read("調子は？\n1:よい 2:ふつう 0:こたえない", &[]).unwrap();
        let habits = Habits { pace: Pace::Quick, way: Way::Types, answers: 100 };
        assert!(answer(&asked, habits, Mood::Silent, &mut Dice::new(1)).is_empty());
        assert!(!answer(&asked, habits, Mood::Good, &mut Dice::new(1)).is_empty());
    }
}
