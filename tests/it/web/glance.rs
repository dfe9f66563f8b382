//! What every page tells at a glance: how many are left on Today.

use bansou_core::staff::Role;
use bansou_core::task::TaskReason;
use bansou_tests::for_each_database;

use super::site::{Site, day};
use super::today::task;

/// The number beside Today in the menu.
pub(super) fn counted(page: &str) -> u32 {
    let number = page.split_once("未対応</span>").and_then(|(_, rest)| rest.split('<').next());
    number.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
}

for_each_database! {
    async fn the_menu_counts_people_as_today_does_on_whatever_page(database: &TestDatabase) {
        let site = Site::simulated(database.url()).await;
        let mut people = Vec::new();
        for n in 1..=2 {
            people.push(site.world.graduate(n, day("2026-03-30")).await);
            task(&site, people[people.len() - 1], TaskReason::NoAddress).await;
            task(&site, people[people.len() - 1], TaskReason::Quota).await;
        }
        let mut browser = site.signed_in(Role::Staff).await;
        for left in [2, 1] {
            for path in ["/signs", "/today", "/graduates", "/today?whose=all"] {
                let page = browser.get(path).await.body;
                assert_eq!(counted(&page), left, "{path}: {page}");
                assert!(!path.starts_with("/today") || page.contains(&format!("あと{left}人")), "{path}: {page}");
            }
            browser.post(&format!("/graduates/{}/later", people[0]), &[("until", "tomorrow")]).await;
        }
    }
}
