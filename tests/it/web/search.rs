//! Words are found in what was said and written down, in one's own office, as things stand now.

use bansou_core::audit::Actor;
use bansou_core::delivery::ChannelKind;
use bansou_core::staff::Role;
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;

use super::site::{Browser, Site, day};

async fn search(browser: &mut Browser<'_>, words: &str) -> String {
    browser.post("/search", &[("words", words)]).await.body
}

for_each_database! {
    async fn words_are_found_however_they_are_written(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "駅のホームで つらくなりました").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let note = [("mode", "phone"), ("on", "2026-04-01"), ("at", "09:30"), ("said", "ﾎｰﾑで休んだ"), ("done", "話を聞いた")];
        browser.post(&format!("/graduates/{graduate}/notes"), &note).await;
        let found = search(&mut browser, "ほーむ").await;
        assert!(found.contains("<mark>ホーム</mark>") && found.contains("<mark>ﾎｰﾑ</mark>"), "{found}");
        assert!(found.contains(&format!("/inbox/{graduate}?until=")) && found.contains("見本1 花子"), "{found}");
        assert!(search(&mut browser, "ホーム 聞いた").await.contains("<mark>ﾎｰﾑ</mark>"), "all words are there");
        assert!(search(&mut browser, "ホーム ない言葉").await.contains("見つかりませんでした"));
        assert!(search(&mut browser, "だ話").await.contains("見つかりませんでした"), "no word is made of two lanes");
        site.world.says("e2", 1, "新幹線に乗ります").await;
        assert!(search(&mut browser, "新幹線").await.contains("<mark>新幹線</mark>"), "what came in since is found, too");
    }

    async fn what_was_taken_back_or_corrected_or_belongs_to_another_office_is_not_found(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "秘密の話です").await;
        let mut browser = site.signed_in(Role::Staff).await;
        let fields = [("mode", "phone"), ("on", "2026-04-01"), ("at", "09:30")];
        browser.post(&format!("/graduates/{graduate}/notes"), &[&fields[..], &[("said", "勘違いの記録")]].concat()).await;
        assert!(search(&mut browser, "秘密").await.contains("<mark>"));
        assert!(search(&mut browser, "勘違い").await.contains("<mark>"));
        let (mut other, _) = site.signed_in_at(site.other_office().await, Role::Admin).await;
        assert!(!search(&mut other, "秘密").await.contains("<mark>"), "another office finds nothing of it");
        let note = site.world.begin().await.notes_of(graduate, 1).await.unwrap().remove(0).id;
        browser.post(&format!("/notes/{note}/correct"), &[&fields[..], &[("said", "正しい記録"), ("why", "slip")]].concat()).await;
        assert!(!search(&mut browser, "勘違い").await.contains("<mark>"), "a corrected note no longer speaks");
        let tx = site.world.begin().await;
        tx.hide_message(ChannelKind::Line, "m-e1").await.unwrap().unwrap();
        tx.save().await.unwrap();
        assert!(!search(&mut browser, "秘密").await.contains("<mark>"), "taken back is gone");
    }

    async fn people_of_the_same_name_are_told_apart_and_others_need_no_number(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        for n in 1..=3 {
            let graduate = site.world.graduate(n, day("2026-03-30")).await;
            site.world.says(&format!("e{n}"), n, "相談があります").await;
            if n == 2 {
                let tx = site.world.begin().await;
                let mut same = tx.graduate(graduate).await.unwrap().unwrap().details;
                (same.profile.name, same.profile.kana) = ("見本1　花子".into(), "ミホン1 ハナコ".into());
                tx.change_graduate(Actor::COMMAND, graduate, &same).await.unwrap();
                tx.save().await.unwrap();
            }
        }
        let mut browser = site.signed_in(Role::Staff).await;
        let lists = [browser.get("/today").await.body, browser.get("/today/plan").await.body, search(&mut browser, "相談").await];
        for page in lists {
            assert!(page.contains("利用者番号 G0001") && page.contains("利用者番号 G0002"), "{page}");
            assert!(page.contains("見本3 花子") && !page.contains("利用者番号 G0003"), "nobody else has that name: {page}");
        }
    }

    async fn a_search_stands_in_the_audit_list_without_its_words(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let graduate = site.world.graduate(1, day("2026-03-30")).await;
        site.world.says("e1", 1, "秘密の話です").await;
        let mut browser = site.signed_in(Role::Admin).await;
        search(&mut browser, "秘密").await;
        let tx = site.world.begin().await;
        let rows = tx.audit_of(tx.office().0, 50).await.unwrap();
        let row = rows.iter().find(|row| row.action == "search.read").unwrap();
        assert!(row.detail.contains(&graduate.to_string()) && !row.detail.contains("秘密"), "{}", row.detail);
        drop(tx);
        assert!(browser.get("/settings/audit").await.body.contains("言葉でさがした"));
    }
}

#[tokio::test]
async fn many_hits_come_page_by_page_and_an_old_message_opens_at_its_place() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    for n in 0..23 {
        site.world.clock.advance(chrono::TimeDelta::seconds(10));
        site.world.says(&format!("e{n}"), 1, &format!("同じ話その{n}番")).await;
    }
    let mut browser = site.signed_in(Role::Staff).await;
    let first = search(&mut browser, "同じ話").await;
    assert_eq!(first.matches("<mark>同じ話</mark>").count(), 20);
    assert!(first.contains("22番") && !first.contains("その2番") && first.contains("value=\"2\""), "newest first");
    let second = browser.post("/search", &[("words", "同じ話"), ("page", "2")]).await.body;
    assert_eq!(second.matches("<mark>同じ話</mark>").count(), 3);
    let oldest = second.rsplit("href=\"/inbox/").next().unwrap().split('"').next().unwrap();
    let thread = browser.get(&format!("/inbox/{}", oldest.split('#').next().unwrap())).await.body;
    assert!(thread.contains("その0番") && !thread.contains("その1番"), "{graduate}");
}
