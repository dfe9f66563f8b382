//! What a restored database has to be told: that it was restored, and what was sent since its backup (P15).

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// What a restored database has to be told.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let restores = [
            // when the backup was brought back, UTC
            Column::big_integer("restored_at"),
            // the moment whose state the backup holds, UTC
            Column::big_integer("backup_at"),
            // when the database was told what was sent since; empty while nothing may be sent
            Column::big_integer("reconciled_at").nullable(),
            // journal | without_journal
            Column::text("reconciled_by").nullable(),
        ];
        create(manager, "restores", restores, &["restored_at"], &[]).await?;
        let sent_before = [
            // derived from person, purpose and slot: the same thing planned again has the same key, by whichever way it goes
            Column::uuid("retry_key"),
            // whose message it was
            Column::uuid("office_id"),
            // its row in the database that was lost
            Column::uuid("delivery_id"),
            // who got it; empty for mail to employers and staff
            Column::uuid("graduate_id").nullable(),
            // the check-in it carried; answers name it
            Column::uuid("check_in_id").nullable(),
            // what it was for, as in deliveries
            Column::text("purpose"),
            // configured channel it went by
            Column::text("channel_id"),
            // line | sms | email
            Column::text("channel_kind"),
            // start of the first try, UTC: the beginning of LINE's memory of the key
            Column::big_integer("first_attempt_at"),
            // when a provider took it, UTC; empty where nobody knows whether one did
            Column::big_integer("accepted_at").nullable(),
            // the provider's id of the message
            Column::text("provider_ref").nullable(),
        ];
        let indexes: &[(&str, &[&str], bool)] = &[("sent_before_graduate", &["graduate_id"], false)];
        create(manager, "sent_before", sent_before, &["retry_key"], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("sent_before").to_owned()).await?;
        manager.drop_table(Table::drop().table("restores").to_owned()).await
    }
}
