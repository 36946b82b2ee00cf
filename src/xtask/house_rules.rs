//! Rules of this house that no compiler knows. CONTRIBUTING.md gives the reasons.

use crate::workspace::Workspace;
use crate::{circles, stamp};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};

/// The crates whose files import each other in no circle.
const WITHOUT_CIRCLES: [&str; 6] = ["contacts", "domain", "numbers", "web", "worker", "xtask"];

/// Checks all rules and names each offence.
pub fn check(workspace: &Workspace) -> Result<()> {
    let offences = offences(workspace.root())?;
    for offence in &offences {
        println!("{offence}");
    }
    ensure!(offences.is_empty(), "{} offences against the house rules", offences.len());
    println!("The house rules are kept.");
    Ok(())
}

fn offences(root: &Path) -> Result<Vec<String>> {
    let mut files = stamp::files(&root.join("src"))?;
    files.extend(own_tests(root)?);
    let mut offences = Vec::new();
    for file in &files {
        let name = file.strip_prefix(root).unwrap_or(file).display();
        match file.file_name().and_then(|name| name.to_str()) {
            Some("mod.rs") => {
                offences.push(format!("{name}: a module's file is named after the module"));
            }
            Some("Cargo.lock") => {
                offences.push(format!("{name}: only the workspace has a lock file"));
            }
            Some("package-lock.json") if read(file)?.contains("\"resolved\"") => {
                offences.push(format!("{name}: names a registry; .npmrc is there to prevent it"));
            }
            Some("Cargo.toml") if !inherits_lints(&read(file)?) => {
                offences.push(format!("{name}: needs `[lints]` with `workspace = true`"));
            }
            Some(rust) if rust.ends_with(".rs") && !read(file)?.starts_with("//!") => {
                offences.push(format!("{name}: starts with no `//!` that tells what it is for"));
            }
            _ => {}
        }
    }
    for name in WITHOUT_CIRCLES {
        for circle in circles::circles(&root.join("src").join(name))? {
            offences.push(format!("src/{name}: imports in a circle: {}", circle.join(" → ")));
        }
    }
    // Every crate inherits this one, so the compiler itself finds any `unsafe`.
    if !read(&root.join("Cargo.toml"))?
        .lines()
        .any(|line| line.trim() == r#"unsafe_code = "forbid""#)
    {
        offences.push("Cargo.toml: the workspace's lints must forbid unsafe_code".to_owned());
    }
    Ok(offences)
}

/// The crate `tests`, and the tests of each crate, which builds leave out.
fn own_tests(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = stamp::files(&root.join("tests"))?;
    let crates = root.join("src");
    let Ok(entries) = std::fs::read_dir(&crates) else {
        return Ok(files);
    };
    for entry in entries {
        let folder = entry.with_context(|| format!("cannot list {}", crates.display()))?.path();
        for kind in ["tests", "examples", "benches"] {
            files.extend(stamp::files(&folder.join(kind))?);
        }
    }
    Ok(files)
}

fn inherits_lints(manifest: &str) -> bool {
    let mut lines = manifest.lines().map(str::trim).skip_while(|line| *line != "[lints]");
    lines.next();
    lines.next() == Some("workspace = true")
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::{inherits_lints, offences};
    use std::fs;

    #[test]
    fn lints_are_inherited_or_not() {
        assert!(inherits_lints("[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"));
        assert!(!inherits_lints("[package]\nname = \"a\"\n"));
        assert!(!inherits_lints("[lints.rust]\nunsafe_code = \"allow\"\n"));
    }

    #[test]
    fn each_offence_is_named_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("src/a/deep")).unwrap();
        fs::create_dir_all(root.join("src/a/tests")).unwrap();
        fs::write(root.join("Cargo.toml"), "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n")
            .unwrap();
        fs::write(root.join("src/a/Cargo.toml"), "[lints]\nworkspace = true\n").unwrap();
        fs::write(root.join("src/a/lib.rs"), "//! Fine.\n").unwrap();
        assert_eq!(offences(root).unwrap(), [""; 0]);

        fs::write(root.join("src/a/deep/mod.rs"), "//! Not fine.\n").unwrap();
        fs::write(root.join("src/a/Cargo.lock"), "").unwrap();
        fs::write(root.join("src/a/Cargo.toml"), "[package]\n").unwrap();
        fs::write(root.join("src/a/tests/mute.rs"), "fn main() {}\n").unwrap();
        fs::write(root.join("src/a/package-lock.json"), r#"{"resolved": "a host"}"#).unwrap();
        fs::write(root.join("Cargo.toml"), "[workspace]\n").unwrap();
        assert_eq!(offences(root).unwrap().len(), 6);
    }
}
