//! Workbooks made by hand, part by part, and what is read from them.

use contacts::file_problem::FileProblem;
use contacts::record::Record;
use contacts::rows::Rows;
use contacts::sheet::Workbook;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub type Row = (u32, Vec<String>);

/// What was read of a sheet.
#[derive(Debug, PartialEq, Eq)]
pub struct Read {
    pub rows: Vec<Row>,
    pub hidden_rows: u32,
    pub hidden_columns: u32,
}

/// Sheet `sheet` of the file.
pub fn read_sheet(mut file: &[u8], sheet: usize) -> Result<Read, FileProblem> {
    let mut workbook = Workbook::open(&mut file)?;
    let mut rows = workbook.rows(&mut file, sheet)?;
    let mut record = Record::default();
    let mut read = Vec::new();
    while let Some(number) = rows.next(&mut file, &mut record)? {
        assert!(!record.is_blank());
        read.push((number, record.cells().map(str::to_owned).collect()));
        let (done, all) = rows.progress();
        assert!(done <= all);
    }
    assert_eq!(rows.next(&mut file, &mut record), Ok(None));
    assert_eq!(rows.progress().0, rows.progress().1);
    let (hidden_rows, hidden_columns) = (rows.hidden_rows(), rows.hidden_columns());
    Ok(Read { rows: read, hidden_rows, hidden_columns })
}

/// The rows of its first sheet.
pub fn read(file: &[u8]) -> Result<Vec<Row>, FileProblem> {
    read_sheet(file, 0).map(|read| read.rows)
}

pub fn row(number: u32, cells: &[&str]) -> Row {
    (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

pub fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    zip_with(SimpleFileOptions::default(), parts)
}

pub fn zip_with(options: SimpleFileOptions, parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The parts of an .xlsx with one sheet.
pub struct Xlsx<'a> {
    /// What is inside `<worksheet>`.
    pub sheet: &'a str,
    /// What is inside `<sst>`.
    pub strings: &'a str,
    /// What is inside `<styleSheet>`.
    pub styles: &'a str,
    /// What is inside `<workbook>` in front of the sheets.
    pub workbook: &'a str,
}

impl Default for Xlsx<'_> {
    fn default() -> Self {
        Self { sheet: "<sheetData/>", strings: "", styles: "", workbook: "" }
    }
}

pub const PACKAGE_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

pub const RELATIONS: &str = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="/xl/styles.xml"/>
<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>
<Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>"#;

impl Xlsx<'_> {
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let sheets = r#"<sheets><sheet name="Chart" sheetId="2" r:id="rId4"/><sheet name="A &amp; B" sheetId="1" r:id="rId1"/></sheets>"#;
        vec![
            ("[Content_Types].xml", "<Types/>".into()),
            ("_rels/.rels", PACKAGE_RELATIONS.into()),
            ("xl/workbook.xml", format!("<workbook>{}{sheets}</workbook>", self.workbook)),
            ("xl/_rels/workbook.xml.rels", RELATIONS.into()),
            ("xl/worksheets/sheet1.xml", format!("<worksheet>{}</worksheet>", self.sheet)),
            ("xl/styles.xml", format!("<styleSheet>{}</styleSheet>", self.styles)),
            ("xl/SharedStrings.xml", format!("<sst>{}</sst>", self.strings)),
        ]
    }

    pub fn file(&self) -> Vec<u8> {
        self.file_with(SimpleFileOptions::default())
    }

    pub fn file_with(&self, options: SimpleFileOptions) -> Vec<u8> {
        let parts = self.parts();
        let parts: Vec<_> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        zip_with(options, &parts)
    }
}

/// An .xlsx with these rows.
pub fn xlsx(rows: &str) -> Vec<u8> {
    Xlsx { sheet: &format!("<sheetData>{rows}</sheetData>"), ..Xlsx::default() }.file()
}

pub const ODS_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// An .ods with these tables.
pub fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content><office:automatic-styles><style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    zip(&[
        ("mimetype", ODS_TYPE),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", &content),
    ])
}
