//! Looking for words in messages and notes of the office.

use std::collections::HashMap;

use bansou_core::ids::{GraduateId, MessageId, NoteId, StaffId};
use bansou_core::search::SearchWords;
use bansou_core::thread::Direction;
use bansou_store::{FoundIn, Message, Note, Tx, Who};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::errors::Failure;
use crate::namesakes::told_apart;
use crate::pages::search::{Hit, SearchPage};
use crate::people;
use crate::routes::Routes;
use crate::said::said_at;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};

/// Hits of one page.
const HITS: usize = 20;
/// So far one can turn pages; whoever has not found it by then writes another word.
const PAGES: usize = 50;
/// Letters of what is looked for.
const LONGEST: usize = 100;
/// Letters that are shown before and after the words.
const AROUND: usize = 40;

/// The routes.
pub fn routes() -> Routes {
    Routes::new().get("/search", ask).post("/search", search)
}

/// The raw form.
#[derive(Default, Deserialize)]
#[serde(default)]
struct SearchForm {
    words: String,
    page: String,
}

async fn ask(signed: Signed) -> Answer {
    // The first search of a process reads everything; that begins while somebody types.
    let (store, office) = (signed.app.parts.store.clone(), signed.office.id);
    tokio::spawn(async move {
        if let Err(error) = store.prepare_search(office).await {
            tracing::warn!(error = %error, "a search could not be prepared");
        }
    });
    let tx = signed.read().await?;
    signed.page(&tx, &SearchPage { page: 1, ..SearchPage::default() }).await
}

async fn search(sent: Sent<SearchForm>) -> Answer {
    let signed = &sent.signed;
    let typed: String = sent.form.words.trim().chars().take(LONGEST).collect();
    let number = sent.form.page.parse().unwrap_or(1).clamp(1, PAGES);
    let Some(words) = SearchWords::of(&typed) else {
        let tx = signed.read().await?;
        return signed.page(&tx, &SearchPage { page: 1, ..SearchPage::default() }).await;
    };
    let asked = (number - 1) * HITS..number * HITS;
    let found = signed.app.parts.store.search(signed.office.id, &words, asked).await?;
    let tx = signed.read().await?;
    let (hits, people) = hits(signed, &tx, &words, &found.places).await?;
    // Nobody holds one connection while waiting for another: they might wait for each other.
    drop(tx);
    // Words of people are shown: that stands in the list of who looked, without what was looked for.
    let noted = signed.begin().await?;
    noted.note_search(signed.actor(), &people).await?;
    noted.save().await?;
    let tx = signed.read().await?;
    signed.page(&tx, &SearchPage { words: typed, hits, page: number, has_more: found.has_more && number < PAGES }).await
}

/// What was found as it stands now: taken back, corrected or removed meanwhile, it is left out.
async fn hits(
    signed: &Signed,
    tx: &Tx,
    words: &SearchWords,
    places: &[FoundIn],
) -> Result<(Vec<Hit>, Vec<GraduateId>), Failure> {
    let (mut messages, mut notes): (Vec<MessageId>, Vec<NoteId>) = (Vec::new(), Vec::new());
    for place in places {
        match place {
            FoundIn::Message(id) => messages.push(*id),
            FoundIn::Note(id) => notes.push(*id),
        }
    }
    let mut messages = tx.messages_by_id(&messages).await?;
    let notes = tx.notes_by_id(&notes).await?;
    let ids = messages.values().map(|message| message.graduate).chain(notes.values().map(|note| note.graduate));
    let mut ids: Vec<GraduateId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let people = tx.people(&ids).await?;
    let names = people::staff_names(tx).await?;
    let left = tx.left_at(&messages.keys().copied().collect::<Vec<_>>()).await?;
    let apart = told_apart(signed, tx, people.values()).await?;
    let show = Show { signed, words, people: &people, names: &names, left: &left, apart: &apart };
    let hit = |place: &FoundIn| match place {
        FoundIn::Message(id) => messages.remove(id).and_then(|message| show.message(message)),
        FoundIn::Note(id) => notes.get(id).and_then(|note| show.note(note)),
    };
    Ok((places.iter().filter_map(hit).collect(), ids))
}

struct Show<'a> {
    signed: &'a Signed,
    words: &'a SearchWords,
    people: &'a HashMap<GraduateId, Who>,
    names: &'a HashMap<StaffId, String>,
    left: &'a HashMap<MessageId, Option<DateTime<Utc>>>,
    apart: &'a HashMap<GraduateId, String>,
}

impl Show<'_> {
    fn message(&self, message: Message) -> Option<Hit> {
        let who = self.people.get(&message.graduate)?;
        let by = match message.direction {
            Direction::In => who.profile.name.clone(),
            Direction::Out => {
                let staff = message.staff.and_then(|id| self.names.get(&id).cloned());
                staff.unwrap_or_else(|| self.signed.office.name.clone())
            }
        };
        let (before, words, after) = self.around(&message.body?.text);
        Some(Hit {
            name: who.profile.name.clone(),
            apart: self.apart.get(&who.id).cloned().unwrap_or_default(),
            by,
            at: said_at(self.signed, message.at, self.left.get(&message.id).copied().flatten()).at,
            channel: Some(message.channel),
            before,
            words,
            after,
            href: format!("/inbox/{}?until={}#message-{}", message.graduate, message.id, message.id),
        })
    }

    fn note(&self, note: &Note) -> Option<Hit> {
        if note.state != bansou_store::NoteState::Saved {
            return None;
        }
        let (before, words, after) = self.around(&note.lanes.text().replace('\u{1}', " "));
        Some(Hit {
            name: self.people.get(&note.graduate)?.profile.name.clone(),
            apart: self.apart.get(&note.graduate).cloned().unwrap_or_default(),
            by: self.names.get(&note.author).cloned().unwrap_or_default(),
            at: self.signed.local(note.happened_at),
            channel: None,
            before,
            words,
            after,
            href: format!("/notes/{}", note.id),
        })
    }

    /// The words where they stand, with a little of what is around them.
    fn around(&self, text: &str) -> (String, String, String) {
        let at = self.words.place_in(text).unwrap_or(0..0);
        let before: Vec<char> = text[..at.start].trim_start().chars().collect();
        let cut = before.len().saturating_sub(AROUND);
        let mut begin: String = before[cut..].iter().collect();
        if cut > 0 {
            begin.insert(0, '…');
        }
        let after = crate::say::glimpse(text[at.end..].trim_end(), AROUND * 2);
        (begin, text[at].to_owned(), after)
    }
}
