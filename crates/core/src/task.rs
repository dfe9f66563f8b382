//! Task: something a member of staff has to do, because the program mustn't or can't.

use crate::codes;

codes! {
    /// What kind of doing.
    TaskKind {
        /// Call or meet the person.
        Call = "call",
        /// The person can't be reached on a channel any more.
        Reach = "reach",
        /// Look at something unclear and decide.
        Look = "look",
        /// A channel is broken or used up.
        Channel = "channel",
        /// An employer answered or stayed silent.
        Employer = "employer",
    }
}

codes! {
    /// Why.
    TaskReason {
        /// A check-in has no address to go to.
        NoAddress = "no_address",
        /// A check-in has an address to go to, and no channel of the office that would take it there.
        NoChannel = "no_channel",
        /// The person's hours and the office's never meet: no check-in can leave until somebody changes them.
        NoCommonHours = "no_common_hours",
        /// A check-in came too late after an outage.
        TooLate = "too_late",
        /// Every channel refused a check-in.
        Refused = "refused",
        /// Nobody can tell whether a message went out.
        Unclear = "unclear",
        /// A message's window closed before it could be sent.
        Expired = "expired",
        /// No answer for longer than this person's habit.
        Silent = "silent",
        /// The person blocked or left LINE.
        Unfollowed = "unfollowed",
        /// The person said stop.
        Stopped = "stopped",
        /// The person may want to stop: a request in a sentence.
        MaybeStop = "maybe_stop",
        /// Words of crisis.
        Crisis = "crisis",
        /// Words near a crisis, past, denied or unclear: read them today.
        ReadSoon = "read_soon",
        /// LINE's monthly quota is used up.
        Quota = "quota",
        /// A provider refuses our credentials or settings.
        ChannelBroken = "channel_broken",
        /// Somebody unknown wrote.
        UnknownSender = "unknown_sender",
        /// Somebody unknown wrote words of crisis.
        UnknownCrisis = "unknown_crisis",
        /// An inbound event couldn't be processed.
        InboundFailed = "inbound_failed",
        /// An employer hasn't answered in time.
        AnswerOverdue = "answer_overdue",
        /// A pause without an end is a month older.
        PauseOpen = "pause_open",
        /// An employer answered.
        EmployerAnswered = "employer_answered",
        /// The person read a request to the employer and doesn't want it sent yet.
        RequestNotYet = "request_not_yet",
        /// The person read a request to the employer and agrees.
        RequestAgreed = "request_agreed",
        /// The person agrees to a request whose date for an answer has passed.
        RequestOutdated = "request_outdated",
        /// A request's e-mail didn't reach the employer, or nobody knows whether it did.
        RequestMail = "request_mail",
        /// A request has to be looked at again.
        ReviewDue = "review_due",
        /// Somebody else answers at the person's number; the right one has to be asked for.
        WrongNumber = "wrong_number",
        /// The person asked for a call.
        AskedForCall = "asked_for_call",
        /// The person pressed "contact me again" after a stop.
        WantsContact = "wants_contact",
        /// An agreed change has to be followed up with the person.
        FollowUp = "follow_up",
        /// The day of a note's next step has come.
        NextStep = "next_step",
        /// The day has come on which the deadline of a note's next step is set.
        SetDate = "set_date",
        /// What was said on the phone isn't put in writing yet.
        SummaryLeft = "summary_left",
    }
}

codes! {
    /// What came of a call.
    CallOutcome {
        /// 話せた
        Spoke = "spoke",
        /// 留守
        NotIn = "not_in",
        /// 話し中
        Busy = "busy",
        /// 番号違い
        WrongNumber = "wrong_number",
        /// あとで
        Later = "later",
    }
}

impl CallOutcome {
    /// Whether the task is done with it.
    pub fn closes(self) -> bool {
        matches!(self, Self::Spoke | Self::WrongNumber)
    }
}
