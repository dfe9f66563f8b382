//! Measuring: the figures are there, whatever they are on this machine.

use serde_json::Value;

use super::run::User;

#[test]
fn every_kind_of_page_can_be_measured() {
    let ran = User::new()
        .run(&["bench", "pages", "--graduates", "300", "--messages", "6000", "--runs", "1", "--json"])
        .good();
    let figures = ran.json();
    assert_eq!((&figures["graduates"], &figures["messages"]), (&Value::from(300), &Value::from(6_000)));
    let pages = figures["pages"].as_array().unwrap();
    let today: Vec<_> = pages.iter().filter(|page| page["page"] == "/today").collect();
    assert_eq!(today.len(), 2, "on an ordinary morning and on a bad one");
    assert_eq!(today[0]["statements"], today[1]["statements"], "Today asks as often, however many have something open");
    // Each is measured as the first page after a change, which counts anew who is left on Today.
    let many: Vec<_> = pages.iter().filter(|page| page["statements"].as_u64().unwrap() > 80).collect();
    assert!(many.is_empty(), "these ask in a loop: {many:?}");
    // A search reads the few newest messages of all offices by their ids: an index by office would lure SQLite away from one
    // person's messages (migration 9).
    let newest = |wide: &&Value| wide[0].as_str().unwrap().ends_with(r#""messages"."id" >= ?"#);
    let wide = figures["wide_statements"].as_array().unwrap().iter().filter(|wide| !newest(wide));
    let wide: Vec<_> = wide.collect();
    assert!(wide.is_empty(), "these read what belongs to other offices: {wide:#?}");
    let bytes = |at: usize| today[at]["bytes"].as_u64().unwrap();
    assert!(bytes(1) < 2 * bytes(0), "Today is one page of rows, however many are left");
}

#[test]
fn looking_for_words_can_be_measured() {
    let figures = User::new().run(&["bench", "search", "--notes", "300", "--runs", "2"]).good().json();
    assert_eq!(figures["notes"], 300);
    for what in ["first_ms", "nothing_found_ms", "found_often_ms", "found_seldom_ms"] {
        assert!(figures[what]["median"].as_f64() > Some(0.0), "{figures}");
    }
}

#[test]
fn a_tick_with_nobody_due_asks_as_often_for_many_people_as_for_few() {
    let figures = User::new().run(&["bench", "plan", "--graduates", "5,200", "--runs", "2"]).good().json();
    let sizes = figures["sizes"].as_array().unwrap();
    assert_eq!((&sizes[0]["graduates"], &sizes[1]["graduates"]), (&Value::from(5), &Value::from(200)));
    assert_eq!(sizes[0]["statements_per_tick"], sizes[1]["statements_per_tick"]);
}

#[test]
fn who_is_due_is_planned_and_measured_at_every_size() {
    let figures = User::new()
        .run(&["bench", "plan", "--graduates", "5,40", "--offices", "3", "--runs", "1", "--due", "6"])
        .good()
        .json();
    let sizes = figures["sizes"].as_array().unwrap();
    assert_eq!(sizes.iter().map(|size| size["graduates"].as_u64().unwrap()).collect::<Vec<_>>(), [5, 40, 120]);
    for size in sizes {
        assert_eq!(size["due"], 6);
        assert!(size["due_tick_ms"]["median"].as_f64() > Some(0.0), "{figures}");
    }
}

#[test]
fn an_offices_pages_can_be_measured_among_other_offices() {
    let figures = User::new()
        .run(&["bench", "pages", "--graduates", "300", "--messages", "6000", "--runs", "1", "--offices", "3", "--json"])
        .good()
        .json();
    assert_eq!((&figures["graduates"], &figures["messages"]), (&Value::from(900), &Value::from(18_000)));
    let pages = figures["pages"].as_array().unwrap();
    assert!(pages.iter().any(|page| page["page"] == "/retention" && page["ratio"].as_f64() > Some(0.0)), "{figures}");
}
