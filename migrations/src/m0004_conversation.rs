//! What comes in, threads, messages, notes, signs and tasks.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// What comes in, threads, messages, notes, signs and tasks.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        inbound_events(manager).await?;
        threads(manager).await?;
        messages(manager).await?;
        notes(manager).await?;
        signs(manager).await?;
        tasks(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("tasks").to_owned()).await?;
        manager.drop_table(Table::drop().table("signs").to_owned()).await?;
        manager.drop_table(Table::drop().table("notes").to_owned()).await?;
        manager.drop_table(Table::drop().table("messages").to_owned()).await?;
        manager.drop_table(Table::drop().table("threads").to_owned()).await?;
        manager.drop_table(Table::drop().table("inbound_events").to_owned()).await?;
        Ok(())
    }
}

/// Webhook events, stored before they are answered with 2xx (P6).
async fn inbound_events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // whose channel
        Column::uuid("office_id"),
        // where it came in
        Column::text("channel_id"),
        // provider's id of the event; twice the same = one effect (P7)
        Column::text("event_key"),
        // event type as the provider names it
        Column::text("kind"),
        // encrypted event
        Column::blob("body"),
        // provider's time of the event
        Column::big_integer("occurred_at"),
        // when it was stored
        Column::big_integer("received_at"),
        // stored | processed | unknown_sender | ignored | failed
        Column::text("state"),
        // how often processing was tried
        Column::big_integer("tries"),
        // when its effect was written
        Column::big_integer("processed_at").nullable(),
        // whom it belongs to
        Column::uuid("graduate_id").nullable(),
    ];
    create(
        manager,
        "inbound_events",
        columns,
        &["id"],
        &[
            ("inbound_events_event", &["channel_id", "event_key"], true),
            ("inbound_events_todo", &["state", "received_at"], false),
        ],
    )
    .await
}

/// One conversation per graduate over all channels.
async fn threads(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // with whom
        Column::uuid("graduate_id"),
        // scope
        Column::uuid("office_id"),
        // when the person last wrote
        Column::big_integer("last_inbound_at").nullable(),
        // when staff last wrote
        Column::big_integer("last_outbound_at").nullable(),
        // their word is the last one since then; null = it isn't our turn (S2.2)
        Column::big_integer("reply_due_since").nullable(),
        // why no reply is needed
        Column::text("closed_reason").nullable(),
        // words of crisis wait for a person since then
        Column::big_integer("crisis_since").nullable(),
        // who is calling now
        Column::uuid("crisis_staff_id").nullable(),
    ];
    create(manager, "threads", columns, &["graduate_id"], &[("threads_due", &["office_id", "reply_due_since"], false)])
        .await
}

/// Everything said with a graduate.
async fn messages(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // with whom
        Column::uuid("graduate_id"),
        // in | out
        Column::text("direction"),
        // graduate | staff | program
        Column::text("author"),
        // who wrote it
        Column::uuid("staff_id").nullable(),
        // line | sms | email
        Column::text("channel_kind"),
        // encrypted JSON of core's MessageBody
        Column::blob("body"),
        // when it was written (in) or planned (out)
        Column::big_integer("at"),
        // check-in it carries or answers
        Column::uuid("check_in_id").nullable(),
        // provider's id, for unsend
        Column::text("provider_ref").nullable(),
        // words of crisis were seen
        Column::boolean("crisis"),
        // the person took it back; the text is never shown again
        Column::big_integer("hidden_at").nullable(),
    ];
    create(
        manager,
        "messages",
        columns,
        &["id"],
        &[("messages_graduate", &["graduate_id", "at"], false), ("messages_provider_ref", &["provider_ref"], false)],
    )
    .await
}

/// What staff write down.
async fn notes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // about whom
        Column::uuid("graduate_id"),
        // who wrote it
        Column::uuid("author_id"),
        // in_person | visit | phone | video | line | sms | email | other: the way of contact
        Column::text("mode"),
        // when the contact was
        Column::big_integer("happened_at"),
        // encrypted JSON of core's Lanes: S O A I P
        Column::blob("lanes"),
        // saved | corrected
        Column::text("state"),
        // the note this one corrects
        Column::uuid("corrects_id").nullable(),
        // when it was saved
        Column::big_integer("created_at"),
    ];
    create(
        manager,
        "notes",
        columns,
        &["id"],
        &[
            ("notes_graduate", &["graduate_id", "happened_at"], false),
            ("notes_office", &["office_id", "created_at"], false),
        ],
    )
    .await
}

/// Small signs, with the words that show them.
async fn signs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // about whom
        Column::uuid("graduate_id"),
        // person | employer | staff | silence | pattern
        Column::text("source"),
        // sleep, fatigue, instructions …
        Column::text("category"),
        // 1 to 3
        Column::big_integer("level"),
        // encrypted words that show it
        Column::blob("quote"),
        // where the words stand
        Column::uuid("message_id").nullable(),
        // where the words stand
        Column::uuid("note_id").nullable(),
        // the check-in that went unanswered
        Column::uuid("check_in_id").nullable(),
        // suggested | confirmed | dismissed | acting | resolved
        Column::text("state"),
        // when
        Column::big_integer("suggested_at"),
        // when a person looked
        Column::big_integer("decided_at").nullable(),
        // who
        Column::uuid("decided_by").nullable(),
        // encrypted reason
        Column::blob("decided_why").nullable(),
    ];
    create(
        manager,
        "signs",
        columns,
        &["id"],
        &[("signs_office_state", &["office_id", "state"], false), ("signs_graduate", &["graduate_id"], false)],
    )
    .await
}

/// Something a member of staff has to do.
async fn tasks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // for whom
        Column::uuid("graduate_id").nullable(),
        // call | reach | look | channel | employer
        Column::text("kind"),
        // code of the reason
        Column::text("reason"),
        // the same reason for the same thing makes one task
        Column::text("dedupe_key"),
        // check-in it came from
        Column::uuid("check_in_id").nullable(),
        // delivery it came from
        Column::uuid("delivery_id").nullable(),
        // when it wants to be done
        Column::big_integer("due_at"),
        // when it was made
        Column::big_integer("created_at"),
        // open | done | dropped
        Column::text("state"),
        // code of what came of it
        Column::text("outcome").nullable(),
        // when
        Column::big_integer("done_at").nullable(),
        // who; null = the program
        Column::uuid("done_by").nullable(),
    ];
    create(
        manager,
        "tasks",
        columns,
        &["id"],
        &[
            ("tasks_dedupe", &["office_id", "dedupe_key"], true),
            ("tasks_open", &["office_id", "state", "due_at"], false),
            ("tasks_graduate", &["graduate_id", "state"], false),
        ],
    )
    .await
}
