//! Knowing that nothing changed: a fingerprint of inputs, kept beside what was made of them.
//!
//! Contents are compared and not times, because a fresh clone or a switched branch touches every
//! file without changing it.

use anyhow::{Context, Result};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Folders that no build reads: other people's code, and tests and examples of a crate.
const SKIPPED: [&str; 5] = ["node_modules", "target", "tests", "examples", "benches"];

/// A fingerprint of everything that went into something. The hash may differ between compilers:
/// then the work is done once more.
#[derive(Default)]
pub struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Adds a fact, such as a tool's version.
    pub fn add(&mut self, fact: &str) {
        fact.hash(&mut self.0);
    }

    /// Adds what a file holds.
    pub fn add_bytes(&mut self, bytes: &[u8]) {
        bytes.hash(&mut self.0);
    }

    /// Adds the names and contents of a file, or of all files in a folder.
    pub fn add_tree(&mut self, root: &Path, relative: &str) -> Result<()> {
        for file in files(&root.join(relative))? {
            let name = file.strip_prefix(root).unwrap_or(&file);
            name.hash(&mut self.0);
            std::fs::read(&file)
                .with_context(|| format!("cannot read {}", file.display()))?
                .hash(&mut self.0);
        }
        Ok(())
    }

    /// The fingerprint as a short text.
    pub fn text(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// All files in a folder (or the file itself), in a fixed order; nothing if there is nothing.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(path, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        found.push(path.to_owned());
        return Ok(());
    }
    if !path.is_dir() {
        return Ok(());
    }
    let entries =
        std::fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot list {}", path.display()))?;
        if !SKIPPED.iter().any(|name| entry.file_name() == *name) {
            collect(&entry.path(), found)?;
        }
    }
    Ok(())
}

/// A remembered fingerprint.
pub struct Stamp(PathBuf);

impl Stamp {
    /// The stamp kept in this file.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Whether this is what was remembered.
    pub fn is(&self, fingerprint: &str) -> bool {
        std::fs::read_to_string(&self.0).is_ok_and(|kept| kept == fingerprint)
    }

    /// Remembers; to be called when the work has succeeded.
    pub fn set(&self, fingerprint: &str) -> Result<()> {
        if let Some(folder) = self.0.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        std::fs::write(&self.0, fingerprint)
            .with_context(|| format!("cannot write {}", self.0.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, Stamp};
    use std::fs;
    use std::path::Path;

    fn of(root: &Path) -> String {
        let mut fingerprint = Fingerprint::default();
        fingerprint.add_tree(root, "src").unwrap();
        fingerprint.text()
    }

    #[test]
    fn contents_and_names_count_times_and_tests_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("src/web/tests")).unwrap();
        fs::write(root.join("src/web/main.rs"), "one").unwrap();
        let first = of(root);

        fs::write(root.join("src/web/main.rs"), "one").unwrap();
        fs::write(root.join("src/web/tests/all.rs"), "a test").unwrap();
        assert_eq!(of(root), first);

        fs::write(root.join("src/web/main.rs"), "two").unwrap();
        assert_ne!(of(root), first);
        fs::write(root.join("src/web/main.rs"), "one").unwrap();
        fs::rename(root.join("src/web/main.rs"), root.join("src/web/lib.rs")).unwrap();
        assert_ne!(of(root), first);
    }

    #[test]
    fn what_does_not_exist_adds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(of(folder.path()), Fingerprint::default().text());
    }

    #[test]
    fn a_stamp_remembers_one_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = Stamp::at(folder.path().join("deep/stamp"));
        assert!(!stamp.is("a"));
        stamp.set("a").unwrap();
        assert!(stamp.is("a"));
        stamp.set("b").unwrap();
        assert!(!stamp.is("a"));
    }
}
