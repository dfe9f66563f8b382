//! What a note comes from and what it leads to.

use sea_orm_migration::prelude::*;

use crate::{Column, add_columns};

/// What a note comes from and what it leads to.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: [&str; 7] =
    ["message_id", "minutes", "next_on", "next_sets_date", "why", "summary_message_id", "taken_back_at"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // the message whose words stand in the note; null = none, or before this column
            Column::uuid("message_id").nullable(),
            // how long the contact took, in minutes; null = nobody said
            Column::big_integer("minutes").nullable(),
            // the day of the next step, in the office's zone; null = no next step, or one from before this column
            Column::date("next_on").nullable(),
            // on that day the deadline itself is set; null with next_on
            Column::boolean("next_sets_date").nullable(),
            // core's CorrectionWhy; null = no correction, or one from before this column
            Column::text("why").nullable(),
            // the message that put the talk in writing for the person; null = none
            Column::uuid("summary_message_id").nullable(),
            // when its writer took it back (UTC, ms): it isn't shown any more; null = it stands
            Column::big_integer("taken_back_at").nullable(),
        ];
        add_columns(manager, "notes", columns).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("notes").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
