//! A text with fields: `Hi {{FirstName|there}}`, rendered for each recipient.
//!
//! `{{Name}}` stands for the recipient's value, `{{Name|fallback}}` says what to put when it is
//! empty. Spaces around the name do not matter, nor does its case.

use std::ops::Range;
use thiserror::Error;

/// The field that every recipient has: the number itself.
pub const MOBILE: &str = "Mobile";

/// A text, taken apart at its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    source: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(Range<usize>),
    Field { name: Range<usize>, fallback: Range<usize> },
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// `{{` without its `}}`.
    #[error("A field is not closed: write }}}} after “{{{{{0}”")]
    Unclosed(String),
    /// `{{}}`, or a fallback without a name.
    #[error("A field has no name: write one between {{{{ and }}}}, or delete the braces")]
    Nameless,
}

impl Template {
    /// Takes `source` apart. The text outside the fields is kept byte for byte.
    ///
    /// # Errors
    /// When a field is not closed or has no name.
    pub fn parse(source: impl Into<String>) -> Result<Self, TemplateError> {
        let source = source.into();
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some(open) = source[at..].find("{{").map(|i| at + i) {
            let inner = open + 2;
            let Some(close) = source[inner..].find("}}").map(|i| inner + i) else {
                let shown = source[inner..].chars().take(12).collect();
                return Err(TemplateError::Unclosed(shown));
            };
            let bar = source[inner..close].find('|').map(|i| inner + i);
            let name = trimmed(&source, inner..bar.unwrap_or(close));
            if name.is_empty() {
                return Err(TemplateError::Nameless);
            }
            if open > at {
                pieces.push(Piece::Text(at..open));
            }
            let fallback = bar.map_or(close..close, |bar| bar + 1..close);
            pieces.push(Piece::Field { name, fallback });
            at = close + 2;
        }
        if at < source.len() {
            pieces.push(Piece::Text(at..source.len()));
        }
        Ok(Self { source, pieces })
    }

    /// The text as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names of the fields used, in the order they first appear.
    pub fn fields(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for piece in &self.pieces {
            if let Piece::Field { name, .. } = piece {
                let name = &self.source[name.clone()];
                if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// Whether every recipient gets the same text.
    pub fn is_static(&self) -> bool {
        !self.pieces.iter().any(|piece| matches!(piece, Piece::Field { .. }))
    }

    /// Writes one recipient's text into `out`, which is cleared first. `value` answers for a field;
    /// `None` and the empty value both take the fallback.
    pub fn render<'v>(&self, out: &mut String, value: impl Fn(&str) -> Option<&'v str>) {
        out.clear();
        for piece in &self.pieces {
            out.push_str(match piece {
                Piece::Text(range) => &self.source[range.clone()],
                Piece::Field { name, fallback } => value(&self.source[name.clone()])
                    .filter(|value| !value.is_empty())
                    .unwrap_or(&self.source[fallback.clone()]),
            });
        }
    }
}

/// `range` of `text` without the white space at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let start = range.start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rendered(source: &str, name: Option<&str>) -> String {
        let mut out = String::from("left over");
        let value = |field: &str| (field == "FirstName").then_some(name).flatten();
        Template::parse(source).unwrap().render(&mut out, value);
        out
    }

    #[test]
    fn a_field_takes_the_value_or_the_fallback() {
        assert_eq!(rendered("Hi {{FirstName|there}}!", Some("Ann")), "Hi Ann!");
        assert_eq!(rendered("Hi {{ FirstName | there}}!", None), "Hi  there!");
        assert_eq!(rendered("Hi {{FirstName|there}}!", Some("")), "Hi there!");
        assert_eq!(rendered("Hi {{FirstName}}!", None), "Hi !");
        assert_eq!(rendered("{{FirstName}}", Some("{{FirstName}}")), "{{FirstName}}");
        assert_eq!(rendered("a } b { c }} d", None), "a } b { c }} d");
    }

    #[test]
    fn fields_are_listed_once_in_order() {
        let template = Template::parse("{{B}} {{a}} {{b}} {{A|x}}").unwrap();
        assert_eq!(template.fields(), ["B", "a"]);
        assert!(!template.is_static());
        assert!(Template::parse("plain").unwrap().is_static());
    }

    #[test]
    fn broken_fields_are_named() {
        assert_eq!(Template::parse("Hi {{Name"), Err(TemplateError::Unclosed("Name".into())));
        assert_eq!(Template::parse("Hi {{ }}"), Err(TemplateError::Nameless));
        assert_eq!(Template::parse("Hi {{|x}}"), Err(TemplateError::Nameless));
    }

    proptest! {
        #[test]
        fn a_text_without_braces_renders_as_itself(text in "[^{}]*") {
            prop_assert_eq!(rendered(&text, Some("Ann")), text);
        }

        #[test]
        fn any_text_parses_or_says_why(text in "[{}|a é]{0,40}") {
            if let Ok(template) = Template::parse(text.clone()) {
                prop_assert_eq!(template.source(), text);
            }
        }
    }
}
