//! The page's module in two parts: what the sign-in page takes and, in a file of its own, what comes
//! after it.
//!
//! Trunk's page starts the module as a whole. Here the module, as it was linked, is cut at the one function
//! that the web crate marks with `wasm_split`, and the parts take its place in `dist/`. Whatever both of them need is in
//! the first; the second finds its memory, its table of functions and so everything there. One hash
//! names all files, so that no part of one build ever meets a part of another.

use crate::setup::{ProductTools, WASM_TARGET};
use crate::stamp::{self, Fingerprint};
use crate::workspace::Workspace;
use crate::{process, say};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// What the cut leaves behind beside the parts, in the words of `wasm-split-cli`.
const LOADER: &str = "__wasm_split.js";

/// Cuts the module that Trunk has just had linked.
pub fn cut(workspace: &Workspace, tools: &ProductTools) -> Result<()> {
    say::step("Cutting the app in two", "nobody waits for what comes after the sign-in", || {
        let linked = workspace.target().join(WASM_TARGET).join("wasm-release/web.wasm");
        let folder = workspace.target().join("xtask/two-parts");
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        process::run(&mut tools.split(&linked, &folder))?;
        process::run(tools.bind(&folder.join("web.wasm"), &folder, "web").args([
            // What the second part uses of the first, under the names that it was cut by.
            "--keep-lld-exports",
            "--no-demangle",
        ]))?;
        for part in ["web_bg.wasm", &second(&folder)?] {
            process::run(&mut tools.optimise(&folder.join(part)))?;
        }
        put(&folder, &workspace.dist())
    })
}

/// Puts the parts in the place of Trunk's module and script.
fn put(parts: &Path, dist: &Path) -> Result<()> {
    let script = joined(&read(&parts.join("web.js"))?, &read(&parts.join(LOADER))?)?;
    let second_name = second(parts)?;
    let (first, second) = (bytes(&parts.join("web_bg.wasm"))?, bytes(&parts.join(&second_name))?);
    let mut content = Fingerprint::default();
    content.add(&script);
    content.add_bytes(&first);
    content.add_bytes(&second);
    let hash = content.text();

    let whole = whole(dist)?;
    let page = dist.join("index.html");
    let named = read(&page)?.replace(&whole, &format!("web-{hash}"));
    for (name, content) in [
        (
            format!("web-{hash}.js"),
            script.replace(&second_name, &format!("inside-{hash}.wasm")).as_bytes(),
        ),
        (format!("web-{hash}_bg.wasm"), &first),
        (format!("inside-{hash}.wasm"), &second),
        ("index.html".to_owned(), named.as_bytes()),
    ] {
        write(&dist.join(name), content)?;
    }
    for suffix in [".js", "_bg.wasm"] {
        let file = dist.join(format!("{whole}{suffix}"));
        fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    Ok(())
}

/// The second part's file, which is named after the mark in the web crate.
fn second(parts: &Path) -> Result<String> {
    let mut names = stamp::files(parts)?.into_iter().filter_map(|file| {
        let name = file.file_name()?.to_str()?;
        (name.starts_with("split_") && name.ends_with(".wasm")).then(|| name.to_owned())
    });
    let name = names.next().context("the cut has left no second part")?;
    ensure!(names.next().is_none(), "the cut has left more than two parts");
    Ok(name)
}

/// What Trunk has named the module, as `web-` and a hash.
fn whole(dist: &Path) -> Result<String> {
    let names = stamp::files(dist)?;
    let mut names = names.iter().filter_map(|file| {
        file.file_name()?.to_str()?.strip_suffix("_bg.wasm").filter(|name| name.starts_with("web-"))
    });
    let name = names.next().context("Trunk has left no web-….wasm in dist/")?;
    ensure!(names.next().is_none(), "there is more than one web-….wasm in dist/");
    Ok(name.to_owned())
}

/// The script that starts the first part with the one that fetches the second inside: a file less to
/// wait for.
fn joined(script: &str, loader: &str) -> Result<String> {
    let (head, rest) = script
        .split_once("import * as ")
        .context("wasm-bindgen's script does not import the loader")?;
    let (name, rest) = rest.split_once(' ').context("the loader is imported without a name")?;
    let (from, rest) = rest.split_once('\n').unwrap_or((rest, ""));
    ensure!(from.contains(LOADER), "wasm-bindgen's script imports something else than the loader");
    let (import, loader) = loader.split_once('\n').context("the loader has one line")?;
    ensure!(
        import.contains("{ initSync }"),
        "the loader imports something else than the first part"
    );
    let exports: Vec<&str> = loader
        .lines()
        .filter_map(|line| line.strip_prefix("export const ")?.split(' ').next())
        .collect();
    let loader = loader.replace("export const ", "const ");
    let exports = exports.join(", ");
    Ok(format!("{head}{loader}\nconst {name} = {{ {exports} }};\n{rest}"))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn bytes(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn write(file: &PathBuf, content: &[u8]) -> Result<()> {
    fs::write(file, content).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::{joined, put};
    use crate::stamp;
    use std::fs;

    const SCRIPT: &str = "import * as import1 from \"./__wasm_split.js\"\n\nlet wasm;\n";
    const LOADER: &str = "import { initSync } from \"./web.js\";\n\nfunction load() {}\n\
        export const __wasm_split_load_inside = load(\"./split_second_part.wasm\");\n";

    #[test]
    fn one_script_is_made_of_two() {
        let script = joined(SCRIPT, LOADER).unwrap();
        assert!(!script.contains("import *") && !script.contains("export"), "{script}");
        assert!(script.contains("const import1 = { __wasm_split_load_inside };"), "{script}");
        assert!(joined("let wasm;\n", LOADER).is_err());
        assert!(joined(&SCRIPT.replace("__wasm_split", "other"), LOADER).is_err());
    }

    #[test]
    fn the_parts_take_the_place_of_the_whole() {
        let (parts, dist) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (name, content) in [
            ("web.js", SCRIPT),
            ("__wasm_split.js", LOADER),
            ("web_bg.wasm", "first"),
            ("split_second_part.wasm", "second"),
        ] {
            fs::write(parts.path().join(name), content).unwrap();
        }
        for name in ["web-0a1b.js", "web-0a1b_bg.wasm", "worker_bg.wasm"] {
            fs::write(dist.path().join(name), "whole").unwrap();
        }
        fs::write(dist.path().join("index.html"), "/web-0a1b.js /web-0a1b_bg.wasm").unwrap();
        put(parts.path(), dist.path()).unwrap();

        let files = stamp::files(dist.path()).unwrap();
        let names: Vec<_> =
            files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
        let [index, inside, script, first, worker] = names[..] else { panic!("{names:?}") };
        assert_eq!((index, worker), ("index.html", "worker_bg.wasm"));
        let hash = inside.strip_prefix("inside-").unwrap().strip_suffix(".wasm").unwrap();
        assert_eq!(first, format!("web-{hash}_bg.wasm"));
        let content = |name: &str| fs::read_to_string(dist.path().join(name)).unwrap();
        assert_eq!(content(index), format!("/web-{hash}.js /web-{hash}_bg.wasm"));
        assert!(content(script).contains(&format!("\"./{inside}\"")));
        assert_eq!((content(first).as_str(), content(inside).as_str()), ("first", "second"));
    }
}
