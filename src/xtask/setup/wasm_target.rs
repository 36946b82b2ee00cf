//! A compiler for wasm32-unknown-unknown.
//!
//! Usually rustup adds the target. Where only package registries are reached it cannot, but there
//! Debian has a recent compiler with the library's sources, and Cargo builds the library from them.
//! That toolchain is used for the browser's modules alone; rustup's stays first on PATH.

use super::apt;
use crate::version::Version;
use crate::{process, say};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// The target's name.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// What we link Debian's toolchain as; a name that nobody else takes.
const LINKED: &str = "sms-sender-debian";
const DEBIAN_PACKAGES: [&str; 5] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];
/// The oldest compiler that will do: `rust-version` in Cargo.toml.
const OLDEST: Version = Version(1, 95, 0);

/// How to compile for the browser here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The usual toolchain has the target.
    Usual,
    /// Debian's toolchain, which builds the standard library itself.
    Debian {
        /// Whether rustup must be told to step aside.
        past_rustup: bool,
    },
}

impl Toolchain {
    /// Sets a command up to compile for the browser.
    pub fn equip(self, command: &mut Command) {
        if let Self::Debian { past_rustup } = self {
            // build-std is unstable; the bootstrap switch lets a stable compiler do it.
            command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
            if past_rustup {
                command.env("RUSTUP_TOOLCHAIN", LINKED);
            }
        }
    }

    /// Whether clippy comes with it.
    pub fn has_clippy(self) -> bool {
        self == Self::Usual
    }
}

/// What there is, and so what to do next.
#[derive(Clone, Copy, Debug, Default)]
struct Facts {
    target: bool,
    rustup: bool,
    rustup_failed: bool,
    debian_compiler: bool,
    linked: bool,
    debian_failed: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Next {
    Use(Toolchain),
    AddTarget,
    InstallDebian,
    Link,
    GiveUp,
}

/// Pure, so that machines that we do not have can be tested.
fn next(facts: Facts) -> Next {
    match facts {
        Facts { target: true, .. } => Next::Use(Toolchain::Usual),
        // Before rustup is asked in vain once more: it was settled on an earlier run.
        Facts { debian_compiler: true, rustup: true, linked: true, .. } => {
            Next::Use(Toolchain::Debian { past_rustup: true })
        }
        Facts { rustup: true, rustup_failed: false, .. } => Next::AddTarget,
        Facts { debian_compiler: true, rustup: true, .. } => Next::Link,
        Facts { debian_compiler: true, .. } => Next::Use(Toolchain::Debian { past_rustup: false }),
        Facts { debian_failed: false, .. } => Next::InstallDebian,
        _ => Next::GiveUp,
    }
}

/// Finds or installs a compiler for the browser.
pub fn ready() -> Result<Toolchain> {
    let mut facts = look(Facts::default());
    loop {
        match next(facts) {
            Next::Use(toolchain) => return Ok(toolchain),
            Next::AddTarget => {
                let added = say::step(
                    "rustup target add",
                    "the compiler lacks wasm32, which browsers run",
                    || process::run(Command::new("rustup").args(["target", "add", TARGET])),
                );
                if let Err(error) = added {
                    say::note(&format!("{error:#}; trying Debian's compiler instead."));
                }
                facts.rustup_failed = true;
            }
            Next::InstallDebian => {
                apt::install(&DEBIAN_PACKAGES, "a compiler for wasm32, which browsers run")?;
                facts.debian_failed = true;
            }
            Next::Link => {
                process::run(Command::new("rustup").args(["toolchain", "link", LINKED, "/usr"]))?;
                say::note("The browser's modules are compiled with Debian's compiler.");
            }
            Next::GiveUp => bail!(
                "no compiler for {TARGET}: rustup could not add the target and Debian's packages \
                 brought no Rust of {OLDEST} or newer with its library sources"
            ),
        }
        facts = look(facts);
    }
}

fn look(known: Facts) -> Facts {
    let rustup = process::find("rustup").is_some();
    Facts {
        target: process::ask("rustc", &["--print", "target-libdir", "--target", TARGET])
            .is_some_and(|folder| Path::new(folder.trim()).is_dir()),
        rustup,
        debian_compiler: Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml").is_file()
            && process::ask("/usr/bin/rustc", &["--version"])
                .and_then(|text| Version::find(&text))
                .is_some_and(|version| version >= OLDEST),
        linked: rustup
            && process::ask("rustup", &["toolchain", "list"])
                .is_some_and(|list| list.lines().any(|line| line.starts_with(LINKED))),
        ..known
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, Next, Toolchain, next};
    use std::process::Command;

    const BARE: Facts = Facts {
        target: false,
        rustup: true,
        rustup_failed: false,
        debian_compiler: false,
        linked: false,
        debian_failed: false,
    };

    #[test]
    fn a_target_that_is_there_is_taken() {
        assert_eq!(next(Facts { target: true, ..BARE }), Next::Use(Toolchain::Usual));
    }

    #[test]
    fn rustup_is_asked_first_then_debian() {
        let mut facts = BARE;
        assert_eq!(next(facts), Next::AddTarget);
        facts.rustup_failed = true;
        assert_eq!(next(facts), Next::InstallDebian);
        facts.debian_compiler = true;
        assert_eq!(next(facts), Next::Link);
        facts.linked = true;
        assert_eq!(next(facts), Next::Use(Toolchain::Debian { past_rustup: true }));
    }

    #[test]
    fn what_was_settled_before_is_not_tried_again() {
        let facts = Facts { debian_compiler: true, linked: true, ..BARE };
        assert_eq!(next(facts), Next::Use(Toolchain::Debian { past_rustup: true }));
    }

    #[test]
    fn without_rustup_debian_is_the_usual_compiler() {
        let facts = Facts { rustup: false, ..BARE };
        assert_eq!(next(facts), Next::InstallDebian);
        let facts = Facts { debian_compiler: true, ..facts };
        assert_eq!(next(facts), Next::Use(Toolchain::Debian { past_rustup: false }));
    }

    #[test]
    fn an_end_is_reached_when_nothing_helped() {
        let facts = Facts { rustup_failed: true, debian_failed: true, ..BARE };
        assert_eq!(next(facts), Next::GiveUp);
    }

    #[test]
    fn only_debians_compiler_builds_the_library_itself() {
        let mut command = Command::new("cargo");
        Toolchain::Usual.equip(&mut command);
        assert_eq!(command.get_envs().count(), 0);
        Toolchain::Debian { past_rustup: true }.equip(&mut command);
        assert_eq!(command.get_envs().count(), 3);
    }
}
