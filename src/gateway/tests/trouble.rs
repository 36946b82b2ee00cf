//! Every trouble the simulator can make, and what the client makes of it.

use super::support::{Served, batch, eventually, fast, key};
use gateway::eight::{EightClient, EightOptions};
use gateway::sandbox::{Options, Sandbox, api_router, page_router};
use gateway::{Acceptance, ApiKey, Gateway as _, SendError};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const GOOD: &str = "+6591212345";

fn number(last: &str) -> String {
    format!("+65955{last}")
}

fn all_accepted(answer: &Result<Vec<Acceptance>, SendError>) -> bool {
    let accepted = |one: &Acceptance| matches!(one, Acceptance::Accepted(_));
    answer.as_ref().is_ok_and(|answers| answers.iter().all(accepted))
}

/// The first request with the number, alone and in a batch, ends like this and leaves so many
/// accepted; the next one is fine.
async fn strikes_once(last: &str, is_right: impl Fn(&SendError) -> bool, accepted: u64) {
    let served = Served::sandbox(fast()).await;
    for (numbers, size) in
        [(vec![number(last)], 1), (vec![GOOD.to_owned(), format!("+65855{last}")], 2)]
    {
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let before = served.accepted().await;
        let error = served.send(&numbers).await.unwrap_err();
        assert!(is_right(&error), "{last}: {error:?}");
        let after = before + accepted * size;
        assert_eq!(served.accepted().await, after, "{last}");
        assert!(all_accepted(&served.send(&numbers).await), "{last}");
        assert_eq!(served.accepted().await, after + size, "{last}");
    }
}

fn is_lost(error: &SendError) -> bool {
    matches!(error, SendError::Lost(_))
}

#[tokio::test]
async fn too_many_requests() {
    let second = Some(Duration::from_secs(1));
    let is_right = |error: &SendError| matches!(error, SendError::NotNow { retry_after, .. } if *retry_after == second);
    strikes_once("00011", is_right, 0).await;
}

#[tokio::test]
async fn a_failure_before_acceptance() {
    strikes_once("00012", is_lost, 0).await;
}

#[tokio::test]
async fn a_failure_after_acceptance() {
    strikes_once("00013", is_lost, 1).await;
}

#[tokio::test]
async fn a_cut_before_acceptance() {
    strikes_once("00014", is_lost, 0).await;
}

#[tokio::test]
async fn a_cut_after_acceptance() {
    strikes_once("00015", is_lost, 1).await;
}

#[tokio::test]
async fn a_refusal_stays() {
    let served = Served::sandbox(fast()).await;
    for last in ["00017", "00019"] {
        for _ in 0..2 {
            let error = served.send(&[GOOD, &number(last)]).await.unwrap_err();
            assert!(matches!(error, SendError::Denied(_)), "{last}: {error:?}");
        }
    }
    assert_eq!(served.accepted().await, 0);
}

#[tokio::test]
async fn a_slow_answer_is_lost_to_the_impatient() {
    let options = Options { slow_answer: Duration::from_secs(600), ..fast() };
    let served = Served::sandbox(options).await;
    let impatient = EightOptions { timeout: Duration::from_millis(200), ..served.options() };
    let client = EightClient::new(impatient).unwrap();
    let error = client.send(&batch(&[&number("00016")], "http://127.0.0.1:9/")).await.unwrap_err();
    assert!(is_lost(&error), "{error:?}");
    assert_eq!(served.accepted().await, 1);
}

#[tokio::test]
async fn a_slow_answer_is_an_answer_to_the_patient() {
    let served =
        Served::sandbox(Options { slow_answer: Duration::from_millis(50), ..fast() }).await;
    assert!(all_accepted(&served.send(&[&number("00016")]).await));
}

#[tokio::test]
async fn a_message_rejected_at_submission() {
    let served = Served::sandbox(fast()).await;
    let rejected =
        Acceptance::Rejected("Invalid MSISDN format (not E.164 international number)".to_owned());
    assert_eq!(served.send(&[&number("00001")]).await, Ok(vec![rejected.clone()]));
    let answers = served.send(&[GOOD, &number("00001"), GOOD]).await.unwrap();
    assert!(matches!(answers[0], Acceptance::Accepted(_)));
    assert_eq!(answers[1], rejected);
    assert!(matches!(answers[2], Acceptance::Accepted(_)));
    assert_eq!(served.accepted().await, 2);
}

#[tokio::test]
async fn a_text_that_is_too_long_is_rejected_alone_and_in_company() {
    let served = Served::sandbox(fast()).await;
    for numbers in [&[GOOD][..], &[GOOD, GOOD]] {
        let mut batch = batch(numbers, "http://127.0.0.1:9/");
        batch.messages[0].text = "a".repeat(1_531);
        let answers = served.client().send(&batch).await.unwrap();
        assert_eq!(
            answers[0],
            Acceptance::Rejected("Invalid Text value. Reached max allowed limit".to_owned())
        );
    }
}

#[tokio::test]
async fn a_wrong_request_is_refused() {
    let options = Options { only_listed: true, ..fast() };
    let served = Served::sandbox(options).await;
    let mut foreign = batch(&[GOOD, GOOD], "http://127.0.0.1:9/");
    foreign.subaccount = "somebody_elses".to_owned();
    let error = served.client().send(&foreign).await.unwrap_err();
    assert!(matches!(&error, SendError::Refused(why) if why.contains("code 1001")), "{error:?}");
    let mut long = batch(&[GOOD, GOOD], "http://127.0.0.1:9/");
    long.reference = "a".repeat(21);
    let error = served.client().send(&long).await.unwrap_err();
    assert!(matches!(&error, SendError::Refused(why) if why.contains("code 3014")), "{error:?}");
    assert_eq!(served.accepted().await, 0);
}

#[tokio::test]
async fn only_the_right_key_is_welcome() {
    let served = Served::sandbox(Options { key: Some(key()), ..fast() }).await;
    assert!(all_accepted(&served.send(&[GOOD]).await));
    let wrong = EightOptions { key: ApiKey::new("another").unwrap(), ..served.options() };
    let client = EightClient::new(wrong).unwrap();
    let error = client.send(&batch(&[GOOD], "http://127.0.0.1:9/")).await.unwrap_err();
    assert!(matches!(&error, SendError::Denied(why) if why.contains("code 1200")), "{error:?}");
}

#[tokio::test]
async fn nobody_there_is_not_now() {
    let served = Served::sandbox(fast()).await;
    let client = served.client();
    drop(served);
    eventually(|| async {
        let answer = client.send(&batch(&[GOOD], "http://127.0.0.1:9/")).await;
        matches!(answer, Err(SendError::NotNow { retry_after: None, .. }))
    })
    .await;
}

/// On its own listener, a cut leaves not one byte of an answer.
#[tokio::test]
async fn a_cut_is_a_real_cut() {
    let served = Served::sandbox(fast()).await;
    for last in ["00014", "00015"] {
        let mut tcp = TcpStream::connect(served.address).await.unwrap();
        tcp.write_all(request(&number(last)).as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = tcp.read_to_end(&mut answer).await;
        assert_eq!(answer, b"", "{last}");
    }
    assert_eq!(served.accepted().await, 1);
}

/// Merged into another router there are no scissors; the answer still breaks off.
#[tokio::test]
async fn a_cut_in_another_router_is_lost_too() {
    let sandbox = Sandbox::start(fast()).unwrap();
    let router = api_router(sandbox.clone()).merge(page_router(sandbox));
    let served = Served::router(router).await;
    assert!(is_lost(&served.send(&[&number("00014")]).await.unwrap_err()));
    assert!(is_lost(&served.send(&[&number("00015")]).await.unwrap_err()));
    assert_eq!(served.accepted().await, 1);
}

/// A client that is gone before its request is accepted does not stop the acceptance.
#[tokio::test]
async fn acceptance_does_not_wait_for_the_client() {
    let served = Served::sandbox(Options { latency: Duration::from_millis(200), ..fast() }).await;
    let mut tcp = TcpStream::connect(served.address).await.unwrap();
    tcp.write_all(request(GOOD).as_bytes()).await.unwrap();
    eventually(|| async { served.get("/sandbox/api/counters").await["requests"] == 1 }).await;
    drop(tcp);
    eventually(|| async { served.accepted().await == 1 }).await;
}

#[tokio::test]
async fn bad_luck_comes_in_every_form() {
    let served = Served::sandbox(Options { fail_rate: 1.0, ..fast() }).await;
    let (mut lost, mut not_now) = (0, 0);
    while lost == 0 || not_now == 0 {
        match served.send(&[GOOD]).await {
            Err(SendError::Lost(_)) => lost += 1,
            Err(SendError::NotNow { .. }) => not_now += 1,
            other => panic!("{other:?}"),
        }
    }
}

/// What our own words of an error may say: never a number, a text or the key.
#[tokio::test]
async fn errors_are_discreet() {
    let served = Served::sandbox(fast()).await;
    for last in ["00011", "00012", "00014", "00017"] {
        let error = format!("{:?}", served.send(&[&number(last)]).await.unwrap_err());
        for secret in ["912", "Hello", "test-key", "demo_hq"] {
            assert!(!error.contains(secret), "{error}");
        }
    }
}

fn request(to: &str) -> String {
    let body = format!(r#"{{"destination":"{to}","text":"Hello"}}"#);
    format!(
        "POST /api/v1/subaccounts/demo_hq/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n\
         Connection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
