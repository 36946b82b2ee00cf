//! The XML of a part, one tag or text after the other, with what all its readers need.
//!
//! Names are compared without their prefix: writers choose their own. Entities other than XML's five
//! are never looked up.

use super::limits::{DEPTH, ROW_BYTES};
use super::part::{Part, Source};
use crate::bytes::Bytes;
use crate::file_problem::FileProblem;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// What reads a part, for as long as the file's bytes are lent. Where it stops after an end tag, the
/// next one goes on.
pub(super) struct Xml<'a> {
    reader: Reader<Source<'a>>,
    buffer: &'a mut Vec<u8>,
    depth: u32,
}

impl<'a> Xml<'a> {
    pub fn new(part: &'a mut Part, bytes: &'a mut dyn Bytes, buffer: &'a mut Vec<u8>) -> Self {
        let mut reader = Reader::from_reader(Source::new(part, bytes));
        let config = reader.config_mut();
        // `<a/>` comes as a start and an end.
        config.expand_empty_elements = true;
        config.check_end_names = false;
        // A reader that goes on has not seen the start of what ends.
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Self { reader, buffer, depth: 0 }
    }

    /// The next tag or text. The end, where every tag that was started has ended.
    pub fn next(&mut self) -> Result<Event<'_>, FileProblem> {
        self.buffer.clear();
        self.reader.get_mut().begin_event();
        let Ok(event) = self.reader.read_event_into(self.buffer) else {
            return Err(self.reader.get_mut().problem());
        };
        match event {
            Event::Start(_) if self.depth == DEPTH => return Err(FileProblem::Damaged),
            Event::Eof if self.depth > 0 => return Err(FileProblem::Damaged),
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => (),
        }
        Ok(event)
    }

    /// Where the next tag or text starts, in unpacked bytes since this reader was made.
    pub fn place(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// Passes over everything up to the end of the tag that was just started.
    pub fn skip(&mut self) -> Result<(), FileProblem> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// Adds the text of the tag that was just started to `out`, without that of tags in it.
    pub fn text(&mut self, out: &mut String) -> Result<(), FileProblem> {
        let from = out.len();
        loop {
            match self.next()? {
                Event::Start(_) => self.skip()?,
                Event::End(_) => return Ok(()),
                text => push_text(&text, out),
            }
            if out.len() - from > ROW_BYTES {
                return Err(FileProblem::Bomb);
            }
        }
    }

    /// Adds the text of a string that may be in several pieces, each with its own look, to `out`. The
    /// reading aid over Japanese words is not part of it.
    pub fn rich_text(&mut self, out: &mut String) -> Result<(), FileProblem> {
        let (outside, from) = (self.depth.saturating_sub(1), out.len());
        while self.depth > outside {
            match self.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "t" => self.text(out)?,
                Event::Start(tag) if tag.local_name().as_ref() == "rPh" => self.skip()?,
                _ => (),
            }
            if out.len() - from > ROW_BYTES {
                return Err(FileProblem::Bomb);
            }
        }
        decode_escapes(out, from);
        Ok(())
    }

    /// Reads what is left of the part, to see that it is whole.
    pub fn finish(&mut self) -> Result<(), FileProblem> {
        self.reader.get_mut().finish()
    }
}

/// Adds the text of `event` to `out`, if it is one.
pub(super) fn push_text(event: &Event<'_>, out: &mut String) {
    match event {
        Event::Text(text) => push_lines(text, out),
        Event::CData(text) => push_lines(text, out),
        Event::GeneralRef(entity) => match (entity.resolve_char_ref(), entity.as_ref()) {
            (Ok(Some(letter)), _) => out.push(letter),
            (_, "lt") => out.push('<'),
            (_, "gt") => out.push('>'),
            (_, "amp") => out.push('&'),
            (_, "quot") => out.push('"'),
            (_, "apos") => out.push('\''),
            (_, unknown) => out.extend(["&", unknown, ";"]),
        },
        _ => (),
    }
}

/// Every kind of line end is `\n` in XML.
fn push_lines(text: &str, out: &mut String) {
    if text.contains('\r') {
        out.push_str(&text.replace("\r\n", "\n").replace('\r', "\n"));
    } else {
        out.push_str(text);
    }
}

/// The attributes of `tag`, by name without prefix. Those of `calcext:`, an extension of .ods, repeat
/// standard names and are left out.
pub(super) fn attributes<'t>(
    tag: &'t BytesStart<'_>,
) -> impl Iterator<Item = (&'t str, Cow<'t, str>)> {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    attributes.filter_map(Result::ok).filter_map(|attribute| {
        let key = attribute.key.0;
        let (prefix, name) = key.split_once(':').unwrap_or(("", key));
        (prefix != "calcext").then_some((name, attribute.value))
    })
}

/// One attribute of `tag`, as it was meant.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let (_, raw) = attributes(tag).find(|(found, _)| *found == name)?;
    Some(unescape(&raw).map_or_else(|_| raw.to_string(), Cow::into_owned))
}

/// Whether an attribute says yes.
pub(super) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

/// `_x000D_` and the like, by which Excel writes what XML cannot, in what `out` holds from `from` on.
pub(super) fn decode_escapes(out: &mut String, from: usize) {
    if !out[from..].contains("_x") {
        return;
    }
    let escaped = out.split_off(from);
    let mut rest = escaped.as_str();
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let hex = rest.get(2..6).filter(|_| rest[6..].starts_with('_'));
        let hex = hex.filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let letter = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        // Half of a pair stands for nothing alone and stays as it is.
        match letter.and_then(char::from_u32) {
            Some(letter) => {
                out.push(letter);
                rest = &rest[7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[2..];
            }
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> String {
        let mut out = format!("_x0041_{text}");
        decode_escapes(&mut out, 7);
        out.split_off(7)
    }

    #[test]
    fn what_xml_cannot_hold_is_decoded_once() {
        assert_eq!(decoded("a_x000D_\nb"), "a\r\nb");
        assert_eq!(decoded("_x005F_x000D_"), "_x000D_");
        assert_eq!(
            decoded("my_xylophone _x00_ _xD83D_ _x+041_ _x"),
            "my_xylophone _x00_ _xD83D_ _x+041_ _x"
        );
        assert_eq!(decoded("_x12é4_ _x123"), "_x12é4_ _x123");
    }
}
