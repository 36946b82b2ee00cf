//! `cargo xtask test`: everything CI checks, in the order in which a mistake is cheapest to learn.

use crate::setup::{self, BrowserTools};
use crate::workspace::Workspace;
use crate::{api_fuzz, demo, house_rules, licences, process, release, say, size};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::io::IsTerminal;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// One part of the checks.
struct Part {
    name: &'static str,
    tells: &'static str,
    check: fn(&Workspace) -> Result<()>,
    /// What happens to the others when it fails.
    failure: Failure,
    /// A part that must have gone well before.
    after: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Failure {
    /// Cheap to repair and in the way of everything else: stop.
    Stops,
    /// The others are worth knowing all the same.
    GoesOn,
}

/// Parts that run only when they are asked for: they need what not every machine can have.
const ONLY_BY_NAME: [&str; 1] = ["api"];

const PARTS: [Part; 15] = [
    Part {
        name: "format",
        tells: "rustfmt has nothing to change",
        check: format,
        failure: Failure::Stops,
        after: None,
    },
    Part {
        name: "rules",
        tells: "the rules of this house are kept",
        check: house_rules::check,
        failure: Failure::Stops,
        after: None,
    },
    Part {
        name: "licences",
        tells: "everything we use may be shipped",
        check: licences::check,
        failure: Failure::GoesOn,
        after: None,
    },
    Part {
        name: "clippy",
        tells: "no warning in what runs natively",
        check: clippy,
        failure: Failure::Stops,
        after: None,
    },
    Part {
        name: "clippy-wasm",
        tells: "no warning in what runs in the browser",
        check: clippy_wasm,
        failure: Failure::Stops,
        after: None,
    },
    Part {
        name: "docs",
        tells: "the documentation builds and its links lead somewhere",
        check: docs,
        failure: Failure::GoesOn,
        after: None,
    },
    Part {
        name: "unit",
        tells: "each crate does what it says",
        check: unit,
        failure: Failure::GoesOn,
        after: None,
    },
    Part {
        name: "http",
        tells: "the REST API does what it says",
        check: http,
        failure: Failure::GoesOn,
        after: None,
    },
    Part {
        name: "build",
        tells: "the program with the web app inside can be built",
        check: |workspace| release::build(workspace).map(|_| ()),
        failure: Failure::GoesOn,
        after: None,
    },
    Part {
        name: "size",
        tells: "what browsers fetch keeps to its budgets",
        check: size::check,
        failure: Failure::GoesOn,
        after: Some("build"),
    },
    Part {
        name: "types",
        tells: "what hosts write in TypeScript fits the element",
        check: types,
        failure: Failure::GoesOn,
        after: None,
    },
    Part {
        name: "embed",
        tells: "the npm package for hosts does what it says",
        check: embed,
        failure: Failure::GoesOn,
        after: None,
    },
    Part {
        name: "browser",
        tells: "a person with a browser gets a message sent",
        check: browser,
        failure: Failure::GoesOn,
        after: Some("build"),
    },
    Part {
        name: "api",
        tells: "no request brings the API into trouble",
        check: api_fuzz::check,
        failure: Failure::GoesOn,
        after: None,
    },
    Part {
        name: "gallery",
        tells: "every screen in every state is accessible",
        check: gallery,
        failure: Failure::GoesOn,
        after: None,
    },
];

/// The names of all parts, for the usage.
pub fn names() -> String {
    PARTS.map(|part| part.name).join(" ")
}

/// Whether there is such a part.
pub fn exists(name: &str) -> bool {
    PARTS.iter().any(|part| part.name == name)
}

/// How a part ended.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed(Duration),
    Failed(Duration, String),
    NotRun(&'static str),
}

/// Runs the parts that are asked for, or all, and sums up.
pub fn run(workspace: &Workspace, wanted: &[String]) -> Result<ExitCode> {
    let outcomes = carry_out(&chosen(wanted), |part| (part.check)(workspace));
    println!();
    for (part, outcome) in &outcomes {
        println!("{}", summary(part.name, outcome));
    }
    let well = outcomes.iter().all(|(_, outcome)| matches!(outcome, Outcome::Passed(_)));
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The parts asked for and what they come after, in our order and not in that of the asking.
fn chosen(wanted: &[String]) -> Vec<&'static Part> {
    let asked = |part: &Part| wanted.iter().any(|name| name == part.name);
    let is_wanted = |part: &Part| {
        (wanted.is_empty() && !ONLY_BY_NAME.contains(&part.name))
            || asked(part)
            || PARTS.iter().any(|later| later.after == Some(part.name) && asked(later))
    };
    PARTS.iter().filter(|part| is_wanted(part)).collect()
}

fn carry_out<'a>(
    parts: &[&'a Part],
    check: impl Fn(&Part) -> Result<()>,
) -> Vec<(&'a Part, Outcome)> {
    let mut outcomes: Vec<(&Part, Outcome)> = Vec::new();
    for part in parts {
        let bad = |outcome: &Outcome| !matches!(outcome, Outcome::Passed(_));
        let in_the_way = outcomes.iter().find(|(earlier, outcome)| {
            bad(outcome) && (earlier.failure == Failure::Stops || part.after == Some(earlier.name))
        });
        let outcome = match in_the_way {
            Some((earlier, _)) => Outcome::NotRun(earlier.name),
            None => timed(part, &check),
        };
        outcomes.push((part, outcome));
    }
    outcomes
}

fn timed(part: &Part, check: impl Fn(&Part) -> Result<()>) -> Outcome {
    println!("\n=== {}: {}", part.name, part.tells);
    let start = Instant::now();
    match check(part) {
        Ok(()) => Outcome::Passed(start.elapsed()),
        Err(error) => {
            let error = format!("{error:#}");
            println!("{}: {error}", part.name);
            Outcome::Failed(start.elapsed(), error)
        }
    }
}

fn summary(name: &str, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Passed(took) => format!("ok       {name:12} {:>12}", say::time(*took)),
        Outcome::Failed(took, error) => format!(
            "FAILED   {name:12} {:>12}  {error}\n         again: cargo xtask test {name}",
            say::time(*took)
        ),
        Outcome::NotRun(earlier) => format!("not run  {name:12} because {earlier} failed"),
    }
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(workspace.root());
    command
}

fn format(workspace: &Workspace) -> Result<()> {
    process::run(&mut cargo(workspace, &["fmt", "--all", "--check"]))
        .context("`cargo fmt --all` repairs it")
}

fn clippy(workspace: &Workspace) -> Result<()> {
    process::run(&mut cargo(workspace, &["clippy", "--all-targets", "--", "-D", "warnings"]))
}

fn clippy_wasm(workspace: &Workspace) -> Result<()> {
    let toolchain = setup::wasm_toolchain()?;
    let packages = ["web", "worker", "numbers-bench"]
        .into_iter()
        .flat_map(|name| ["--package", name])
        .chain(["--target", setup::WASM_TARGET]);
    let mut command = if toolchain.has_clippy() {
        let mut command = cargo(workspace, &["clippy"]);
        command.args(packages).args(["--", "-D", "warnings"]);
        command
    } else {
        say::note("This compiler for wasm32 has no clippy: the compiler's own warnings only.");
        let mut command = cargo(workspace, &["check"]);
        command.args(packages);
        command
    };
    toolchain.equip(&mut command);
    process::run(&mut command)
}

fn docs(workspace: &Workspace) -> Result<()> {
    process::run(cargo(workspace, &["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// All native crates but `tests`, which has a part of its own.
fn unit(workspace: &Workspace) -> Result<()> {
    let json = process::capture(&mut cargo(
        workspace,
        &["metadata", "--no-deps", "--format-version", "1"],
    ))?;
    let metadata: Value = serde_json::from_str(&json).context("cargo metadata's answer")?;
    let mut command = cargo(workspace, &["test"]);
    for name in default_members(&metadata).filter(|name| *name != "tests") {
        command.args(["--package", name]);
    }
    process::run(&mut command)
}

/// The names of the crates that a plain `cargo test` would take.
fn default_members(metadata: &Value) -> impl Iterator<Item = &str> {
    let ids = metadata["workspace_default_members"].as_array().map_or(&[][..], Vec::as_slice);
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    packages
        .iter()
        .filter(|package| ids.contains(&package["id"]))
        .filter_map(|package| package["name"].as_str())
}

fn http(workspace: &Workspace) -> Result<()> {
    process::run(&mut cargo(workspace, &["test", "--package", "tests"]))
}

fn types(workspace: &Workspace) -> Result<()> {
    let modules = setup::node_ready()?.packages(workspace, "src/xtask/npm", "tsc")?;
    let tsc = modules.join(".bin/tsc");
    process::run(
        Command::new(tsc).args(["--project", "tests/embed-types"]).current_dir(workspace.root()),
    )
}

/// The package's own tests, and the snippets of docs/embedding.md, which use it.
fn embed(workspace: &Workspace) -> Result<()> {
    let node = setup::node_ready()?;
    let folder = "src/embed";
    node.packages(workspace, folder, "React, Vue and a page for them, to test its wrappers in")?;
    process::run(node.npm().arg("test").current_dir(workspace.path(folder)))
}

fn browser(workspace: &Workspace) -> Result<()> {
    let tools = BrowserTools::ready(workspace)?;
    let folder = workspace.path("tests/browser");
    let mut tests: Vec<_> = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.mjs"))
        .collect();
    tests.sort();
    // Node without a file to run looks for tests on its own, also in node_modules.
    ensure!(!tests.is_empty(), "{} has no *.test.mjs", folder.display());
    in_browser(workspace, &tools, &workspace.server_binary(), &tests)
}

/// Looks at every screen in every state, as debug builds have them at `/gallery`: pictures in
/// `target/gallery`, and axe over each.
fn gallery(workspace: &Workspace) -> Result<()> {
    let tools = BrowserTools::ready(workspace)?;
    let program = demo::build(workspace)?;
    in_browser(workspace, &tools, &program, &["gallery.mjs".to_owned()])
}

fn in_browser(
    workspace: &Workspace,
    tools: &BrowserTools,
    program: &Path,
    tests: &[String],
) -> Result<()> {
    // A reader wants the tree; whoever reads the log by machine wants the plain closing lines.
    let reporter = if std::io::stdout().is_terminal() { "spec" } else { "tap" };
    process::run(
        Command::new(&tools.node)
            // Two, for a browser and a server each: as much as a small machine bears.
            .args(["--test", "--test-concurrency=2", &format!("--test-reporter={reporter}")])
            .args(tests)
            .current_dir(workspace.path("tests/browser"))
            .env("CHROMIUM", &tools.chromium)
            .env("SMS_SENDER_BIN", program),
    )
}

#[cfg(test)]
mod tests {
    use super::{ONLY_BY_NAME, Outcome, PARTS, carry_out, chosen, default_members, summary};
    use serde_json::json;
    use std::time::Duration;

    fn names_of(wanted: &[&str]) -> Vec<&'static str> {
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        chosen(&wanted).iter().map(|part| part.name).collect()
    }

    #[test]
    fn a_part_brings_what_it_comes_after() {
        assert_eq!(names_of(&["unit"]), ["unit"]);
        assert_eq!(names_of(&["browser"]), ["build", "browser"]);
        assert_eq!(names_of(&["http", "format"]), ["format", "http"]);
        assert_eq!(names_of(&[]).len(), PARTS.len() - ONLY_BY_NAME.len());
        assert_eq!(names_of(&["api"]), ["api"]);
    }

    /// The names of the parts that do not run when one fails.
    fn not_run(failing: &str) -> Vec<&'static str> {
        carry_out(&chosen(&[]), |part| {
            anyhow::ensure!(part.name != failing, "broken");
            Ok(())
        })
        .into_iter()
        .filter(|(_, outcome)| matches!(outcome, Outcome::NotRun(_)))
        .map(|(part, _)| part.name)
        .collect()
    }

    #[test]
    fn a_failure_stops_only_what_it_spoils() {
        assert_eq!(not_run("none"), [""; 0]);
        assert_eq!(not_run("unit"), [""; 0]);
        assert_eq!(not_run("build"), ["size", "browser"]);
        assert_eq!(not_run("format").len(), PARTS.len() - ONLY_BY_NAME.len() - 1);
    }

    #[test]
    fn the_summary_tells_how_to_try_again() {
        let failed = Outcome::Failed(Duration::from_secs(2), "broken".to_owned());
        assert!(summary("http", &failed).contains("again: cargo xtask test http"));
        assert!(summary("size", &Outcome::NotRun("build")).contains("because build failed"));
    }

    #[test]
    fn what_is_not_built_natively_is_left_out() {
        let metadata = json!({
            "workspace_default_members": ["path#a", "path#tests"],
            "packages": [
                {"id": "path#a", "name": "a"},
                {"id": "path#web", "name": "web"},
                {"id": "path#tests", "name": "tests"},
            ],
        });
        assert_eq!(default_members(&metadata).collect::<Vec<_>>(), ["a", "tests"]);
    }
}
