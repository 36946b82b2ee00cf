//! What an .xlsx is put together from: which part lists the sheets, and where each of them is.

use super::archive::{Archive, Entry};
use super::date::Epoch;
use super::format::Format;
use super::limits::{SHEET, SMALL, STRINGS};
use super::part::Part;
use super::strings::Strings;
use super::styles;
use super::tab::SheetInfo;
use super::xlsx::XlsxRows;
use super::xml::{Xml, attribute, is_true};
use crate::bytes::Bytes;
use crate::file_problem::FileProblem;
use quick_xml::events::{BytesStart, Event};
use std::rc::Rc;

/// Where the list of sheets is when nothing says so.
const WORKBOOK: &str = "xl/workbook.xml";

/// What all sheets of an .xlsx have in common.
#[derive(Debug)]
pub(super) struct Xlsx {
    /// The part of each sheet.
    sheets: Vec<String>,
    epoch: Epoch,
    formats: Rc<[Format]>,
    strings_part: Option<String>,
    /// Read when they are first asked for.
    strings: Option<Rc<Strings>>,
}

impl Xlsx {
    pub fn open(
        archive: &Archive,
        bytes: &mut dyn Bytes,
    ) -> Result<(Self, Vec<SheetInfo>), FileProblem> {
        let package = Relation::of(archive, bytes, "")?;
        let main = Relation::target_of(&package, "officeDocument");
        let path = main.unwrap_or(WORKBOOK).to_owned();
        if path.ends_with(".bin") {
            return Err(FileProblem::OtherDocument);
        }
        let missing =
            if main.is_some() { FileProblem::Damaged } else { FileProblem::OtherDocument };
        let entry = archive.find(&path).ok_or(missing)?;
        let listing = Listing::read(Part::open(entry, bytes, SMALL)?, bytes)?;

        let related = Relation::of(archive, bytes, &path)?;
        let (parts, infos) = listing
            .sheets
            .into_iter()
            .filter_map(|(id, info)| Some((Relation::sheet(&related, &id)?.to_owned(), info)))
            .unzip();
        let formats = match Relation::target_of(&related, "styles") {
            Some(path) => styles::read(Part::open(part(archive, path)?, bytes, SMALL)?, bytes)?,
            None => Vec::new(),
        };
        let xlsx = Self {
            sheets: parts,
            epoch: listing.epoch,
            formats: formats.into(),
            strings_part: Relation::target_of(&related, "sharedStrings").map(str::to_owned),
            strings: None,
        };
        Ok((xlsx, infos))
    }

    pub fn rows(
        &mut self,
        archive: &Archive,
        bytes: &mut dyn Bytes,
        sheet: usize,
    ) -> Result<XlsxRows, FileProblem> {
        let path = self.sheets.get(sheet).ok_or(FileProblem::NoSheet)?;
        let sheet = Part::open(part(archive, path)?, bytes, SHEET)?;
        let strings = match (&self.strings, &self.strings_part) {
            (Some(strings), _) => Rc::clone(strings),
            (None, None) => Rc::default(),
            (None, Some(path)) => {
                let part = Part::open(part(archive, path)?, bytes, STRINGS)?;
                Rc::new(Strings::read(part, bytes)?)
            }
        };
        self.strings = Some(Rc::clone(&strings));
        Ok(XlsxRows::new(sheet, strings, Rc::clone(&self.formats), self.epoch))
    }
}

fn part<'a>(archive: &'a Archive, path: &str) -> Result<&'a Entry, FileProblem> {
    archive.find(path).ok_or(FileProblem::Damaged)
}

/// What the workbook's own part says.
#[derive(Default)]
struct Listing {
    /// By which relation each is found, and how it looks.
    sheets: Vec<(String, SheetInfo)>,
    epoch: Epoch,
}

impl Listing {
    fn read(mut part: Part, bytes: &mut dyn Bytes) -> Result<Self, FileProblem> {
        let mut listing = Self::default();
        let mut buffer = Vec::new();
        let mut xml = Xml::new(&mut part, bytes, &mut buffer);
        let mut is_root = true;
        loop {
            match xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "workbook" => is_root = false,
                    // A text or a presentation is packed alike.
                    _ if is_root => return Err(FileProblem::OtherDocument),
                    "workbookPr" if attribute(&tag, "date1904").is_some_and(|on| is_true(&on)) => {
                        listing.epoch = Epoch::From1904;
                    }
                    "sheet" => listing.sheets.extend(sheet(&tag)),
                    _ => (),
                },
                Event::Eof => break,
                _ => (),
            }
        }
        if is_root { Err(FileProblem::Damaged) } else { Ok(listing) }
    }
}

fn sheet(tag: &BytesStart<'_>) -> Option<(String, SheetInfo)> {
    let hidden = attribute(tag, "state").is_some_and(|state| state != "visible");
    Some((attribute(tag, "id")?, SheetInfo { name: attribute(tag, "name")?, hidden }))
}

/// How one part is found from another.
struct Relation {
    id: String,
    /// The last word of the kind's address, which differs between editions of the standard.
    kind: String,
    target: String,
}

impl Relation {
    /// Those of the part at `path`; those of the package where that is empty.
    fn of(archive: &Archive, bytes: &mut dyn Bytes, path: &str) -> Result<Vec<Self>, FileProblem> {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let listed_at = match folder {
            "" => format!("_rels/{file}.rels"),
            _ => format!("{folder}/_rels/{file}.rels"),
        };
        let Some(entry) = archive.find(&listed_at) else { return Ok(Vec::new()) };
        let mut part = Part::open(entry, bytes, SMALL)?;
        let mut relations = Vec::new();
        let mut buffer = Vec::new();
        let mut xml = Xml::new(&mut part, bytes, &mut buffer);
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                    relations.extend(Self::from_tag(&tag, folder));
                }
                Event::Eof => return Ok(relations),
                _ => (),
            }
        }
    }

    fn from_tag(tag: &BytesStart<'_>, folder: &str) -> Option<Self> {
        let kind = attribute(tag, "Type")?;
        let kind = kind.rsplit_once('/').map_or(kind.as_str(), |(_, last)| last).to_owned();
        let target = resolved(folder, &attribute(tag, "Target")?);
        Some(Self { id: attribute(tag, "Id")?, kind, target })
    }

    fn target_of<'r>(relations: &'r [Self], kind: &str) -> Option<&'r str> {
        relations.iter().find(|relation| relation.kind == kind).map(|found| found.target.as_str())
    }

    /// The part of the sheet with that id; `None` where it is a chart or a macro on a tab of its own.
    fn sheet<'r>(relations: &'r [Self], id: &str) -> Option<&'r str> {
        let found = relations.iter().find(|relation| relation.id == id)?;
        (found.kind == "worksheet").then_some(found.target.as_str())
    }
}

/// The path to which `target` leads from `folder`.
fn resolved(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => (),
            ".." => drop(path.pop()),
            _ => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_lead_from_the_folder_or_from_the_top() {
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("", "xl/workbook.xml"), "xl/workbook.xml");
        assert_eq!(resolved("a/b", "../c/./d"), "a/c/d");
        assert_eq!(resolved("a", "../../../d"), "d");
    }
}
