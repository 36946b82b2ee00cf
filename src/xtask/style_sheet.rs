//! One style sheet of the product's page: each one more is one more answer that the first paint waits for.

use crate::stamp::Fingerprint;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;

const START: &str = "<link rel=\"stylesheet\" href=\"/";

/// Puts one file in the place of all sheets that `index.html` names, in their order.
pub fn join(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let html =
        fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let mut pieces = html.split(START);
    let mut joined = pieces.next().unwrap_or_default().to_owned();
    let mut sheet = String::new();
    let mut rest = String::new();
    for piece in pieces {
        let (name, tail) = piece.split_once('"').context("a style sheet without a name")?;
        let (_, tail) = tail.split_once('>').context("a link without an end")?;
        let file = dist.join(name);
        let css =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        sheet.push_str(&minified(&css));
        rest.push_str(tail.trim_start());
        fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    ensure!(!sheet.is_empty(), "index.html has no style sheet");
    let mut hash = Fingerprint::default();
    hash.add(&sheet);
    let name = format!("style-{}.css", hash.text());
    joined.push_str(&format!("{START}{name}\">"));
    joined.push_str(&rest);
    fs::write(dist.join(&name), sheet).with_context(|| format!("cannot write {name}"))?;
    fs::write(&page, joined).with_context(|| format!("cannot write {}", page.display()))
}

/// Without comments and without spaces where none are needed. What is in quotes stays as it is.
fn minified(css: &str) -> String {
    let mut small = String::new();
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("/*") => {
                rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
                continue;
            }
            '"' | '\'' => rest[1..].find(c).map_or(rest.len(), |end| end + 2),
            _ => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        if c.is_whitespace() {
            if !small.ends_with([' ', '{', '}', ';', ',']) && !small.is_empty() {
                small.push(' ');
            }
            continue;
        }
        if matches!(c, '{' | '}' | ';' | ',') && small.ends_with(' ') {
            small.pop();
        }
        if c == '}' && small.ends_with(';') {
            small.pop();
        }
        small.push_str(piece);
    }
    small.truncate(small.trim_end().len());
    small
}

#[cfg(test)]
mod tests {
    use super::{join, minified};
    use std::fs;

    #[test]
    fn only_what_nobody_reads_is_left_out() {
        for (css, small) in [
            ("/* Why. */\na ,\n  b > c {\n  margin: 0 auto;\n}\n", "a,b > c{margin: 0 auto}"),
            ("@media (width < 9rem) and (hover) {}", "@media (width < 9rem) and (hover){}"),
            ("a::after { content: \"  {  /* \"; }", "a::after{content: \"  {  /* \"}"),
            (
                "a { width: calc(1px + 2px) /* x */ ; b: url('a  b') }",
                "a{width: calc(1px + 2px);b: url('a  b')}",
            ),
        ] {
            assert_eq!(minified(css), small);
        }
    }

    #[test]
    fn one_sheet_takes_the_place_of_all_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path();
        fs::write(dist.join("z-1.css"), "a { top: 0 }\n").unwrap();
        fs::write(dist.join("b-2.css"), "b { top: 0 }\n").unwrap();
        fs::write(
            dist.join("index.html"),
            "<head><link rel=\"stylesheet\" href=\"/z-1.css\"/>\n\
             <link rel=\"stylesheet\" href=\"/b-2.css\"/><link rel=\"icon\"></head>",
        )
        .unwrap();
        join(dist).unwrap();
        let page = fs::read_to_string(dist.join("index.html")).unwrap();
        let (head, rest) = page.split_once("/style-").unwrap();
        let (hash, tail) = rest.split_once(".css").unwrap();
        assert_eq!(
            (head, tail),
            ("<head><link rel=\"stylesheet\" href=\"", "\"><link rel=\"icon\"></head>")
        );
        let sheet = fs::read_to_string(dist.join(format!("style-{hash}.css"))).unwrap();
        assert_eq!(sheet, "a{top: 0 }b{top: 0 }".replace(" }", "}"));
        assert!(!dist.join("z-1.css").exists() && !dist.join("b-2.css").exists());
        assert!(join(dist).is_ok(), "a page that has one keeps it");
    }
}
