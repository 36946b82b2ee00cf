//! What messages cost: exact amounts, and the sums over all recipients.

pub mod money;
pub mod quote;
