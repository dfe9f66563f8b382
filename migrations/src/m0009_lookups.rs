//! One person's records are found by the person.
//!
//! Every query names the office first, and SQLite, which keeps no statistics here, took an index on the office alone and read
//! everybody's rows for one person's. An index on office and person together leaves no choice.

use sea_orm_migration::prelude::*;

/// One person's records are found by the person.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Name, table, columns.
const ADDED: [(&str, &str, &[&str]); 7] = [
    ("employments_person", "employments", &["office_id", "graduate_id"]),
    ("service_periods_person", "service_periods", &["office_id", "graduate_id"]),
    ("contact_points_person", "contact_points", &["office_id", "graduate_id"]),
    ("check_ins_person", "check_ins", &["office_id", "graduate_id", "due_on"]),
    ("notes_person", "notes", &["office_id", "graduate_id", "happened_at"]),
    ("audit_about", "audit", &["office_id", "object_id", "seq"]),
    ("audit_at", "audit", &["office_id", "at"]),
];

/// What the new ones serve as well: name, table, column.
const REPLACED: [(&str, &str, &str); 3] = [
    ("employments_office", "employments", "office_id"),
    ("service_periods_office", "service_periods", "office_id"),
    ("audit_object", "audit", "object_id"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, columns) in ADDED {
            let mut index = Index::create().name(name).table(table).to_owned();
            for column in columns {
                // of the table: no column is made here
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        for (name, table, _) in REPLACED {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, column) in REPLACED {
            let mut index = Index::create().name(name).table(table).to_owned();
            // as it was before
            index.col(column);
            manager.create_index(index).await?;
        }
        for (name, table, _) in ADDED {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        Ok(())
    }
}
