//! What people do by hand: who is calling, how the last contact was made, what staff made of a suggestion, and who a
//! stranger turned out to be.

use sea_orm_migration::prelude::*;

use crate::{Column, add_columns, create};

/// What people do by hand.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let contact = [
            // in_person | phone | line …: how the last contact was made; null = not known
            Column::text("last_contact_mode").nullable(),
        ];
        add_columns(manager, "cadences", contact).await?;
        let calling = [
            // who is calling now
            Column::uuid("caller_id").nullable(),
            // since when; an old mark means nothing
            Column::big_integer("caller_since").nullable(),
        ];
        add_columns(manager, "tasks", calling).await?;
        let suggested = [
            // what the program suggested, where staff said otherwise; null = as in category
            Column::text("suggested_category").nullable(),
            // the level it suggested, where staff said otherwise; null = as in level
            Column::big_integer("suggested_level").nullable(),
        ];
        add_columns(manager, "signs", suggested).await?;
        let hidden = [
            // not_theirs: somebody else wrote it; null = the person took it back
            Column::text("hidden_why").nullable(),
        ];
        add_columns(manager, "messages", hidden).await?;
        let sender = [
            // encrypted name that the sender shows on LINE, asked for while nobody knows them
            Column::blob("sender_name").nullable(),
            // when that name was asked for; null = not yet
            Column::big_integer("sender_asked_at").nullable(),
        ];
        add_columns(manager, "inbound_events", sender).await?;
        // a thread asks how each of its messages went
        let by_message = Index::create().name("deliveries_message").table("deliveries").col("message_id").to_owned();
        manager.create_index(by_message).await?;
        bindings(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("bindings").to_owned()).await?;
        manager.drop_index(Index::drop().name("deliveries_message").table("deliveries").to_owned()).await?;
        for (table, column) in [
            ("inbound_events", "sender_asked_at"),
            ("inbound_events", "sender_name"),
            ("messages", "hidden_why"),
            ("signs", "suggested_level"),
            ("signs", "suggested_category"),
            ("tasks", "caller_since"),
            ("tasks", "caller_id"),
            ("cadences", "last_contact_mode"),
        ] {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

/// A member of staff said whose address an unknown one is. It can be taken back.
async fn bindings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // whose address it was said to be
        Column::uuid("graduate_id"),
        // line | sms
        Column::text("kind"),
        // encrypted address
        Column::blob("address"),
        // encrypted address that stood there before; null = none
        Column::blob("address_before").nullable(),
        // when
        Column::big_integer("bound_at"),
        // who
        Column::uuid("bound_by"),
        // when it was taken back; null = it holds
        Column::big_integer("undone_at").nullable(),
        // who took it back
        Column::uuid("undone_by").nullable(),
    ];
    create(manager, "bindings", columns, &["id"], &[("bindings_graduate", &["graduate_id"], false)]).await
}
