//! Whether the wall clock can be believed (trust.md 3c 8). A clock that jumps makes a check-in leave at night, or everything
//! expire at once; so whoever watches it holds back until it has settled.
//!
//! Pure: the readings of the wall clock and of the monotonic one come in as arguments.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::codes;

/// The wall clock may part from the monotonic one by so much within [`EVEN_FOR`]; slewing by a time service stays far below.
pub const JUMP: TimeDelta = TimeDelta::seconds(2);
/// After a jump the clock has to run evenly for so long. Time services that step a clock, as after a laptop's or a virtual
/// machine's sleep, do so within their first exchanges; what settles in a minute has settled.
pub const EVEN_FOR: Duration = Duration::from_mins(1);
/// The database server's clock, which several processes share, may differ by so much.
pub const SKEW: TimeDelta = TimeDelta::seconds(5);

codes! {
    /// Why the clock isn't believed.
    ClockTrouble {
        /// It jumped within the last minute: set by hand, by a time service, or the machine had slept.
        Jumped = "jumped",
        /// It differs from the database server's.
        Skewed = "skewed",
        /// It wasn't compared with the database server's yet.
        NotCompared = "not_compared",
    }
}

/// Watches one process's clock.
#[derive(Clone, Copy, Debug)]
pub struct ClockWatch {
    /// A pair of readings that later ones are measured against.
    from: Option<(DateTime<Utc>, Duration)>,
    jumped_at: Option<Duration>,
    server: Server,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Server {
    /// There is none: `SQLite` has this machine's clock only.
    None,
    NotCompared,
    Differs(TimeDelta),
}

impl ClockWatch {
    /// Nothing was read yet. With a database server the clock isn't believed before they were compared.
    pub fn new(has_server: bool) -> Self {
        let server = if has_server { Server::NotCompared } else { Server::None };
        Self { from: None, jumped_at: None, server }
    }

    /// A reading of both clocks, about each second; `monotonic` counts from any moment. Gives how far the wall clock has
    /// jumped, forwards or back.
    pub fn beat(&mut self, wall: DateTime<Utc>, monotonic: Duration) -> Option<TimeDelta> {
        let Some((wall_before, before)) = self.from else {
            self.from = Some((wall, monotonic));
            return None;
        };
        let passed = monotonic.saturating_sub(before);
        let off = (wall - wall_before) - TimeDelta::from_std(passed).unwrap_or(TimeDelta::MAX);
        if off.abs() > JUMP {
            self.from = Some((wall, monotonic));
            self.jumped_at = Some(monotonic);
            if self.server != Server::None {
                self.server = Server::NotCompared;
            }
            return Some(off);
        }
        // Many small steps are a jump, too; only what a minute brings together counts, or slewing would add up for days.
        if passed >= EVEN_FOR {
            self.from = Some((wall, monotonic));
        }
        None
    }

    /// The database server's clock is ahead of ours by so much.
    pub fn compared(&mut self, ahead: TimeDelta) {
        self.server = Server::Differs(ahead);
    }

    /// Why the clock isn't believed at this moment; `None` when it is.
    pub fn trouble(&self, monotonic: Duration) -> Option<ClockTrouble> {
        if self.jumped_at.is_some_and(|at| monotonic.saturating_sub(at) < EVEN_FOR) {
            return Some(ClockTrouble::Jumped);
        }
        match self.server {
            Server::NotCompared => Some(ClockTrouble::NotCompared),
            Server::Differs(ahead) if ahead.abs() > SKEW => Some(ClockTrouble::Skewed),
            Server::None | Server::Differs(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The wall clock so many milliseconds after nine.
    fn wall(millis: i64) -> DateTime<Utc> {
        let start: DateTime<Utc> = "2026-04-01T09:00:00Z".parse().unwrap();
        start + TimeDelta::milliseconds(millis)
    }

    fn at(second: u64) -> Duration {
        Duration::from_secs(second)
    }

    /// Readings each second from `from` to `to`, with the wall clock ahead by `off` milliseconds.
    fn run(watch: &mut ClockWatch, from: u32, to: u32, off: i64) {
        for second in from..=to {
            assert_eq!(watch.beat(wall(i64::from(second) * 1_000 + off), at(second.into())), None, "second {second}");
        }
    }

    #[test]
    fn an_even_clock_is_believed_from_the_start_and_for_ever() {
        let mut watch = ClockWatch::new(false);
        run(&mut watch, 0, 3_600, 0);
        assert_eq!(watch.trouble(at(3_600)), None);
    }

    #[test]
    fn a_jump_either_way_is_doubted_for_a_minute_of_even_running() {
        for jump in [3_600_000, -3_600_000, 2_500, -2_500] {
            let mut watch = ClockWatch::new(false);
            run(&mut watch, 0, 10, 0);
            let seen = watch.beat(wall(11_000 + jump), at(11)).unwrap();
            assert_eq!(seen.num_milliseconds(), jump);
            run(&mut watch, 12, 70, jump);
            assert_eq!(watch.trouble(at(70)), Some(ClockTrouble::Jumped));
            run(&mut watch, 71, 71, jump);
            assert_eq!(watch.trouble(at(71)), None);
        }
    }

    #[test]
    fn a_machine_that_slept_is_a_jump_though_nothing_was_read_meanwhile() {
        let mut watch = ClockWatch::new(false);
        run(&mut watch, 0, 10, 0);
        // The monotonic clock stands still in sleep.
        assert!(watch.beat(wall(8 * 3_600_000), at(11)).is_some());
        assert_eq!(watch.trouble(at(11)), Some(ClockTrouble::Jumped));
    }

    #[test]
    fn a_process_that_was_held_up_is_no_jump() {
        let mut watch = ClockWatch::new(false);
        run(&mut watch, 0, 10, 0);
        assert_eq!(watch.beat(wall(900_000), at(900)), None);
        assert_eq!(watch.trouble(at(900)), None);
    }

    #[test]
    fn many_small_steps_are_a_jump_and_slewing_is_none() {
        let mut watch = ClockWatch::new(false);
        let stepped =
            (0..=30_u32).find(|second| watch.beat(wall(i64::from(*second) * 1_200), at((*second).into())).is_some());
        assert_eq!(stepped, Some(11));
        let mut watch = ClockWatch::new(false);
        // 500 parts in a million, the fastest that a kernel slews, for a day: 43 s in all.
        let slewed = |second: u32| wall(i64::from(second) * 10_005 / 10);
        assert!((0..86_400_u32).all(|second| watch.beat(slewed(second), at(second.into())).is_none()));
    }

    #[test]
    fn with_a_server_nothing_is_believed_before_it_agrees_within_five_seconds() {
        let mut watch = ClockWatch::new(true);
        run(&mut watch, 0, 5, 0);
        assert_eq!(watch.trouble(at(5)), Some(ClockTrouble::NotCompared));
        for (ahead, trouble) in
            [(4, None), (6, Some(ClockTrouble::Skewed)), (-6, Some(ClockTrouble::Skewed)), (0, None)]
        {
            watch.compared(TimeDelta::seconds(ahead));
            assert_eq!(watch.trouble(at(5)), trouble, "{ahead}");
        }
        assert!(watch.beat(wall(20_000), at(6)).is_some());
        assert_eq!(watch.trouble(at(70)), Some(ClockTrouble::NotCompared), "what was compared before a jump is old");
    }
}
