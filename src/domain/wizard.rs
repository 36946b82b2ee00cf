//! From what the user types to a campaign that may be sent.
//!
//! | Module | Tells |
//! |---|---|
//! | [`draft`] | what the user has typed so far |
//! | [`journey`] | the steps, and which of them are open |
//! | [`submission`] | a complete, valid campaign |
//! | [`machine`] | what becomes of all that: read, counted, uploaded, submitted, or stopped |

pub mod draft;
pub mod journey;
pub mod machine;
pub mod submission;
