//! Whatever is told in whatever order: a campaign's counts are those of its messages.

use crate::site::Site;
use domain::campaign::delivery::DeliveryState;
use domain::price::money::{Amount, Cost, Currency};
use gateway::Receipt;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use uuid::Uuid;

const TO: [&str; 4] = ["+6591234561", "+6591234562", "+6591234563", "+6281234567890"];

/// News of one of the messages, or of none of ours.
#[derive(Clone, Debug)]
struct News {
    seq: u32,
    attempt: u32,
    state: DeliveryState,
    error_code: Option<u16>,
    thousandths: Option<u128>,
}

fn news() -> impl Strategy<Value = News> {
    let state = proptest::sample::select(DeliveryState::ALL.to_vec());
    let code = proptest::option::of(0_u16..100);
    let thousandths = proptest::option::of(0_u128..100);
    (0_u32..5, 0_u32..3, state, code, thousandths).prop_map(
        |(seq, attempt, state, error_code, thousandths)| News {
            seq,
            attempt,
            state,
            error_code,
            thousandths,
        },
    )
}

fn receipt(campaign: Uuid, news: &News) -> Receipt {
    Receipt {
        umid: Uuid::from_u128(news.seq.into()),
        reference: format!("{campaign}.{}.{}", news.seq, news.attempt),
        state: news.state,
        error_code: news.error_code,
        happened_at: "2026-11-22T15:00:00Z".to_owned(),
        charged: news.thousandths.map(|thousandths| {
            let cost = Cost::exactly(Amount::from_nanos(thousandths * 1_000_000));
            (cost, Currency::USD)
        }),
        segments: None,
    }
}

#[test]
fn counts_are_those_of_the_messages_and_the_order_within_a_transaction_is_no_matter() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let site = runtime.block_on(Site::new());
    let lists = prop::collection::vec(prop::collection::vec(news(), 1..8), 1..8);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(32));
    let result = runner.run(&lists, |lists| {
        runtime.block_on(async {
            let id = site.submitted(&TO).await;
            site.until(id, |progress| progress.counts.sent == 4).await;
            let store = site.server.store();
            for list in &lists {
                let receipts: Vec<Receipt> = list.iter().map(|news| receipt(id, news)).collect();
                store.apply_receipts(&receipts, site.now()).await.unwrap();
                let counts = site.progress(id).await.counts;
                prop_assert_eq!(store.recount(id).await.unwrap(), counts);
                prop_assert_eq!(counts.total(), 4);
            }
            // All of it once more changes nothing.
            let before = site.progress(id).await;
            let all: Vec<Receipt> = lists.iter().flatten().map(|news| receipt(id, news)).collect();
            store.apply_receipts(&all, site.now()).await.unwrap();
            let after = site.progress(id).await;
            prop_assert_eq!(after.counts, before.counts);
            prop_assert_eq!(after.spent, before.spent);
            Ok(())
        })
    });
    result.unwrap();
}
