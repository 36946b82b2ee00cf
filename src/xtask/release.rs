//! `cargo xtask build`: one program with the web app inside.

use crate::workspace::Workspace;
use crate::{precompress, process, say, web_app};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// Builds what is not up to date and returns the program.
pub fn build(workspace: &Workspace) -> Result<PathBuf> {
    web_app::product(workspace)?;
    precompress::all(&workspace.dist())?;
    // Always asked: Cargo knows best whether anything changed, and answers at once if not.
    say::step("cargo build --release", "the server, with the web app inside", || {
        process::run(
            Command::new("cargo")
                .args(["build", "--release", "--package", "server"])
                // Read while compiling what is embedded: Cargo then knows that dist/ is another,
                // also when there was none the last time.
                .env("SMS_SENDER_WEB_APP", web_app::outputs(&workspace.dist())?)
                .current_dir(workspace.root()),
        )
    })?;
    Ok(workspace.server_binary())
}
