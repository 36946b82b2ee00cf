//! The number formats of an .xlsx: for each style that a cell can have, what it makes of a number.

use super::format::Format;
use super::part::Part;
use super::xml::{Xml, attribute};
use crate::bytes::Bytes;
use crate::file_problem::FileProblem;
use quick_xml::events::Event;
use std::collections::HashMap;

/// The formats, by the number of the style.
pub(super) fn read(mut part: Part, bytes: &mut dyn Bytes) -> Result<Vec<Format>, FileProblem> {
    let mut custom = HashMap::new();
    let mut styles = Vec::new();
    let mut section = Section::Other;
    let mut buffer = Vec::new();
    let mut xml = Xml::new(&mut part, bytes, &mut buffer);
    loop {
        match xml.next()? {
            Event::Start(tag) => match (tag.local_name().as_ref(), section) {
                ("numFmts", _) => section = Section::Formats,
                ("cellXfs", _) => section = Section::Styles,
                ("numFmt", Section::Formats) => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    let code = attribute(&tag, "formatCode");
                    custom.extend(id.zip(code.map(|code| Format::custom(&code))));
                }
                ("xf", Section::Styles) => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    styles.push(id.unwrap_or_default());
                }
                _ => (),
            },
            Event::End(tag) if matches!(tag.local_name().as_ref(), "numFmts" | "cellXfs") => {
                section = Section::Other;
            }
            Event::Eof => break,
            _ => (),
        }
    }
    let format = |id| custom.get(&id).copied().unwrap_or_else(|| Format::built_in(id));
    Ok(styles.into_iter().map(format).collect())
}

#[derive(Clone, Copy)]
enum Section {
    Formats,
    Styles,
    Other,
}
