//! `cargo xtask bench numbers`: our numbers in the browser, weighed and timed beside the libraries that
//! others use (`src/numbers/bench`).

use crate::setup::BenchTools;
use crate::workspace::Workspace;
use crate::{precompress, process, say};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};

/// What the module may weigh in bytes, Brotli as it travels.
const BUDGET: u64 = 60_000;
/// How many numbers are read.
const COUNT: &str = "1000000";

/// Builds the modules, prints what they weigh and how fast they are.
pub fn run(workspace: &Workspace) -> Result<()> {
    let tools = BenchTools::ready(workspace)?;
    let folder = workspace.target().join("xtask/bench-numbers");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    say::step("Building the modules", "ours, and phonenumber's to compare", || {
        process::run(tools.cargo().args(["build", "--profile", "wasm-release", "--locked"]).args([
            "--package",
            "numbers-bench",
            "--target",
            crate::setup::WASM_TARGET,
        ]))
    })?;
    for name in ["ours", "phonenumber"] {
        let built = workspace
            .target()
            .join(crate::setup::WASM_TARGET)
            .join(format!("wasm-release/numbers-bench-{name}.wasm"));
        process::run(&mut tools.bind(&built, &folder, name))?;
        process::run(&mut tools.optimise(&folder.join(format!("{name}_bg.wasm"))))?;
    }
    let ours = weigh(workspace, &folder)?;
    write_people(workspace, &folder.join("people.tsv"))?;
    process::run(
        Command::new(&tools.browser.node)
            .arg(workspace.path("src/numbers/bench/run.mjs"))
            .arg(&folder)
            .env("CHROMIUM", &tools.browser.chromium),
    )?;
    ensure!(ours <= BUDGET, "our module has {ours} bytes, more than {}", say::bytes(BUDGET));
    Ok(())
}

/// Prints what each library weighs; returns what ours does.
fn weigh(workspace: &Workspace, folder: &Path) -> Result<u64> {
    let modules = workspace.path("src/numbers/bench/node_modules");
    let files = [
        ("ours, wasm", folder.join("ours_bg.wasm")),
        ("libphonenumber-js/max", modules.join("libphonenumber-js/bundle/libphonenumber-max.js")),
        ("google-libphonenumber", modules.join("google-libphonenumber/dist/libphonenumber.js")),
        ("phonenumber, wasm", folder.join("phonenumber_bg.wasm")),
    ];
    println!("{:26}  {:>11}  {:>11}", "", "bytes", "brotli");
    let mut ours = None;
    for (name, file) in &files {
        let plain =
            std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let travels = precompress::brotli(&plain)?.len() as u64;
        ours.get_or_insert(travels);
        println!("{name:26}  {:>11}  {:>11}", say::bytes(plain.len() as u64), say::bytes(travels));
    }
    Ok(ours.unwrap_or_default())
}

fn write_people(workspace: &Workspace, to: &Path) -> Result<()> {
    let file =
        std::fs::File::create(to).with_context(|| format!("cannot write {}", to.display()))?;
    let mut command = Command::new("cargo");
    command
        .args(["run", "--quiet", "--release", "--locked", "--package", "numbers"])
        .args(["--example", "inputs", "--", "people", COUNT])
        .current_dir(workspace.root())
        .stdout(Stdio::from(file));
    say::step("Making the numbers", "of all countries, in many spellings", || {
        process::run(&mut command)
    })
}
