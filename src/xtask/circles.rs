//! Files of a crate that import each other in a circle cannot be understood one after the other.
//!
//! A file imports another by naming something in it, in a `use` or in a path. To declare a module is not
//! to import it, and what a module only hands on with `pub use` is imported from where it is. Tests inside a file do
//! not count.

use crate::stamp;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A module's path in its crate; the root's is empty.
type Module = Vec<String>;

/// The circles in the crate whose root is in this folder, each as its files in the order of their imports.
pub fn circles(folder: &Path) -> Result<Vec<Vec<String>>> {
    let mut files = BTreeMap::new();
    for file in stamp::files(folder)? {
        let name = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let Some(module) = module(&name) else { continue };
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        files.insert(module, (name, tokens(&text)));
    }
    let modules: BTreeSet<Module> = files.keys().cloned().collect();
    let handed_on: BTreeMap<Module, Names> =
        files.iter().map(|(module, (_, tokens))| (module.clone(), exports(tokens))).collect();
    let mut imports: BTreeMap<&Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, (_, tokens)) in &files {
        let of = imports.entry(module).or_default();
        for path in paths(tokens) {
            let target = target(&modules, &handed_on, module, &path, 0);
            of.extend(target.filter(|target| target != module));
        }
    }
    let name =
        |module: &Module| files.get(module).map(|(name, _)| name.clone()).unwrap_or_default();
    let mut told = BTreeSet::new();
    let mut circles = Vec::new();
    for start in files.keys() {
        if !told.contains(start)
            && let Some(circle) = shortest(&imports, start)
        {
            circles.push(circle.iter().chain([start]).map(&name).collect());
            told.extend(circle);
        }
    }
    Ok(circles)
}

/// What module a file is, if it belongs to the crate and not to what is beside it.
fn module(name: &str) -> Option<Module> {
    let stem = name.strip_suffix(".rs")?;
    if matches!(stem, "lib" | "main") {
        return Some(Vec::new());
    }
    let is_beside = ["build", "bench/", "generate/"].iter().any(|beside| stem.starts_with(beside));
    (!is_beside).then(|| stem.split('/').map(str::to_owned).collect())
}

/// The shortest way from a module back to itself, beginning with it.
fn shortest(imports: &BTreeMap<&Module, BTreeSet<Module>>, start: &Module) -> Option<Vec<Module>> {
    let mut ways = vec![vec![start.clone()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way.last().and_then(|last| imports.get(last)).into_iter().flatten() {
                if next == start {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    longer.push(way.iter().chain([next]).cloned().collect());
                }
            }
        }
        ways = longer;
    }
    None
}

/// Names that a module hands on, each with the path that it has there.
type Names = BTreeMap<String, Vec<String>>;

/// The module that a path in `here` means, if it is one of the crate's.
fn target(
    modules: &BTreeSet<Module>,
    handed_on: &BTreeMap<Module, Names>,
    here: &Module,
    path: &[String],
    depth: u8,
) -> Option<Module> {
    let mut at = here.clone();
    let mut rest = path;
    let mut is_ours = false;
    while let Some((first, after)) = rest.split_first() {
        match first.as_str() {
            "crate" => at.clear(),
            "super" => drop(at.pop()),
            "self" => {}
            name => {
                at.push(name.to_owned());
                if !modules.contains(&at) {
                    at.pop();
                    break;
                }
            }
        }
        is_ours = true;
        rest = after;
    }
    let onward = rest.first().and_then(|name| handed_on.get(&at)?.get(name));
    match onward {
        // Deeper than any crate is; two modules could hand a name to each other.
        Some(onward) if is_ours && depth < 8 => {
            target(modules, handed_on, &at, onward, depth + 1).or(Some(at))
        }
        _ => is_ours.then_some(at),
    }
}

/// Words and signs, without comments, strings and tests.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("#[cfg(") && begins_tests(rest) {
            break;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(hashes) = raw(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = hashes + 2;
            rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
        } else if c == '"' {
            quoted(rest)
        } else if c == '\'' {
            character(rest)
        } else if is_word(c) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            tokens.push(rest[..end].to_owned());
            end
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !c.is_whitespace() {
                tokens.push(c.to_string());
            }
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

/// Whether this attribute has the module of tests under it, with which a file ends.
fn begins_tests(text: &str) -> bool {
    let mut lines = text.lines();
    lines.next().is_some_and(|attribute| attribute.contains("test"))
        && lines.next().is_some_and(|line| line.starts_with("mod "))
}

/// How many hashes begin a raw string here, if one begins.
fn raw(text: &str) -> Option<usize> {
    let hashes = text.strip_prefix('r')?;
    let text = hashes.trim_start_matches('#');
    text.starts_with('"').then(|| hashes.len() - text.len())
}

/// How long a string in quotes is.
fn quoted(text: &str) -> usize {
    let mut escaped = true;
    let end = text.char_indices().find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// How long a character in quotes is, or the quote of a lifetime.
fn character(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    let first = characters.next();
    let second = characters.next();
    match (first, second) {
        (Some((_, '\\')), Some((at, _))) => {
            text[at + 1..].find('\'').map_or(text.len(), |end| at + end + 2)
        }
        (_, Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

/// All paths of more than one word, as the file's own module would write them: `a::{b, c::d}` are two.
fn paths(tokens: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    // For each open brace, whether a module begins with it.
    let mut braces = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map_or("", String::as_str);
        if is_name(token)
            && !matches!(before, "::" | ".")
            && tokens.get(at + 1).is_some_and(|next| next == "::")
        {
            let mut ours = Vec::new();
            at = path(tokens, at, &[], &mut ours);
            let within = braces.iter().filter(|is_module| **is_module).count();
            found.extend(ours.into_iter().map(|path: Vec<String>| {
                let up = path.iter().take_while(|name| *name == "super").count();
                path[up.min(within)..].to_vec()
            }));
            continue;
        }
        match token.as_str() {
            "{" => braces.push(at >= 2 && tokens[at - 2] == "mod"),
            "}" => drop(braces.pop()),
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads a path with what comes before it, and returns where it ends.
fn path(
    tokens: &[String],
    mut at: usize,
    before: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let mut whole = before.to_vec();
    while let Some(word) = tokens.get(at) {
        if word == "{" {
            at += 1;
            while tokens.get(at).is_some_and(|token| token != "}") {
                at = path(tokens, at, &whole, found);
                // Past another name that it is given here.
                while tokens.get(at).is_some_and(|token| token != "}" && token != ",") {
                    at += 1;
                }
                at += usize::from(tokens.get(at).is_some_and(|token| token == ","));
            }
            return at + 1;
        }
        if !is_name(word) {
            break;
        }
        whole.push(word.clone());
        at += 1;
        if tokens.get(at).is_none_or(|next| next != "::") {
            break;
        }
        at += 1;
    }
    found.push(whole);
    at
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// What a file hands on: every name of its `pub use`.
fn exports(tokens: &[String]) -> Names {
    let mut names = Names::new();
    for at in 0..tokens.len() {
        if tokens[at] != "use" || at == 0 || !matches!(tokens[at - 1].as_str(), "pub" | ")") {
            continue;
        }
        let mut found = Vec::new();
        path(tokens, at + 1, &[], &mut found);
        names.extend(found.into_iter().filter_map(|path| Some((path.last()?.clone(), path))));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{circles, paths, tokens};
    use std::fs;

    fn of(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        circles(folder.path()).unwrap()
    }

    #[test]
    fn a_circle_is_told_with_its_files() {
        let files = [
            ("lib.rs", "mod a;\nmod b;\nmod c;\n"),
            ("a.rs", "use crate::{b::B, other};\n"),
            ("b.rs", "fn f() { crate::c::g::<u8>() }\n"),
            ("c.rs", "use super::a;\n"),
        ];
        assert_eq!(of(&files), [["a.rs", "b.rs", "c.rs", "a.rs"]]);
        assert_eq!(of(&files[..3]), [[""; 0]; 0]);
    }

    #[test]
    fn a_child_may_use_its_parent_and_not_both_each_other() {
        let child = ("a/b.rs", "use super::Thing;\n");
        assert_eq!(of(&[("a.rs", "mod b;\npub struct Thing;\n"), child]), [[""; 0]; 0]);
        let parent = ("a.rs", "mod b;\nfn f() { b::g() }\n");
        assert_eq!(of(&[parent, child]), [["a.rs", "a/b.rs", "a.rs"]]);
    }

    #[test]
    fn what_is_handed_on_is_imported_from_where_it_is() {
        let files = [
            ("a.rs", "mod b;\nmod c;\npub use b::B;\npub(crate) use c::{C, D};\n"),
            ("a/b.rs", "use super::D;\n"),
            ("a/c.rs", "pub struct C;\n"),
        ];
        assert_eq!(of(&files), [[""; 0]; 0]);
    }

    #[test]
    fn words_in_comments_strings_and_tests_import_nothing() {
        let text = "// crate::a\nlet x: &'a str = \"crate::\\\"b\"; r#\"crate::\"c\"#; ('\"', '\\'', '\\\\');\n\
            use crate::d;\n#[cfg(all(test, unix))]\nmod tests { use crate::e; }\n";
        assert_eq!(paths(&tokens(text)), [["crate", "d"]]);
        let text = "mod inside { use super::a::B; use super::super::c::D; } use super::e;";
        let found = [&["a", "B"][..], &["super", "c", "D"], &["super", "e"]];
        assert_eq!(paths(&tokens(text)), found);
        let text = "use crate::{a as b, c::{D, *}, e};";
        let found = [&["crate", "a"][..], &["crate", "c", "D"], &["crate", "c"], &["crate", "e"]];
        assert_eq!(paths(&tokens(text)), found);
    }
}
