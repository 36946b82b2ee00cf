//! `cargo xtask build`: one program with the web app inside.

use crate::workspace::Workspace;
use crate::{precompress, process, say, web_app};
use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

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
    say::step("Listing what it is made of", "sms-sender.cdx.json", || list_materials(workspace))?;
    Ok(workspace.server_binary())
}

/// The software bill of materials, beside the program.
fn list_materials(workspace: &Workspace) -> Result<()> {
    let metadata = process::capture(
        Command::new("cargo")
            .args(["metadata", "--format-version", "1", "--locked"])
            .current_dir(workspace.root()),
    )?;
    let file = workspace.server_binary().with_file_name("sms-sender.cdx.json");
    let list = File::create(&file).with_context(|| format!("cannot write {}", file.display()))?;
    let mut sbom = Command::new("cargo")
        .args(["run", "--quiet", "--locked", "--package", "sbom"])
        .current_dir(workspace.root())
        .stdin(Stdio::piped())
        .stdout(list)
        .spawn()
        .context("cannot start cargo")?;
    let mut stdin = sbom.stdin.take().context("cargo takes no input")?;
    stdin.write_all(metadata.as_bytes()).context("cargo has taken no input")?;
    drop(stdin);
    ensure!(sbom.wait()?.success(), "the bill of materials cannot be made");
    Ok(())
}
