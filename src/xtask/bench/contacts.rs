//! `cargo xtask bench contacts`: files of contacts in the real product, timed beside what others would
//! build it from (`src/contacts/bench`). It fails where the product is not what it promises to be.

use crate::setup::{self, BrowserTools};
use crate::workspace::Workspace;
use crate::{process, release, say};
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

/// The files: their format, and how many rows they have.
const FILES: [(&str, &str); 2] = [("csv", "1000000"), ("xlsx", "100000")];

/// Builds the product, writes the files and measures.
pub fn run(workspace: &Workspace) -> Result<()> {
    let tools = BrowserTools::ready(workspace)?;
    setup::node_ready()?.packages(
        workspace,
        "src/contacts/bench",
        "the libraries that contacts is compared with",
    )?;
    release::build(workspace)?;
    let folder = workspace.target().join("xtask/bench-contacts");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    say::step("Writing the files", "people of many countries, and what is wrong in lists", || {
        FILES.iter().try_for_each(|(format, rows)| write_people(workspace, &folder, format, rows))
    })?;
    process::run(
        Command::new(&tools.node)
            .arg(workspace.path("src/contacts/bench/run.mjs"))
            .arg(&folder)
            .env("CHROMIUM", &tools.chromium)
            .env("SMS_SENDER_BIN", workspace.server_binary()),
    )
}

fn write_people(workspace: &Workspace, folder: &Path, format: &str, rows: &str) -> Result<()> {
    let mut command = Command::new("cargo");
    command
        .args(["run", "--quiet", "--release", "--locked", "--package", "contacts"])
        .args(["--example", "people", "--", format, rows])
        .arg(folder.join(format!("people.{format}")))
        .current_dir(workspace.root());
    process::run(&mut command)
}
