//! The domain of Bansou: pure values and decisions. No I/O, no async, no SQL, no clock reads.
//!
//! Time and randomness come in as arguments ([`ambient`]); rules come with their source.

pub mod absence;
pub mod again;
pub mod ambient;
pub mod audit;
pub mod cadence;
pub mod calendar;
pub mod check_in;
pub mod clock;
pub mod codes;
pub mod consent;
pub mod contact;
pub mod delivery;
pub mod duty;
pub mod employment;
pub mod escalation;
pub mod facts;
pub mod graduate;
pub mod half_day;
pub mod hours;
pub mod ids;
pub mod late;
pub mod leaving;
pub mod lint;
pub mod message;
pub mod note;
pub mod office;
pub mod reply;
pub mod retention;
pub mod roster;
pub mod search;
pub mod service_period;
pub mod share;
pub mod sign;
pub mod signs;
pub mod silence;
pub mod staff;
pub mod summary;
pub mod task;
pub mod team;
pub mod thread;
pub mod today;
pub mod window;
pub mod words;
