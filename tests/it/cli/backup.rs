//! A backup and its way back, as somebody at the server does it.

use bansou_tests::for_each_database;
use sqlx::Connection as _;

use super::run::User;

fn with_backup_key(user: &User) {
    let made = user.run(&["backup", "--new-key", &user.path("backup.key").display().to_string()]).good();
    let lines = made.text();
    assert!(!lines.contains("AGE-SECRET-KEY"), "the secret half stands in its file only");
    user.configure(&lines[lines.find("[backup]").unwrap()..]);
    user.configure(&format!("[journal]\npath = '{}'", user.path("journal").display()));
}

#[test]
fn a_restored_database_sends_only_after_it_was_reconciled_and_resumed() {
    let user = User::new();
    user.run(&["migrate"]).good();
    user.run(&["staff", "add", "--email", "taro@example.jp", "--name", "例田 太郎"]).good();
    let file = user.path("a.age").display().to_string();
    let open = user.run(&["backup", &file]);
    assert_eq!(open.status, 2);
    assert!(open.err.contains("backup.recipients"), "{}", open.err);
    with_backup_key(&user);
    let made = user.run(&["backup", &file]).good();
    assert!(made.text().contains("isn't in it"), "{}", made.text());
    assert_eq!(user.run(&["backup", &file]).status, 2, "a backup is never overwritten");
    let left: Vec<_> = std::fs::read_dir(user.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".bansou")), "{left:?}");

    let identity = user.path("backup.key").display().to_string();
    let occupied = user.run(&["restore", &file, "--identity", &identity]);
    assert_eq!(occupied.status, 2);
    assert!(occupied.err.contains("--replace"), "{}", occupied.err);
    let restored = user.run(&["restore", &file, "--identity", &identity, "--replace"]).good();
    for told in ["is the backup of", "graduates", "newest row", "is kept: ", "bansou reconcile"] {
        assert!(restored.text().contains(told), "{told}\n{}", restored.text());
    }
    let early = user.run(&["resume", "everything"]);
    assert_eq!(early.status, 1);
    assert!(early.err.contains("bansou reconcile"), "{}", early.err);
    // The journal's folder was never written to.
    let nothing = user.run(&["reconcile"]);
    assert_eq!(nothing.status, 1);
    user.run(&["reconcile", "--without-journal"]).good();
    user.run(&["resume", "everything"]).good();
}

#[cfg(unix)]
#[test]
fn a_new_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let user = User::new();
    user.run(&["migrate"]).good();
    for name in ["data/bansou.db", "data/bansou.key"] {
        let mode = std::fs::metadata(user.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
    }
}

#[test]
fn a_missing_key_file_or_another_key_fails_loudly_and_changes_nothing() {
    let user = User::new();
    user.run(&["migrate"]).good();
    with_backup_key(&user);
    let file = user.path("a.age").display().to_string();
    user.run(&["backup", &file]).good();
    let identity = user.path("backup.key").display().to_string();
    let before = std::fs::read(user.path("data/bansou.db")).unwrap();
    std::fs::rename(user.path("data/bansou.key"), user.path("lost")).unwrap();
    let lost = user.run(&["restore", &file, "--identity", &identity, "--replace"]);
    assert_eq!(lost.status, 2);
    assert!(lost.err.contains("database.key_file"), "{}", lost.err);
    std::fs::rename(user.path("lost"), user.path("data/bansou.key")).unwrap();
    let other = user.path("other.key").display().to_string();
    user.run(&["backup", "--new-key", &other]).good();
    let wrong = user.run(&["restore", &file, "--identity", &other, "--replace"]);
    assert_eq!(wrong.status, 1);
    assert!(wrong.err.contains("doesn't open the backup"), "{}", wrong.err);
    assert_eq!(std::fs::read(user.path("data/bansou.db")).unwrap(), before);
}

for_each_database! {
    async fn what_a_restore_replaces_is_kept_and_extensions_stay_where_they_are(database: &TestDatabase) {
        let user = User::on(database);
        user.run(&["migrate"]).good();
        with_backup_key(&user);
        let file = user.path("a.age").display().to_string();
        user.run(&["backup", &file]).good();
        let is_postgres = database.url().starts_with("postgres");
        if is_postgres {
            let mut connection = sqlx::PgConnection::connect(database.url()).await.unwrap();
            sqlx::raw_sql("CREATE EXTENSION IF NOT EXISTS hstore SCHEMA public").execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        let identity = user.path("backup.key").display().to_string();
        let restored = user.run(&["restore", &file, "--identity", &identity, "--replace"]).good();
        assert!(restored.text().contains("is kept: "), "{}", restored.text());
        if is_postgres {
            let mut connection = sqlx::PgConnection::connect(database.url()).await.unwrap();
            let former = "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'before_restore_%'";
            let former: String = sqlx::query_scalar(former).fetch_one(&mut connection).await.unwrap();
            let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {former}.offices"));
            let offices: i64 = sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap();
            assert_eq!(offices, 1);
            let drop = sqlx::AssertSqlSafe(format!("DROP SCHEMA {former} CASCADE"));
            sqlx::raw_sql(drop).execute(&mut connection).await.unwrap();
            let map: i64 = sqlx::query_scalar("SELECT count(*) FROM (SELECT 'a=>1'::public.hstore) map")
                .fetch_one(&mut connection)
                .await
                .unwrap();
            assert_eq!(map, 1);
            connection.close().await.unwrap();
        }
        user.run(&["reconcile", "--without-journal"]).good();
    }

    async fn a_restore_that_fails_half_way_leaves_everything_as_it_was(database: &TestDatabase) {
        let user = User::on(database);
        user.run(&["migrate"]).good();
        user.run(&["staff", "add", "--email", "taro@example.jp", "--name", "例田 太郎"]).good();
        with_backup_key(&user);
        let file = user.path("a.age").display().to_string();
        user.run(&["backup", &file]).good();
        let mine = std::fs::read(user.path("data/bansou.key")).unwrap();
        std::fs::write(user.path("data/bansou.key"), "7".repeat(64)).unwrap();
        let identity = user.path("backup.key").display().to_string();
        let wrong = user.run(&["restore", &file, "--identity", &identity, "--replace"]);
        assert!(wrong.err.contains("this key file doesn't open the backup's records"), "{}", wrong.err);
        std::fs::write(user.path("data/bansou.key"), mine).unwrap();
        let again = user.run(&["staff", "add", "--email", "taro@example.jp", "--name", "例田 太郎"]);
        assert_ne!(again.status, 0, "the account is still there");
    }

    async fn what_commands_change_stands_in_the_journal_for_the_next_restore(database: &TestDatabase) {
        let user = User::on(database);
        user.run(&["migrate"]).good();
        user.configure(&format!("[journal]\npath = '{}'", user.path("journal").display()));
        user.run(&["stop", "office", "--why", "試し"]).good();
        user.run(&["resume", "office"]).good();
        let roster = user.file("roster.csv", "氏名,電話番号\n見本 花子,090-1234-5678\n".as_bytes());
        user.run(&["import", "graduates", &roster]).good();
        let lines = bansou_worker::journal::read(&user.path("journal")).unwrap();
        let said = format!("{lines:?}");
        for action in ["sending.stop", "sending.resume", "graduate.import"] {
            assert!(said.contains(action), "{action} isn't in {said}");
        }
        assert!(!said.contains("見本") && !said.contains("1234"));
    }
}
