//! Where things are: the root of the checkout, the target folder, what Cargo.lock settled.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The checkout that this xtask was built from.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the root from where Cargo says this crate is, so that any current folder will do.
    pub fn find() -> Result<Self> {
        // Cargo sets the variable when it runs us; the compiled-in path serves a direct call.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest)
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())
            .context("no Cargo.lock above xtask: is this a whole checkout?")?;
        Ok(Self { root: root.to_owned() })
    }

    /// The top of the checkout.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path in the checkout.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where Cargo puts what it builds.
    pub fn target(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.root.join("target"),
        }
    }

    /// The product's web app, which the program has inside.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist/release")
    }

    /// The web app to try out and to work on, which the program reads from here.
    pub fn dev_dist(&self) -> PathBuf {
        self.root.join("dist/dev")
    }

    /// The program to try out and to work on.
    pub fn dev_binary(&self) -> PathBuf {
        self.target().join("debug").join(format!("sms-sender{}", std::env::consts::EXE_SUFFIX))
    }

    /// The product.
    pub fn server_binary(&self) -> PathBuf {
        self.target().join("release").join(format!("sms-sender{}", std::env::consts::EXE_SUFFIX))
    }

    /// The version that Cargo.lock settled for a package.
    pub fn locked_version(&self, package: &str) -> Result<String> {
        let path = self.path("Cargo.lock");
        let lock = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        locked_version(&lock, package).map(str::to_owned)
    }
}

/// Reads a version out of Cargo.lock, which is TOML so regular that lines will do.
fn locked_version<'a>(lock: &'a str, package: &str) -> Result<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut versions = lock.split("[[package]]").filter_map(|entry| {
        let mut lines = entry.lines().map(str::trim);
        lines.find(|line| *line == name)?;
        lines.find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
    });
    let version =
        versions.next().with_context(|| format!("Cargo.lock has no package “{package}”"))?;
    anyhow::ensure!(versions.next().is_none(), "Cargo.lock has “{package}” more than once");
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::{Workspace, locked_version};

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.129"
source = "registry+x"
dependencies = [
 "wasm-bindgen-macro",
]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.129"

[[package]]
name = "twice"
version = "1.0.0"

[[package]]
name = "twice"
version = "2.0.0"
"#;

    #[test]
    fn finds_the_very_package_and_not_its_namesakes() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen").unwrap(), "0.2.129");
        assert!(locked_version(LOCK, "wasm").is_err());
    }

    #[test]
    fn does_not_guess_between_two_versions() {
        assert!(locked_version(LOCK, "twice").is_err());
    }

    #[test]
    fn the_root_is_where_the_lock_is() {
        assert!(Workspace::find().unwrap().path("src/xtask/workspace.rs").is_file());
    }
}
