//! What a browser has to fetch before the sign-in page stands, and how much of it is allowed.

use crate::workspace::Workspace;
use crate::{precompress, say, stamp};
use anyhow::{Context, Result, ensure};
use std::path::Path;

/// The budget in bytes, Brotli as it travels.
const BUDGET: u64 = 200_000;

/// One file of `dist/`.
#[derive(Debug)]
struct Asset {
    name: String,
    plain: u64,
    travels: u64,
}

/// Prints the table and refuses an app that grew over the budget.
pub fn check(workspace: &Workspace) -> Result<()> {
    let total = print(workspace)?;
    ensure!(
        total <= BUDGET,
        "the first load is {} bytes, {} over the budget of {}",
        say::bytes(total),
        say::bytes(total - BUDGET),
        say::bytes(BUDGET)
    );
    Ok(())
}

/// Prints what the first load consists of, and returns how many bytes travel.
pub fn print(workspace: &Workspace) -> Result<u64> {
    let (assets, later): (Vec<_>, Vec<_>) =
        measure(&workspace.dist())?.into_iter().partition(|asset| is_first(&asset.name));
    ensure!(
        assets.iter().any(|asset| asset.name == "index.html"),
        "dist/ has no index.html: run `cargo xtask build` first"
    );
    let total = assets.iter().map(|asset| asset.travels).sum();
    let plain = assets.iter().map(|asset| asset.plain).sum();
    let width = assets.iter().map(|asset| asset.name.len()).max().unwrap_or(0).max("budget".len());
    println!("{:width$}  {:>11}  {:>11}", "first load", "bytes", "brotli");
    for asset in &assets {
        row(&asset.name, width, asset.plain, asset.travels);
    }
    row("total", width, plain, total);
    println!("{:width$}  {:>11}  {:>11}", "budget", "", say::bytes(BUDGET));
    // While the sign-in page stands.
    for asset in later.iter().filter(|asset| asset.name.starts_with("inside")) {
        row("then", width, asset.plain, asset.travels);
    }
    Ok(total)
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
    use super::{is_first, measure};
    use std::fs;

    #[test]
    fn the_worker_the_embedding_and_the_icons_come_later() {
        for name in [
            "inside-2b.wasm",
            "worker.js",
            "worker_bg.wasm",
            "worker_loader.js",
            "embed.js",
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
