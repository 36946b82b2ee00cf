//! Tools that Cargo can build: Trunk, the wasm-bindgen command, and what cuts a module in two.

use crate::version::Version;
use crate::workspace::Workspace;
use crate::{process, say};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The newest Trunk that our oldest compiler builds. Trunk.toml asks for the same line.
const TRUNK: Version = Version(0, 21, 14);
/// Understands the marks of the `wasm_split_helpers` in Cargo.lock.
const WASM_SPLIT: Version = Version(0, 2, 4);

struct Tool<'a> {
    krate: &'a str,
    program: &'a str,
    /// What of it is to be built. Not its defaults: these fetch things by TLS, which is long to build
    /// and done here.
    features: &'a str,
    /// Which of its crates do so much that they are worth optimising.
    busy: &'a [&'a str],
    version: Version,
    /// Whether it says its version. One that does not is taken from our own cache alone.
    tells: bool,
    /// wasm-bindgen's command refuses the output of any other version of its library.
    exactly: bool,
    why: &'a str,
}

/// Trunk, which builds the web app.
pub fn trunk(workspace: &Workspace) -> Result<PathBuf> {
    Tool {
        krate: "trunk",
        program: "trunk",
        features: "",
        busy: &[],
        version: TRUNK,
        tells: true,
        exactly: false,
        why: "it builds the web app; once, for some minutes",
    }
    .ready(workspace)
}

/// wasm-bindgen's command, of the very version that Cargo.lock names.
pub fn wasm_bindgen(workspace: &Workspace) -> Result<PathBuf> {
    let locked = workspace.locked_version("wasm-bindgen")?;
    Tool {
        krate: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        features: "",
        busy: &["walrus", "wasmparser", "wasm-encoder", "wasm-bindgen-cli-support"],
        version: Version::find(&locked).context("wasm-bindgen's version in Cargo.lock")?,
        tells: true,
        exactly: true,
        why: "it ties the app to the browser, and must be of Cargo.lock's version; once, for \
              a minute",
    }
    .ready(workspace)
}

/// What cuts a module into parts that are fetched one after the other.
pub fn wasm_split(workspace: &Workspace) -> Result<PathBuf> {
    Tool {
        krate: "wasm_split_cli_support",
        program: "wasm-split-cli",
        features: "build-binary",
        busy: &[],
        version: WASM_SPLIT,
        tells: false,
        exactly: true,
        why: "it cuts the app in two, so that the sign-in page comes first; once, for a minute",
    }
    .ready(workspace)
}

impl Tool<'_> {
    fn ready(&self, workspace: &Workspace) -> Result<PathBuf> {
        let found = process::find(self.program).filter(|found| self.tells && self.is(found));
        if let Some(found) = found {
            return Ok(found);
        }
        let home = cache()?.join(format!("{}-{}", self.program, self.version));
        let program =
            home.join("bin").join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX));
        if !self.is(&program) {
            say::step(&format!("cargo install {} {}", self.krate, self.version), self.why, || {
                process::run(&mut self.install(&home, &workspace.target()))
            })?;
        }
        Ok(program)
    }

    fn is(&self, program: &Path) -> bool {
        if !self.tells {
            return program.is_file();
        }
        let version = process::ask(program, &["--version"]).and_then(|text| Version::find(&text));
        version.is_some_and(|version| self.accepts(version))
    }

    fn accepts(&self, version: Version) -> bool {
        if self.exactly { version == self.version } else { version.will_do_for(self.version) }
    }

    fn install(&self, home: &Path, target: &Path) -> Command {
        let mut command = Command::new("cargo");
        command
            .args(["install", "--quiet", "--locked", self.krate, "--version"])
            .arg(self.version.to_string())
            .args(["--no-default-features", "--features", self.features])
            .args(["--bin", self.program, "--root"])
            .arg(home)
            // Both tools share what they have in common, and an interrupted build goes on.
            .arg("--target-dir")
            .arg(target.join("tools"))
            // A tool that works for seconds is not worth minutes of optimising it.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256");
        for krate in self.busy {
            command.arg("--config").arg(format!("profile.release.package.{krate}.opt-level=1"));
        }
        command
    }
}

/// A place of our own that outlives `cargo clean` and serves every checkout.
fn cache() -> Result<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => {
            std::env::home_dir().context("there is no home folder to keep tools in")?.join(".cache")
        }
    };
    Ok(base.join("sms-sender"))
}

#[cfg(test)]
mod tests {
    use super::{TRUNK, Tool};
    use crate::process;
    use crate::version::Version;

    fn tool(version: Version, exactly: bool) -> Tool<'static> {
        let (krate, program, features) = ("a-cli", "a", "");
        let busy = &["b"];
        Tool { krate, program, features, busy, version, tells: true, exactly, why: "" }
    }

    #[test]
    fn wasm_bindgen_is_taken_in_no_other_version() {
        let tool = tool(Version(0, 2, 129), true);
        assert!(tool.accepts(Version(0, 2, 129)));
        assert!(!tool.accepts(Version(0, 2, 130)));
    }

    #[test]
    fn trunk_is_taken_when_it_is_of_the_line() {
        let tool = tool(TRUNK, false);
        assert!(tool.accepts(Version(0, 21, 15)));
        assert!(!tool.accepts(Version(0, 22, 1)));
    }

    #[test]
    fn a_tool_that_is_missing_or_mute_is_not_ours() {
        let tool = tool(TRUNK, false);
        assert!(!tool.is("/nowhere/trunk".as_ref()));
        assert!(!tool.is("/bin/true".as_ref()));
    }

    #[test]
    fn it_is_installed_beside_and_not_over_the_users() {
        let line = process::spelled(
            &tool(Version(0, 2, 129), true).install("/cache/a".as_ref(), "/target".as_ref()),
        );
        assert_eq!(
            line,
            "cargo install --quiet --locked a-cli --version 0.2.129 --no-default-features --features  --bin a \
             --root /cache/a --target-dir /target/tools --config profile.release.package.b.opt-level=1"
        );
    }
}
