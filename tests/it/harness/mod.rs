//! The pieces that other tests stand on.

use bansou_tests::database::test_databases;
use bansou_tests::for_each_database;
use sqlx::Connection as _;

for_each_database! {
    async fn a_test_gets_an_empty_database_that_takes_rows(database: &TestDatabase) {
        let count: i64 = if database.is_postgres() {
            let mut connection = sqlx::PgConnection::connect(database.url()).await.unwrap();
            sqlx::raw_sql("CREATE TABLE note (id INT); INSERT INTO note VALUES (1)").execute(&mut connection).await.unwrap();
            sqlx::query_scalar("SELECT count(*) FROM note").fetch_one(&mut connection).await.unwrap()
        } else {
            let mut connection = sqlx::SqliteConnection::connect(database.url()).await.unwrap();
            sqlx::raw_sql("CREATE TABLE note (id INT); INSERT INTO note VALUES (1)").execute(&mut connection).await.unwrap();
            sqlx::query_scalar("SELECT count(*) FROM note").fetch_one(&mut connection).await.unwrap()
        };
        assert_eq!(count, 1);
    }
}

#[tokio::test]
async fn two_tests_never_share_a_database() {
    let (mine, theirs) = (test_databases().await, test_databases().await);
    for ((_, mine), (_, theirs)) in mine.iter().zip(&theirs) {
        assert_ne!(mine.url(), theirs.url());
    }
}

#[tokio::test]
async fn a_database_is_gone_after_its_test() {
    for (kind, database) in test_databases().await {
        let url = database.url().to_owned();
        drop(database);
        let reached = match kind {
            "sqlite" => sqlx::SqliteConnection::connect(&url).await.is_ok(),
            _ => sqlx::PgConnection::connect(&url).await.is_ok(),
        };
        assert!(!reached, "{kind} is still there");
    }
}
