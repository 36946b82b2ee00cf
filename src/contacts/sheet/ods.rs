//! The sheets of an .ods: all in one part, one after the other.

use super::archive::Archive;
use super::limits::{SHEET, SMALL};
use super::ods_rows::OdsRows;
use super::part::Part;
use super::tab::SheetInfo;
use super::xml::{Xml, attribute};
use crate::bytes::Bytes;
use crate::file_problem::FileProblem;
use quick_xml::events::Event;
use std::collections::HashSet;

const CONTENT: &str = "content.xml";
const MANIFEST: &str = "META-INF/manifest.xml";
const MIME_TYPE: &str = "mimetype";
/// Of spreadsheets and their templates.
const SPREADSHEET: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// Whether this is an .ods rather than a package of Office.
pub(super) fn is_ods(archive: &Archive, bytes: &mut dyn Bytes) -> Result<bool, FileProblem> {
    if let Some(entry) = archive.find(MIME_TYPE) {
        let kind = Part::open(entry, bytes, SMALL)?.start(bytes)?;
        return if kind.starts_with(SPREADSHEET) {
            Ok(true)
        } else {
            Err(FileProblem::OtherDocument)
        };
    }
    Ok(archive.find(CONTENT).is_some() && archive.find(MANIFEST).is_some())
}

/// Where in the part the sheets start, in unpacked bytes.
#[derive(Debug)]
pub(super) struct Ods {
    starts: Vec<u64>,
}

impl Ods {
    /// Looks through all of the part once: it has no list of its sheets.
    pub fn open(
        archive: &Archive,
        bytes: &mut dyn Bytes,
    ) -> Result<(Self, Vec<SheetInfo>), FileProblem> {
        if is_encrypted(archive, bytes)? {
            return Err(FileProblem::Password);
        }
        let entry = archive.find(CONTENT).ok_or(FileProblem::Damaged)?;
        let mut part = Part::open(entry, bytes, SHEET)?;
        let mut buffer = Vec::new();
        let mut xml = Xml::new(&mut part, bytes, &mut buffer);
        let (mut starts, mut infos) = (Vec::new(), Vec::new());
        let mut hidden_styles = HashSet::new();
        let mut style = None;
        let mut is_spreadsheet = false;
        loop {
            let start = xml.place();
            match xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "spreadsheet" => is_spreadsheet = true,
                    "style" => style = attribute(&tag, "name"),
                    "table-properties" => {
                        let is_hidden = attribute(&tag, "display").as_deref() == Some("false");
                        hidden_styles.extend(style.take().filter(|_| is_hidden));
                    }
                    "table" if is_spreadsheet => {
                        let hidden = attribute(&tag, "style-name")
                            .is_some_and(|style| hidden_styles.contains(&style));
                        let name = attribute(&tag, "name").unwrap_or_default();
                        infos.push(SheetInfo { name, hidden });
                        starts.push(start);
                        xml.skip()?;
                    }
                    // Copies of other files' tables, and of what was deleted.
                    "dde-links" | "tracked-changes" => xml.skip()?,
                    _ => (),
                },
                Event::Eof => break,
                _ => (),
            }
        }
        match is_spreadsheet {
            true => Ok((Self { starts }, infos)),
            false => Err(FileProblem::OtherDocument),
        }
    }

    pub fn rows(
        &self,
        archive: &Archive,
        bytes: &mut dyn Bytes,
        sheet: usize,
    ) -> Result<OdsRows, FileProblem> {
        let start = *self.starts.get(sheet).ok_or(FileProblem::NoSheet)?;
        let entry = archive.find(CONTENT).ok_or(FileProblem::Damaged)?;
        let mut part = Part::open(entry, bytes, SHEET)?;
        part.skip_to(start, bytes)?;
        Ok(OdsRows::new(part))
    }
}

fn is_encrypted(archive: &Archive, bytes: &mut dyn Bytes) -> Result<bool, FileProblem> {
    let Some(entry) = archive.find(MANIFEST) else { return Ok(false) };
    let mut part = Part::open(entry, bytes, SMALL)?;
    let mut buffer = Vec::new();
    let mut xml = Xml::new(&mut part, bytes, &mut buffer);
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "encryption-data" => return Ok(true),
            Event::Eof => return Ok(false),
            _ => (),
        }
    }
}
