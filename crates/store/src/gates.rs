//! What must hold for a message to leave, as conditions of the statements that claim it and that look at it once more before the call
//! (trust.md 3c). `d` is the delivery, `o` its office, `g` and `p` the graduate and the address.

use bansou_core::leaving::LeavingReason;

/// What must hold for a message to a graduate. `$1` now, `$4` today. After words of crisis no check-in goes until somebody has written
/// what was done. What answers an event goes over LINE's reply, which the month's quota doesn't count (channels.md 1.1).
pub(crate) const GRADUATE_GATES: &str = "
    o.sending_stopped_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM halts h WHERE h.scope = 'everything' OR h.scope = 'channel:' || d.channel_id)
    AND (g.support = 'supported' OR d.purpose IN ('reply', 'notice', 'safe_text', 'ack'))
    AND (g.contact_stopped_at IS NULL OR d.purpose = 'notice')
    AND (d.purpose NOT IN ('check_in', 'out_of_hours') OR (
         (g.paused_from IS NULL OR g.paused_from > $4 OR (g.paused_until IS NOT NULL AND g.paused_until < $4))
         AND NOT EXISTS (SELECT 1 FROM threads t WHERE t.graduate_id = d.graduate_id AND t.crisis_since IS NOT NULL)))
    AND p.version = d.address_version AND p.state = 'reachable'
    AND NOT EXISTS (SELECT 1 FROM channel_states c WHERE c.channel_id = d.channel_id AND c.stopped_until > $1
                    AND (c.stop_code <> 'monthly_quota' OR d.purpose NOT IN ('ack', 'notice', 'safe_text', 'out_of_hours')))
    AND NOT EXISTS (SELECT 1 FROM check_ins k WHERE k.id = d.check_in_id AND k.state NOT IN ('planned', 'due'))";

/// The same for mail to employer contacts and staff: the request is looked at again.
pub(crate) const OTHER_GATES: &str = "d.graduate_id IS NULL AND o.sending_stopped_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM halts h WHERE h.scope = 'everything' OR h.scope = 'channel:' || d.channel_id)
    AND NOT EXISTS (SELECT 1 FROM channel_states c WHERE c.channel_id = d.channel_id AND c.stopped_until > $1)";

/// A mail's request, if it has one: not taken back, its consent holds on that day, and the person has a job with that employer then, who
/// knows of the disability (`Tx::may_ask`, [`EmploymentDetails::is_over`](crate::EmploymentDetails::is_over)).
pub(crate) fn may_ask_on(day: &str) -> String {
    let jobs = "SELECT 1 FROM employments w JOIN employer_contacts m ON m.employer_id = w.employer_id
                 WHERE m.id = e.contact_id AND w.graduate_id = e.graduate_id";
    let open: Vec<_> = LeavingReason::ALL.iter().filter(|reason| reason.is_open()).collect();
    let open: Vec<String> = open.into_iter().map(|reason| format!("'{reason}'")).collect();
    let open = open.join(", ");
    format!(
        "(d.escalation_id IS NULL OR EXISTS (SELECT 1 FROM escalations e JOIN consents n ON n.id = e.consent_id
          WHERE e.id = d.escalation_id AND e.state = 'sent' AND n.withdrawn_at IS NULL AND n.valid_until >= {day}
            AND NOT EXISTS ({jobs} AND w.disclosure <> 'open')
            AND EXISTS ({jobs} AND (w.left_on >= {day}
                  OR (w.left_on IS NULL AND (w.leaving_code IS NULL OR w.leaving_code IN ({open})))))))"
    )
}

/// The tables that [`GRADUATE_GATES`] look at.
pub(crate) const TO_A_GRADUATE: &str = "graduates g ON g.id = d.graduate_id
    JOIN offices o ON o.id = d.office_id JOIN contact_points p ON p.id = d.contact_point_id";
