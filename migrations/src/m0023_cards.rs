//! Cards: what was expected, their words, and what makes a stand-in sure; one per graduate and per company, with its history.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// Cards of graduates and companies.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // UUIDv7
            Column::uuid("id"),
            // scope
            Column::uuid("office_id"),
            // whose card: `graduate` or `employer`
            Column::text("subject_kind"),
            // id of that graduate or company
            Column::uuid("subject_id"),
            // counts from 1; of two who change the same card at once the second is refused
            Column::big_integer("version"),
            // encrypted JSON of core's Card
            Column::blob("card"),
            // day by which it is looked at again, in the office's zone
            Column::date("review_on"),
            // when this version was written
            Column::big_integer("saved_at"),
            // member of staff who wrote it
            Column::uuid("saved_by"),
            // when a newer version took its place; null = it holds
            Column::big_integer("replaced_at").nullable(),
        ];
        let indexes = [("cards_subject", ["subject_id", "version"].as_slice(), true)];
        create(manager, "cards", columns, &["id"], &indexes).await?;
        let mut review = Index::create().name("cards_review").table("cards").to_owned();
        // of the table: no column is made here
        review.col("office_id").col("review_on").and_where(Expr::cust("replaced_at IS NULL"));
        manager.create_index(review).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("cards").to_owned()).await
    }
}
