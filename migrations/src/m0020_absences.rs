//! Who is there: staff's own hours, leave with a stand-in, and who is on duty.

use sea_orm_migration::prelude::*;

use crate::{Column, add_columns, create};

/// Staff's own hours, leave with a stand-in, and who is on duty.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // JSON of core's WeekHours in the office's zone, clear like the office's hours; null = the office's hours
        add_columns(manager, "staff", [Column::text("hours").nullable()]).await?;
        absences(manager).await?;
        duty_week(manager).await?;
        duty_days(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("duty_days").to_owned()).await?;
        manager.drop_table(Table::drop().table("duty_week").to_owned()).await?;
        manager.drop_table(Table::drop().table("absences").to_owned()).await?;
        manager.alter_table(Table::alter().table("staff").drop_column("hours").to_owned()).await
    }
}

/// Leave of staff, in half-days.
async fn absences(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // who is away
        Column::uuid("staff_id"),
        // first day, in the office's zone
        Column::date("from_on"),
        // morning | afternoon: where the first day's leave begins
        Column::text("from_half"),
        // last day, in the office's zone
        Column::date("until_on"),
        // morning | afternoon: where the last day's leave ends
        Column::text("until_half"),
        // who stands in; null = each graduate's own stand-in, else the person on duty
        Column::uuid("standin_id").nullable(),
        // encrypted reason, for the person themself and managers; null = none was given
        Column::blob("reason").nullable(),
        // when it was called off, UTC; the row stays, so that this can be taken back
        Column::big_integer("cancelled_at").nullable(),
        // when it was entered, UTC
        Column::big_integer("created_at"),
    ];
    let indexes: &[(&str, &[&str], bool)] = &[("absences_until", &["office_id", "until_on"], false)];
    create(manager, "absences", columns, &["id"], indexes).await
}

/// Who is on duty in a week that repeats; a half-day without a row has nobody.
async fn duty_week(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // scope
        Column::uuid("office_id"),
        // 0 = Monday … 6 = Sunday
        Column::big_integer("weekday"),
        // morning | afternoon
        Column::text("half"),
        // who is on duty
        Column::uuid("staff_id"),
    ];
    create(manager, "duty_week", columns, &["office_id", "weekday", "half"], &[]).await
}

/// Single half-days on which somebody else is on duty.
async fn duty_days(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // scope
        Column::uuid("office_id"),
        // the day, in the office's zone
        Column::date("duty_on"),
        // morning | afternoon
        Column::text("half"),
        // who is on duty; null = nobody
        Column::uuid("staff_id").nullable(),
    ];
    create(manager, "duty_days", columns, &["office_id", "duty_on", "half"], &[]).await
}
