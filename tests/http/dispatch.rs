//! How messages leave, whatever the provider answers.

use crate::fake::{Reply, tally};
use crate::site::{BEGIN, Site, delivered, eventually};
use domain::campaign::{CampaignState, Counts};
use domain::time::Timestamp;
use std::time::Duration;

const TO: [&str; 4] = ["+6591234561", "+6591234562", "+6591234563", "+6591234564"];
const SETTLE: Duration = Duration::from_secs(600);

fn sent(n: u32) -> Counts {
    Counts { sent: n, ..Counts::default() }
}

/// Every number was accepted once, and nothing else happened.
fn each_once(site: &Site, n: usize) {
    let accepted = site.fake.accepted();
    let seqs = tally(accepted.iter().map(|reference| reference.split('.').nth(1).unwrap()));
    assert_eq!((accepted.len(), seqs.len()), (n, n), "{accepted:?}");
}

#[tokio::test]
async fn a_batch_carries_everything_the_provider_needs() {
    let site = Site::new().await;
    let id = site.submitted(&TO[..2]).await;
    let progress = site.until_counts(id, sent(2)).await;
    assert_eq!(progress.state, CampaignState::Sending);
    assert_eq!(progress.trouble, None);
    let [batch] = &site.fake.batches()[..] else { panic!("one batch") };
    assert_eq!((batch.subaccount.as_str(), batch.sender_id.as_str()), ("acme_hq", "Acme"));
    assert!(batch.receipts_url.starts_with("http://sms.example.com/hooks/8x8/"));
    assert!(batch.reference.len() <= 20);
    assert_eq!(batch.messages[1].reference, format!("{id}.1.1"));
    assert_eq!(batch.messages[1].text, "Hello +6591234562");
}

#[tokio::test]
async fn what_is_accepted_costs_what_the_price_list_says() {
    let site = Site::new().await;
    site.fake.next([Reply::Reject("+6591234562")]);
    let id = site.submitted(&["+6591234561", "+6591234562", "+6281234567890"]).await;
    let counts = Counts { sent: 2, rejected: 1, ..Counts::default() };
    let progress = site.until_counts(id, counts).await;
    assert_eq!(progress.spent.in_currency(domain::price::money::Currency::USD), "USD 0.34 to 0.39");
}

#[tokio::test]
async fn not_now_is_tried_again_and_says_so_meanwhile() {
    let site = Site::new().await;
    site.fake.next([Reply::NotNow(None), Reply::NotNow(Some(Duration::from_millis(1)))]);
    let id = site.submitted(&TO).await;
    let progress = site.until_counts(id, sent(4)).await;
    assert_eq!(progress.trouble, None);
    assert_eq!(site.fake.batches().len(), 3);
    each_once(&site, 4);
    // Each try has references of its own.
    let references = tally(site.fake.messages().into_iter().map(|m| m.reference));
    assert!(references.values().all(|times| *times == 1), "{references:?}");
}

#[tokio::test]
async fn a_refused_key_is_trouble_for_somebody_and_nothing_is_lost() {
    let site = Site::with(|config| config.timing.denied_pause = Duration::from_secs(3_600)).await;
    site.fake.next([Reply::Denied]);
    let id = site.submitted(&TO).await;
    let progress = site.until(id, |progress| progress.trouble.is_some()).await;
    assert_eq!(progress.counts.queued, 4);
    assert_eq!(
        progress.trouble.unwrap(),
        "The provider refuses this installation: 401. Nothing is lost: once the key or the account \
         is put right, sending goes on by itself."
    );
}

#[tokio::test]
async fn what_was_put_off_is_not_taken_again_at_once() {
    for _ in 0..20 {
        let site = Site::with(|config| config.timing.tick = Duration::ZERO).await;
        site.fake.next([Reply::NotNow(Some(Duration::from_secs(3_600)))]);
        let id = site.submitted(&TO).await;
        let progress = site.until(id, |progress| progress.trouble.is_some()).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(progress.counts.queued, 4);
        assert_eq!(site.fake.batches().len(), 1);
    }
}

#[tokio::test]
async fn after_the_key_is_put_right_it_goes_on() {
    let site = Site::new().await;
    site.fake.next([Reply::Denied, Reply::Denied]);
    let id = site.submitted(&TO).await;
    let progress = site.until_counts(id, sent(4)).await;
    assert_eq!(progress.trouble, None);
    each_once(&site, 4);
}

#[tokio::test]
async fn one_message_that_spoils_the_batch_does_not_sink_the_others() {
    let site = Site::new().await;
    site.fake.poison("+6591234563");
    let id = site.submitted(&TO).await;
    let counts = Counts { sent: 3, rejected: 1, ..Counts::default() };
    site.until_counts(id, counts).await;
    each_once(&site, 3);
    let path = format!("/api/v1/campaigns/{id}/recipients?state=rejected");
    let rejected = site.get(&path).await.json();
    assert_eq!(rejected["recipients"][0]["to"], "+6591234563");
    assert_eq!(rejected["recipients"][0]["reason"], "The provider refused it: Invalid MSISDN");
    // All, first half, second half, the third alone, the fourth alone.
    let sizes: Vec<usize> = site.fake.batches().iter().map(|batch| batch.messages.len()).collect();
    assert_eq!(sizes, [4, 2, 2, 1, 1]);
}

#[tokio::test]
async fn a_lost_answer_is_not_sent_again_but_looked_up() {
    let site = Site::new().await;
    site.fake.next([Reply::AcceptAndLose]);
    let id = site.submitted(&TO).await;
    let counts = Counts { unconfirmed: 4, ..Counts::default() };
    site.until_counts(id, counts).await;
    let progress = site.until(id, |progress| progress.trouble.is_some()).await;
    assert!(progress.trouble.unwrap().contains("got lost"));
    assert_eq!(site.fake.looks(), 0, "too early to look");
    site.pass(SETTLE);
    let progress = site.until_counts(id, sent(4)).await;
    assert_eq!(progress.trouble, None);
    assert_eq!(site.fake.batches().len(), 1);
    each_once(&site, 4);
}

#[tokio::test]
async fn what_two_looks_do_not_find_is_sent_again_as_another_attempt() {
    let site = Site::new().await;
    site.fake.next([Reply::Lose]);
    let id = site.submitted(&TO).await;
    let counts = Counts { unconfirmed: 4, ..Counts::default() };
    site.until_counts(id, counts).await;
    site.until(id, |progress| progress.trouble.is_some()).await;
    site.pass(SETTLE);
    eventually(async || site.fake.looks() >= 1).await;
    // One look is not enough.
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(site.progress(id).await.counts, counts);
    assert_eq!(site.fake.looks(), 1);
    site.pass(SETTLE);
    site.until_counts(id, sent(4)).await;
    each_once(&site, 4);
    assert!(site.fake.accepted().iter().all(|reference| reference.ends_with(".2")));
}

#[tokio::test]
async fn a_provider_that_does_not_say_is_asked_again_and_nothing_is_sent_meanwhile() {
    let site = Site::with(|config| config.timing.settle = Duration::from_millis(100)).await;
    site.fake.next([Reply::AcceptAndLose]);
    site.fake.set_silent(true);
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.trouble.is_some()).await;
    site.pass(SETTLE);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(site.progress(id).await.counts.unconfirmed, 4);
    site.fake.set_silent(false);
    site.until_counts(id, sent(4)).await;
    assert_eq!(site.fake.batches().len(), 1);
}

#[tokio::test]
async fn late_news_of_the_first_attempt_settle_the_message_while_the_second_is_not_accepted() {
    let site = Site::new().await;
    // The second attempt is put off, again and again.
    let put_off = Reply::NotNow(Some(Duration::from_secs(3_600)));
    site.fake.next([Reply::Lose, put_off]);
    let id = site.submitted(&TO[..1]).await;
    site.until(id, |progress| progress.trouble.is_some()).await;
    for looks in 1..=2 {
        site.pass(SETTLE);
        eventually(async || site.fake.looks() >= looks).await;
    }
    eventually(async || site.fake.batches().len() >= 2).await;
    site.until(id, |progress| progress.counts.queued == 1).await;
    site.receipt(&format!("{id}.0.1"), 1, &delivered()).await;
    let progress = site.until_counts(id, Counts { delivered: 1, ..Counts::default() }).await;
    assert_eq!(progress.state, CampaignState::Finished);
    assert_eq!(site.fake.batches().len(), 2);
}

#[tokio::test]
async fn once_an_attempt_is_accepted_news_of_another_move_nothing() {
    let site = Site::new().await;
    site.fake.next([Reply::Lose]);
    let id = site.submitted(&TO[..1]).await;
    site.until(id, |progress| progress.trouble.is_some()).await;
    eventually(async || {
        site.pass(SETTLE / 4);
        site.progress(id).await.counts == sent(1)
    })
    .await;
    site.receipt(&format!("{id}.0.1"), 1, &crate::site::undelivered(15)).await;
    assert_eq!(site.progress(id).await.counts, sent(1));
    site.receipt(&format!("{id}.0.2"), 2, &delivered()).await;
    site.until_counts(id, Counts { delivered: 1, ..Counts::default() }).await;
}

#[tokio::test]
async fn a_message_that_the_answer_forgets_is_in_doubt_alone() {
    let site = Site::new().await;
    site.fake.next([Reply::Forget("+6591234562")]);
    let id = site.submitted(&TO).await;
    site.until_counts(id, Counts { sent: 3, unconfirmed: 1, ..Counts::default() }).await;
    site.until(id, |progress| progress.trouble.is_some()).await;
    for _ in 0..2 {
        let looks = site.fake.looks();
        site.pass(SETTLE);
        eventually(async || site.fake.looks() > looks).await;
    }
    site.until_counts(id, sent(4)).await;
    each_once(&site, 4);
}

#[tokio::test]
async fn answers_that_cannot_be_told_apart_are_no_answers() {
    let site = Site::new().await;
    site.fake.next([Reply::OneShort]);
    let id = site.submitted(&TO).await;
    site.until_counts(id, Counts { unconfirmed: 4, ..Counts::default() }).await;
    site.until(id, |progress| progress.trouble.is_some()).await;
    site.pass(SETTLE);
    site.until_counts(id, sent(4)).await;
    each_once(&site, 4);
}

#[tokio::test]
async fn a_small_campaign_does_not_wait_for_one_that_hangs() {
    let site = Site::new().await;
    site.fake.next([Reply::Hang]);
    let hanging = site.submitted(&TO).await;
    site.until(hanging, |progress| progress.counts.unconfirmed == 4).await;
    let small = site.submitted(&TO[..1]).await;
    site.until_counts(small, sent(1)).await;
    // And what hangs is not taken for lost as long as it may still be answered.
    site.pass(SETTLE * 3);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(site.fake.looks(), 0);
    assert_eq!(site.progress(hanging).await.counts.unconfirmed, 4);
}

#[tokio::test]
async fn it_is_finished_when_all_is_known_or_two_days_later() {
    let mut site = Site::new().await;
    let id = site.submitted(&TO[..2]).await;
    site.until_counts(id, sent(2)).await;
    site.receipt(&format!("{id}.0.1"), 1, &delivered()).await;
    assert_eq!(site.progress(id).await.state, CampaignState::Sending);
    site.pass(Duration::from_secs(47 * 3_600));
    site.server.keep_house().await;
    site.sign_in().await;
    assert_eq!(site.progress(id).await.state, CampaignState::Sending);
    site.pass(Duration::from_secs(2 * 3_600));
    site.server.keep_house().await;
    assert_eq!(site.progress(id).await.state, CampaignState::Finished);
    // A late receipt still counts.
    site.receipt(&format!("{id}.1.1"), 2, &delivered()).await;
    let progress = site.progress(id).await;
    assert_eq!((progress.state, progress.counts.delivered), (CampaignState::Finished, 2));

    let quick = site.submitted(&TO[..1]).await;
    site.until_counts(quick, sent(1)).await;
    site.receipt(&format!("{quick}.0.1"), 3, &delivered()).await;
    assert_eq!(site.progress(quick).await.state, CampaignState::Finished);
    assert!(site.now() > BEGIN + Timestamp::DAY);
}
