//! Bansou's schema: one set of migrations for SQLite and PostgreSQL (see README.md for the rules).
//!
//! Instants are milliseconds since 1970-01-01 UTC in a `BIGINT`, so that both databases compare them alike; days are dates.
//! Columns that say something about a person are encrypted blobs (DESIGN.md, decision 6).

mod m0001_offices;
mod m0002_people;
mod m0003_contact;
mod m0004_conversation;
mod m0005_employers;
mod m0006_hands;
mod m0007_waiting;
mod m0008_stops;
mod m0009_lookups;
mod m0010_trouble;
mod m0011_crisis;
mod m0012_kept_forms;
mod m0013_halts;
mod m0014_restores;
mod m0015_scratch;
mod m0016_swept;
mod m0017_waiting;
mod m0018_pace;
mod m0019_offices;
mod m0020_absences;
mod m0021_commitments;
mod m0022_preferences;
mod m0023_cards;
mod m0024_drafts;
mod m0025_notes;
mod m0026_put_offs;
mod m0027_attachments;

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::MigratorTrait;

/// Brings the schema up to this program's version.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_offices::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_contact::Migration),
            Box::new(m0004_conversation::Migration),
            Box::new(m0005_employers::Migration),
            Box::new(m0006_hands::Migration),
            Box::new(m0007_waiting::Migration),
            Box::new(m0008_stops::Migration),
            Box::new(m0009_lookups::Migration),
            Box::new(m0010_trouble::Migration),
            Box::new(m0011_crisis::Migration),
            Box::new(m0012_kept_forms::Migration),
            Box::new(m0013_halts::Migration),
            Box::new(m0014_restores::Migration),
            Box::new(m0015_scratch::Migration),
            Box::new(m0016_swept::Migration),
            Box::new(m0017_waiting::Migration),
            Box::new(m0018_pace::Migration),
            Box::new(m0019_offices::Migration),
            Box::new(m0020_absences::Migration),
            Box::new(m0021_commitments::Migration),
            Box::new(m0022_preferences::Migration),
            Box::new(m0023_cards::Migration),
            Box::new(m0024_drafts::Migration),
            Box::new(m0025_notes::Migration),
            Box::new(m0026_put_offs::Migration),
            Box::new(m0027_attachments::Migration),
        ]
    }
}

/// A column of one of the few types that both databases treat alike.
struct Column {
    name: &'static str,
    kind: ColumnType,
    nullable: bool,
}

impl Column {
    fn of(name: &'static str, kind: ColumnType) -> Self {
        Self { name, kind, nullable: false }
    }
    fn uuid(name: &'static str) -> Self {
        Self::of(name, ColumnType::Uuid)
    }
    fn text(name: &'static str) -> Self {
        Self::of(name, ColumnType::Text)
    }
    fn big_integer(name: &'static str) -> Self {
        Self::of(name, ColumnType::BigInteger)
    }
    fn date(name: &'static str) -> Self {
        Self::of(name, ColumnType::Date)
    }
    fn blob(name: &'static str) -> Self {
        Self::of(name, ColumnType::Blob)
    }
    fn boolean(name: &'static str) -> Self {
        Self::of(name, ColumnType::Boolean)
    }
    fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }
}

/// An index: name, columns, unique.
type IndexOf<'a> = (&'static str, &'a [&'static str], bool);

/// Creates a table with its primary key and indexes.
async fn create<const N: usize>(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: [Column; N],
    primary_key: &[&'static str],
    indexes: &[IndexOf<'_>],
) -> Result<(), DbErr> {
    let mut create = Table::create().table(table).to_owned();
    for column in columns {
        let mut definition = ColumnDef::new_with_type(column.name, column.kind);
        if !column.nullable {
            definition.not_null();
        }
        create.col(&mut definition);
    }
    let mut key = Index::create();
    for column in primary_key {
        key.col(*column);
    }
    create.primary_key(&mut key);
    manager.create_table(create).await?;
    for (name, columns, unique) in indexes {
        let mut index = Index::create().name(*name).table(table).to_owned();
        for column in *columns {
            index.col(*column);
        }
        if *unique {
            index.unique();
        }
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Adds columns to a table, one statement each: SQLite takes no more at once.
async fn add_columns<const N: usize>(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: [Column; N],
) -> Result<(), DbErr> {
    for column in columns {
        let mut definition = ColumnDef::new_with_type(column.name, column.kind);
        if !column.nullable {
            definition.not_null();
        }
        manager.alter_table(Table::alter().table(table).add_column(&mut definition).to_owned()).await?;
    }
    Ok(())
}
