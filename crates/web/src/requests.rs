//! Requests to employers as several pages need them: the letter in its exact words, who may be asked, and whether the graduate is asked
//! to read it on their own page.

use std::collections::BTreeMap;

use bansou_core::audit::Actor;
use bansou_core::consent::{NotCovered, ShareMeans};
use bansou_core::employment::Disclosure;
use bansou_core::escalation::EscalationState;
use bansou_core::ids::{EmployerContactId, EmployerId, EmploymentId, GraduateId};
use bansou_core::task::TaskReason;
use bansou_store::{EmployerContact, Employment, Escalation, Office, Tx};
use chrono::{DateTime, NaiveDate, Utc};

use crate::errors::Failure;
use crate::pages::escalate::{Blocked, Recipient};
use crate::pages::letter::{Letter, Parties};

/// Audit word: the graduate was asked to read a request on their own page.
pub const ASKED: &str = "escalation.ask";
/// Audit word: the graduate agreed there, too late for the date in the words.
pub const OUTDATED: &str = "escalation.outdated";
/// Audit word: the graduate read it there and doesn't agree yet.
const NOT_YET: &str = "escalation.not_yet";
/// Audit word: the graduate has read the words and agrees.
const READ: &str = "escalation.read";
/// Tasks that the next step of a request answers.
const BEFORE_NEXT_STEP: [TaskReason; 4] =
    [TaskReason::RequestNotYet, TaskReason::RequestAgreed, TaskReason::RequestOutdated, TaskReason::RequestMail];
/// Rows of the audit list that are looked through for the newest of these words.
const LOOK_BACK: u64 = 50;

/// A request's letter and whom it goes to.
pub struct Addressed {
    /// The exact words.
    pub letter: Letter,
    /// Who is asked.
    pub contact: EmployerContact,
}

/// The letter of a stored request.
pub async fn addressed(tx: &Tx, office: &Office, request: &Escalation) -> Result<Addressed, Failure> {
    let contact = tx.employer_contact(request.contact).await?.ok_or(Failure::NotFound)?;
    let employer = tx.employer(contact.employer).await?.ok_or(Failure::NotFound)?;
    let graduate = tx.graduate(request.graduate).await?.ok_or(Failure::NotFound)?;
    let staff = tx.staff_member(request.created_by).await?.ok_or(Failure::NotFound)?;
    let parties = Parties {
        office: &office.name,
        staff: &staff.profile.name,
        company: &employer.profile.name,
        contact: &contact.profile.name,
        person: &graduate.details.profile.name,
    };
    Ok(Addressed { letter: Letter::new(parties, &request.request), contact })
}

/// Whether a draft waits until the graduate has read it on their own page. A change of the words ends the waiting.
pub async fn waits_on_own_page(tx: &Tx, request: &Escalation) -> Result<bool, Failure> {
    if request.state != EscalationState::Draft {
        return Ok(false);
    }
    let rows = tx.audit_of(request.id.0, LOOK_BACK).await?;
    let newest = rows.iter().find(|row| row.action.starts_with("escalation."));
    Ok(newest.is_some_and(|row| row.action == ASKED))
}

/// When the graduate said that an unsent request mustn't go out yet, and hasn't agreed since. Neither a change of the words nor
/// another question takes that back: only they do.
pub async fn not_yet(tx: &Tx, request: &Escalation) -> Result<Option<DateTime<Utc>>, Failure> {
    if !matches!(request.state, EscalationState::Draft | EscalationState::ReadByPerson) {
        return Ok(None);
    }
    let rows = tx.audit_of(request.id.0, LOOK_BACK).await?;
    let newest = rows.iter().find(|row| row.action == NOT_YET || row.action == READ);
    Ok(newest.filter(|row| row.action == NOT_YET).map(|row| row.at))
}

/// What was to be done before a request's next step is done.
pub async fn settle(tx: &Tx, actor: Actor, request: &Escalation) -> Result<(), Failure> {
    Ok(tx.finish_request_tasks(actor, (request.id, request.graduate), &BEFORE_NEXT_STEP).await?)
}

/// Requests about a graduate that wait to be read by them.
pub async fn to_read(tx: &Tx, graduate: GraduateId) -> Result<Vec<Escalation>, Failure> {
    let mut waiting = Vec::new();
    for request in tx.escalations_of(graduate).await? {
        if waits_on_own_page(tx, &request).await? {
            waiting.push(request);
        }
    }
    Ok(waiting)
}

/// Contacts with the name of their company.
pub type Known = BTreeMap<EmployerContactId, (EmployerContact, String)>;

/// Whom one may ask about a graduate by e-mail on `today`, and about what; or why nobody.
pub async fn recipients(
    tx: &Tx,
    graduate: GraduateId,
    today: NaiveDate,
) -> Result<Result<Vec<Recipient>, Blocked>, Failure> {
    let mut known = match contacts(tx, graduate, today).await? {
        Ok(known) => known,
        Err(blocked) => return Ok(Err(blocked)),
    };
    known.retain(|_, (contact, _)| !contact.profile.email.trim().is_empty());
    if known.is_empty() {
        return Ok(Err(Blocked::NoContact));
    }
    covered(tx, graduate, &known, today).await
}

/// The people at present employers who know of the disability.
pub async fn contacts(tx: &Tx, graduate: GraduateId, today: NaiveDate) -> Result<Result<Known, Blocked>, Failure> {
    let employers = match employers(&tx.employments_of(graduate).await?, today) {
        Ok(employers) => employers,
        Err(blocked) => return Ok(Err(blocked)),
    };
    let mut known = Known::new();
    for id in employers {
        let Some(employer) = tx.employer(id).await? else { continue };
        for contact in tx.employer_contacts(id).await? {
            if contact.ended_at.is_none() {
                known.insert(contact.id, (contact, employer.profile.name.clone()));
            }
        }
    }
    Ok(Ok(known))
}

/// What the person's consents cover among the known contacts.
async fn covered(
    tx: &Tx,
    graduate: GraduateId,
    known: &Known,
    today: NaiveDate,
) -> Result<Result<Vec<Recipient>, Blocked>, Failure> {
    let consents = tx.consents_of(graduate).await?;
    let mut found: BTreeMap<EmployerContactId, Recipient> = BTreeMap::new();
    let mut nearest = Blocked::NoConsent;
    for consent in consents {
        let terms = consent.terms;
        let Some((contact, company)) = known.get(&terms.contact) else { continue };
        for &topic in &terms.topics {
            match terms.covers(contact.id, topic, ShareMeans::Email, today) {
                Ok(()) => {}
                Err(why) => {
                    if why == NotCovered::OtherMeans {
                        nearest = Blocked::OtherMeans;
                    } else if nearest == Blocked::NoConsent {
                        nearest = Blocked::ConsentOver;
                    }
                    continue;
                }
            }
            let entry = found.entry(contact.id).or_insert_with(|| Recipient {
                contact: contact.id.to_string(),
                name: contact.profile.name.clone(),
                part: contact.profile.part.clone(),
                company: company.clone(),
                topics: Vec::new(),
                valid_until: terms.valid_until,
            });
            entry.valid_until = entry.valid_until.min(terms.valid_until);
            if !entry.topics.contains(&topic) {
                entry.topics.push(topic);
            }
        }
    }
    if found.is_empty() {
        return Ok(Err(nearest));
    }
    Ok(Ok(found.into_values().collect()))
}

/// Employers of today who know of the disability. One that was ever kept from knowing, or of whom nobody has said it, is never written to.
pub(crate) fn employers(jobs: &[Employment], today: NaiveDate) -> Result<Vec<EmployerId>, Blocked> {
    who_know(jobs, |job| job.details.hired_on <= today && !job.details.is_over(today))
}

/// The same with those where work begins on a day to come: what may be told is talked through before the first day.
pub(crate) fn employers_to_come(jobs: &[Employment], today: NaiveDate) -> Result<Vec<EmployerId>, Blocked> {
    who_know(jobs, |job| !job.details.is_over(today))
}

/// The job of which somebody has to say whether the employer knows, before anybody there can be asked or told anything.
pub(crate) fn unsettled(jobs: &[Employment], today: NaiveDate) -> Option<EmploymentId> {
    unsettled_among(jobs, |job| !job.details.is_over(today))
}

/// Whether a job at this employer isn't on record as open.
pub(crate) fn is_kept_from(jobs: &[Employment], employer: EmployerId) -> bool {
    jobs.iter().any(|job| job.details.employer == Some(employer) && job.details.disclosure != Disclosure::Open)
}

/// Whether the person works at this employer today.
pub(crate) fn works_at(jobs: &[Employment], employer: EmployerId, today: NaiveDate) -> bool {
    jobs.iter().any(|job| job.details.employer == Some(employer) && !job.details.is_over(today))
}

fn who_know(jobs: &[Employment], counts: impl Fn(&Employment) -> bool) -> Result<Vec<EmployerId>, Blocked> {
    let now: Vec<&Employment> = jobs.iter().filter(|job| counts(job)).collect();
    if now.is_empty() {
        return Err(Blocked::NoJob);
    }
    let named: Vec<EmployerId> = now.iter().filter_map(|job| job.details.employer).collect();
    let open: Vec<EmployerId> = named.iter().copied().filter(|id| !is_kept_from(jobs, *id)).collect();
    if !open.is_empty() {
        return Ok(open);
    }
    if unsettled_among(jobs, counts).is_some() {
        return Err(Blocked::UnknownDisclosure);
    }
    let is_closed = !named.is_empty() || now.iter().all(|job| job.details.disclosure == Disclosure::Closed);
    Err(if is_closed { Blocked::ClosedDisclosure } else { Blocked::NoContact })
}

/// A job that counts, or an earlier one at the same employer. One at a company that is closed anyway settles nothing.
fn unsettled_among(jobs: &[Employment], counts: impl Fn(&Employment) -> bool) -> Option<EmploymentId> {
    let at = |employer: EmployerId| jobs.iter().filter(move |job| job.details.employer == Some(employer));
    let may_open = |employer| at(employer).all(|job| job.details.disclosure != Disclosure::Closed);
    let is_of_now = |employer| at(employer).any(&counts);
    let unsettled = jobs.iter().find(|job| {
        let is_unknown = job.details.disclosure == Disclosure::Unknown;
        is_unknown
            && job.details.employer.map_or_else(|| counts(job), |employer| is_of_now(employer) && may_open(employer))
    });
    unsettled.map(|job| job.id)
}
