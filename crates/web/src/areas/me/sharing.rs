//! What may be told, what was told, and what would be told: always in the exact words.

use std::collections::BTreeMap;

use axum::extract::Path;
use bansou_core::ids::{EmployerContactId, EscalationId};
use bansou_store::{Consent, Escalation, Tx};
use chrono::NaiveDate;

use crate::answer;
use crate::errors::Failure;
use crate::guest::Me;
use crate::pages::me::sharing::{MeAnswer, MeConsent, MeReadPage, MeShare, MeSharingPage, ToRead};
use crate::requests::{addressed, to_read, waits_on_own_page};
use crate::signed::Answer;

/// Whether a consent holds on a day.
pub(crate) fn holds(consent: &Consent, today: NaiveDate) -> bool {
    let terms = &consent.terms;
    terms.withdrawn_at.is_none() && terms.given_on <= today && today <= terms.valid_until
}

pub(super) async fn list(me: Me) -> Answer {
    let tx = me.guest.read().await?;
    let id = me.graduate.id;
    let today = me.guest.today();
    let mut names = Names::default();
    let mut waiting = Vec::new();
    for request in to_read(&tx, id).await? {
        let (to, _) = names.of(&tx, request.contact).await?;
        waiting.push(ToRead { href: format!("/me/requests/{}", request.id), to });
    }
    let mut consents = Vec::new();
    for consent in tx.consents_of(id).await?.into_iter().filter(|consent| holds(consent, today)) {
        let (to, company) = names.of(&tx, consent.terms.contact).await?;
        let (topics, until) = (consent.terms.topics, consent.terms.valid_until);
        consents.push(MeConsent { id: consent.id.to_string(), to, company, topics, until });
    }
    let requests = tx.escalations_of(id).await?;
    let mut shares = Vec::new();
    for share in tx.shares_of(id).await? {
        let (to, company) = names.of(&tx, share.contact).await?;
        let request = requests.iter().find(|request| Some(request.id) == share.escalation);
        let answer = request.and_then(may_see);
        shares.push(MeShare { to, company, at: me.guest.local(share.at), words: share.words, answer });
    }
    me.guest.page(&MeSharingPage { to_read: waiting, consents, shares })
}

pub(super) async fn one(me: Me, Path(id): Path<EscalationId>) -> Answer {
    let tx = me.guest.read().await?;
    let request = own_request(&me, &tx, id).await?;
    if !waits_on_own_page(&tx, &request).await? {
        return Ok(answer::see("/me/sharing"));
    }
    let letter = addressed(&tx, &me.guest.office, &request).await?.letter;
    me.guest.page(&MeReadPage { action: format!("/me/requests/{id}"), letter, words: request.words_mark() })
}

/// A request about this person. Another's isn't there.
pub(crate) async fn own_request(me: &Me, tx: &Tx, id: EscalationId) -> Result<Escalation, Failure> {
    let request = tx.escalation(id).await?.filter(|request| request.graduate == me.graduate.id);
    request.ok_or(Failure::NotFound)
}

/// The answer as the person may see it. Free words only where the employer agreed.
fn may_see(request: &Escalation) -> Option<MeAnswer> {
    let answer = request.answer.as_ref()?;
    let text = if answer.may_show { answer.text.clone() } else { String::new() };
    Some(MeAnswer { kind: answer.kind, on: answer.on, text })
}

/// Names of contacts and their companies, each looked up once.
#[derive(Default)]
struct Names(BTreeMap<EmployerContactId, (String, String)>);

impl Names {
    async fn of(&mut self, tx: &Tx, id: EmployerContactId) -> Result<(String, String), Failure> {
        if let Some(known) = self.0.get(&id) {
            return Ok(known.clone());
        }
        let contact = tx.employer_contact(id).await?.ok_or(Failure::NotFound)?;
        let employer = tx.employer(contact.employer).await?.ok_or(Failure::NotFound)?;
        let names = (contact.profile.name, employer.profile.name);
        self.0.insert(id, names.clone());
        Ok(names)
    }
}
