//! The 8x8 client against the simulator, over loopback HTTP, and both against 8x8's OpenAPI file.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod contract;
mod page;
mod receipts;
mod reconcile;
mod restart;
mod support;
mod trouble;
