//! Whether a reply that went wrong can go once more to the same channel, and what has to be mended first where it can't.

use bansou_core::delivery::ChannelKind;
use bansou_core::ids::GraduateId;
use bansou_store::{ContactPoint, Graduate};

use crate::pages::person::Mend;
use crate::signed::Signed;
use crate::threads::{Slot, point_of, slot};

/// Why it can't go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoResend {
    /// The person may not be written to.
    Stopped,
    /// Nothing reaches the person by this channel any more.
    NoAddress,
    /// Nothing is ever sent in these hours.
    NoHours,
}

/// The address that holds now, and when it may arrive there.
pub(crate) fn way<'a>(
    signed: &Signed,
    graduate: &Graduate,
    points: &'a [ContactPoint],
    kind: ChannelKind,
) -> Result<(&'a ContactPoint, Slot), NoResend> {
    if graduate.contact_stopped_at.is_some() {
        return Err(NoResend::Stopped);
    }
    let point = point_of(points, kind).ok_or(NoResend::NoAddress)?;
    let slot = slot(signed, &graduate.details.hours).map_err(|_| NoResend::NoHours)?;
    Ok((point, slot))
}

/// What stands in the place of the button: why, and where that is mended. `None` where it can go.
pub(crate) fn mend(signed: &Signed, graduate: &Graduate, points: &[ContactPoint], kind: ChannelKind) -> Option<Mend> {
    let why = way(signed, graduate, points, kind).err()?;
    Some(why.told(signed, graduate.id, kind))
}

impl NoResend {
    fn told(self, signed: &Signed, id: GraduateId, kind: ChannelKind) -> Mend {
        let page = format!("/graduates/{id}");
        let (why, link, href) = match self {
            Self::Stopped => ("resend-stopped", "thread-to-graduate", page),
            // A LINE account isn't typed in: the person adds ours.
            Self::NoAddress if kind == ChannelKind::Line => {
                ("resend-no-address", "reply-invite-link", format!("{page}/invite"))
            }
            Self::NoAddress => ("resend-no-address", "resend-address-link", format!("{page}/edit")),
            Self::NoHours => ("resend-no-hours", "resend-hours-link", format!("{page}/edit#days")),
        };
        Mend { why: signed.say(why), link: signed.say(link), href }
    }
}
