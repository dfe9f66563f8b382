//! Leave, stand-ins, hours and duty on the pages (S3.1, S4.3). The site's clock stands on Wednesday, 1 April 2026, 10:00.

use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::staff::Role;
use bansou_tests::database::TestDatabase;
use http::StatusCode;

use super::forms::hidden;
use super::me::let_in;
use super::site::{Answered, Browser, Site, day};

/// One graduate of the first member of staff, 例田 太郎.
async fn stage(database: &TestDatabase) -> (Site, GraduateId) {
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-01-05")).await;
    (site, graduate)
}

async fn enter(browser: &mut Browser<'_>, staff: StaffId, days: (&str, &str), more: &[(&str, &str)]) -> Answered {
    let staff = staff.to_string();
    let whole = [("from_on", days.0), ("from_half", "morning"), ("until_on", days.1), ("until_half", "afternoon")];
    let fields: Vec<_> = [("staff", staff.as_str())].into_iter().chain(whole).chain(more.iter().copied()).collect();
    browser.post("/absences", &fields).await
}

/// The path of the button or link that begins so and ends so.
fn path<'a>(body: &'a str, end: &str) -> &'a str {
    let to = body.find(end).expect("there is one") + end.len();
    &body[body[..to].rfind("/absences/").expect("about leave")..to]
}

#[tokio::test]
async fn what_was_handed_to_somebody_is_their_stand_ins_while_they_are_away() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    site.world.says("e1", 1, "相談があります").await;
    let (office, owner) = (site.world.office, site.world.staff);
    let (_, me) = site.signed_in_at(office, Role::Staff).await;
    let (_, third) = site.signed_in_at(office, Role::Staff).await;
    let (_, asked) = site.signed_in_at(office, Role::Staff).await;
    let to = asked.to_string();
    let noon = [("staff", to.as_str()), ("from_on", "2026-04-01"), ("from_half", "afternoon")];
    let until = [("until_on", "2026-04-01"), ("until_half", "afternoon"), ("standin", &me.to_string())];
    let saved = site.signed_in(Role::Manager).await.post("/absences", &[&noon[..], &until[..]].concat()).await;
    assert_eq!(saved.place(), "/absences?done=absence-saved", "{}", saved.body);

    let mut browser = site.signed_in_as(office, owner).await;
    let page = browser.get(&format!("/inbox/{graduate}")).await.body;
    let option = |id: StaffId| {
        let rest = page.split_once(&format!("<option value=\"{id}\">")).expect("a colleague").1;
        rest.split_once('<').unwrap().0.to_owned()
    };
    assert_eq!(option(asked), "見本2 支援（休み：4月1日（水）午後）");
    assert_eq!(option(third), "見本1 支援", "who is there has a name alone");
    browser.post(&format!("/inbox/{graduate}/hand-over"), &[("to", &to), ("remark", "")]).await;

    let sees = async |staff: StaffId| {
        let mut browser = site.signed_in_as(office, staff).await;
        let mut seen = Vec::new();
        for path in ["/today?whose=mine", "/inbox?whose=mine"] {
            seen.push(browser.get(path).await.body.contains("見本1 花子"));
        }
        seen
    };
    assert_eq!((sees(asked).await, sees(me).await, sees(third).await), (vec![true; 2], vec![false; 2], vec![false; 2]));
    site.world.clock.advance(chrono::TimeDelta::hours(3));
    assert_eq!((sees(asked).await, sees(me).await, sees(third).await), (vec![true; 2], vec![true; 2], vec![false; 2]));
}

#[tokio::test]
async fn a_stand_in_sees_a_colleagues_people_as_theirs_and_until_when_and_then_all_is_back() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    site.world.says("e1", 1, "ありがとうございます。相談があります").await;
    let (mut suzuki, id) = site.signed_in_at(site.world.office, Role::Manager).await;
    let mut third = site.signed_in(Role::Staff).await;
    let own = format!("/graduates?staff={id}");
    assert!(!suzuki.get(&own).await.body.contains("見本1 花子"));
    let saved =
        enter(&mut suzuki, site.world.staff, ("2026-04-01", "2026-04-02"), &[("standin", &id.to_string())]).await;
    assert_eq!(saved.place(), "/absences?done=absence-saved", "{}", saved.body);
    for page in [own.as_str(), "/today", "/inbox", &format!("/inbox/{graduate}"), &format!("/graduates/{graduate}")] {
        let body = suzuki.get(page).await.body;
        assert!(
            body.contains("例田 太郎さんの代わり") && body.contains("4月3日（金）午前にもどります"),
            "{page}: {body}"
        );
    }
    let body = third.get("/inbox").await.body;
    assert!(body.contains("例田 太郎さんの代わりに見本0 支援さん"), "{body}");
    site.world
        .clock
        .set("2026-04-03T10:00:00+09:00".parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap().to_utc());
    let mut suzuki = site.signed_in(Role::Manager).await;
    assert!(!suzuki.get(&own).await.body.contains("見本1 花子"), "back by itself");
    assert!(!suzuki.get("/inbox").await.body.contains("さんの代わりに"));
}

#[tokio::test]
async fn a_stand_in_who_is_away_too_is_refused_with_who_when_and_who_is_there() {
    let database = TestDatabase::sqlite();
    let (site, _) = stage(&database).await;
    let (mut manager, suzuki) = site.signed_in_at(site.world.office, Role::Manager).await;
    let (_, tanaka) = site.signed_in_at(site.world.office, Role::Staff).await;
    enter(&mut manager, suzuki, ("2026-04-07", ""), &[]).await;
    let refused =
        enter(&mut manager, site.world.staff, ("2026-04-06", "2026-04-08"), &[("standin", &suzuki.to_string())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("見本0 支援さんは、4月7日（火）が休みです。"), "{}", refused.body);
    assert!(refused.body.contains("このあいだに いる人：見本1 支援") && refused.body.contains("id=\"standin-error\""));
    assert!(refused.body.contains("value=\"2026-04-06\""), "what was typed is kept");
    let twice = enter(&mut manager, suzuki, ("2026-04-07", "2026-04-09"), &[("standin", &tanaka.to_string())]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.body.contains("4月7日（火）に、もう休みが入っています。"), "{}", twice.body);
}

#[tokio::test]
async fn a_stand_in_who_does_not_work_then_is_taken_after_a_warning_and_what_stays_open_is_said() {
    let database = TestDatabase::sqlite();
    let (site, _) = stage(&database).await;
    let (mut manager, suzuki) = site.signed_in_at(site.world.office, Role::Manager).await;
    let (_, _tanaka) = site.signed_in_at(site.world.office, Role::Staff).await;
    let hours = [("kind", "own"), ("hours_mon", "09:00-12:00"), ("hours_tue", "09:00-12:00,13:00-17:30")];
    manager.post(&format!("/settings/staff/{suzuki}/hours"), &hours).await;
    let standin = suzuki.to_string();
    let days = ("2026-04-06", "2026-04-08");
    let warned = enter(&mut manager, site.world.staff, days, &[("standin", &standin)]).await;
    assert_eq!(warned.status, StatusCode::UNPROCESSABLE_ENTITY);
    let open =
        "見本0 支援さんは、4月6日（月）午後、4月8日（水）は勤務していません。そのあいだ、決まった代わりはいません。";
    assert!(warned.body.contains(open) && warned.body.contains("もう一度押してください"), "{}", warned.body);
    assert!(warned.body.contains("このあいだに いる人：見本1 支援<"), "others are named, and not the same person");

    let warning = hidden(&warned.body, "warned");
    let other = enter(
        &mut manager,
        site.world.staff,
        ("2026-04-06", "2026-04-09"),
        &[("standin", &standin), ("warned", &warning)],
    )
    .await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "a warning of other days was not read");
    let saved = enter(&mut manager, site.world.staff, days, &[("standin", &standin), ("warned", &warning)]).await;
    assert_eq!(saved.place(), "/absences?done=absence-saved", "{}", saved.body);
    assert!(manager.get("/absences").await.body.contains(open), "and it stays to be read");

    let tuesday = enter(&mut manager, site.world.staff, ("2026-04-14", ""), &[("standin", &standin)]).await;
    assert_eq!(tuesday.place(), "/absences?done=absence-saved", "who works all of it stands in without a word");
}

#[tokio::test]
async fn staff_enter_their_own_leave_and_managers_anybodys_and_nobody_else_reads_a_reason() {
    let database = TestDatabase::sqlite();
    let (site, _) = stage(&database).await;
    let (mut sato, id) = site.signed_in_at(site.world.office, Role::Staff).await;
    let mut colleague = site.signed_in(Role::Staff).await;
    let mut manager = site.signed_in(Role::Manager).await;
    assert_eq!(enter(&mut colleague, id, ("2026-04-06", ""), &[]).await.status, StatusCode::FORBIDDEN);
    enter(&mut sato, id, ("2026-04-06", ""), &[("reason", "通院のため")]).await;
    for (reader, reads) in [(&mut sato, true), (&mut manager, true), (&mut colleague, false)] {
        let list = reader.get("/absences").await.body;
        assert!(list.contains("4月6日（月）"), "everybody knows when");
        assert_eq!((list.contains("通院のため"), list.contains("/cancel\"")), (reads, reads));
    }
    let list = manager.get("/absences").await.body;
    let edit = path(&list, "/edit").to_owned();
    assert_eq!(colleague.get(&edit).await.status, StatusCode::FORBIDDEN);
    let form = sato.get(&edit).await.body;
    assert!(form.contains("value=\"2026-04-06\"") && form.contains("通院のため"));
    let change = edit.trim_end_matches("/edit");
    let fields = [("from_on", "2026-04-06"), ("from_half", "afternoon"), ("until_on", ""), ("until_half", "afternoon")];
    assert_eq!(colleague.post(change, &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(sato.post(change, &fields).await.place(), "/absences?done=absence-saved");
    assert!(manager.get("/absences").await.body.contains("4月6日（月）午後"));
}

#[tokio::test]
async fn of_two_who_change_the_same_leave_neither_undoes_the_other() {
    let database = TestDatabase::sqlite();
    let (site, _) = stage(&database).await;
    let (mut sato, id) = site.signed_in_at(site.world.office, Role::Staff).await;
    let (mut manager, suzuki) = site.signed_in_at(site.world.office, Role::Manager).await;
    enter(&mut sato, id, ("2026-04-06", "2026-04-07"), &[]).await;
    let list = sato.get("/absences").await.body;
    let edit = path(&list, "/edit").to_owned();
    let change = edit.trim_end_matches("/edit");
    let shown = |page: &str| hidden(page, "shown").replace("&quot;", "\"");
    let opened = shown(&sato.get(&edit).await.body);
    let suzuki = suzuki.to_string();
    let whole = [("from_half", "morning"), ("until_on", "2026-04-07"), ("until_half", "afternoon")];
    let with = |from_on, standin, shown| {
        [&whole[..], &[("from_on", from_on), ("standin", standin), ("shown", shown)]].concat()
    };

    let saved = manager.post(change, &with("2026-04-06", &suzuki, &opened)).await;
    assert_eq!(saved.place(), "/absences?done=absence-saved", "{}", saved.body);
    let saved = sato.post(change, &with("2026-04-07", "", &opened)).await;
    assert_eq!(saved.place(), "/absences?done=absence-saved", "{}", saved.body);
    let list = sato.get("/absences").await.body;
    assert!(list.contains("代わり：見本1 支援") && list.contains("<p>4月7日（火）</p>"), "both hold: {list}");

    // Both move the beginning; one of them only to another half of its day.
    let afternoon = [&[("from_half", "afternoon")], &with("2026-04-06", &suzuki, &opened)[1..]].concat();
    let asked = manager.post(change, &afternoon).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.body.contains("はじまる日は、開いているあいだに、ほかの職員が「4月7日（火）午前」に変えました"),
        "{}",
        asked.body
    );
    let again = shown(&asked.body);
    let again = [&[("from_half", "afternoon")], &with("2026-04-06", &suzuki, &again)[1..]].concat();
    assert_eq!(
        manager.post(change, &again).await.place(),
        "/absences?done=absence-saved",
        "sent once more, it is meant"
    );
    assert!(sato.get("/absences").await.body.contains("4月6日（月）午後から4月7日（火）まで"));
}

#[tokio::test]
async fn leave_that_was_called_off_can_be_brought_back() {
    let database = TestDatabase::sqlite();
    let (site, _) = stage(&database).await;
    let (mut sato, id) = site.signed_in_at(site.world.office, Role::Staff).await;
    enter(&mut sato, id, ("2026-04-06", ""), &[]).await;
    let list = sato.get("/absences").await.body;
    let cancelled = sato.post(path(&list, "/cancel"), &[]).await;
    let page = sato.get(cancelled.place()).await.body;
    assert!(page.contains("休みを取り消しました。") && page.contains("これからの休みは、ありません"), "{page}");
    let seq = cancelled.place().rsplit('=').next().unwrap().to_owned();
    let undone = sato.post("/undo", &[("seq", &seq), ("back", "/absences")]).await;
    assert_eq!(undone.place(), "/absences?done=undone");
    assert!(sato.get("/absences").await.body.contains("4月6日（月）"));
}

#[tokio::test]
async fn the_duty_table_says_who_is_on_duty_and_marks_gaps_and_people_on_leave_in_words() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    let (mut manager, suzuki) = site.signed_in_at(site.world.office, Role::Manager).await;
    let mut staff = site.signed_in(Role::Staff).await;
    assert!(staff.get("/settings/duty").await.body.contains("当番は、まだ決まっていません。"));
    let suzuki = suzuki.to_string();
    let week = [("wed_morning", suzuki.as_str()), ("thu_morning", &suzuki)];
    assert_eq!(manager.post("/settings/duty/week", &week).await.place(), "/settings/duty?done=saved");
    let table = staff.get("/settings/duty").await.body;
    assert!(table.contains("見本0 支援") && table.contains("だれもいません") && table.contains("休業"), "{table}");
    assert!(!table.contains("<select"), "only managers change it");
    enter(&mut manager, suzuki.parse().unwrap(), ("2026-04-02", ""), &[]).await;
    assert!(staff.get("/settings/duty").await.body.contains("見本0 支援（いません：休み）"));
    let wrong =
        manager.post("/settings/duty/day", &[("on", "2026-03-31"), ("half", "morning"), ("staff", "nobody")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let owner = site.world.staff.to_string();
    manager.post("/settings/duty/day", &[("on", "2026-04-02"), ("half", "morning"), ("staff", &owner)]).await;
    assert!(staff.get("/settings/duty").await.body.contains("この日だけ"));
    // Nobody stands in for the owner, so it is the person on duty.
    enter(&mut manager, site.world.staff, ("2026-04-01", ""), &[]).await;
    let head = manager.get(&format!("/graduates/{graduate}")).await.body;
    assert!(head.contains("例田 太郎さんの代わり"), "{head}");
}

#[tokio::test]
async fn of_two_who_change_the_weeks_duty_neither_undoes_the_other() {
    let database = TestDatabase::sqlite();
    let (site, _) = stage(&database).await;
    let (mut one, suzuki) = site.signed_in_at(site.world.office, Role::Manager).await;
    let (mut other, tanaka) = site.signed_in_at(site.world.office, Role::Manager).await;
    let (suzuki, tanaka) = (suzuki.to_string(), tanaka.to_string());
    let week = "/settings/duty/week";
    let shown = |page: &str| hidden(page, "shown").replace("&quot;", "\"");
    let opened = shown(&one.get("/settings/duty").await.body);
    let saved = other.post(week, &[("wed_morning", tanaka.as_str()), ("shown", &opened)]).await;
    assert_eq!(saved.place(), "/settings/duty?done=saved", "{}", saved.body);
    let saved = one.post(week, &[("thu_morning", suzuki.as_str()), ("shown", &opened)]).await;
    assert_eq!(saved.place(), "/settings/duty?done=saved", "{}", saved.body);
    let table = one.get("/settings/duty").await.body;
    let is_chosen = |page: &str, field: &str, staff: &str| {
        let cell = page.split_once(&format!("name=\"{field}\"")).expect("a cell").1;
        cell.split_once("</select>").unwrap().0.contains(&format!("value=\"{staff}\" selected"))
    };
    assert!(is_chosen(&table, "wed_morning", &tanaka) && is_chosen(&table, "thu_morning", &suzuki), "{table}");

    let asked = one.post(week, &[("wed_morning", suzuki.as_str()), ("shown", &opened)]).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.body.contains("水曜日午前の当番は、開いているあいだに、ほかの職員が「見本1 支援」に変えました"),
        "{}",
        asked.body
    );
    assert!(is_chosen(&asked.body, "wed_morning", &suzuki) && is_chosen(&asked.body, "thu_morning", &suzuki));
    let again = shown(&asked.body);
    let again = [("wed_morning", suzuki.as_str()), ("thu_morning", &suzuki), ("shown", &again)];
    assert_eq!(one.post(week, &again).await.place(), "/settings/duty?done=saved", "sent once more, it is meant");
    assert!(is_chosen(&one.get("/settings/duty").await.body, "wed_morning", &suzuki));
}

#[tokio::test]
async fn the_list_of_leave_names_nobody_as_on_duty_who_is_away() {
    let database = TestDatabase::sqlite();
    let (site, _) = stage(&database).await;
    let (mut manager, suzuki) = site.signed_in_at(site.world.office, Role::Manager).await;
    let (_, tanaka) = site.signed_in_at(site.world.office, Role::Staff).await;
    let on_duty = suzuki.to_string();
    manager.post("/settings/duty/week", &[("wed_morning", on_duty.as_str()), ("wed_afternoon", &on_duty)]).await;
    assert!(manager.get("/absences").await.body.contains("<li>4月1日（水）午前：見本0 支援</li>"));
    enter(&mut manager, suzuki, ("2026-04-01", ""), &[("standin", &tanaka.to_string())]).await;
    let list = manager.get("/absences").await.body;
    assert!(list.contains("<li>4月1日（水）午前：見本0 支援（いません：休み）。代わりに見本1 支援</li>"), "{list}");
}

#[tokio::test]
async fn part_time_hours_are_set_by_managers_and_seen_by_everybody() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    let mut manager = site.signed_in(Role::Manager).await;
    let place = format!("/settings/staff/{}/hours", site.world.staff);
    assert_eq!(manager.get(&place).await.status, StatusCode::OK);
    let wrong = manager.post(&place, &[("kind", "own"), ("hours_mon", "9時から")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("9時から"));
    let own = [("kind", "own"), ("hours_mon", "09:00-12:00,13:00-15:00"), ("hours_tue", "09:00-12:00")];
    assert_eq!(manager.post(&place, &own).await.place(), "/absences?done=saved");
    let list = site.signed_in(Role::Staff).await.get("/absences").await.body;
    assert!(list.contains("月 9:00〜12:00、13:00〜15:00 / 火 9:00〜12:00"), "{list}");
    assert!(list.contains("勤務時間ではありません。次は4月6日（月）午前です"), "{list}");
    let page = let_in(&site, graduate).await.get("/me").await.body;
    assert!(page.contains("担当の例田 太郎は、今いません。") && page.contains("4月6日（月）にもどります。"), "{page}");
    assert!(page.contains("そのあいだは、ほかの支援員がメッセージを読みます。"));
}

#[tokio::test]
async fn a_graduate_sees_who_is_there_today_and_never_why_somebody_is_away() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    let mut phone = let_in(&site, graduate).await;
    let page = phone.get("/me").await.body;
    assert!(page.contains("担当の例田 太郎は、今日います。"), "{page}");
    assert!(page.contains("午前9時〜午後0時、午後1時〜午後5時30分"), "{page}");
    let (mut manager, suzuki) = site.signed_in_at(site.world.office, Role::Manager).await;
    let more = [("standin", suzuki.to_string()), ("reason", "入院のため".to_owned())];
    let more: Vec<_> = more.iter().map(|(name, value)| (*name, value.as_str())).collect();
    enter(&mut manager, site.world.staff, ("2026-04-01", "2026-04-02"), &more).await;
    let page = phone.get("/me").await.body;
    assert!(page.contains("担当の例田 太郎は、今いません。") && page.contains("4月3日（金）にもどります。"), "{page}");
    assert!(
        page.contains("支援がメッセージを読みます。") && !page.contains("入院") && !page.contains("休みを"),
        "{page}"
    );
    phone.post("/language", &[("lang", "ja-easy"), ("back", "/me")]).await;
    site.world.clock.set(site.world.now() + chrono::TimeDelta::hours(9));
    let page = phone.get("/me").await.body;
    assert!(page.contains("もう しまりました") || page.contains("もう閉まりました"), "{page}");
}
