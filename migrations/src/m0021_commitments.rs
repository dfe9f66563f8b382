//! Promises with a time, waiting for the other side, and who took a thread over (S2.1, S2.7, S2.9).

use sea_orm_migration::prelude::*;

use crate::{Column, add_columns, create};

/// Promises with a time.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The columns of `threads`, to take them back.
const HANDED: [&str; 4] = ["handed_for", "handed_at", "handed_from", "handed_to"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        commitments(manager).await?;
        reply_waits(manager).await?;
        let handed = [
            // the reply_due_since for which a colleague took over; of another wait it says nothing
            Column::big_integer("handed_for").nullable(),
            // when that was
            Column::big_integer("handed_at").nullable(),
            // who looked after it before; null = nobody in particular
            Column::uuid("handed_from").nullable(),
            // who took over; null = the whole team
            Column::uuid("handed_to").nullable(),
        ];
        add_columns(manager, "threads", handed).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in HANDED {
            manager.alter_table(Table::alter().table("threads").drop_column(column).to_owned()).await?;
        }
        manager.drop_table(Table::drop().table("reply_waits").to_owned()).await?;
        manager.drop_table(Table::drop().table("commitments").to_owned()).await
    }
}

/// What somebody of the office promised to do by a time.
async fn commitments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // about whom
        Column::uuid("graduate_id"),
        // who keeps it
        Column::uuid("staff_id"),
        // holding | request | note
        Column::text("source"),
        // do | set_date
        Column::text("kind"),
        // encrypted: what is promised
        Column::blob("text"),
        // when it was promised
        Column::big_integer("made_at"),
        // by when
        Column::big_integer("due_at"),
        // open | kept | kept_late | moved | moved_late | withdrawn
        Column::text("state"),
        // whether the person was told the time
        Column::boolean("told"),
        // when it ended; null while it is open
        Column::big_integer("ended_at").nullable(),
        // encrypted: why it was moved or withdrawn
        Column::blob("reason").nullable(),
        // the promise that took its place
        Column::uuid("moved_to").nullable(),
        // the message by which the person was told
        Column::uuid("message_id").nullable(),
        // the note it comes from
        Column::uuid("note_id").nullable(),
        // the request to an employer it comes from
        Column::uuid("escalation_id").nullable(),
    ];
    create(
        manager,
        "commitments",
        columns,
        &["id"],
        &[
            ("commitments_due", &["office_id", "state", "due_at"], false),
            ("commitments_ended", &["office_id", "ended_at"], false),
            ("commitments_graduate", &["graduate_id", "made_at"], false),
        ],
    )
    .await
}

/// Times in which an answer of ours waits for something the person has to tell us.
async fn reply_waits(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // for whose word
        Column::uuid("graduate_id"),
        // who said that we wait
        Column::uuid("staff_id"),
        // since then
        Column::big_integer("from_at"),
        // until the person wrote; null = still
        Column::big_integer("until_at").nullable(),
    ];
    create(manager, "reply_waits", columns, &["id"], &[("reply_waits_graduate", &["graduate_id", "from_at"], false)])
        .await
}
