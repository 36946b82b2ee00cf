//! What has to be done now and then: finishing, forgetting, sweeping.

use crate::App;
use domain::time::Timestamp;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(60);
/// The provider waits two days for an operator's receipt; later ones are never told (8x8 "Delivery
/// receipts").
const LAST_RECEIPT: i64 = 48 * Timestamp::HOUR;
/// How long an upload may take that was begun and not submitted.
const ABANDONED: i64 = 24 * Timestamp::HOUR;
/// How long it is remembered that a campaign was forgotten: longer than a page that knows of it stays
/// open through a week.
const REMEMBERED: i64 = 8 * 24 * Timestamp::HOUR;

/// Once a minute, and when there is something to erase. Never returns.
pub async fn run(app: App) {
    loop {
        once(&app).await;
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = app.to_erase.notified() => {}
        }
    }
}

/// All of it, once.
pub async fn once(app: &App) {
    let now = app.clock().now();
    app.throttle.sweep(now);
    let done = async {
        app.store.finish_overdue(now + -LAST_RECEIPT).await?;
        app.store.forget_abandoned(now + -ABANDONED, now).await?;
        app.store.erase_hidden().await?;
        app.store.sweep_forgotten(now + -REMEMBERED).await?;
        app.store.sweep_sessions(now).await
    };
    if let Err(error) = done.await {
        tracing::error!(%error, "the housekeeping failed; it is tried again in a minute");
    }
}
