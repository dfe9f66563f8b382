//! 約束: the list, one promise, and writing one down.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use bansou_core::commitment::{CommitmentKind, Standing, TEXT_MAX};
use bansou_core::ids::{CommitmentId, EscalationId, GraduateId, NoteId};
use bansou_store::{Commitment, Graduate, Tx, Who};
use chrono::TimeDelta;
use serde::Deserialize;

use crate::actions::promise;
use crate::care::Caring;
use crate::errors::Failure;
use crate::form::FormState;
use crate::heads::person_head;
use crate::pages::clock::PromiseRow;
use crate::pages::promises::{MoveForm, NewPromiseForm, NewPromisePage, PromisePage, PromisesPage, Whose, fields_of};
use crate::routes::Routes;
use crate::signed::{Answer, Signed};
use crate::{people, promises};

/// So long an ended promise stays in the list.
const ENDED_FOR: TimeDelta = TimeDelta::days(14);
/// The time for which late promises are counted.
const COUNTED_FOR: TimeDelta = TimeDelta::days(30);
/// Most ended promises of the list.
const ENDED: u64 = 50;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/promises", list)
        .get("/promises/new", new)
        .post("/promises", promise::make)
        .get("/promises/{id}", one)
        .post("/promises/{id}/keep", promise::keep)
        .post("/promises/{id}/move", promise::move_to)
        .post("/promises/{id}/withdraw", promise::withdraw)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    show: String,
}

async fn list(signed: Signed, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let show: Whose = asked.show.parse().unwrap_or(Whose::Mine);
    let mine = Caring::load(&signed, &tx).await?.mine(tx.pairs().await?);
    let people = tx.people_of(&mine).await?;
    let is_mine = |one: &Commitment| one.staff == signed.staff.id || people.contains(&one.graduate);
    let is_shown = |one: &Commitment| show == Whose::Team || is_mine(one);
    let mut open = tx.commitments_open().await?;
    open.retain(is_shown);
    let mut ended = tx.commitments_ended(signed.now() - ENDED_FOR, ENDED).await?;
    ended.retain(is_shown);
    let ids: Vec<_> = open.iter().chain(&ended).map(|one| one.graduate).collect();
    let people = tx.people(&ids).await?;
    let (late, open) = rows(&signed, &tx, &open, &people).await?.into_iter().partition(is_late);
    let page = PromisesPage {
        show,
        late,
        open,
        ended: rows(&signed, &tx, &ended, &people).await?,
        late_count: tx.commitments_late(signed.now() - COUNTED_FOR).await?,
    };
    signed.page(&tx, &page).await
}

fn is_late(row: &PromiseRow) -> bool {
    row.standing == Some(Standing::Late)
}

async fn rows(
    signed: &Signed,
    tx: &Tx,
    all: &[Commitment],
    people: &HashMap<GraduateId, Who>,
) -> Result<Vec<PromiseRow>, Failure> {
    let caring = Caring::load(signed, tx).await?;
    let name = |one: &Commitment| people.get(&one.graduate).map_or("", |who| who.profile.name.as_str());
    Ok(all.iter().map(|one| promises::row(&caring, one, name(one))).collect())
}

async fn one(signed: Signed, Path(id): Path<CommitmentId>) -> Answer {
    let promise = signed.read().await?.commitment(id).await?.ok_or(Failure::NotFound)?;
    let tx = signed.look_at(promise.graduate).await?;
    let form = MoveForm { on: fields_of(signed.local(promise.due_at)).0, ..MoveForm::default() };
    let page = one_page(&signed, &tx, &promise, FormState::new(form), None).await?;
    signed.page(&tx, &page).await
}

/// One promise with a form for a new time. `words` are shown before they go out.
pub(crate) async fn one_page(
    signed: &Signed,
    tx: &Tx,
    promise: &Commitment,
    form: FormState<MoveForm>,
    words: Option<String>,
) -> Result<PromisePage, Failure> {
    let graduate = people::graduate(tx, promise.graduate).await?;
    let caring = Caring::load(signed, tx).await?;
    let way = if promise.told { promises::way(signed, tx, &graduate).await? } else { None };
    Ok(PromisePage {
        person: person_head(tx, &graduate, signed.today()).await?,
        promise: promises::row(&caring, promise, &graduate.details.profile.name),
        form,
        channel: way.map(|(kind, _)| kind),
        words,
        is_reworded: false,
        max: TEXT_MAX,
        next: promise.moved_to.map(|id| id.to_string()),
    })
}

/// What a promise starts from.
#[derive(Default, Deserialize)]
#[serde(default)]
struct From {
    graduate: Option<GraduateId>,
    note: Option<NoteId>,
    escalation: Option<EscalationId>,
}

async fn new(signed: Signed, Query(from): Query<From>) -> Answer {
    let tx = signed.read().await?;
    let mut form = NewPromiseForm { kind: CommitmentKind::Do.as_str().to_owned(), ..NewPromiseForm::default() };
    let graduate = if let Some(id) = from.note {
        let note = tx.note(id).await?.ok_or(Failure::NotFound)?;
        form.note = id.to_string();
        form.text = note.lanes.next.chars().take(TEXT_MAX).collect();
        note.graduate
    } else if let Some(id) = from.escalation {
        let request = tx.escalation(id).await?.ok_or(Failure::NotFound)?;
        form.escalation = id.to_string();
        form.on = request.request.answer_by.to_string();
        form.text = signed.say("promise-ask-employer");
        request.graduate
    } else {
        from.graduate.ok_or(Failure::NotFound)?
    };
    drop(tx);
    form.graduate = graduate.to_string();
    let tx = signed.look_at(graduate).await?;
    let graduate = people::graduate(&tx, graduate).await?;
    let page = new_page(&signed, &tx, &graduate, FormState::new(form)).await?;
    signed.page(&tx, &page).await
}

/// A form for a promise about a person.
pub(crate) async fn new_page(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    form: FormState<NewPromiseForm>,
) -> Result<NewPromisePage, Failure> {
    Ok(NewPromisePage {
        person: person_head(tx, graduate, signed.today()).await?,
        form,
        kinds: CommitmentKind::ALL,
        max: TEXT_MAX,
        back: format!("/graduates/{}", graduate.id),
    })
}
