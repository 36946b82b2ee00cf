//! `/campaigns/{id}/report.csv`.

use crate::fake::Reply;
use crate::site::{Site, delivered};
use axum::http::StatusCode;
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn every_recipient_has_a_line_that_no_spreadsheet_takes_for_a_formula() {
    let site = Site::new().await;
    site.fake.next([Reply::Reject("+6281234567890")]);
    let mut submission = crate::site::submission(&["+6591234567", "+6281234567890"]);
    submission["name"] = json!("Frühling");
    site.upload(&submission, &["+6591234567", "+6281234567890"]).await;
    let id: Uuid = submission["id"].as_str().unwrap().parse().unwrap();
    site.post(&format!("/api/v1/campaigns/{id}/submit"), &json!(null)).await;
    site.until(id, |progress| progress.counts.sent == 1).await;
    site.receipt(&format!("{id}.0.1"), 1, &delivered()).await;
    let answer = site.get(&format!("/api/v1/campaigns/{id}/report.csv")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"Fr_hling.csv\"; filename*=UTF-8''Fr%C3%BChling.csv"
    );
    assert_eq!(
        answer.text(),
        "\u{feff}Number,Country,Status,Reason,SMS parts,Attempt,Provider id,Updated\r\n\
         '+6591234567,SG,Delivered,,1,1,00000000-0000-0000-0000-000000000001,2026-11-22T14:05:00Z\r\n\
         '+6281234567890,ID,Rejected,The provider refused it: Invalid MSISDN,1,1,,2026-11-22T14:05:00Z\r\n"
    );
}

#[tokio::test]
async fn it_is_whole_however_long_it_is() {
    let site = Site::new().await;
    let numbers: Vec<String> = (0..10_001).map(|n| format!("+65{}", 90_000_000 + n)).collect();
    let to: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let submission = crate::site::submission(&to);
    site.post("/api/v1/campaigns", &submission).await;
    let id = submission["id"].as_str().unwrap();
    for (chunk, to) in to.chunks(5_000).enumerate() {
        site.put(&format!("/api/v1/campaigns/{id}/recipients/{chunk}"), &json!({"to": to})).await;
    }
    let answer = site.get(&format!("/api/v1/campaigns/{id}/report.csv")).await;
    let lines: Vec<&str> = answer.text().trim_end().split("\r\n").skip(1).collect();
    assert_eq!(lines.len(), numbers.len());
    for (line, number) in lines.iter().zip(&numbers) {
        assert!(line.starts_with(&format!("'{number},SG,Queued,")), "{line}");
    }
}
