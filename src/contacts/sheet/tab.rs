//! What is known of a sheet before it is read.

/// A sheet as its tab shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetInfo {
    /// What is written on the tab.
    pub name: String,
    /// Whether there is no tab to be seen.
    pub hidden: bool,
}
