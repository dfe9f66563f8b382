//! What every job needs: the store, the channels, the words and the rules.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bansou_channels::Channel;
use bansou_core::calendar::{Holidays, OfficeCalendar};
use bansou_core::delivery::ChannelKind;
use bansou_core::hours::PersonHours;
use bansou_core::ids::{OfficeId, StaffId};
use bansou_core::message::{Fill, Templates, standing_in};
use bansou_core::signs::Lexicon;
use bansou_core::team::{CareBy, Team};
use bansou_core::window::{SendContext, SendKind};
use bansou_store::{Graduate, Office, Store, Tx};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::OnceCell;

use crate::error::{Broke, Result, WorkError};
use crate::journal::Journal;

/// How deliveries are claimed and called.
#[derive(Clone, Copy, Debug)]
pub struct SendTerms {
    /// Claims of one batch.
    pub batch: u32,
    /// Calls at the same time. With one, everything goes one after the other, and a history always comes to the same.
    pub concurrency: usize,
    /// For so long a claim is owned; longer than any call can last.
    pub lease: Duration,
    /// One call, or one event's effect, may take so long; its channel's own limits end a call before.
    pub patience: std::time::Duration,
}

impl Default for SendTerms {
    fn default() -> Self {
        Self { batch: 200, concurrency: 64, lease: Duration::seconds(120), patience: PATIENCE }
    }
}

/// A message that is worded again after a restore may be so old; who was away then still counts.
const LEAVE_LOOKS_BACK: Duration = Duration::days(60);
/// Twice the time-out of a call.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// What an engine is made of.
pub struct EngineParts {
    /// The database.
    pub store: Store,
    /// Configured channels; of several of one kind the first is used for new messages.
    pub channels: Vec<Channel>,
    /// National holidays.
    pub holidays: Arc<Holidays>,
    /// Delivered message templates.
    pub templates: Templates,
    /// Words of signs and crisis.
    pub lexicon: Arc<Lexicon>,
    /// Where providers and people reach us, without a slash at the end.
    pub public_url: String,
    /// How deliveries are claimed and called.
    pub terms: SendTerms,
}

/// The jobs of the loop, over one store. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) parts: Arc<EngineParts>,
    templates: Arc<Templates>,
    stopping: Arc<AtomicBool>,
    /// Where every call leaves a trace outside the database; production should have one.
    pub(crate) journal: Option<Journal>,
    held: Arc<AtomicBool>,
}

/// A job for one office. Boxed, because a run is a task that may move between threads.
type OfficeJob = for<'a> fn(&'a Engine, OfficeId) -> BoxFuture<'a, Result<u64>>;

/// One office's rules and people as a job needs them, read once per unit of work.
pub(crate) struct OfficeRules {
    pub(crate) office: Office,
    pub(crate) calendar: OfficeCalendar,
    pub(crate) templates: Arc<Templates>,
    pub(crate) staff_names: HashMap<StaffId, String>,
    /// Read when the first message is worded: most units of work write none.
    team: OnceCell<Team>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

impl Engine {
    /// Binds the parts.
    pub fn new(parts: EngineParts) -> Self {
        let templates = Arc::new(parts.templates.clone());
        Self { parts: Arc::new(parts), templates, stopping: Arc::default(), held: Arc::default(), journal: None }
    }

    /// From here on nothing is called before it stands in this journal.
    #[must_use]
    pub fn with_journal(self, journal: Journal) -> Self {
        Self { journal: Some(journal), ..self }
    }

    /// The same parts with other terms of sending.
    #[must_use]
    pub fn with_terms(self, terms: SendTerms) -> Self {
        let EngineParts { store, channels, holidays, templates, lexicon, public_url, .. } = &*self.parts;
        let (store, channels, holidays) = (store.clone(), channels.clone(), Arc::clone(holidays));
        let (templates, lexicon, public_url) = (templates.clone(), Arc::clone(lexicon), public_url.clone());
        let parts = EngineParts { store, channels, holidays, templates, lexicon, public_url, terms };
        Self { parts: Arc::new(parts), ..self }
    }

    /// From here on nothing more is claimed, because the process is to end; calls under way are recorded.
    pub fn stop_claiming(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// While held, this process neither claims nor calls, nor does it judge what is due or late: its clock or its disk
    /// can't be relied on. What comes in is still read.
    pub fn hold(&self, is_held: bool) {
        self.held.store(is_held, Ordering::Relaxed);
    }

    pub(crate) fn is_held(&self) -> bool {
        self.held.load(Ordering::Relaxed)
    }

    /// Nothing more is claimed or called.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed) || self.is_held()
    }

    /// The store this engine works on.
    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    /// Every job of the loop that has something to do, in the order in which one causes the next; returns how much was
    /// done. What that leaves behind is the next round's. The demo and the tests drive the engine with it over virtual time.
    pub async fn tick(&self) -> Result<u64> {
        let waiting = self.parts.store.work_waiting(self.now()).await?;
        let mut done = 0;
        if waiting.inbound {
            done += self.inbound().await?;
        }
        if waiting.plan || done > 0 {
            done += self.plan().await?;
        }
        let sent = if waiting.send || done > 0 { self.dispatch().await? } else { 0 };
        done += sent;
        if waiting.left_over || (waiting.send && sent == 0) {
            done += self.sweep().await?;
        }
        if waiting.silence {
            done += self.silence().await?;
        }
        Ok(done)
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.parts.store.ambient().now()
    }

    /// The channel used for new messages of a kind.
    pub(crate) fn channel_of(&self, kind: ChannelKind) -> Option<&Channel> {
        self.parts.channels.iter().find(|channel| kind_of(channel) == kind)
    }

    /// A channel by its configured id.
    pub(crate) fn channel(&self, id: &str) -> Option<&Channel> {
        self.parts.channels.iter().find(|channel| channel.id() == id)
    }

    pub(crate) async fn rules(&self, tx: &Tx) -> Result<OfficeRules> {
        let office = tx.own_office().await?;
        self.rules_of(tx, office).await
    }

    /// The same for an office that has been read.
    pub(crate) async fn rules_of(&self, tx: &Tx, office: Office) -> Result<OfficeRules> {
        let calendar = office.settings.calendar(office.zone, &self.parts.holidays);
        let mut templates = Arc::clone(&self.templates);
        for own in tx.template_overrides().await? {
            // Copied once, and only where an office has wordings of its own.
            Arc::make_mut(&mut templates).replace(&own.key, own.language, &own.body);
        }
        let staff_names = tx.staff_names().await?;
        Ok(OfficeRules { office, calendar, templates, staff_names, team: OnceCell::new() })
    }

    /// Runs one job for each office, one after the other; an office's failure ends none of the others'.
    pub(crate) async fn for_each(&self, offices: Vec<OfficeId>, job: &'static str, work: OfficeJob) -> u64 {
        let mut done = 0;
        for office in offices {
            done += self.one_of(office, job, work(self, office)).await.unwrap_or(0);
        }
        done
    }

    /// One office's part of a job; `None` when it failed, which is told and counted here.
    pub(crate) async fn one_of<T>(
        &self,
        office: OfficeId,
        job: &'static str,
        work: impl Future<Output = Result<T>>,
    ) -> Option<T> {
        match kept(work).await {
            Ok(done) => return Some(done),
            Err(error) => tracing::error!(%office, job, error = %error, cause = cause(&error), "job failed"),
        }
        metrics::counter!("bansou_office_jobs_failed_total", "job" => job).increment(1);
        None
    }
}

impl OfficeRules {
    pub(crate) fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.office.zone).date_naive()
    }

    pub(crate) fn send_context<'a>(&'a self, hours: &'a PersonHours, kind: SendKind) -> SendContext<'a> {
        SendContext { calendar: &self.calendar, person: hours, rules: &self.office.settings.sending, kind }
    }

    /// Who speaks to this person at a moment: whoever looks after them then (S3.1). With a stand-in the person hears for whom;
    /// without a dedicated member of staff, or where nobody stands in, the office speaks.
    pub(crate) async fn speaker(&self, tx: &Tx, graduate: &Graduate, at: DateTime<Utc>) -> Result<String> {
        let since = self.today(tx.now() - LEAVE_LOOKS_BACK);
        let team = self.team.get_or_try_init(|| tx.team(self.calendar.clone(), since)).await?;
        let name = |id: Option<StaffId>| id.and_then(|id| self.staff_names.get(&id)).map(|name| family_name(name));
        let care = team.looks_after(graduate.staff, graduate.standin, at);
        let (Some(owner), Some(staff)) = (name(graduate.staff), name(care.staff)) else {
            return Ok(self.office.name.clone());
        };
        if care.by == CareBy::Owner {
            return Ok(owner.to_owned());
        }
        Ok(standing_in(graduate.details.language, owner, staff))
    }

    /// What is filled into a message to this person, in the name of a [speaker](Self::speaker).
    pub(crate) fn fill<'a>(&'a self, graduate: &'a Graduate, speaker: &'a str) -> Fill<'a> {
        Fill {
            name: graduate.details.profile.call_name(),
            staff: speaker,
            office: &self.office.name,
            phone: &self.office.settings.phone,
            more: &[],
        }
    }
}

/// Runs something whose panic must not take others with it (P13); `None` when it panicked. Boxed at once: what is handed in here
/// is large.
pub(crate) fn guarded<T>(work: impl Future<Output = T>) -> impl Future<Output = Option<T>> {
    // What a panic leaves half done is a unit of work that is never saved.
    let work = AssertUnwindSafe(Box::pin(work)).catch_unwind();
    async { work.await.ok() }
}

/// The same for work on one row: a panic is an error like any other, and the next row's turn comes.
pub(crate) fn kept<T>(work: impl Future<Output = Result<T>>) -> impl Future<Output = Result<T>> {
    let work = guarded(work);
    async { work.await.unwrap_or(Err(WorkError::Broke(Broke::Panicked))) }
}

/// The same for work that may also stand still for ever: it is dropped then.
pub(crate) fn within<T>(
    patience: std::time::Duration,
    work: impl Future<Output = T>,
) -> impl Future<Output = Result<T, Broke>> {
    let work = guarded(work);
    async move {
        let ended = tokio::time::timeout(patience, work).await;
        ended.map_or(Err(Broke::Hung), |done| done.ok_or(Broke::Panicked))
    }
}

/// The kind under which core and the store know a channel.
pub(crate) fn kind_of(channel: &Channel) -> ChannelKind {
    match channel.kind() {
        bansou_channels::ChannelKind::Line => ChannelKind::Line,
        bansou_channels::ChannelKind::Sms => ChannelKind::Sms,
        bansou_channels::ChannelKind::Mail => ChannelKind::Email,
    }
}

fn family_name(name: &str) -> &str {
    name.split([' ', '\u{3000}']).next().unwrap_or(name)
}

/// The chain of causes in one line; store errors carry no personal data.
pub(crate) fn cause(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_only_what_panicked() {
        assert_eq!(guarded::<()>(async { panic!("an answer that nobody thought of") }).await, None);
        assert_eq!(guarded(async { 7 }).await, Some(7));
        assert_eq!(within(PATIENCE, async { panic!("the same") }).await, Err::<(), _>(Broke::Panicked));
    }

    #[tokio::test]
    async fn what_never_ends_is_dropped_after_its_time() {
        let short = std::time::Duration::from_millis(5);
        assert_eq!(within(short, std::future::pending::<()>()).await, Err(Broke::Hung));
        assert_eq!(within(PATIENCE, async { 7 }).await, Ok(7));
    }
}
