//! The four steps, a file each. They read and write the draft and ask `domain` what is wrong.

pub mod compose;
pub mod recipients;
pub mod send;
pub mod subaccount;
