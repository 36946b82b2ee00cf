//! `cargo xtask bench lighthouse`: how Google's Lighthouse scores the product's sign-in page on a simulated
//! telephone, and what keeps a score from being full.

use crate::setup::{self, BrowserTools};
use crate::workspace::Workspace;
use crate::{process, release, say};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The last line for the oldest Node that we take. Not in a lock file: its packages would be the most of
/// all that we have, for one measurement now and then.
const LIGHTHOUSE: &str = "lighthouse@12.8.2";

/// Builds the product, serves it and prints the four scores.
pub fn run(workspace: &Workspace) -> Result<()> {
    let chromium = BrowserTools::ready(workspace)?.chromium;
    let program = release::build(workspace)?;
    let folder = workspace.target().join("xtask/bench-lighthouse");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr())?;
    let mut server = Command::new(program)
        .args(["serve", "--gateway", "sandbox", "--database", "sqlite:sms-sender.db"])
        .args(["--listen", &address.to_string()])
        .current_dir(&folder)
        .stdout(Stdio::null())
        .spawn()
        .context("cannot start the product")?;
    let report = folder.join("report.json");
    let measured = say::step("Lighthouse", "how soon and how well the sign-in page stands", || {
        let is_up = (0..50).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            TcpStream::connect(address).is_ok()
        });
        ensure!(is_up, "the product does not answer on {address}");
        let mut lighthouse = setup::node_ready()?.exec(LIGHTHOUSE);
        lighthouse
            .args([&format!("http://{address}/login"), "--quiet", "--output=json"])
            .args(["--chrome-flags=--headless=new --no-sandbox", "--output-path"])
            .arg(&report)
            .env("CHROME_PATH", &chromium);
        process::run(&mut lighthouse)
    });
    server.kill().context("the product")?;
    measured?;
    let report = std::fs::read_to_string(&report).context("Lighthouse's report")?;
    print(&serde_json::from_str(&report).context("Lighthouse's report")?);
    Ok(())
}

/// Each category with its score, and under it what counts and is not full.
fn print(report: &Value) {
    for category in report["categories"].as_object().into_iter().flat_map(|all| all.values()) {
        println!("{:16} {:>4}", category["title"].as_str().unwrap_or_default(), score(category));
        for reference in category["auditRefs"].as_array().into_iter().flatten() {
            let audit = &report["audits"][reference["id"].as_str().unwrap_or_default()];
            let counts = reference["weight"].as_f64().is_some_and(|weight| weight > 0.0);
            if counts && audit["score"].as_f64().is_some_and(|score| score < 1.0) {
                let title = audit["title"].as_str().unwrap_or_default();
                let value = audit["displayValue"].as_str().unwrap_or_default();
                println!("  {:>3}  {title}  {value}", score(audit));
            }
        }
    }
}

fn score(of: &Value) -> String {
    of["score"].as_f64().map_or("?".to_owned(), |score| format!("{:.0}", score * 100.0))
}
