//! Widgets that could be in anybody's library: they know nothing of drafts, routes or the API.

pub mod bar_chart;
pub mod brand;
pub mod button;
pub mod control_flow;
pub mod dialog;
pub mod donut;
pub mod field;
pub mod note;
pub mod phone;
pub mod problems;
pub mod progress;
pub mod table;
pub mod typing;
