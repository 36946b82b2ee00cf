//! `/subaccounts` and `/destinations`.

use crate::fake::Fake;
use crate::site::Site;
use axum::http::StatusCode;
use domain::price::money::{Amount, Cost, Currency};
use domain::price::quote::PriceList;
use domain::recipients::phone::Country;
use serde_json::Value;

fn country(destinations: &Value, code: &str) -> Value {
    let countries = destinations["countries"].as_array().unwrap();
    countries.iter().find(|country| country["country"] == code).unwrap().clone()
}

#[tokio::test]
async fn subaccounts_are_those_of_the_provider() {
    let site = Site::new().await;
    insta::assert_json_snapshot!(site.get("/api/v1/subaccounts").await.json(), @r#"
    [
      {
        "countries": 2,
        "currency": "USD",
        "id": "acme_hq"
      },
      {
        "countries": 0,
        "currency": null,
        "id": "acme_otp"
      }
    ]
    "#);
}

#[tokio::test]
async fn destinations_join_prices_dialing_codes_and_rules() {
    let site = Site::new().await;
    let destinations = site.get("/api/v1/destinations?subaccount=acme_hq").await.json();
    assert_eq!(destinations["currency"], "USD");
    let names: Vec<&str> = destinations["countries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 250);
    assert!(names.is_sorted());
    insta::assert_json_snapshot!(country(&destinations, "ID"), @r#"
    {
      "country": "ID",
      "dialing_code": 62,
      "name": "Indonesia",
      "price": {
        "high": "0.35",
        "low": "0.3"
      },
      "sender_rule": {
        "alphanumeric": "registration_required",
        "disputed": false,
        "two_way": false
      }
    }
    "#);
    assert_eq!(country(&destinations, "FR")["price"], Value::Null);
}

#[tokio::test]
async fn the_sender_ids_used_last_come_first_and_only_once() {
    let site = Site::new().await;
    for sender_id in ["Acme", "Shop", "Acme"] {
        let mut submission = crate::site::submission(&["+6591234567"]);
        submission["sender_id"] = sender_id.into();
        site.upload(&submission, &["+6591234567"]).await;
        let id = submission["id"].as_str().unwrap();
        site.pass(std::time::Duration::from_secs(1));
        site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await;
    }
    // Never submitted, and so not used.
    let mut submission = crate::site::submission(&["+6591234567"]);
    submission["sender_id"] = "Unused".into();
    site.upload(&submission, &["+6591234567"]).await;
    let destinations = site.get("/api/v1/destinations?subaccount=acme_hq").await.json();
    assert_eq!(destinations["sender_ids"], serde_json::json!(["Acme", "Shop"]));
}

#[tokio::test]
async fn an_unknown_subaccount_has_no_destinations() {
    let site = Site::new().await;
    assert_eq!(site.get("/api/v1/destinations?subaccount=other").await.code(), "not_found");
    assert_eq!(site.get("/api/v1/destinations").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn before_the_provider_has_ever_answered_it_says_so() {
    let fake = Fake::default();
    fake.set_silent(true);
    let mut site = Site::closed(|_| {}, fake).await;
    site.sign_in().await;
    let answer = site.get("/api/v1/subaccounts").await;
    assert_eq!(answer.header("retry-after"), "5");
    insta::assert_json_snapshot!(answer.problem(), @r#"
    {
      "code": "provider_unavailable",
      "detail": "The provider does not answer, so its subaccounts and prices are not known yet. Try again in a moment.",
      "status": 503,
      "title": "The provider cannot be reached"
    }
    "#);
}

#[tokio::test]
async fn a_refused_key_is_told_apart_from_silence() {
    let fake = Fake::default();
    fake.close();
    let mut site = Site::closed(|_| {}, fake).await;
    site.sign_in().await;
    let problem = site.get("/api/v1/subaccounts").await.problem();
    assert_eq!(problem["code"], "provider_unavailable");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.starts_with("The provider refuses this installation's key"), "{detail}");
}

#[tokio::test]
async fn prices_of_the_installation_stand_in_where_the_provider_lists_none() {
    let site = Site::with(|config| {
        let price = Cost::exactly(Amount::parse("0.07").unwrap());
        let countries = [(Country::parse("FR").unwrap(), price)].into();
        config.prices = Some(PriceList { currency: Currency::parse("EUR").unwrap(), countries });
    })
    .await;
    let listed = site.get("/api/v1/destinations?subaccount=acme_hq").await.json();
    assert_eq!(country(&listed, "FR")["price"], Value::Null);
    let own = site.get("/api/v1/destinations?subaccount=acme_otp").await.json();
    assert_eq!(own["currency"], "EUR");
    assert_eq!(country(&own, "FR")["price"]["low"], "0.07");
}

#[tokio::test]
async fn from_how_many_recipients_on_submit_is_confirmed_is_configured() {
    let confirm_from = async |site: &Site| {
        site.get("/api/v1/destinations?subaccount=acme_hq").await.json()["confirm_from"].clone()
    };
    assert_eq!(confirm_from(&Site::new().await).await, 1_000);
    let never = Site::with(|config| config.confirm_from = 0).await;
    assert_eq!(confirm_from(&never).await, 0);
}
