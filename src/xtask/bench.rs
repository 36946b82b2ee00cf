//! `cargo xtask bench`: measurements of what was really built.

mod contacts;
mod lighthouse;
mod numbers;

use crate::workspace::Workspace;
use crate::{release, size};
use anyhow::Result;

type Measure = fn(&Workspace) -> Result<()>;

/// The parts, each of which can be measured alone.
const PARTS: [(&str, Measure); 4] = [
    ("size", size),
    ("lighthouse", lighthouse::run),
    ("numbers", numbers::run),
    ("contacts", contacts::run),
];

/// Whether there is such a part.
pub fn exists(name: &str) -> bool {
    PARTS.iter().any(|part| part.0 == name)
}

/// Builds what is not up to date, then measures: the parts that are asked for, or all.
pub fn run(workspace: &Workspace, wanted: &[String]) -> Result<()> {
    for (name, measure) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            measure(workspace)?;
        }
    }
    Ok(())
}

fn size(workspace: &Workspace) -> Result<()> {
    release::build(workspace)?;
    size::print(workspace).map(drop)
}
