//! What becomes of campaigns after Submit: the list of them, and the page of each.
//!
//! | Module | Tells |
//! |---|---|
//! | [`list`], [`table`] | all campaigns, kept current while somebody looks |
//! | [`page`], [`about`] | one campaign |
//! | [`live`] | how its progress comes from the server, and how it goes on after the line was lost |
//! | [`delivery`], [`actions`], [`recipients`] | its numbers, its buttons, and who of its recipients is where |

pub(crate) mod about;
pub(crate) mod actions;
pub(crate) mod delivery;
pub(crate) mod list;
pub(crate) mod live;
pub(crate) mod page;
pub(crate) mod recipients;
pub(crate) mod table;

pub use list::CampaignsPage;
pub use page::CampaignPage;
