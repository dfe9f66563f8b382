//! Settings: what is changed reaches the planner and the dispatcher, and only those who may can change it.

use bansou_core::delivery::ChannelTrouble;
use bansou_core::graduate::Language;
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::staff::Role;
use bansou_store::{HaltReason, HaltScope, NewNote};
use bansou_tests::database::TestDatabase;
use http::StatusCode;

use super::forms::hidden;
use super::site::{Site, day};

const OFFICE: &[(&str, &str)] = &[
    ("name", "みほん支援室"),
    ("phone", "03-0000-0009"),
    ("hours_mon", "09:00-17:30"),
    ("hours_tue", "09:00-17:30"),
    ("hours_wed", "０９：００〜１７：３０"),
    ("hours_thu", "09:00-17:30"),
    ("hours_fri", "09:00-17:30"),
    ("hours_sat", ""),
    ("hours_sun", ""),
    ("closures", ""),
    ("end_of_day_minutes", "30"),
    ("before_long_break_minutes", "180"),
    ("late_hours", "24"),
    ("silence_hours", "48"),
    ("safe_text", ""),
];

fn office(name: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    OFFICE.iter().map(|&(own, typed)| if own == name { (own, value) } else { (own, typed) }).collect()
}

#[tokio::test]
async fn a_closed_day_moves_what_is_planned_and_a_mistake_keeps_what_was_typed() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-04-01")).await;
    site.world.tick().await;
    let next = async || site.world.begin().await.cadence(graduate).await.unwrap().unwrap().next.unwrap().due_on;
    let planned = next().await;
    let mut admin = site.signed_in(Role::Admin).await;
    assert_eq!(admin.get("/settings/office").await.status, StatusCode::OK);
    let wrong = admin.post("/settings/office", &office("hours_mon", "9時から夕方")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("9時から夕方") && wrong.body.contains("03-0000-0009"));
    let closed: &'static str = Box::leak(planned.to_string().into_boxed_str());
    let saved = admin.post("/settings/office", &office("closures", closed)).await;
    assert_eq!(saved.place(), "/settings/office?done=saved");
    site.world.tick().await;
    assert!(next().await > planned, "{} after {planned}", next().await);
    let settings = site.world.begin().await.own_office().await.unwrap().settings;
    assert_eq!(settings.phone, "03-0000-0009");
}

#[tokio::test]
async fn a_manager_stops_all_sending_and_says_why_and_it_can_be_resumed() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut manager = site.signed_in(Role::Manager).await;
    let unsure = manager.post("/settings/sending/stop", &[("why", "")]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stop = [("why", "文面のまちがい"), ("sure", "yes")];
    assert_eq!(manager.post("/settings/sending/stop", &stop).await.place(), "/settings/sending?done=sending-stopped");
    let page = manager.get("/settings/sending").await.body;
    assert!(page.contains("文面のまちがい") && page.contains("見本0 支援"), "why and by whom");
    site.world.graduate(1, day("2026-03-30")).await;
    site.world.run_until(site.world.now() + chrono::TimeDelta::days(4)).await;
    assert!(site.world.inbox.accepted_after(0).is_empty());
    let mut manager = site.signed_in(Role::Manager).await;
    manager.post("/settings/sending/resume", &[("sure", "yes")]).await;
    assert!(site.world.begin().await.own_office().await.unwrap().sending_stopped_at.is_none());
}

#[tokio::test]
async fn one_channel_is_stopped_and_resumed_and_every_page_says_so_meanwhile() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let mut manager = site.signed_in(Role::Manager).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let there = "/settings/sending/channels/line-main";
    let unsure = manager.post(&format!("{there}/stop"), &[]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsure.body.contains("href=\"#channel_sure\""));
    let quiet = staff.get("/inbox").await.body;
    assert!(!quiet.contains("still-strip"));
    for (step, done) in [("stop", "channel-stopped"), ("resume", "channel-resumed")] {
        let answer = manager.post(&format!("{there}/{step}"), &[("sure", "yes")]).await;
        assert_eq!(answer.place(), format!("/settings/sending?done={done}"));
        let is_stopped = step == "stop";
        for page in ["/today", "/inbox", "/graduates", "/signs", "/account"] {
            let body = staff.get(page).await.body;
            assert_eq!(body.contains("LINEの送信を止めています"), is_stopped, "{page}");
        }
        assert_eq!(manager.get("/settings/sending").await.body.contains("<span class=\"soft\">見本0 支援"), is_stopped);
        assert_eq!(manager.get("/settings/channels").await.body.contains("人が止めています"), is_stopped);
    }
    let rows = site.world.begin().await.audit_of(site.world.office.0, 9).await.unwrap();
    let actions: Vec<_> = rows.iter().map(|row| row.action.as_str()).collect();
    assert!(actions.starts_with(&["channel.release", "channel.halt"]), "{actions:?}");
    let mut other = site.signed_in_at(site.other_office().await, Role::Admin).await.0;
    let theirs = other.post(&format!("{there}/stop"), &[("sure", "yes")]).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND, "a channel belongs to its office");
}

#[tokio::test]
async fn what_the_server_has_stopped_is_said_on_every_page_and_resumed_on_none() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let mut manager = site.signed_in(Role::Manager).await;
    let actor = bansou_core::audit::Actor::COMMAND;
    let offices = [site.world.office];
    site.world.store.halt_by(actor, &HaltScope::Everything, &offices).await.unwrap();
    assert!(manager.get("/today").await.body.contains("すべての事業所の送信を止めています"));
    assert!(manager.get("/settings/sending").await.body.contains("bansou resume everything"));
    site.world.store.release_by(actor, &HaltScope::Everything, &offices).await.unwrap();
    site.world.store.halt(&HaltScope::Everything, HaltReason::Restored).await.unwrap();
    assert!(manager.get("/today").await.body.contains("バックアップからもどした"));
}

#[tokio::test]
async fn an_account_gets_a_link_once_and_an_admin_cannot_lock_themselves_out() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (mut admin, me) = site.signed_in_at(site.world.office, Role::Admin).await;
    let new = [("name", "試山 のぞみ"), ("email", "nozomi@example.jp"), ("role", "staff")];
    let added = admin.post("/settings/staff", &new).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    let from = added.body.find("/password/").expect("the link");
    let path = added.body[from..].split(['<', '"']).next().unwrap().to_owned();
    assert_eq!(site.stranger().get(&path).await.status, StatusCode::OK);
    let again = admin.post("/settings/staff", &new).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("email-error"));
    let (_, member) = site.world.store.find_staff_by_email("nozomi@example.jp").await.unwrap().unwrap();
    admin.post(&format!("/settings/staff/{}/role", member.id), &[("role", "manager")]).await;
    admin.post(&format!("/settings/staff/{}/disable", member.id), &[]).await;
    let (_, member) = site.world.store.find_staff_by_email("nozomi@example.jp").await.unwrap().unwrap();
    assert!(member.role == Role::Manager && member.disabled_at.is_some());
    assert_eq!(site.stranger().get(&path).await.status, StatusCode::NOT_FOUND, "the link went with the account");
    for step in ["role", "disable"] {
        let own = admin.post(&format!("/settings/staff/{me}/{step}"), &[("role", "staff")]).await;
        assert_eq!(own.status, StatusCode::FORBIDDEN, "{step}");
    }
}

#[tokio::test]
async fn an_own_wording_is_shown_before_it_is_saved_and_can_be_taken_back() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut admin = site.signed_in(Role::Admin).await;
    let path = "/settings/messages/check-in-condition";
    let wording = |step| {
        [
            ("plain", "{name}さん、みほん室です。お元気ですか。"),
            ("easy", "元気ですか。"),
            ("furigana", "げんきですか。"),
            ("step", step),
        ]
    };
    let shown = admin.post(path, &wording("preview")).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("見本さん、みほん室です。お元気ですか。"));
    let own = async || site.world.begin().await.template_overrides().await.unwrap();
    assert!(own().await.is_empty(), "looking saves nothing");
    assert_eq!(admin.post(path, &wording("save")).await.place(), format!("{path}?done=saved"));
    assert!(own().await.iter().any(|one| one.language == Language::Easy && one.body == "元気ですか。"));
    let empty = admin.post(path, &[("plain", " "), ("step", "save")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    admin.post(&format!("{path}/reset"), &[]).await;
    assert!(own().await.is_empty());
}

#[tokio::test]
async fn a_manager_gets_no_button_that_only_an_admin_may_press_and_may_try_words_out() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let tx = site.world.begin().await;
    tx.stop_channel("sms-main", tx.now() + chrono::TimeDelta::hours(1), ChannelTrouble::Unauthorized).await.unwrap();
    tx.save().await.unwrap();
    let mut admin = site.signed_in(Role::Admin).await;
    let mut manager = site.signed_in(Role::Manager).await;
    let path = "/settings/messages/check-in-condition";
    let wording =
        |step| [("plain", "{name}さん、どうですか。"), ("easy", "元気？"), ("furigana", "げんき？"), ("step", step)];
    admin.post(path, &wording("save")).await;

    let (own, theirs) = (admin.get(path).await.body, manager.get(path).await.body);
    for only in ["value=\"save\"", "/reset\""] {
        assert!(own.contains(only) && !theirs.contains(only), "{only}");
    }
    let tried = manager.post(path, &[&wording("preview")[1..], &[("plain", "ためしの文")]].concat()).await;
    assert!(tried.status == StatusCode::OK && tried.body.contains("ためしの文"), "{}", tried.body);
    assert!(!tried.body.contains("value=\"save\""));
    for path in [path.to_owned(), format!("{path}/reset")] {
        assert_eq!(manager.post(&path, &wording("save")).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let resume = "/settings/channels/sms-main/resume";
    let channels = "/settings/channels";
    assert!(admin.get(channels).await.body.contains(resume));
    let theirs = manager.get(channels).await.body;
    assert!(!theirs.contains(resume) && theirs.contains("管理者ができます"), "{theirs}");
}

#[tokio::test]
async fn contacts_and_notes_of_some_days_are_exported_by_admins_only_and_noted() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-30")).await;
    site.world.run_until(site.world.now() + chrono::TimeDelta::days(4)).await;
    let tx = site.world.begin().await;
    let lanes = Lanes { said: "=朝がつらい".into(), ..Lanes::default() };
    let (author, happened_at) = (site.world.staff, site.world.now());
    tx.save_note(&NewNote { graduate, author, mode: ContactMode::Phone, happened_at, lanes }).await.unwrap();
    tx.save().await.unwrap();
    let mut admin = site.signed_in(Role::Admin).await;
    let mut manager = site.signed_in(Role::Manager).await;
    let range = "?from=2026-04-01&to=2026-04-30";
    let page = admin.get(&format!("/settings/export{range}")).await.body;
    for what in ["contacts", "notes"] {
        let path = format!("/settings/export/{what}.csv{range}");
        assert!(page.contains(&path.replace('&', "&amp;")), "{page}");
        assert!(!manager.get("/settings/export").await.body.contains(&format!("/{what}.csv")));
        assert_eq!(manager.get(&path).await.status, StatusCode::FORBIDDEN);
    }
    let contacts = admin.get(&format!("/settings/export/contacts.csv{range}")).await.body;
    assert!(contacts.contains("\"G0001\",\"見本1 花子\",\"2026-04-01\",\"LINE\""), "{contacts}");
    assert!(!admin.get("/settings/export/contacts.csv?from=2026-01-01&to=2026-01-31").await.body.contains("G0001"));
    let notes = admin.get(&format!("/settings/export/notes.csv{range}")).await.body;
    assert!(notes.contains("\"電話\"") && notes.contains("\"'=朝がつらい\""), "{notes}");
    let rows = site.world.begin().await.audit_of(site.world.office.0, 20).await.unwrap();
    let taken: Vec<_> = rows.iter().filter(|row| row.action.starts_with("export.")).collect();
    assert_eq!(taken.len(), 3, "every export leaves a row");
}

#[tokio::test]
async fn the_audit_list_names_who_did_what_and_says_that_it_is_whole() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut admin = site.signed_in(Role::Admin).await;
    admin.post("/settings/sending/stop", &[("why", "ためし"), ("sure", "yes")]).await;
    let page = admin.get("/settings/audit").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("すべての送信を止めた") && page.body.contains("見本0 支援"));
    assert!(page.body.contains("このページの記録は書きかえられていません"));
    let whole = admin.get("/settings/audit?check=all").await;
    assert!(whole.body.contains(">記録は書きかえられていません"), "{}", whole.body);
    let file = admin.get("/settings/audit/export.csv?from=2026-04-01&to=2026-04-01").await;
    assert!(file.body.contains("\"sending.stop\""));
    assert!(!file.body.contains("ためし"), "words of people stay out of the list");
}

#[tokio::test]
async fn of_two_who_change_the_offices_rules_neither_undoes_the_other() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (mut one, mut other) = (site.signed_in(Role::Admin).await, site.signed_in(Role::Admin).await);
    let path = "/settings/office";
    assert!(one.post(path, &office("closures", "")).await.place().ends_with("?done=saved"));
    let shown = |page: &str| hidden(page, "shown").replace("&quot;", "\"");
    let opened = shown(&one.get(path).await.body);
    let with = |name, value| [&office(name, value)[..], &[("shown", opened.as_str())]].concat();
    assert!(other.post(path, &with("phone", "03-0000-0011")).await.place().ends_with("?done=saved"));

    let saved = one.post(path, &with("late_hours", "20")).await;
    assert!(saved.place().ends_with("?done=saved"), "{}", saved.body);
    let now = site.world.begin().await.own_office().await.unwrap().settings;
    assert_eq!((now.phone.as_str(), now.late.max_age_minutes), ("03-0000-0011", 20 * 60));

    let asked = one.post(path, &with("phone", "03-0000-0022")).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("ほかの職員が「03-0000-0011」に変えました"), "{}", asked.body);
    let shown_again = shown(&asked.body);
    let again = [&office("phone", "03-0000-0022")[..], &[("shown", shown_again.as_str())]].concat();
    assert!(one.post(path, &again).await.place().ends_with("?done=saved"), "sent once more, it is meant");
}

#[tokio::test]
async fn of_two_who_word_the_same_message_neither_undoes_the_other() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (mut one, mut other) = (site.signed_in(Role::Admin).await, site.signed_in(Role::Admin).await);
    let path = "/settings/messages/check-in-condition";
    let opened = one.get(path).await.body;
    let shown = |page: &str| hidden(page, "shown").replace("&quot;", "\"");
    let first: serde_json::Value = serde_json::from_str(&shown(&opened)).unwrap();
    let (text, shown_first) = (|name: &str| first[name].as_str().unwrap().to_owned(), shown(&opened));
    let (plain, easy, furigana) = (text("plain"), text("easy"), text("furigana"));
    let with = |plain: &str, easy: &str| {
        let fields = [("plain", plain), ("easy", easy), ("furigana", &furigana), ("shown", &shown_first)];
        fields.into_iter().chain([("step", "save")]).map(|(name, text)| (name, text.to_owned())).collect::<Vec<_>>()
    };
    let send = async |browser: &mut super::site::Browser<'_>, fields: Vec<(&str, String)>| {
        let fields: Vec<_> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        browser.post(path, &fields).await
    };
    send(&mut other, with(&plain, "元気ですか。")).await;
    let saved = send(&mut one, with("{name}さん、お元気ですか。", &easy)).await;
    assert!(saved.place().ends_with("?done=saved"), "{}", saved.body);
    let mut own: Vec<_> = site.world.begin().await.template_overrides().await.unwrap();
    own.sort_by_key(|own| own.language.as_str());
    let own: Vec<_> = own.into_iter().map(|own| (own.language, own.body)).collect();
    let both =
        [(Language::Easy, "元気ですか。".to_owned()), (Language::Plain, "{name}さん、お元気ですか。".to_owned())];
    assert_eq!(own, both);
    let asked = send(&mut one, with("{name}さん、お元気ですか。", "げんきですか。")).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("ほかの職員が「元気ですか。」に変えました"), "{}", asked.body);
}

#[tokio::test]
async fn what_the_settings_show_of_a_closed_evening_is_what_the_next_evening_says() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut admin = site.signed_in(Role::Admin).await;
    let page = admin.get("/settings/office").await.body;
    assert!(page.contains("明日の午前9時から、職員が読みます"), "at ten on a Wednesday: {page}");
    let tx = site.world.begin().await;
    let own = "{staff}です。{time}から読みます。{hotlines}";
    tx.put_template(site.world.staff, "out-of-hours", Language::Plain, own).await.unwrap();
    let office = tx.own_office().await.unwrap();
    tx.save().await.unwrap();
    let page = admin.get("/settings/office").await.body;
    assert!(page.contains(&format!("{}です。明日の午前9時から読みます。", office.name)), "the office speaks: {page}");
    let never = bansou_core::hours::WeekHours::default();
    let tx = site.world.begin().await;
    let settings = bansou_core::office::OfficeSettings { hours: never, ..office.settings };
    tx.change_office(&office.name, &settings).await.unwrap();
    tx.save().await.unwrap();
    let page = admin.get("/settings/office").await.body;
    assert!(!page.contains("out-of-hours-words"), "nobody is told of a time that never comes");
}

#[tokio::test]
async fn that_sending_is_only_simulated_is_said_on_every_staff_page_and_nowhere_else() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut staff = site.signed_in(Role::Staff).await;
    for path in ["/today", "/inbox", "/graduates", "/signs"] {
        let page = staff.get(path).await.body;
        assert!(page.contains("メッセージはだれにも届きません") && !page.contains("/settings/channels"), "{path}");
    }
    let page = site.signed_in(Role::Manager).await.get("/today").await.body;
    assert!(page.contains("simulated-strip") && page.contains("/settings/channels"), "who may look is led there");
    assert!(!site.stranger().get("/login").await.body.contains("simulated-strip"));
    let database = TestDatabase::sqlite();
    let real = Site::open(database.url()).await;
    assert!(!real.signed_in(Role::Staff).await.get("/today").await.body.contains("simulated-strip"));
}

#[tokio::test]
async fn of_two_who_change_a_members_hours_neither_undoes_the_other() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (mut one, mut other) = (site.signed_in(Role::Manager).await, site.signed_in(Role::Manager).await);
    let path = format!("/settings/staff/{}/hours", site.world.staff);
    let shown = hidden(&one.get(&path).await.body, "shown").replace("&quot;", "\"");
    let first: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let send = async |browser: &mut super::site::Browser<'_>, day: &str, hours: &str| {
        let mut fields = vec![("kind", "own"), ("shown", shown.as_str())];
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| format!("hours_{day}"));
        for field in &days {
            fields.push((field, if field == day { hours } else { first[field].as_str().unwrap() }));
        }
        browser.post(&path, &fields).await
    };
    let saved = send(&mut other, "hours_mon", "").await;
    assert!(saved.place().ends_with("?done=saved"), "{}", saved.body);
    let saved = send(&mut one, "hours_tue", "09:00-12:00").await;
    assert!(saved.place().ends_with("?done=saved"), "{}", saved.body);
    let member = site.world.begin().await.staff_member(site.world.staff).await.unwrap().unwrap();
    let week = member.hours.unwrap();
    assert!(week.on(chrono::Weekday::Mon).is_empty() && week.on(chrono::Weekday::Tue).len() == 1, "{week:?}");
    let asked = send(&mut one, "hours_mon", "10:00-11:00").await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("ほかの職員も変えました"), "{}", asked.body);
}
