//! Half-written replies on the server, who asked whom to look after a thread, and a number per office that rises with what
//! open pages show.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// Drafts, hand-overs, and the number that says that something changed.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drafts(manager).await?;
        handovers(manager).await?;
        office_changes(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("office_changes").to_owned()).await?;
        manager.drop_table(Table::drop().table("handovers").to_owned()).await?;
        manager.drop_table(Table::drop().table("drafts").to_owned()).await
    }
}

/// What somebody has begun to write to a graduate.
async fn drafts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // to whom
        Column::uuid("graduate_id"),
        // who writes; nobody else sees the words
        Column::uuid("staff_id"),
        // encrypted text
        Column::blob("body"),
        // when it was last kept (UTC ms); a young one says that somebody is writing
        Column::big_integer("saved_at"),
    ];
    let indexes = [
        ("drafts_whose", &["graduate_id", "staff_id"][..], true),
        ("drafts_person", &["office_id", "graduate_id"][..], false),
        ("drafts_office", &["office_id", "saved_at"][..], false),
        ("drafts_saved_at", &["saved_at"][..], false),
    ];
    create(manager, "drafts", columns, &["id"], &indexes).await
}

/// A colleague was asked to look after a thread.
async fn handovers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // whose thread
        Column::uuid("graduate_id"),
        // who asked
        Column::uuid("from_id"),
        // who was asked
        Column::uuid("to_id"),
        // encrypted words for the colleague
        Column::blob("remark"),
        // when (UTC ms)
        Column::big_integer("at"),
        // when it was over: answered, closed, or handed on; null = open
        Column::big_integer("ended_at").nullable(),
    ];
    let indexes = [
        ("handovers_graduate", &["graduate_id", "ended_at"][..], false),
        ("handovers_to", &["to_id", "ended_at"][..], false),
    ];
    create(manager, "handovers", columns, &["id"], &indexes).await
}

/// Open pages ask for this number alone, once a second.
async fn office_changes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // whose number
        Column::uuid("office_id"),
        // rises with each committed change of what pages show; never read by anything that decides
        Column::big_integer("seq"),
    ];
    create(manager, "office_changes", columns, &["office_id"], &[]).await
}
