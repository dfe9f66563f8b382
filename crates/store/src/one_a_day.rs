//! One check-in a day for one person (P14), as conditions inside the claim's statement (`claims.rs`): `d` is the delivery in
//! question, `$1` now, `$5` when today began.

/// Another check-in of the same person.
const ANOTHER: &str = "x.graduate_id = d.graduate_id AND x.purpose = 'check_in' AND x.check_in_id <> d.check_in_id";

/// It went out today, or may have.
const WENT_TODAY: &str =
    "(x.accepted_at >= $5 OR (x.state IN ('needs_person', 'delivered') AND x.first_attempt_at >= $5))";

/// It is on its way: of two that were claimed at the same moment the newer one goes.
const GOES: &str =
    "(x.state = 'unknown' OR (x.state = 'sending' AND (d.lease_until IS NULL OR x.lease_until < d.lease_until
    OR (x.lease_until = d.lease_until AND x.check_in_id > d.check_in_id))))";

/// No check-in leaves while another one goes, or while the planner has still to look at the day, because it may put a newer one
/// in its place.
pub(crate) fn one_a_day() -> String {
    format!(
        "(d.purpose <> 'check_in' OR (
            NOT EXISTS (SELECT 1 FROM deliveries x WHERE {ANOTHER} AND ({WENT_TODAY} OR {GOES}))
            AND NOT EXISTS (SELECT 1 FROM cadences c WHERE c.graduate_id = d.graduate_id AND c.plan_at <= $1)))"
    )
}

/// A waiting check-in that will not leave any more, because another one went out today.
pub(crate) fn another_today() -> String {
    format!(
        "d.purpose = 'check_in' AND d.state = 'due' AND EXISTS (
            SELECT 1 FROM deliveries x WHERE {ANOTHER} AND {WENT_TODAY})"
    )
}
