//! `cargo xtask bench`: measurements of what was really built.

use crate::workspace::Workspace;
use crate::{first_load, release};
use anyhow::Result;

/// Builds what is not up to date, then measures.
pub fn run(workspace: &Workspace) -> Result<()> {
    release::build(workspace)?;
    first_load::print(workspace)?;
    Ok(())
}
