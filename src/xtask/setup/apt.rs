//! Debian's packages, where we may install them.

use crate::{process, say};
use anyhow::{Result, bail};
use std::process::Command;

/// Installs packages, or says what the user has to do.
pub fn install(packages: &[&str], why: &str) -> Result<()> {
    let wanted = packages.join(" ");
    match Means::here() {
        Means::Apt => say::step(&format!("Installing {wanted} with apt-get"), why, || {
            process::run(apt_get().arg("update").arg("-qq"))?;
            process::run(
                apt_get().args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages),
            )
        }),
        Means::NotRoot => bail!(
            "missing: {why}. Install it with `sudo apt-get install {wanted}` and run this again"
        ),
        Means::NoApt => bail!(
            "missing: {why}. Install it with your system's package manager (Debian calls it \
             {wanted}) and run this again"
        ),
    }
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// What stands between us and a Debian package.
#[derive(Debug, PartialEq, Eq)]
enum Means {
    Apt,
    NotRoot,
    NoApt,
}

impl Means {
    fn here() -> Self {
        let user = process::ask("id", &["-u"]);
        Self::of(process::find("apt-get").is_some(), user.as_deref().map(str::trim) == Some("0"))
    }

    fn of(apt: bool, root: bool) -> Self {
        match (apt, root) {
            (true, true) => Self::Apt,
            (true, false) => Self::NotRoot,
            (false, _) => Self::NoApt,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Means;

    #[test]
    fn only_root_installs() {
        assert_eq!(Means::of(true, true), Means::Apt);
        assert_eq!(Means::of(true, false), Means::NotRoot);
        assert_eq!(Means::of(false, true), Means::NoApt);
    }
}
