//! Whose code we ship, and whether its licence lets us.
//!
//! Every crate in Cargo.lock and every npm package that a lock file names is looked at, also those
//! of other platforms and of tests: a licence that is fine only for tests is a trap for later.

use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Licences under which code may be combined with ours and shipped.
const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    // Data, such as the root certificates: asks for nothing but the licence's text.
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    // Copyleft by the file: binds who changes those files, and we use them as they are.
    "MPL-2.0",
    // Data of the Unicode consortium, in both editions of its licence.
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Folders with a package-lock.json.
const NPM: [&str; 5] =
    ["src/xtask/npm", "src/contacts/bench", "src/numbers/bench", "src/embed", "tests/browser"];

/// Somebody's package and what it says about its licence.
#[derive(Debug)]
struct Package {
    name: String,
    licence: Option<String>,
}

/// Looks at everything and names each package whose licence is not allowed.
pub fn check(workspace: &Workspace) -> Result<()> {
    let mut packages = crates(workspace.root())?;
    for folder in NPM {
        packages.extend(npm_packages(&workspace.path(folder).join("package-lock.json"))?);
    }
    let problems: Vec<String> = packages.iter().filter_map(problem).collect();
    for problem in &problems {
        println!("{problem}");
    }
    ensure!(
        problems.is_empty(),
        "{} of {} packages have a licence that is not allowed",
        problems.len(),
        packages.len()
    );
    println!("{} packages, all under licences that are allowed.", packages.len());
    Ok(())
}

fn crates(root: &Path) -> Result<Vec<Package>> {
    let json = process::capture(
        Command::new("cargo")
            .args(["metadata", "--quiet", "--format-version", "1"])
            .current_dir(root),
    )?;
    let metadata: Value = serde_json::from_str(&json).context("cargo metadata's answer")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    packages.iter().map(of_crate).collect()
}

fn of_crate(package: &Value) -> Result<Package> {
    let name = package["name"].as_str().context("a package without a name")?;
    let version = package["version"].as_str().unwrap_or_default();
    let licence = package["license"].as_str().map(str::to_owned);
    Ok(Package { name: format!("{name} {version}"), licence })
}

fn npm_packages(lock: &Path) -> Result<Vec<Package>> {
    let text =
        std::fs::read_to_string(lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let lock_file: Value =
        serde_json::from_str(&text).with_context(|| format!("{} is not JSON", lock.display()))?;
    let Some(packages) = lock_file["packages"].as_object() else {
        bail!("{} lists no packages", lock.display());
    };
    Ok(packages
        .iter()
        // The entry without a name is the folder itself.
        .filter(|(path, _)| !path.is_empty())
        .map(|(path, package)| Package {
            name: format!("{} (npm)", path.trim_start_matches("node_modules/")),
            licence: package["license"].as_str().map(str::to_owned),
        })
        .collect())
}

/// What is wrong with a package's licence, if anything is.
fn problem(package: &Package) -> Option<String> {
    let name = &package.name;
    let Some(licence) = &package.licence else {
        return Some(format!("{name}: names no licence"));
    };
    // Lax, for the old way of writing "MIT/Apache-2.0".
    match spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX) {
        Ok(expression) if expression.evaluate(is_allowed) => None,
        Ok(_) => Some(format!("{name}: {licence}")),
        Err(error) => {
            Some(format!("{name}: “{licence}” is no licence expression ({})", error.reason))
        }
    }
}

/// An exception ("WITH …") only ever allows more, so the licence itself decides.
fn is_allowed(requirement: &spdx::LicenseReq) -> bool {
    requirement.license.id().is_some_and(|licence| ALLOWED.contains(&licence.name))
}

#[cfg(test)]
mod tests {
    use super::{ALLOWED, Package, npm_packages, problem};

    fn complaint(licence: &str) -> Option<String> {
        problem(&Package { name: "some 1.0.0".to_owned(), licence: Some(licence.to_owned()) })
    }

    #[test]
    fn one_allowed_branch_of_a_choice_is_enough() {
        for fine in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "Apache-2.0 WITH LLVM-exception",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
        ] {
            assert_eq!(complaint(fine), None, "{fine}");
        }
    }

    #[test]
    fn the_offender_and_its_expression_are_named() {
        for bad in ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "LicenseRef-Ours", "See LICENSE"] {
            let said = complaint(bad).unwrap();
            assert!(said.contains("some 1.0.0") && said.contains(bad), "{said}");
        }
        assert!(problem(&Package { name: "mute".to_owned(), licence: None }).is_some());
    }

    #[test]
    fn every_licence_we_allow_exists() {
        for name in ALLOWED {
            assert!(spdx::license_id(name).is_some(), "{name}");
        }
    }

    #[test]
    fn npm_names_its_licences_in_the_lock_file() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("package-lock.json");
        std::fs::write(
            &lock,
            r#"{"packages": {"": {"name": "us"}, "node_modules/a": {"license": "MIT"}, "node_modules/b": {}}}"#,
        )
        .unwrap();
        let packages = npm_packages(&lock).unwrap();
        let said: Vec<_> = packages.iter().map(problem).collect();
        assert_eq!(said, [None, Some("b (npm): names no licence".to_owned())]);
    }
}
