//! An office's rows are found by the office, however many other offices there are.
//!
//! What a page shows of one state was found by that state in all offices, or by reading the table whole. Of 200 offices one
//! request to an employer took four seconds.

use sea_orm_migration::prelude::*;

/// An office's rows are found by the office.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Name, table, columns, and which rows: the others cost the index nothing. A condition stands in the statements in the same
/// words, or neither database would use the index.
const ADDED: [(&str, &str, &[&str], Option<&str>); 6] = [
    ("cadences_contact", "cadences", &["last_contact_on", "office_id"], None),
    ("check_ins_silent", "check_ins", &["office_id", "closed_at"], Some("state = 'silent'")),
    ("deliveries_escalation", "deliveries", &["escalation_id"], Some("escalation_id IS NOT NULL")),
    ("deliveries_troubled", "deliveries", &["office_id"], Some("state IN ('failed', 'needs_person', 'expired')")),
    ("tasks_failed_events", "tasks", &["reason"], Some("state = 'open' AND reason = 'inbound_failed'")),
    ("inbound_events_strangers", "inbound_events", &["office_id", "received_at"], Some("state = 'unknown_sender'")),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, columns, rows) in ADDED {
            let mut index = Index::create().name(name).table(table).to_owned();
            for column in columns {
                // of the table: no column is made here
                index.col(*column);
            }
            if let Some(rows) = rows {
                index.and_where(Expr::cust(rows));
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, ..) in ADDED {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        Ok(())
    }
}
