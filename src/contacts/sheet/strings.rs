//! The texts that the sheets of an .xlsx share, in one piece of memory.

use super::part::Part;
use super::xml::Xml;
use crate::bytes::Bytes;
use crate::file_problem::FileProblem;
use quick_xml::events::Event;

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    /// Where each ends. What a workbook shares is smaller than 4 GB: see `limits.rs`.
    ends: Vec<u32>,
}

impl Strings {
    pub fn read(mut part: Part, bytes: &mut dyn Bytes) -> Result<Self, FileProblem> {
        let mut strings = Self::default();
        let mut buffer = Vec::new();
        let mut xml = Xml::new(&mut part, bytes, &mut buffer);
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                    xml.rich_text(&mut strings.text)?;
                    strings.ends.push(strings.text.len() as u32);
                }
                Event::Eof => break,
                _ => (),
            }
        }
        Ok(strings)
    }

    pub fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)? as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end)
    }
}
