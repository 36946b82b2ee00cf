//! The web app: Trunk turns `index.html` and the crates behind it into a folder of `dist/`.

use crate::setup::{ProductTools, WebTools};
use crate::stamp::{self, Fingerprint, Stamp};
use crate::workspace::Workspace;
use crate::{pinned, precompress, process, say, style_sheet, two_parts};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// Everything that goes into the web app.
const INPUTS: [&str; 14] = [
    "src/domain",
    "src/numbers",
    "src/contacts",
    "src/worker",
    "src/web",
    "src/xtask/npm/package-lock.json",
    "style",
    "public",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "rust-toolchain.toml",
];

const WHY: &str = "the web app and its worker changed or are new";

/// Builds the product's: cut in two and as small as can be.
pub fn product(workspace: &Workspace) -> Result<()> {
    let dist = workspace.dist();
    unless_fresh(workspace, &dist, || {
        let tools = ProductTools::ready(workspace)?;
        say::step("trunk build --release", WHY, || {
            let mut trunk = tools.trunk()?;
            trunk.args(["build", "--release", "--locked", "--dist"]).arg(&dist);
            process::run(trunk.current_dir(workspace.root()))
        })?;
        two_parts::cut(workspace, &tools)?;
        style_sheet::join(&dist)?;
        for file in stamp::files(&dist)? {
            if file.extension().is_some_and(|extension| extension == "js") {
                // A page of a host's loads this one as a plain script.
                tools.minify(&file, !file.ends_with("embed.js"))?;
            }
        }
        pinned::put(&dist)
    })
}

/// Builds the one to try out: in one part and soon done.
pub fn trial(workspace: &Workspace) -> Result<()> {
    let dist = workspace.dev_dist();
    unless_fresh(workspace, &dist, || {
        let tools = WebTools::ready(workspace)?;
        say::step("trunk build", WHY, || {
            let mut trunk = tools.trunk()?;
            trunk.args(["build", "--locked", "--dist"]).arg(&dist);
            process::run(trunk.current_dir(workspace.root()))
        })?;
        pinned::put(&dist)
    })
}

/// Builds unless `dist` is what the present sources make.
fn unless_fresh(
    workspace: &Workspace,
    dist: &Path,
    build: impl FnOnce() -> Result<()>,
) -> Result<()> {
    ensure!(workspace.path("index.html").is_file(), "there is no index.html to build");
    let name = dist.file_name().context("dist/ has a name")?;
    let stamp = Stamp::at(workspace.target().join("xtask/web-app").join(name));
    // Taken before the build: what is saved meanwhile makes the next run build again.
    let inputs = inputs(workspace)?;
    if stamp.is(&format!("{inputs} {}", outputs(dist)?)) {
        say::note(&format!("The web app in dist/{} is up to date.", name.display()));
        return Ok(());
    }
    build()?;
    stamp.set(&format!("{inputs} {}", outputs(dist)?))
}

fn inputs(workspace: &Workspace) -> Result<String> {
    let mut fingerprint = Fingerprint::default();
    for input in INPUTS {
        fingerprint.add_tree(workspace.root(), input)?;
    }
    fingerprint.add(&process::ask("rustc", &["--version"]).unwrap_or_default());
    fingerprint.add(&std::env::var("RUSTFLAGS").unwrap_or_default());
    Ok(fingerprint.text())
}

/// What `dist/` holds, so that a build by hand or a deleted file is noticed. Times will do here:
/// nobody clones `dist/`.
pub fn outputs(dist: &Path) -> Result<String> {
    let mut fingerprint = Fingerprint::default();
    for file in stamp::files(dist)? {
        if precompress::is_sibling(&file) {
            continue;
        }
        let data = file.metadata().with_context(|| format!("cannot read {}", file.display()))?;
        let changed = data.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        fingerprint.add(&format!("{} {} {changed:?}", file.display(), data.len()));
    }
    Ok(fingerprint.text())
}

#[cfg(test)]
mod tests {
    use super::outputs;
    use std::fs;

    #[test]
    fn a_build_by_hand_is_noticed_and_compression_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path();
        fs::write(dist.join("app.js"), "let x").unwrap();
        let first = outputs(dist).unwrap();
        fs::write(dist.join("app.js.br"), "small").unwrap();
        assert_eq!(outputs(dist).unwrap(), first);
        fs::write(dist.join("app-2.js"), "let y").unwrap();
        assert_ne!(outputs(dist).unwrap(), first);
    }
}
