//! Small signs: those that wait for a look, and those that somebody is dealing with.

use std::collections::HashMap;

use axum::extract::Query;
use bansou_core::ids::{GraduateId, MessageId, SignId, StaffId};
use bansou_core::sign::{Sign, SignCategory, SignStep};
use bansou_store::{Consent, Message, PlacedSign, SignPlace, Tx, Who};
use serde::Deserialize;

use crate::actions::sign_decide;
use crate::answer;
use crate::errors::Failure;
use crate::pages::inbox::Pages;
use crate::pages::signs::{Refused, ShowSigns, SignCard, SignsPage};
use crate::people;
use crate::routes::Routes;
use crate::signed::{Answer, Signed};

/// Signs of one page.
const ROWS: usize = 30;
/// Signs that are read to be sorted; more would mean that nobody looks.
const READ: u64 = 1_000;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/signs", list)
        .post("/signs/{id}/confirm", sign_decide::confirm)
        .post("/signs/{id}/dismiss", sign_decide::dismiss)
        .post("/signs/{id}/act", sign_decide::act)
        .post("/signs/{id}/resolve", sign_decide::resolve)
}

#[derive(Deserialize)]
#[serde(default)]
struct Asked {
    show: String,
    page: usize,
}

impl Default for Asked {
    fn default() -> Self {
        Self { show: String::new(), page: 1 }
    }
}

async fn list(signed: Signed, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let show = asked.show.parse().unwrap_or(ShowSigns::Waiting);
    let page = load(&signed, &tx, show, asked.page, None).await?;
    signed.page(&tx, &page).await
}

/// The list; a refused form is shown at its sign.
pub(crate) async fn load(
    signed: &Signed,
    tx: &Tx,
    show: ShowSigns,
    page: usize,
    refused: Option<(SignId, Refused)>,
) -> Result<SignsPage, Failure> {
    let steps: &[SignStep] = match show {
        ShowSigns::Waiting => &[SignStep::Suggested],
        ShowSigns::Open => &[SignStep::Confirmed, SignStep::Acting],
        ShowSigns::Closed => &[SignStep::Resolved, SignStep::Dismissed],
    };
    let mut signs = tx.signs_in(steps, READ).await?;
    signs.sort_by_key(|placed| (std::cmp::Reverse(placed.sign.level), placed.sign.suggested_at));
    let open = tx.signs_in(&[SignStep::Confirmed, SignStep::Acting], READ).await?.len();
    let last = signs.len().div_ceil(ROWS).max(1);
    let now = page.clamp(1, last);
    let link = |page: usize| answer::with_query("/signs", &[("show", show.as_str()), ("page", &page.to_string())]);
    let pages = Pages {
        now: small(now),
        last: small(last),
        previous: (now > 1).then(|| link(now - 1)),
        next: (now < last).then(|| link(now + 1)),
    };
    let shown: Vec<_> = signs.into_iter().skip((now - 1) * ROWS).take(ROWS).collect();
    let ids: Vec<GraduateId> = shown.iter().map(|placed| placed.sign.graduate).collect();
    let people = tx.people(&ids).await?;
    let around = Around::load(tx, &shown, &ids).await?;
    let mut cards = Vec::with_capacity(shown.len());
    for placed in shown {
        let Some(who) = people.get(&placed.sign.graduate) else { continue };
        let mut card = card(signed, placed, who, &around);
        card.refused = refused.as_ref().filter(|(id, _)| id.to_string() == card.id).map(|(_, refused)| refused.clone());
        cards.push(card);
    }
    Ok(SignsPage {
        show,
        waiting: u32::try_from(tx.signs_waiting().await?).unwrap_or(u32::MAX),
        open: small(open),
        signs: cards,
        categories: SignCategory::ALL,
        pages,
    })
}

/// What the cards of a page show besides their signs, read for all of them at once.
struct Around {
    names: HashMap<StaffId, String>,
    messages: HashMap<MessageId, Message>,
    signs: Vec<PlacedSign>,
    consents: Vec<Consent>,
}

impl Around {
    async fn load(tx: &Tx, shown: &[PlacedSign], people: &[GraduateId]) -> Result<Self, Failure> {
        let in_message = shown.iter().filter_map(|placed| match placed.place {
            SignPlace::Message(id) => Some(id),
            SignPlace::Note(_) | SignPlace::CheckIn(_) => None,
        });
        Ok(Self {
            names: people::staff_names(tx).await?,
            messages: tx.messages_by_id(&in_message.collect::<Vec<_>>()).await?,
            signs: tx.signs_of_people(people).await?,
            consents: tx.consents_of_people(people).await?,
        })
    }
}

fn card(signed: &Signed, placed: PlacedSign, who: &Who, around: &Around) -> SignCard {
    let sign = placed.sign;
    let context = match placed.place {
        SignPlace::Message(id) => {
            around.messages.get(&id).and_then(|message| Some(message.body.as_ref()?.text.clone()))
        }
        SignPlace::Note(_) | SignPlace::CheckIn(_) => None,
    };
    let same = |other: &Sign| other.graduate == who.id && other.category == sign.category;
    let before = around.signs.iter().map(|other| &other.sign).filter(|other| same(other));
    let before = before.filter(|other| other.suggested_at < sign.suggested_at).count();
    let decided = sign.state.decision().map(|decision| {
        let by = around.names.get(&decision.by).cloned().unwrap_or_default();
        let on = signed.day(signed.local(decision.at).date_naive());
        let step = signed.say(&format!("sign-step-{}", sign.state.step()));
        signed.say_with(
            if decision.why.is_empty() { "sign-decided" } else { "sign-decided-why" },
            &[("by", by.into()), ("on", on.into()), ("step", step.into()), ("why", decision.why.clone().into())],
        )
    });
    let today = signed.today();
    let own = around.consents.iter().filter(|consent| consent.graduate == who.id);
    let holds = own
        .map(|consent| &consent.terms)
        .any(|terms| terms.withdrawn_at.is_none() && terms.given_on <= today && today <= terms.valid_until);
    let suggested = placed.suggested.map(|(category, level)| {
        let category = signed.say(&format!("sign-category-{category}"));
        let level = signed.say(&format!("sign-level-{}", u8::from(level)));
        signed.say_with("sign-suggested-as", &[("category", category.into()), ("level", level.into())])
    });
    SignCard {
        suggested: suggested.unwrap_or_default(),
        id: sign.id.to_string(),
        graduate: who.id.to_string(),
        name: who.profile.name.clone(),
        kana: who.profile.kana.clone(),
        category: sign.category,
        level: sign.level,
        source: sign.source,
        context: context.filter(|text| *text != sign.quote).unwrap_or_default(),
        at: signed.local(sign.suggested_at),
        step: sign.state.step(),
        decided: decided.unwrap_or_default(),
        before: if before == 0 { String::new() } else { signed.say_with("sign-before", &[("n", before.into())]) },
        can_escalate: holds && matches!(sign.state.step(), SignStep::Confirmed | SignStep::Acting),
        refused: None,
        quote: sign.quote,
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
