//! Loading cards: what a page about a person shows, and the words that the linter proposes.

use bansou_core::card::{Card, CardLine, CardOf, WordPair};
use bansou_core::ids::EmployerId;
use bansou_store::{CadenceRow, Employer, Graduate, StoredCard, Tx};
use chrono::NaiveDate;

use crate::errors::Failure;
use crate::heads::present_job;
use crate::pages::card::{CardLineView, CardSummary, CardVersion, CardView};
use crate::people;
use crate::signed::Signed;

/// Lines that are open on other pages.
const OPEN: usize = 4;
/// Agreements that are shown there; the card has all of them.
const NEWEST: usize = 2;
/// Versions that the card's page shows.
const VERSIONS: u64 = 10;

/// A card as it holds, with what stood in the details before there were cards.
pub(crate) struct Held {
    pub(crate) card: Card,
    /// 0 where nobody has written one yet.
    pub(crate) version: i64,
    pub(crate) review_on: Option<NaiveDate>,
}

impl Held {
    /// A graduate's.
    pub(crate) async fn of_graduate(tx: &Tx, graduate: &Graduate) -> Result<Self, Failure> {
        let stored = tx.card(CardOf::Graduate(graduate.id)).await?;
        Ok(Self::new(stored, &graduate.details.profile.card))
    }

    /// A company's.
    pub(crate) async fn of_employer(tx: &Tx, employer: &Employer) -> Result<Self, Failure> {
        let stored = tx.card(CardOf::Employer(employer.id)).await?;
        Ok(Self::new(stored, &employer.profile.words))
    }

    fn new(stored: Option<StoredCard>, before: &str) -> Self {
        let Some(stored) = stored else {
            let card = Card { remark: before.to_owned(), ..Card::default() };
            return Self { card, version: 0, review_on: None };
        };
        Self { card: stored.card, version: stored.version, review_on: Some(stored.review_on) }
    }

    /// The day of a card that should have been looked at again.
    fn overdue(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.review_on.filter(|day| *day <= today)
    }
}

/// Words of a company beside ours.
pub(crate) async fn words_of(tx: &Tx, of: CardOf) -> Result<Vec<WordPair>, Failure> {
    Ok(tx.card(of).await?.map(|stored| stored.card.words).unwrap_or_default())
}

/// What a page about a graduate shows of the card.
pub(crate) async fn summary(signed: &Signed, tx: &Tx, graduate: &Graduate) -> Result<CardSummary, Failure> {
    let held = Held::of_graduate(tx, graduate).await?;
    let mut open = lines(signed, &held.card);
    for line in open.iter_mut().filter(|line| line.line == CardLine::Agreed.as_str()) {
        line.texts.truncate(NEWEST);
    }
    let rest = open.split_off(open.len().min(OPEN));
    let cadence = tx.cadence(graduate.id).await?;
    Ok(CardSummary {
        href: format!("/graduates/{}/card", graduate.id),
        on_top: graduate.staff != Some(signed.staff.id),
        open,
        rest,
        hours: people::week_hours(signed, &graduate.details.hours.week),
        differs: differs(signed, &held.card, cadence.as_ref()),
        overdue: held.overdue(signed.today()),
        company: company(signed, tx, graduate).await?,
    })
}

/// Where card and cadence differ, in one sentence. Nothing is changed by it.
pub(crate) fn differs(signed: &Signed, card: &Card, cadence: Option<&CadenceRow>) -> Option<String> {
    let (hear, every) = (card.hear_every?, cadence?.state.every_on(signed.today())?);
    let differs = hear.beside(every)?;
    let card = signed.say(&format!("hear-every-{hear}"));
    let plan = every.say(&signed.app.parts.words, signed.lang);
    Some(signed.say_with(&format!("card-differs-{differs}"), &[("card", card.into()), ("plan", plan.into())]))
}

/// The page and the name of the company where the person works now.
pub(crate) async fn company(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
) -> Result<Option<(String, String)>, Failure> {
    let jobs = tx.employments_of(graduate.id).await?;
    let id: Option<EmployerId> = present_job(&jobs, signed.today()).and_then(|job| job.details.employer);
    let Some(id) = id else { return Ok(None) };
    Ok(tx.employer(id).await?.map(|employer| (format!("/employers/{id}"), employer.profile.name)))
}

/// A whole card with its versions.
pub(crate) async fn whole(
    signed: &Signed,
    tx: &Tx,
    of: CardOf,
    held: &Held,
    edit: String,
) -> Result<CardView, Failure> {
    let names = people::staff_names(tx).await?;
    let version = |stored: StoredCard| CardVersion {
        by: names.get(&stored.saved_by).cloned().unwrap_or_default(),
        at: signed.local(stored.saved_at),
        lines: lines(signed, &stored.card),
    };
    Ok(CardView {
        lines: lines(signed, &held.card),
        review_on: held.review_on,
        is_overdue: held.overdue(signed.today()).is_some(),
        versions: tx.card_versions(of, VERSIONS).await?.into_iter().map(version).collect(),
        edit,
    })
}

/// The lines of a card in words, the most important first.
fn lines(signed: &Signed, card: &Card) -> Vec<CardLineView> {
    let view = |line: CardLine| CardLineView { line: line.as_str(), texts: texts(signed, card, line) };
    card.lines().into_iter().map(view).collect()
}

fn texts(signed: &Signed, card: &Card, line: CardLine) -> Vec<String> {
    let one = |text: &String| vec![text.clone()];
    match line {
        CardLine::SpokenTo => one(&card.spoken_to),
        CardLine::Unsettles => one(&card.unsettles),
        CardLine::Decides => one(&card.decides),
        CardLine::Reassures => one(&card.reassures),
        CardLine::Remark => one(&card.remark),
        CardLine::Agreed => {
            let said = |on, text: &str| {
                signed.say_with("card-agreed-on", &[("on", signed.dated(on).into()), ("text", text.into())])
            };
            card.newest_agreements().into_iter().map(|agreement| said(agreement.on, &agreement.text)).collect()
        }
        CardLine::Words => card.words.iter().map(|pair| format!("{} → {}", pair.ours, pair.theirs)).collect(),
        CardLine::Hearing => {
            let by = card.hear_by.map(|by| signed.say(&format!("hear-by-{by}")));
            let every = card.hear_every.map(|every| signed.say(&format!("hear-every-{every}")));
            let form = Some(card.hear_form.clone()).filter(|form| !form.is_empty());
            vec![[by, every, form].into_iter().flatten().collect::<Vec<_>>().join(" · ")]
        }
        CardLine::Outcome => vec![match card.outcome_by {
            Some(by) => signed.say_with(
                "card-outcome-by",
                &[("text", card.outcome.as_str().into()), ("on", signed.dated(by).into())],
            ),
            None => card.outcome.clone(),
        }],
    }
}
