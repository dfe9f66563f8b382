//! Times of day: `9:00`, `17:30:00`, `9時`, `9時半`, `午後5時`, full width, spreadsheet fractions of a day.

use unicode_normalization::UnicodeNormalization;

use super::{Cell, Problem};

const DAY: u16 = 24 * 60;

/// Minutes since midnight; `24:00` is the end of the day.
pub(super) fn from_cell(cell: &Cell) -> Result<u16, Problem> {
    match cell {
        Cell::Time(minutes) if *minutes <= DAY => Ok(*minutes),
        Cell::Text(text) => parse(text).ok_or(Problem::NotATime),
        Cell::Number(fraction) => from_fraction(*fraction),
        Cell::Time(_) | Cell::Date(_) | Cell::Broken | Cell::Empty => Err(Problem::NotATime),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be between 0 and 1440")]
fn from_fraction(fraction: f64) -> Result<u16, Problem> {
    // A bare 9 means nine o'clock to nobody's surprise, but also nine days: refused rather than guessed.
    if (0.0..=1.0).contains(&fraction) {
        Ok((fraction * f64::from(DAY)).round() as u16)
    } else {
        Err(Problem::NotATime)
    }
}

fn parse(text: &str) -> Option<u16> {
    let narrow: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let (rest, afternoon) = match narrow.strip_prefix("午後") {
        Some(rest) => (rest, true),
        None => (narrow.strip_prefix("午前").unwrap_or(&narrow), false),
    };
    let (hour, minute) = match (rest.split_once('時'), rest.split_once(':')) {
        (Some((hour, "")), _) => (number(hour)?, 0),
        (Some((hour, "半")), _) => (number(hour)?, 30),
        (Some((hour, minute)), _) => (number(hour)?, number(minute.strip_suffix('分')?)?),
        (None, Some((hour, minute))) => (number(hour)?, number(minute.strip_suffix(":00").unwrap_or(minute))?),
        (None, None) => return None,
    };
    let hour = if afternoon && hour < 12 { hour + 12 } else { hour };
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= DAY).then_some(minutes)
}

fn number(digits: &str) -> Option<u16> {
    let holds = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_and_spreadsheets_write_them() {
        for (text, minutes) in [
            ("9:00", 540),
            ("09:00", 540),
            ("９：００", 540),
            ("17:30:00", 1050),
            ("9時", 540),
            ("9時半", 570),
            ("9時05分", 545),
            ("午後5時", 1020),
            ("午前9:15", 555),
            ("24:00", 1440),
            ("0:00", 0),
        ] {
            assert_eq!(from_cell(&Cell::Text(text.to_owned())), Ok(minutes), "{text}");
        }
        assert_eq!(from_cell(&Cell::Number(0.375)), Ok(540));
        assert_eq!(from_cell(&Cell::Time(540)), Ok(540));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["25:00", "24:01", "9:60", "9", "朝", "9:00-10:00", "-1:00", "9時30"] {
            assert_eq!(from_cell(&Cell::Text(text.to_owned())), Err(Problem::NotATime), "{text}");
        }
        for number in [9.0, -0.1, f64::NAN] {
            assert_eq!(from_cell(&Cell::Number(number)), Err(Problem::NotATime));
        }
    }
}
