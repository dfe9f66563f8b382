//! A backup and its way back, as somebody at the server does it.

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
