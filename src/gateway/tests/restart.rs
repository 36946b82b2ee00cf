//! A simulator with a journal, stopped and started again.

use super::support::{Mailbox, Served, batch, fast};
use domain::campaign::delivery::DeliveryState;
use gateway::sandbox::Options;
use gateway::{Acceptance, Gateway as _, SendError};
use std::time::Duration;

#[tokio::test]
async fn what_was_accepted_is_remembered_and_its_receipts_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Some(dir.path().join("journal"));
    let mailbox = Mailbox::open().await;
    // So slow that nothing is posted before the restart.
    let slow =
        Options { journal: journal.clone(), receipt_delay: Duration::from_secs(600), ..fast() };
    let served = Served::sandbox(slow).await;
    let numbers = ["+6591212345", "+6595500001", "+6591212345"];
    let answers = served.client().send(&batch(&numbers, &mailbox.url())).await.unwrap();
    let lost = served.send(&["+6595500012"]).await.unwrap_err();
    assert!(matches!(lost, SendError::Lost(_)));
    let before = served.get("/sandbox/api/counters").await;
    assert_eq!(before["accepted"], 2);
    drop(served);
    assert_eq!(mailbox.bodies().len(), 0);

    let served = Served::sandbox(Options { journal: journal.clone(), ..fast() }).await;
    let after = served.get("/sandbox/api/counters").await;
    for counter in ["accepted", "unique_client_message_ids", "unique_destinations"] {
        assert_eq!(before[counter], after[counter], "{counter}");
    }
    let receipts = mailbox.wait_for(6).await;
    let umids = |reference: &str| {
        let of = |r: &&gateway::Receipt| r.reference == reference;
        receipts.iter().filter(of).map(|r| Acceptance::Accepted(r.umid)).collect::<Vec<_>>()
    };
    assert_eq!(umids("r0"), vec![answers[0].clone(); 3]);
    assert_eq!(umids("r2"), vec![answers[2].clone(); 3]);
    // Its trouble was made before the restart.
    assert!(served.send(&["+6595500012"]).await.is_ok());
    drop(served);

    // Everything was posted: nothing comes twice.
    let served = Served::sandbox(Options { journal, ..fast() }).await;
    let listed = served.get("/sandbox/api/messages?destination=6591212345").await;
    let states: Vec<_> = listed.as_array().unwrap().iter().map(|m| m["state"].clone()).collect();
    assert_eq!(states, ["delivered", "delivered"]);
    let receipts = mailbox.wait_for(6).await;
    assert_eq!(receipts.last().unwrap().state, DeliveryState::Delivered);
}

#[tokio::test]
async fn a_journal_that_cannot_be_used_is_said_so() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { journal: Some(dir.path().to_owned()), ..fast() };
    let error = gateway::sandbox::Sandbox::start(options).unwrap_err();
    assert!(error.to_string().contains("journal"), "{error}");
}
