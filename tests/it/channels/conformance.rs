//! One suite for every channel: the same trouble has the same meaning, held against the provider's own ledger.

use std::time::Duration;

use bansou_channels::{
    Address, Channel, Choice, LineChannel, Outcome, Outgoing, RefusedClass, SmtpChannel, TwilioChannel, WaitClass,
};
use bansou_tests::fakes::Fault;

use super::{Bench, MAILBOX, MOBILE, USER, line_settings, outgoing, smtp_settings, twilio_settings};

const PATIENT: Duration = Duration::from_secs(10);
/// Long enough for a busy machine to get as far as the fault, short enough to wait for.
const SHORT: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_message_is_accepted_once_and_stands_in_the_ledger() {
    for bench in Bench::all(PATIENT).await {
        let outcome = bench.channel().send(&outgoing(bench.address(), 1)).await;
        assert!(matches!(outcome, Outcome::Accepted { already: false, .. }), "{}: {outcome:?}", bench.channel().id());
        assert_eq!(bench.taken(), 1);
    }
}

#[tokio::test]
async fn trouble_after_acceptance_is_unknown_and_nothing_else() {
    for fault in [Fault::ErrorAfter, Fault::ResetAfter, Fault::GarbledAfter] {
        for bench in Bench::all(PATIENT).await {
            bench.faults().script([None, Some(fault)]);
            // The first call leaves an open connection behind; the fault must not make the client try again by itself.
            bench.channel().send(&outgoing(bench.address(), 1)).await;
            let outcome = bench.channel().send(&outgoing(bench.address(), 2)).await;
            assert!(matches!(outcome, Outcome::Unknown { .. }), "{} {fault:?}: {outcome:?}", bench.channel().id());
            assert_eq!(bench.taken(), 2, "{} {fault:?}: tried again by itself", bench.channel().id());
        }
    }
}

#[tokio::test]
async fn trouble_before_acceptance_is_never_taken_for_success() {
    for fault in [Fault::ErrorBefore, Fault::ResetBefore] {
        for bench in Bench::all(PATIENT).await {
            bench.faults().script([None, Some(fault)]);
            bench.channel().send(&outgoing(bench.address(), 1)).await;
            let outcome = bench.channel().send(&outgoing(bench.address(), 2)).await;
            let expected = match (&bench, fault) {
                // Over HTTP nobody can tell this from trouble after acceptance. SMTP says where it was.
                (Bench::Line(..) | Bench::Twilio(..), _) => matches!(outcome, Outcome::Unknown { .. }),
                (Bench::Smtp(..), Fault::ErrorBefore) => {
                    outcome == Outcome::WaitUntil { reason: WaitClass::ProviderBusy, not_before: None }
                }
                (Bench::Smtp(..), _) => outcome == Outcome::NotSent { code: "connection_lost".into() },
            };
            assert!(expected, "{} {fault:?}: {outcome:?}", bench.channel().id());
            assert_eq!(bench.taken(), 1);
        }
    }
}

#[tokio::test]
async fn silence_after_acceptance_is_unknown_by_time_out() {
    for (bench, outcome) in all_at_once(Fault::HangAfter).await {
        assert_eq!(outcome, Outcome::Unknown { code: "timeout".into() }, "{}", bench.channel().id());
        assert_eq!(bench.taken(), 1);
    }
}

#[tokio::test]
async fn silence_before_acceptance_is_a_time_out_too() {
    for (bench, outcome) in all_at_once(Fault::HangBefore).await {
        let expected = match &bench {
            Bench::Smtp(..) => Outcome::NotSent { code: "timeout".into() },
            _ => Outcome::Unknown { code: "timeout".into() },
        };
        assert_eq!(outcome, expected, "{}", bench.channel().id());
        assert_eq!(bench.taken(), 0);
    }
}

#[tokio::test]
async fn too_many_requests_means_wait() {
    for bench in Bench::all(PATIENT).await {
        bench.faults().script([Some(Fault::RateLimited)]);
        let outcome = bench.channel().send(&outgoing(bench.address(), 1)).await;
        let reason = match &bench {
            Bench::Smtp(..) => WaitClass::ProviderBusy,
            _ => WaitClass::RateLimited,
        };
        assert_eq!(outcome, Outcome::WaitUntil { reason, not_before: None }, "{}", bench.channel().id());
        assert_eq!(bench.taken(), 0);
    }
}

#[tokio::test]
async fn a_late_answer_is_an_answer() {
    for bench in Bench::all(PATIENT).await {
        bench.faults().script([Some(Fault::Late(20))]);
        let outcome = bench.channel().send(&outgoing(bench.address(), 1)).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{}: {outcome:?}", bench.channel().id());
    }
}

#[tokio::test]
async fn nobody_listening_means_not_sent() {
    // Bound and never listening: the port is ours, and every connection is refused.
    let deaf = tokio::net::TcpSocket::new_v4().unwrap();
    deaf.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let (address, port) = (deaf.local_addr().unwrap(), deaf.local_addr().unwrap().port());
    let base_url = format!("http://{address}");
    let channels = [
        (USER, Channel::Line(LineChannel::new(line_settings(base_url.clone())).unwrap())),
        (MOBILE, Channel::Twilio(TwilioChannel::new(twilio_settings(base_url)).unwrap())),
        (MAILBOX, Channel::Smtp(SmtpChannel::new(smtp_settings(port)).unwrap())),
    ];
    for (to, channel) in channels {
        let outcome = channel.send(&outgoing(to, 1)).await;
        assert_eq!(outcome, Outcome::NotSent { code: "connect".into() }, "{}", channel.id());
    }
}

#[tokio::test]
async fn an_address_the_provider_does_not_know_is_refused() {
    for bench in Bench::all(PATIENT).await {
        let to = bench.address();
        match &bench {
            Bench::Line(fake, _) => fake.forget_user(to),
            Bench::Twilio(fake, _) => fake.add_landline(to),
            Bench::Smtp(fake, _) => fake.forget_mailbox(to),
        }
        let outcome = bench.channel().send(&outgoing(to, 1)).await;
        let refused = matches!(outcome, Outcome::Refused { class: RefusedClass::AddressInvalid, .. });
        assert!(refused, "{}: {outcome:?}", bench.channel().id());
        assert_eq!(bench.taken(), 0);
    }
}

#[tokio::test]
async fn what_our_own_check_refuses_never_leaves() {
    for bench in Bench::all(PATIENT).await {
        let good = outgoing(bench.address(), 1);
        let bad = [
            Outgoing { text: " ".into(), ..good.clone() },
            Outgoing { text: "長".repeat(200_000), ..good.clone() },
            Outgoing { to: Address::new("誰か"), ..good.clone() },
        ];
        for outgoing in bad {
            assert!(bench.channel().check(&outgoing).is_err());
            let outcome = bench.channel().send(&outgoing).await;
            let here = matches!(&outcome, Outcome::Refused { code, .. } if code == "checked_here");
            assert!(here, "{}: {outcome:?}", bench.channel().id());
        }
        assert_eq!(bench.channel().check(&good), Ok(()));
        assert_eq!(bench.taken(), 0);
    }
}

#[tokio::test]
async fn no_outcome_and_no_channel_shows_a_person_or_a_secret() {
    let faults = [
        None,
        Some(Fault::ErrorBefore),
        Some(Fault::ResetAfter),
        Some(Fault::RateLimited),
        Some(Fault::MonthlyQuota),
        Some(Fault::GarbledAfter),
    ];
    for bench in Bench::all(PATIENT).await {
        let mut shown = vec![format!("{:?}", bench.channel())];
        for (key, fault) in faults.into_iter().enumerate() {
            bench.faults().script([fault]);
            let mut outgoing = outgoing(bench.address(), key as u128);
            outgoing.choices = vec![Choice { label: "はい".into(), data: "c=1".into(), display: None }];
            let outcome = bench.channel().send(&outgoing).await;
            shown.push(format!("{outgoing:?} {outcome:?}"));
        }
        let shown = shown.join("\n");
        for secret in [bench.address(), "いかが", "お元気", "はい", "for-tests", "office@"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}

#[tokio::test]
async fn only_line_can_be_repeated_safely() {
    let benches = Bench::all(PATIENT).await;
    let safe: Vec<bool> = benches.iter().map(|bench| bench.channel().repeats_safely()).collect();
    assert_eq!(safe, [true, false, false]);
    assert!(matches!(benches[0].channel(), Channel::Line(_)));
}

/// One send on every channel, all waiting for their time-out together.
async fn all_at_once(fault: Fault) -> Vec<(Bench, Outcome)> {
    let mut sends = tokio::task::JoinSet::new();
    for bench in Bench::all(SHORT).await {
        bench.faults().script([Some(fault)]);
        sends.spawn(async move {
            let outcome = bench.channel().send(&outgoing(bench.address(), 1)).await;
            (bench, outcome)
        });
    }
    sends.join_all().await
}
