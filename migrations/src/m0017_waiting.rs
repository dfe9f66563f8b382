//! What waits to be sent is found by its office, oldest first, however much the table holds.
//!
//! A claim takes the oldest messages of one office. By an index on state and moment it read everything that waits in any office,
//! sorted it, and did so again for the next claim.

use sea_orm_migration::prelude::*;

/// What waits to be sent is found by its office, oldest first.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Name, and column that most rows leave empty: rows without it cost the index nothing.
const SPARSE: [(&str, &str); 2] = [("deliveries_message", "message_id"), ("deliveries_provider_ref", "provider_ref")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The states stand in the statements that claim in the same words, or neither database would use this index.
        let waiting = Index::create()
            .name("deliveries_waiting")
            .table("deliveries")
            // whose it is: a claim takes one office's
            .col("office_id")
            // oldest first
            .col("due_at")
            .and_where(Expr::cust("state IN ('due', 'unknown')"))
            .to_owned();
        manager.create_index(waiting).await?;
        for (name, column) in SPARSE {
            manager.drop_index(Index::drop().name(name).table("deliveries").to_owned()).await?;
            let sparse = by(name, column).and_where(Expr::col(column).is_not_null()).to_owned();
            manager.create_index(sparse).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, column) in SPARSE {
            manager.drop_index(Index::drop().name(name).table("deliveries").to_owned()).await?;
            manager.create_index(by(name, column)).await?;
        }
        manager.drop_index(Index::drop().name("deliveries_waiting").table("deliveries").to_owned()).await
    }
}

fn by(name: &'static str, column: &'static str) -> IndexCreateStatement {
    // of the table: no column is made here
    Index::create().name(name).table("deliveries").col(column).to_owned()
}
