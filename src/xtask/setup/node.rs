//! Node and npm, and the few packages that we take from there.

use super::apt;
use crate::stamp::{Fingerprint, Stamp};
use crate::version::Version;
use crate::workspace::Workspace;
use crate::{process, say};
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// Debian 12's line, and the first of it whose test runner can be told how much to run at once.
const OLDEST: Version = Version(18, 19, 0);

/// Node, with npm beside it.
pub struct Node {
    /// Node's program.
    pub program: PathBuf,
    npm: PathBuf,
}

/// Finds or installs Node and npm.
pub fn ready() -> Result<Node> {
    if let Some(node) = look()? {
        return Ok(node);
    }
    let missing: Vec<&str> = [("node", "nodejs"), ("npm", "npm")]
        .into_iter()
        .filter(|(program, _)| process::find(program).is_none())
        .map(|(_, package)| package)
        .collect();
    apt::install(&missing, "Node and npm, which run wasm-opt and the browser tests")?;
    match look()? {
        Some(node) => Ok(node),
        None => bail!("Node and npm are still not on PATH"),
    }
}

fn look() -> Result<Option<Node>> {
    let (Some(program), Some(npm)) = (process::find("node"), process::find("npm")) else {
        return Ok(None);
    };
    let version = process::ask(&program, &["--version"]).and_then(|text| Version::find(&text));
    match version {
        Some(version) if version >= OLDEST => Ok(Some(Node { program, npm })),
        Some(version) => bail!("Node {version} is too old: {OLDEST} or newer is needed"),
        None => bail!("`{} --version` gives no version", program.display()),
    }
}

impl Node {
    /// A program of a package that no lock file has.
    pub fn exec(&self, package: &str) -> Command {
        let mut command = Command::new(&self.npm);
        command.args(["exec", "--yes", "--ignore-scripts", "--", package]);
        command
    }

    /// npm itself, for the scripts of a package of ours.
    pub fn npm(&self) -> Command {
        Command::new(&self.npm)
    }

    /// The `node_modules` of a folder, as its package-lock.json has it.
    pub fn packages(&self, workspace: &Workspace, folder: &str, why: &str) -> Result<PathBuf> {
        let mut wanted = Fingerprint::default();
        for file in ["package.json", "package-lock.json"] {
            wanted.add_tree(workspace.root(), &format!("{folder}/{file}"))?;
        }
        let modules = workspace.path(folder).join("node_modules");
        let stamp = Stamp::at(modules.join(".installed"));
        if !stamp.is(&wanted.text()) {
            say::step(&format!("npm ci in {folder}"), why, || {
                process::run(
                    Command::new(&self.npm)
                        // Nothing that we take needs a script, so none gets to run.
                        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                        .current_dir(workspace.path(folder)),
                )
            })?;
            stamp.set(&wanted.text())?;
        }
        Ok(modules)
    }
}
