//! Looking for words in what was said and written down. Texts are sealed in the database, so nothing there can look for them
//! (docs/decisions: search). Each process keeps the sealed texts of offices that search in its memory, as they stand in the
//! database; a search opens them, looks, and forgets. No word that anybody wrote is kept readable.
//!
//! What is found is looked up once more by the reader's own unit of work, which knows what was taken back or corrected since.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use bansou_core::audit::Actor;
use bansou_core::ids::{GraduateId, MessageId, NoteId, OfficeId};
use bansou_core::note::Lanes;
use bansou_core::search::{SearchWords, search_key_into};
use bansou_core::thread::MessageBody;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use serde_json::json;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::connect::Store;
use crate::crypto::{Cipher, Place};
use crate::entity::{graduates, messages, notes};
use crate::error::Result;
use crate::messages::BODY;
use crate::notes::{LANES, NoteState};
use crate::tx::Tx;

/// Ids grow with time, but what is committed late has an older one: so far back is read again.
const LATE: TimeDelta = TimeDelta::minutes(10);
/// Offices whose texts are kept at the same time in one process.
const OFFICES: usize = 16;
/// An office that doesn't search for so long isn't kept.
const KEPT_FOR: TimeDelta = TimeDelta::minutes(30);
/// Texts that are opened between two looks at whether enough was found.
const BLOCK: usize = 16_384;

/// Where words were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FoundIn {
    /// In a message.
    Message(MessageId),
    /// In a note.
    Note(NoteId),
}

/// What was found of one page, newest first.
#[derive(Clone, Debug, Default)]
pub struct FoundPage {
    /// The places.
    pub places: Vec<FoundIn>,
    /// There are more.
    pub has_more: bool,
}

/// One sealed text.
struct Text {
    id: Uuid,
    at: i64,
    is_note: bool,
    sealed: Box<[u8]>,
}

/// The sealed texts of one office, newest first.
#[derive(Default)]
pub(crate) struct Corpus {
    texts: Vec<Text>,
    used_at: DateTime<Utc>,
}

/// The texts of the offices that search.
pub(crate) type Corpora = Mutex<HashMap<OfficeId, Arc<Mutex<Corpus>>>>;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    at: i64,
    sealed: Vec<u8>,
}

impl Store {
    /// Looks for words in everything said and written in an office, newest first.
    pub async fn search(&self, office: OfficeId, words: &SearchWords, page: Range<usize>) -> Result<FoundPage> {
        let cipher = self.cipher(office).await?;
        let corpus = self.corpus(office).await;
        let mut corpus = corpus.lock_owned().await;
        self.catch_up(office, &mut corpus).await?;
        let words = words.clone();
        let looked = tokio::task::spawn_blocking(move || look(&corpus.texts, &cipher, &words, page));
        Ok(looked.await.unwrap_or_default())
    }

    /// Reads an office's texts before somebody searches.
    pub async fn prepare_search(&self, office: OfficeId) -> Result<()> {
        let corpus = self.corpus(office).await;
        self.catch_up(office, &mut *corpus.lock().await).await
    }

    async fn corpus(&self, office: OfficeId) -> Arc<Mutex<Corpus>> {
        let now = self.ambient().now();
        let mut corpora = self.corpora().lock().await;
        // One that is being searched is locked, and in use by that.
        corpora.retain(|id, corpus| {
            *id == office || corpus.try_lock().map_or(true, |corpus| now - corpus.used_at < KEPT_FOR)
        });
        if corpora.len() >= OFFICES && !corpora.contains_key(&office) {
            let idle = corpora.iter().filter_map(|(id, corpus)| Some((corpus.try_lock().ok()?.used_at, *id))).min();
            if let Some((_, id)) = idle {
                corpora.remove(&id);
            }
        }
        Arc::clone(corpora.entry(office).or_default())
    }

    /// Reads what is new since the last search, or everything at the first.
    async fn catch_up(&self, office: OfficeId, corpus: &mut Corpus) -> Result<()> {
        corpus.used_at = self.ambient().now();
        let newest = |is_note| corpus.texts.iter().filter(|text| text.is_note == is_note).map(|text| text.id).max();
        let (message, note) = (newest(false).map(before), newest(true).map(before));
        let mut new = self.messages_since(office, message).await?;
        new.extend(self.notes_since(office, note).await?);
        if corpus.texts.is_empty() {
            corpus.texts = new;
        } else {
            let since = message.into_iter().chain(note).min().unwrap_or_default();
            let known: HashSet<Uuid> = corpus.texts.iter().map(|text| text.id).filter(|id| *id >= since).collect();
            new.retain(|text| !known.contains(&text.id));
            if new.is_empty() {
                return Ok(());
            }
            corpus.texts.extend(new);
        }
        corpus.texts.sort_by_key(|text| std::cmp::Reverse((text.at, text.id)));
        Ok(())
    }

    async fn messages_since(&self, office: OfficeId, since: Option<Uuid>) -> Result<Vec<Text>> {
        let of_office = Query::select()
            .column(graduates::Column::Id)
            .from(graduates::Entity)
            .and_where(graduates::Column::OfficeId.eq(office.0))
            .to_owned();
        let query = messages::Entity::find()
            .select_only()
            .column(messages::Column::Id)
            .column(messages::Column::At)
            .column_as(messages::Column::Body, "sealed")
            .filter(messages::Column::OfficeId.eq(office.0))
            .filter(messages::Column::HiddenAt.is_null());
        // All of them are found by their people, and new ones by their ids: messages have no index by office.
        let query = match since {
            Some(since) => query.filter(messages::Column::Id.gte(since)),
            None => query.filter(messages::Column::GraduateId.in_subquery(of_office)),
        };
        let rows = query.into_model::<Row>().all(self.db()).await?;
        Ok(rows.into_iter().map(|row| Text::of(row, false)).collect())
    }

    async fn notes_since(&self, office: OfficeId, since: Option<Uuid>) -> Result<Vec<Text>> {
        let mut query = notes::Entity::find()
            .select_only()
            .column(notes::Column::Id)
            .column_as(notes::Column::HappenedAt, "at")
            .column_as(notes::Column::Lanes, "sealed")
            .filter(notes::Column::OfficeId.eq(office.0))
            .filter(notes::Column::State.eq(NoteState::Saved.as_str()))
            .filter(notes::Column::TakenBackAt.is_null());
        if let Some(since) = since {
            query = query.filter(notes::Column::CreatedAt.gte(millis(since)));
        }
        let rows = query.into_model::<Row>().all(self.db()).await?;
        Ok(rows.into_iter().map(|row| Text::of(row, true)).collect())
    }
}

impl Tx {
    /// Somebody searched: who and when, without what for. The people whose words were shown are named.
    pub async fn note_search(&self, actor: Actor, shown: &[GraduateId]) -> Result<()> {
        self.audit(actor, "search.read", "office", Some(self.office.0), json!({ "shown": shown })).await
    }
}

impl Text {
    fn of(row: Row, is_note: bool) -> Self {
        Self { id: row.id, at: row.at, is_note, sealed: row.sealed.into_boxed_slice() }
    }

    fn place(&self) -> FoundIn {
        if self.is_note { FoundIn::Note(NoteId(self.id)) } else { FoundIn::Message(MessageId(self.id)) }
    }
}

/// The id that a row of [`LATE`] earlier would have at least: a UUIDv7 begins with its milliseconds.
fn before(id: Uuid) -> Uuid {
    let millis = (id.as_u128() >> 80).saturating_sub(u128::try_from(LATE.num_milliseconds()).unwrap_or_default());
    Uuid::from_u128(millis << 80)
}

/// The milliseconds that a UUIDv7 begins with.
fn millis(id: Uuid) -> i64 {
    i64::try_from(id.as_u128() >> 80).unwrap_or_default()
}

fn look(texts: &[Text], cipher: &Cipher, words: &SearchWords, page: Range<usize>) -> FoundPage {
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    let mut found = Vec::new();
    for block in texts.chunks(BLOCK) {
        let piece = block.len().div_ceil(workers).max(1);
        let pieces = std::thread::scope(|scope| {
            let started: Vec<_> =
                block.chunks(piece).map(|texts| scope.spawn(move || look_in(texts, cipher, words))).collect();
            started.into_iter().map(|thread| thread.join().unwrap_or_default()).collect::<Vec<_>>()
        });
        found.extend(pieces.into_iter().flatten());
        if found.len() > page.end {
            break;
        }
    }
    let has_more = found.len() > page.end;
    FoundPage { places: found.into_iter().skip(page.start).take(page.len()).collect(), has_more }
}

fn look_in(texts: &[Text], cipher: &Cipher, words: &SearchWords) -> Vec<FoundIn> {
    let mut key = String::new();
    let is_hit = |text: &&Text| holds(text, cipher, words, &mut key);
    texts.iter().filter(is_hit).map(Text::place).collect()
}

/// A text that can't be opened holds nothing; whoever opens its page is told.
fn holds(text: &Text, cipher: &Cipher, words: &SearchWords, key: &mut String) -> bool {
    let place: Place = if text.is_note { LANES } else { BODY };
    let Ok(plain) = cipher.open(place, text.id, &text.sealed) else { return false };
    // Nearly every text is done with here, unread: what isn't anywhere in the JSON isn't in the text. A line break stands in it as two
    // letters of its own, so a text with one is read.
    if !plain.contains(&b'\\') {
        search_key_into(std::str::from_utf8(&plain).unwrap_or_default(), key);
        if !words.are_in(key) {
            return false;
        }
    }
    if text.is_note {
        let Ok(lanes) = serde_json::from_slice::<Lanes>(&plain) else { return false };
        search_key_into(&lanes.text(), key);
    } else {
        let Ok(body) = serde_json::from_slice::<MessageBody>(&plain) else { return false };
        search_key_into(&body.text, key);
    }
    words.are_in(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_ten_minutes_before_is_smaller_than_every_id_since() {
        let id = Uuid::from_u128((1_000_000_u128 << 80) | 0x4d);
        assert!(before(id) < id);
        assert_eq!(before(id).as_u128() >> 80, 1_000_000 - 600_000);
    }
}
