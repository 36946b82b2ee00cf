//! The list of campaigns, and one of them, live.

mod list;
mod page;

pub use list::CampaignsPage;
pub use page::CampaignPage;
