//! `cargo xtask metadata [VERSION]`: newer tables of phone numbers.
//!
//! libphonenumber's metadata comes with the crate that the tests of `numbers` compare it with, so that
//! tables and tests are always of one release. Cargo fetches the crate; what it ships is copied to
//! `src/numbers/metadata`.

use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crate that ships the metadata.
const CRATE: &str = "rlibphonenumber";
/// Where in it the metadata is.
const FILE: &str = "src/generated/metadata/metadata.bin";
/// Where ours is.
const HOME: &str = "src/numbers/metadata";

/// Takes the metadata of that version of the crate, or of the newest.
pub fn update(workspace: &Workspace, version: Option<&str>) -> Result<()> {
    let manifest = workspace.path("Cargo.toml");
    let old = std::fs::read_to_string(&manifest).context("cannot read Cargo.toml")?;
    let new = match version {
        Some(version) => required(&old, &format!("={version}"))?,
        // Any of its line, for Cargo to find the newest; then pinned again.
        None => required(&old, "2")?,
    };
    std::fs::write(&manifest, &new).context("cannot write Cargo.toml")?;
    let updated = cargo(workspace, &["update", "--package", CRATE]).and_then(|_| copy(workspace));
    match updated {
        Ok(version) => std::fs::write(&manifest, required(&new, &format!("={version}"))?)
            .context("cannot write Cargo.toml")?,
        Err(error) => {
            std::fs::write(&manifest, old).context("cannot write Cargo.toml")?;
            return Err(error);
        }
    }
    println!("Now: cargo test -p numbers, and the comparison that CONTRIBUTING.md describes.");
    Ok(())
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<String> {
    process::capture(Command::new("cargo").args(arguments).current_dir(workspace.root()))
}

/// Copies what the crate ships, and returns the crate's version.
fn copy(workspace: &Workspace) -> Result<String> {
    let json = cargo(workspace, &["metadata", "--quiet", "--format-version", "1"])?;
    let metadata: Value = serde_json::from_str(&json).context("cargo metadata's answer")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let package = packages.iter().find(|package| package["name"] == CRATE);
    let package = package.with_context(|| format!("{CRATE} is not in the lock file"))?;
    let folder: PathBuf = package["manifest_path"].as_str().context("a package's path")?.into();
    let folder = folder.parent().unwrap_or(Path::new("."));
    let readme = std::fs::read_to_string(folder.join("Readme.md")).context("the crate's Readme")?;
    let release = release(&readme).context("the crate's Readme names no metadata version")?;
    let home = workspace.path(HOME);
    std::fs::copy(folder.join(FILE), home.join("metadata.bin")).context("the crate's metadata")?;
    std::fs::write(home.join("version.txt"), format!("{release}\n")).context("version.txt")?;
    let version = package["version"].as_str().unwrap_or_default();
    println!("libphonenumber's metadata {release}, from {CRATE} {version}");
    Ok(version.to_owned())
}

/// The release of libphonenumber that the crate's Readme names, as in `v9.0.42`.
fn release(readme: &str) -> Option<&str> {
    let line = readme.lines().find(|line| line.contains("metadata version"))?;
    let version = line.split(['`', 'v', ' ']).find(|word| {
        word.split('.').count() == 3 && word.split('.').all(|part| part.parse::<u32>().is_ok())
    })?;
    Some(version)
}

/// The manifest with another requirement for the crate.
fn required(manifest: &str, requirement: &str) -> Result<String> {
    let start = format!("{CRATE} = \"");
    ensure!(manifest.contains(&start), "Cargo.toml does not name {CRATE}");
    let lines = manifest.lines().map(|line| match line.starts_with(&start) {
        true => format!("{start}{requirement}\"\n"),
        false => format!("{line}\n"),
    });
    Ok(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::{release, required};

    #[test]
    fn the_release_is_read_from_the_readme() {
        let readme = "# A port\n\n**Used metadata version:** `v9.0.42`  \nmore";
        assert_eq!(release(readme), Some("9.0.42"));
        assert_eq!(release("no version at all"), None);
    }

    #[test]
    fn only_the_crates_line_changes() {
        let manifest = "[a]\nrlibphonenumber = \"=2.2.15\"\nother = \"1\"\n";
        let expected = "[a]\nrlibphonenumber = \"2\"\nother = \"1\"\n";
        assert_eq!(required(manifest, "2").unwrap(), expected);
        assert!(required("[a]\n", "2").is_err());
    }
}
