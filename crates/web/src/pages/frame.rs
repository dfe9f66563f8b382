//! What stands around every page: who reads, where in the menu, what was just done, and whether somebody is in crisis.

use bansou_core::preferences::Preferences;
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::LocalTime;

/// The surroundings of a page.
#[derive(Clone, Serialize)]
pub struct Frame {
    /// The reader's language.
    #[serde(skip)]
    pub lang: Lang,
    /// Path (with query) of this page; the language form leads back to it.
    pub path: String,
    /// The form token of the session ([`crate::csrf::token`]); empty outside a session.
    pub csrf: String,
    /// A fresh key per rendered page. Forms send it as `once`, so that a double click is one action.
    pub once: String,
    /// Who is signed in.
    pub reader: Option<Reader>,
    /// What the reader just did, told in the status region after the redirect (`?done=note-saved`).
    pub done: Option<Done>,
    /// The number of the audit row by which that can be taken back (`POST /undo`: `seq`, `back`).
    pub undo: Option<i64>,
    /// Figures beside the menu's words; zero shows nothing.
    pub counts: Counts,
    /// People with words of crisis nobody has taken up yet: on top of every staff page, for everybody.
    pub crisis: Vec<CrisisAlert>,
    /// What the reader has to give soon, at most a few lines.
    pub soon: Vec<Soon>,
    /// There is more of it than these lines.
    pub soon_more: bool,
    /// What stands still by hand: one line on every staff page while it does.
    pub still: Option<Still>,
    /// The office has no channel that reaches anybody: one line on every staff page says so. Not in the demo, which says it itself.
    pub is_simulated: bool,
    /// How often something that pages show was changed when this one was read; what rises above it makes the page old.
    pub changes: i64,
    /// How the reader wants the page: colours, letters, readings.
    pub preferences: Preferences,
}

/// Something that the reader has to give soon.
#[derive(Clone, Serialize)]
pub struct Soon {
    /// What.
    pub what: SoonWhat,
    /// To whom.
    pub name: String,
    /// Where.
    pub href: String,
    /// By then.
    pub at: LocalTime,
    /// Its time has passed.
    pub is_past: bool,
}

/// Sending that somebody has stopped.
#[derive(Clone, Serialize)]
pub struct Still {
    /// What stands still.
    pub what: StillWhat,
    /// The channels' names in words, where it is channels.
    pub channels: String,
    /// Since when.
    pub at: LocalTime,
}

/// The signed-in member of staff.
#[derive(Clone, Serialize)]
pub struct Reader {
    /// Their name.
    pub name: String,
    /// Their office's name.
    pub office: String,
    /// Whether manager's pages are offered.
    pub is_manager: bool,
}

/// Open work, as shown beside the menu's words.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Counts {
    /// People on Today.
    pub today: u32,
    /// Threads where a reply is due.
    pub inbox: u32,
    /// Signs waiting for a look.
    pub signs: u32,
}

/// Words of crisis in somebody's thread.
#[derive(Clone, Serialize)]
pub struct CrisisAlert {
    /// The person.
    pub name: String,
    /// When the words came in.
    pub at: LocalTime,
    /// Where to act.
    pub href: String,
}

/// A consultation line, from dated configuration.
#[derive(Clone, Serialize)]
pub struct Hotline {
    /// Its name.
    pub name: String,
    /// Its number, as one dials it.
    pub number: String,
    /// When somebody answers.
    pub hours: String,
}

/// Where a page stands in the staff's menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// 今日の連絡.
    Today,
    /// 受信箱.
    Inbox,
    /// 卒業生.
    Graduates,
    /// サイン.
    Signs,
    /// 定着.
    Retention,
    /// 設定.
    Settings,
    /// The account of whoever reads: no place in the menu.
    Account,
    /// Not a staff page: no menu.
    Outside,
}

bansou_core::codes! {
    /// What has to be given soon.
    SoonWhat {
        /// An answer to a message.
        Answer = "answer",
        /// What was promised.
        Promise = "promise",
    }
}

bansou_core::codes! {
    /// What stands still.
    StillWhat {
        /// Every message of every office.
        Everything = "everything",
        /// The same, because the database was restored from a backup.
        Restored = "restored",
        /// Every message of the reader's office.
        Office = "office",
        /// Some of the office's channels.
        Channels = "channels",
    }
}

bansou_core::codes! {
    /// What was just done. The query value (`?done=note-saved`) is the code.
    Done {
        /// A reply is on its way.
        ReplySent = "reply-sent",
        /// A reply waits a while after a heated exchange.
        ReplyCalms = "reply-calms",
        /// A reply goes later.
        ReplyLater = "reply-later",
        /// A reply was taken back before it went.
        ReplyTakenBack = "reply-taken-back",
        /// A reply couldn't be taken back any more.
        ReplyGone = "reply-gone",
        /// A half-written reply is kept.
        DraftKept = "draft-kept",
        /// A half-written reply is forgotten.
        DraftDropped = "draft-dropped",
        /// A colleague was asked to look after a thread.
        HandedOver = "handed-over",
        /// A reply can't be sent once more.
        CannotResend = "cannot-resend",
        /// A message that told a time can't be sent again as it was: the time is told anew.
        TellAgain = "tell-again",
        /// A holding reply is on its way, and its time is promised.
        HoldingSent = "holding-sent",
        /// No holding reply is sent to words of crisis.
        NotHeld = "not-held",
        /// Our answer waits for the person.
        ReplyWaits = "reply-waits",
        /// A promise is written down.
        PromiseMade = "promise-made",
        /// A promise is kept.
        PromiseKept = "promise-kept",
        /// A promise has a new time.
        PromiseMoved = "promise-moved",
        /// A promise isn't needed any more.
        PromiseWithdrawn = "promise-withdrawn",
        /// The thread needs no reply.
        ThreadClosed = "thread-closed",
        /// A call's outcome is recorded.
        CallRecorded = "call-recorded",
        /// A colleague had recorded the call's outcome; the reader's words are kept.
        CallWordsKept = "call-words-kept",
        /// A colleague had recorded the call's outcome.
        CallWasRecorded = "call-was-recorded",
        /// A call's outcome is recorded; the person had answered meanwhile.
        AnsweredMeanwhile = "answered-meanwhile",
        /// Put off until another time.
        PutOff = "put-off",
        /// A row that rested is back.
        BroughtBack = "brought-back",
        /// A task is done.
        TaskDone = "task-done",
        /// What was just done is taken back.
        Undone = "undone",
        /// It was too long ago to be taken back.
        UndoTooLate = "undo-too-late",
        /// Somebody acted since, so it can't be taken back.
        UndoChanged = "undo-changed",
        /// The reader is calling.
        CallStarted = "call-started",
        /// A stranger's address is a graduate's now.
        StrangerBound = "stranger-bound",
        /// That is taken back.
        StrangerUnbound = "stranger-unbound",
        /// A stranger is none of ours.
        StrangerNotOurs = "stranger-not-ours",
        /// A note is saved.
        NoteSaved = "note-saved",
        /// A note is corrected.
        NoteCorrected = "note-corrected",
        /// A note is corrected, and its summary in the old words was taken back before it went.
        NoteSummaryBack = "note-summary-back",
        /// A note is corrected, and its summary in the old words waits to go.
        NoteSummaryWaits = "note-summary-waits",
        /// A note is corrected, but its summary in the old words couldn't be taken back any more.
        NoteSummaryGone = "note-summary-gone",
        /// A summary was taken back before it went.
        SummaryTakenBack = "summary-taken-back",
        /// A talk is put in writing, and on its way to the person.
        SummarySent = "summary-sent",
        /// A talk isn't put in writing, because its note was corrected.
        SummaryNotSent = "summary-not-sent",
        /// Putting it in writing is left for later.
        SummaryLeft = "summary-left",
        /// Contact is paused.
        Paused = "paused",
        /// Contact goes on.
        Resumed = "resumed",
        /// Somebody new is on record.
        GraduateAdded = "graduate-added",
        /// All contact with a person is stopped.
        ContactStopped = "contact-stopped",
        /// A person may be contacted again.
        ContactAllowed = "contact-allowed",
        /// Details are saved.
        Saved = "saved",
        /// A consent is recorded.
        ConsentGiven = "consent-given",
        /// A consent is withdrawn.
        ConsentWithdrawn = "consent-withdrawn",
        /// What an employer was told is written down.
        ShareRecorded = "share-recorded",
        /// An invite is made.
        InviteMade = "invite-made",
        /// A sign is confirmed.
        SignConfirmed = "sign-confirmed",
        /// A sign is dismissed.
        SignDismissed = "sign-dismissed",
        /// The reader has taken up a crisis.
        CrisisTaken = "crisis-taken",
        /// The reader has handed a crisis on.
        CrisisReleased = "crisis-released",
        /// A crisis is ended.
        CrisisClosed = "crisis-closed",
        /// The reader has signed out.
        SignedOut = "signed-out",
        /// A member of staff's pages look as they want them from now on.
        DisplaySaved = "display-saved",
        /// A password is set.
        PasswordSet = "password-set",
        /// A request to an employer is saved as a draft.
        RequestSaved = "request-saved",
        /// The graduate has been asked to read a request on their own page.
        RequestAsked = "request-asked",
        /// The graduate has read a request.
        RequestRead = "request-read",
        /// A request is on its way to the employer.
        RequestSent = "request-sent",
        /// A request is on its way once more, with a fresh link.
        RequestSentAgain = "request-sent-again",
        /// What was asked for was tried.
        RequestTried = "request-tried",
        /// A request was looked at again.
        RequestReviewed = "request-reviewed",
        /// A request was taken back.
        RequestWithdrawn = "request-withdrawn",
        /// A graduate has read a request and agrees.
        MeRead = "me-read",
        /// A graduate doesn't want a request to be sent yet.
        MeNotYet = "me-not-yet",
        /// A graduate agrees to a request that has to be looked at again before.
        MeOutdated = "me-outdated",
        /// A graduate didn't want a request to be sent that was out already.
        MeTooLate = "me-too-late",
        /// A graduate rests from contact.
        MePaused = "me-paused",
        /// A graduate wants contact again.
        MeResumed = "me-resumed",
        /// A graduate wants contact again, and staff have to decide.
        MeAsked = "me-asked",
        /// A graduate stopped every message.
        MeStopped = "me-stopped",
        /// A graduate withdrew a consent.
        MeWithdrawn = "me-withdrawn",
        /// A member of staff is added.
        StaffAdded = "staff-added",
        /// A member of staff can't sign in any more.
        StaffDisabled = "staff-disabled",
        /// A member of staff can sign in again.
        StaffEnabled = "staff-enabled",
        /// Leave is entered or changed.
        AbsenceSaved = "absence-saved",
        /// Leave is called off.
        AbsenceCancelled = "absence-cancelled",
        /// A message has its delivered wording again.
        TemplateReset = "template-reset",
        /// Nothing is sent any more.
        SendingStopped = "sending-stopped",
        /// Messages are sent again.
        SendingResumed = "sending-resumed",
        /// Nothing is sent over a channel any more.
        ChannelStopped = "channel-stopped",
        /// Messages are sent over a channel again.
        ChannelResumed = "channel-resumed",
    }
}

impl Soon {
    fn samples() -> Vec<Self> {
        let line = |what, name: &str, href: &str, at, is_past| Self {
            what,
            name: name.to_owned(),
            href: href.to_owned(),
            at: super::sample_time(at),
            is_past,
        };
        vec![
            line(SoonWhat::Answer, "例田 太郎", "/inbox/018f-reida-taro", "2026-11-20T10:20", true),
            line(SoonWhat::Promise, "仮野 歩", "/promises/018f-promise", "2026-11-20T11:00", false),
        ]
    }
}

impl CrisisAlert {
    fn sample() -> Self {
        Self {
            name: "例田 太郎".to_owned(),
            at: super::sample_time("2026-11-20T10:31"),
            href: "/inbox/018f-reida-taro".to_owned(),
        }
    }
}

impl Frame {
    /// The frame of a page without a session: login, errors, public pages.
    pub fn outside(lang: Lang, path: &str) -> Self {
        Self {
            lang,
            path: path.to_owned(),
            csrf: String::new(),
            once: String::new(),
            reader: None,
            done: None,
            undo: None,
            counts: Counts::default(),
            crisis: Vec::new(),
            soon: Vec::new(),
            soon_more: false,
            still: None,
            is_simulated: false,
            changes: 0,
            preferences: Preferences::default(),
        }
    }

    /// A frame for samples: a made-up member of staff in a made-up office. Among the signs something was just done, and
    /// somebody is in crisis; among the graduates something is due soon; at the inbox LINE stands still; in the
    /// settings nothing is sent at all.
    pub fn sample(lang: Lang, place: Place) -> Self {
        if place == Place::Outside {
            return Self::outside(lang, "/");
        }
        Self {
            path: "/today".to_owned(),
            csrf: "0000".to_owned(),
            once: "0000".to_owned(),
            reader: Some(Reader {
                name: "見本 佐和".to_owned(),
                office: "見本就労支援センター".to_owned(),
                is_manager: true,
            }),
            counts: Counts { today: 7, inbox: 3, signs: 2 },
            done: (place == Place::Signs).then_some(Done::SignDismissed),
            undo: (place == Place::Signs).then_some(41),
            crisis: if place == Place::Signs { vec![CrisisAlert::sample()] } else { Vec::new() },
            soon: if place == Place::Graduates { Soon::samples() } else { Vec::new() },
            soon_more: place == Place::Graduates,
            still: (place == Place::Inbox).then(|| Still {
                what: StillWhat::Channels,
                channels: "LINE".to_owned(),
                at: super::sample_time("2026-11-20T09:50"),
            }),
            is_simulated: place == Place::Settings,
            ..Self::outside(lang, "/")
        }
    }
}
