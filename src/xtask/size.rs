//! How much a browser has to fetch, and how much is allowed: for the sign-in page, which is the first load, for
//! the app as a whole and for the worker.

use crate::workspace::Workspace;
use crate::{precompress, say, stamp};
use anyhow::{Context, Result, ensure};
use std::path::Path;

/// What is weighed, its budget in bytes, Brotli as it travels, and which files belong to it.
type Budget = (&'static str, u64, fn(&str) -> bool);

const BUDGETS: [Budget; 3] = [
    ("sign-in page", 160_000, is_first),
    // The aim is 330,000. BENCHMARKS.md tells what the rest is made of.
    ("app, both parts", 400_000, |name| is_first(name) || name.starts_with("inside-")),
    ("worker", 280_000, |name| ["worker_bg.wasm", "worker.js"].contains(&name)),
];

/// One file of `dist/`.
#[derive(Debug)]
struct Asset {
    name: String,
    plain: u64,
    travels: u64,
}

/// Prints the tables and refuses what grew over its budget.
pub fn check(workspace: &Workspace) -> Result<()> {
    let over = print(workspace)?;
    ensure!(over.is_empty(), "over the budget: {}", over.join(", "));
    Ok(())
}

/// Prints what each consists of, and returns which are over their budgets, and by how much.
pub fn print(workspace: &Workspace) -> Result<Vec<String>> {
    let assets = measure(&workspace.dist())?;
    ensure!(
        assets.iter().any(|asset| asset.name == "index.html"),
        "dist/ has no index.html: run `cargo xtask build` first"
    );
    let width = assets.iter().map(|asset| asset.name.len()).max().unwrap_or(0);
    let mut over = Vec::new();
    for (what, budget, belongs) in BUDGETS {
        let (mut plain, mut travels) = (0, 0);
        println!("{what:width$}  {:>11}  {:>11}", "bytes", "brotli");
        for asset in assets.iter().filter(|asset| belongs(&asset.name)) {
            row(&asset.name, width, asset.plain, asset.travels);
            plain += asset.plain;
            travels += asset.travels;
        }
        row("total", width, plain, travels);
        println!("{:width$}  {:>11}  {:>11}\n", "budget", "", say::bytes(budget));
        if let Some(excess) = travels.checked_sub(budget).filter(|excess| *excess > 0) {
            over.push(format!("{what} by {} bytes", say::bytes(excess)));
        }
        ensure!(travels > 0, "dist/ has nothing of: {what}");
    }
    Ok(over)
}

fn row(name: &str, width: usize, plain: u64, travels: u64) {
    println!("{name:width$}  {:>11}  {:>11}", say::bytes(plain), say::bytes(travels));
}

fn measure(dist: &Path) -> Result<Vec<Asset>> {
    let mut assets = Vec::new();
    for file in stamp::files(dist)? {
        let name = file.strip_prefix(dist).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        if precompress::is_sibling(&file) {
            continue;
        }
        let size = |path: &Path| std::fs::metadata(path).map(|data| data.len());
        let plain = size(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let travels = size(&dist.join(format!("{name}.br"))).unwrap_or(plain);
        assets.push(Asset { name, plain, travels });
    }
    assets.sort_by_key(|asset| std::cmp::Reverse(asset.travels));
    Ok(assets)
}

/// Whether a file belongs to the first load. All of them do but what is known to come later or
/// elsewhere, so that a new file counts until somebody thinks about it.
fn is_first(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let later = [
        "inside",
        "worker",
        "embed",
        "frame",
        "bearer",
        "icon",
        "favicon",
        "apple-touch-icon",
        "robots.txt",
    ];
    !name.starts_with("icons/") && !later.iter().any(|start| file.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::{BUDGETS, is_first, measure};
    use std::fs;

    #[test]
    fn the_worker_the_embedding_and_the_icons_come_later() {
        for name in [
            "inside-2b.wasm",
            "worker.js",
            "worker_bg.wasm",
            "worker_loader.js",
            "embed.js",
            "embed-0123456789abcdef.js",
            "embed.json",
            "favicon.svg",
        ] {
            assert!(!is_first(name), "{name}");
        }
        for name in ["index.html", "web-1f.js", "web-1f_bg.wasm", "boot.js", "tokens-2a.css"] {
            assert!(is_first(name), "{name}");
        }
        assert!(!is_first("icons/check.svg"));
        assert!(is_first("snippets/dom/inline0.js"));
    }

    #[test]
    fn each_budget_has_its_files() {
        let of = |name: &str| BUDGETS.map(|(.., belongs)| belongs(name));
        assert_eq!(of("web-1f_bg.wasm"), [true, true, false]);
        assert_eq!(of("inside-1f.wasm"), [false, true, false]);
        assert_eq!(of("worker_bg.wasm"), [false, false, true]);
        assert_eq!(of("embed.js"), [false; 3]);
    }

    #[test]
    fn what_travels_is_brotli_where_there_is_some() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.html"), [0; 100]).unwrap();
        fs::write(folder.path().join("web.wasm"), [0; 900]).unwrap();
        fs::write(folder.path().join("web.wasm.br"), [0; 300]).unwrap();
        fs::write(folder.path().join("worker_bg.wasm"), [0; 5000]).unwrap();
        let assets = measure(folder.path()).unwrap();
        let sizes: Vec<_> = assets.iter().map(|a| (a.name.as_str(), a.plain, a.travels)).collect();
        let worker = ("worker_bg.wasm", 5000, 5000);
        assert_eq!(sizes, [worker, ("web.wasm", 900, 300), ("index.html", 100, 100)]);
    }
}
