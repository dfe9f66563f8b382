//! An SMS whose webhook never reached us is found at Twilio, once, and treated by the time at which it was written.

use bansou_channels::{Channel, TwilioChannel};
use bansou_core::audit::Actor;
use bansou_core::check_in::CheckInState;
use bansou_core::contact::ContactKind;
use bansou_core::ids::GraduateId;
use bansou_core::task::TaskReason;
use bansou_core::thread::Direction;
use bansou_store::HaltScope;
use bansou_tests::ambient::moment;
use bansou_tests::fakes::{Fault, SignedCall};
use bansou_tests::for_each_database;
use bansou_tests::world::mobile;
use bansou_worker::receive;
use chrono::TimeDelta;

use super::safe_text::with_safe_text;
use super::{Faked, day, reasons, rows, states};
use crate::virtual_days::twilio_settings;

const MORNING: &str = "2026-04-01T07:00:00+09:00";
const NEXT_DAY: &str = "2026-04-02T09:30:00+09:00";
const NIGHT: &str = "2026-04-02T02:00:00+09:00";
const URL: &str = "https://bansou.example/webhooks/twilio/sms-main/inbound";
const CRISIS: &str = "もう消えてしまいたいです";

impl Faked {
    /// Somebody who is written to by SMS.
    async fn by_sms(&self, n: u32) -> GraduateId {
        self.world.graduate_with(n, day("2026-03-30"), &[ContactKind::Sms]).await
    }

    /// Twilio calls our webhook; returns how many events were new.
    async fn webhook(&self, call: &SignedCall) -> u64 {
        let channel = Channel::Twilio(TwilioChannel::new(twilio_settings(&self.twilio)).unwrap());
        let rows = receive::twilio_inbound(&channel, URL, &call.body, &call.signature, self.world.now()).unwrap();
        self.world.store.store_inbound(self.world.office, "sms-main", &rows).await.unwrap()
    }

    /// A look at Twilio's list, and the effect of what it found.
    async fn look(&self) -> u64 {
        let found = self.world.engine.inbound_sweep().await.unwrap();
        self.world.tick().await;
        found
    }

    fn pass(&self, minutes: i64) {
        self.world.clock.advance(TimeDelta::minutes(minutes));
    }

    async fn texts_of(&self, graduate: GraduateId) -> usize {
        let messages = self.world.begin().await.messages_of(graduate, None, 1_000).await.unwrap();
        messages.iter().filter(|message| message.direction == Direction::In).count()
    }
}

for_each_database! {
    async fn an_answer_whose_webhook_was_lost_answers_its_check_in_after_all(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let graduate = stage.by_sms(1).await;
        stage.look().await;
        stage.world.run_until(moment(NEXT_DAY)).await;
        stage.twilio.inbound(URL, &mobile(1), "１");
        let wrote = stage.world.now();
        stage.pass(10);
        assert_eq!(stage.look().await, 1);
        let row = &rows(&stage.world, graduate).await[0];
        assert_eq!((row.state, row.answered_at), (CheckInState::Answered, Some(wrote)));
        stage.pass(10);
        assert_eq!((stage.look().await, stage.texts_of(graduate).await), (0, 1), "found once");
        assert_eq!(stage.twilio.violations(), Vec::<String>::new());
    }

    async fn a_webhook_and_a_look_at_the_same_words_are_one_event(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let graduate = stage.by_sms(1).await;
        stage.look().await;
        let before = stage.twilio.inbound(URL, &mobile(1), "昨日は眠れませんでした");
        let after = stage.twilio.inbound(URL, &mobile(1), "今日もです");
        stage.pass(10);
        assert_eq!(stage.webhook(&before).await, 1);
        assert_eq!(stage.look().await, 1, "only what had not come");
        assert_eq!(stage.webhook(&after).await, 0, "late, and known by then");
        let both = stage.twilio.inbound(URL, &mobile(1), "あしたは行けます");
        stage.pass(10);
        let (engine, again) = (&stage.world.engine, &stage.world.engine);
        let looks = async { tokio::join!(engine.inbound_sweep(), again.inbound_sweep()) };
        let ((first, second), called, twice) = tokio::join!(looks, stage.webhook(&both), stage.webhook(&both));
        assert_eq!(first.unwrap() + second.unwrap() + called + twice, 1, "whoever comes first");
        stage.world.tick().await;
        assert_eq!(stage.texts_of(graduate).await, 3);
    }

    async fn what_may_still_be_on_its_way_is_left_to_its_webhook(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        stage.by_sms(1).await;
        stage.twilio.inbound(URL, &mobile(1), "おはようございます");
        assert_eq!(stage.look().await, 0);
        stage.pass(10);
        assert_eq!(stage.look().await, 1);
    }

    async fn after_a_failing_look_the_next_one_begins_where_the_last_good_one_ended(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let graduate = stage.by_sms(1).await;
        stage.look().await;
        let good = stage.world.now();
        stage.pass(5);
        stage.twilio.inbound(URL, &mobile(1), "元気です");
        for _ in 0..30 {
            stage.pass(10);
            stage.twilio.faults().script([Some(Fault::ErrorBefore)]);
            assert_eq!(stage.look().await, 0);
        }
        assert_eq!(stage.world.store.swept().await.unwrap(), [("sms-main".to_owned(), good)]);
        stage.pass(10);
        assert_eq!((stage.look().await, stage.texts_of(graduate).await), (1, 1), "five hours later");
        assert_eq!(stage.world.store.swept().await.unwrap(), [("sms-main".to_owned(), stage.world.now())]);
    }

    async fn a_failure_on_a_later_page_loses_nothing(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let graduate = stage.by_sms(1).await;
        stage.look().await;
        for n in 0..130 {
            stage.twilio.inbound(URL, &mobile(1), &format!("その{n}"));
        }
        stage.pass(10);
        stage.twilio.faults().script([None, Some(Fault::ResetBefore)]);
        assert_eq!(stage.look().await, 100, "what was read is stored");
        stage.pass(10);
        assert_eq!(stage.look().await, 30);
        assert_eq!(stage.texts_of(graduate).await, 130);
    }

    async fn words_of_crisis_found_late_call_for_a_person_and_answer_nobody_at_night(database: &TestDatabase) {
        let stage = Faked::open(database.url(), NIGHT).await;
        let graduate = stage.by_sms(1).await;
        with_safe_text(&stage.world).await;
        stage.look().await;
        stage.twilio.inbound(URL, &mobile(1), CRISIS);
        for _ in 0..5 {
            stage.pass(10);
            stage.twilio.faults().script([Some(Fault::ErrorBefore)]);
            stage.look().await;
        }
        stage.look().await;
        assert!(reasons(&stage.world).await.contains(&TaskReason::Crisis));
        assert!(stage.world.begin().await.thread(graduate).await.unwrap().unwrap().crisis_since.is_some());
        stage.world.run_until(moment(NIGHT) + TimeDelta::hours(4)).await;
        assert!(stage.twilio.accepted().is_empty());
    }

    async fn a_stop_that_was_lost_is_obeyed_when_it_is_found(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let graduate = stage.by_sms(1).await;
        stage.look().await;
        stage.world.run_until(moment(NEXT_DAY)).await;
        let before = stage.twilio.accepted().len();
        stage.twilio.inbound(URL, &mobile(1), "STOP");
        stage.pass(10);
        stage.look().await;
        stage.world.run_until(moment("2026-04-30T20:00:00+09:00")).await;
        assert_eq!(stage.twilio.accepted().len(), before);
        assert!(states(&stage.world, graduate).await.iter().all(|state| state.is_closed()));
    }

    async fn a_start_from_before_a_stop_does_not_lift_it(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let graduate = stage.by_sms(1).await;
        stage.look().await;
        stage.twilio.inbound(URL, &mobile(1), "START");
        stage.pass(1);
        let tx = stage.world.begin().await;
        let point = tx.contact_points(graduate).await.unwrap().remove(0);
        let actor = Actor::graduate(graduate);
        tx.set_reachability(actor, point.id, point.reach.stopped(stage.world.now())).await.unwrap();
        tx.save().await.unwrap();
        stage.pass(10);
        assert_eq!(stage.look().await, 1);
        let point = stage.world.begin().await.contact_points(graduate).await.unwrap().remove(0);
        assert!(!point.reach.is_reachable());
    }

    async fn a_stopped_channel_and_a_stopped_office_still_hear(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let graduate = stage.by_sms(1).await;
        stage.look().await;
        for scope in [HaltScope::Everything, HaltScope::Channel("sms-main".into())] {
            stage.world.store.halt_by(Actor::COMMAND, &scope, &[stage.world.office]).await.unwrap();
        }
        stage.twilio.inbound(URL, &mobile(1), "しんどいです");
        stage.pass(10);
        assert_eq!((stage.look().await, stage.texts_of(graduate).await), (1, 1));
    }
}
