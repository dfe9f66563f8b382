//! Why contact with a person, or all sending of an office, was stopped: kept, and sealed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::{Column, create};

/// Why contact with a person, or all sending of an office, was stopped.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        contact_stops(manager).await?;
        let mut offices = Table::alter().table("offices").to_owned();
        // encrypted reason for stopping all sending, in the words of whoever stopped it; null = sending, or no reason known
        offices.add_column(ColumnDef::new("sending_stop_reason").blob().null());
        manager.alter_table(offices).await?;
        // The reason stood readable among the settings before. Migrations have no key to seal it with, so it goes.
        let sql = match manager.get_database_backend() {
            DbBackend::Postgres => "UPDATE offices SET settings = (settings::jsonb - 'stop_reason')::text",
            _ => "UPDATE offices SET settings = json_remove(settings, '$.stop_reason')",
        };
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut offices = Table::alter().table("offices").to_owned();
        offices.drop_column("sending_stop_reason");
        manager.alter_table(offices).await?;
        manager.drop_table(Table::drop().table("contact_stops").to_owned()).await
    }
}

/// Who asked that contact with a person stops, and why. The gate itself is `graduates.contact_stopped_at`.
async fn contact_stops(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // with whom contact is stopped
        Column::uuid("graduate_id"),
        // encrypted JSON of core's ContactStop: who asked, and why
        Column::blob("stop"),
        // since when
        Column::big_integer("stopped_at"),
        // member of staff who wrote it down; null = the person did it themselves
        Column::uuid("stopped_by").nullable(),
        // when it was lifted; null = it holds
        Column::big_integer("lifted_at").nullable(),
        // member of staff who lifted it; null while it holds, or when the person lifted it themselves
        Column::uuid("lifted_by").nullable(),
    ];
    create(manager, "contact_stops", columns, &["id"], &[("contact_stops_graduate", &["graduate_id"], false)]).await
}
