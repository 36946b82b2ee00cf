//! Who a message is from, and what each country makes of it.

pub mod id;
pub mod rules;
