//! One person's records are found by the person, whatever else the office has.

use bansou_tests::database::TestDatabase;
use sqlx::{AssertSqlSafe, Connection, Row};

use super::office::TestOffice;

#[tokio::test]
async fn every_table_about_people_finds_one_persons_rows_by_an_index_on_the_person() {
    let database = TestDatabase::sqlite();
    let _office = TestOffice::on(&database).await;
    let mut connection = sqlx::SqliteConnection::connect(database.url()).await.unwrap();
    // Events that came in are found by their key or their state, never by the person.
    let tables = "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name <> 'inbound_events'
                  AND c.name IN ('office_id', 'graduate_id') GROUP BY m.name HAVING count(*) = 2";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut connection).await.unwrap();
    assert!(tables.len() > 10, "{tables:?}");
    for (table, person) in tables.iter().map(|table| (table.as_str(), "graduate_id")).chain([("audit", "object_id")]) {
        let sql = format!("EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE office_id = ?1 AND {person} = ?2");
        let plan = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        assert!(plan.iter().any(|step| step.contains(&format!("{person}=?"))), "{table}: {plan:?}");
    }
}

#[tokio::test]
async fn sqlite_keeps_a_prepared_statement_whatever_is_bound_to_it() {
    let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let options = sqlx::query_scalar("PRAGMA compile_options").fetch_all(&mut connection).await.unwrap();
    let options: Vec<String> = options;
    // .cargo/config.toml: without it every look-up of one row is parsed again each time.
    assert!(options.iter().any(|option| option == "ENABLE_QPSG"), "{options:?}");
}
