//! Rows of Today that rest: 後で and 今日はしない.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// Rows of Today that rest.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // whose row rests; one decision at a time, a newer one takes its place
            Column::uuid("graduate_id"),
            // scope
            Column::uuid("office_id"),
            // later | not_today
            Column::text("kind"),
            // encrypted JSON of store's Why: why not today, and words for colleagues
            Column::blob("why"),
            // who decided
            Column::uuid("staff_id"),
            // when
            Column::big_integer("put_off_at"),
            // the row comes back then
            Column::big_integer("until"),
        ];
        create(manager, "put_offs", columns, &["graduate_id"], &[("put_offs_office", &["office_id", "until"], false)])
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("put_offs").to_owned()).await
    }
}
