//! What the cells, rows and sheets of an .ods are read as.

use super::fixtures::{ODS_TYPE, ods, read, read_sheet, row, zip};
use contacts::file_problem::FileProblem;
use contacts::sheet::{SheetInfo, Workbook};

/// A table with these rows.
fn table(rows: &str) -> Vec<u8> {
    ods(&format!(r#"<table:table table:name="T">{rows}</table:table>"#))
}

#[test]
fn each_type_of_cell_is_its_text() {
    let file = table(
        r##"<table:table-row>
        <table:table-cell office:value-type="float" office:value="6591234567" calcext:value-type="float"><text:p>6.59E+09</text:p></table:table-cell>
        <table:table-cell office:value-type="float" office:value="6.591234567E9"/>
        <table:table-cell office:value-type="currency" office:value="19.9"><text:p>$19.90</text:p></table:table-cell>
        <table:table-cell office:value-type="date" office:date-value="1965-01-01"><text:p>01/01/65</text:p></table:table-cell>
        <table:table-cell office:value-type="date" office:date-value="1965-01-01T13:30:00"/>
        <table:table-cell office:value-type="date" office:date-value="1965-01-01T00:00:00"/>
        <table:table-cell office:value-type="time" office:time-value="PT09H05M00S"/>
        <table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>WAHR</text:p></table:table-cell>
        <table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>
        <table:table-cell office:value-type="float" office:value="1.50" calcext:value-type="error"/>
        <table:table-cell office:value-type="string" office:string-value="a &amp; b"/>
        <table:table-cell office:value-type="float" office:value="81234567"><text:p>0081234567</text:p></table:table-cell>
        </table:table-row>"##,
    );
    let cells = [
        "6591234567",
        "6591234567",
        "19.9",
        "1965-01-01",
        "1965-01-01 13:30",
        "1965-01-01",
        "09:05",
        "TRUE",
        "#N/A",
        "1.5",
        "a & b",
        "0081234567",
    ];
    assert_eq!(read(&file).unwrap(), [row(1, &cells)]);
}

#[test]
fn paragraphs_are_lines_and_what_is_not_text_is_left_out() {
    let file = table(
        r#"<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation>
        <text:p>Tan<text:s/><text:span>Ah <text:span>Kow</text:span></text:span><text:s text:c="2"/>!</text:p><text:p>two<office:annotation><text:p>noted</text:p></office:annotation><text:tab/>tabs<text:line-break/>
           and   <text:a>a link</text:a> &lt;3</text:p><draw:frame><text:p>drawn</text:p></draw:frame></table:table-cell></table:table-row>"#,
    );
    let text = "Tan Ah Kow  !\ntwo\ttabs\n and a link <3";
    assert_eq!(read(&file).unwrap(), [row(1, &[text])]);
}

#[test]
fn what_is_repeated_keeps_its_place() {
    let cell = |times: u32, text: &str| {
        format!(
            r#"<table:table-cell table:number-columns-repeated="{times}"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let file = table(&format!(
        r#"<table:table-header-rows><table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row></table:table-header-rows>
        <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"/>{}<table:covered-table-cell><text:p>under</text:p></table:covered-table-cell>{}<table:table-cell table:number-columns-repeated="16000"/></table:table-row>
        <table:table-row table:number-rows-repeated="0">{}</table:table-row>
        <table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        <table:table-row table:number-rows-repeated="4294967295"><table:table-cell/></table:table-row><table:table-row>{}</table:table-row>"#,
        cell(2, "a"),
        cell(1, "b"),
        cell(1, "c"),
        cell(4_000_000_000, "d"),
    ));
    let read = read(&file).unwrap();
    assert_eq!(read[0], row(4, &["", "", "a", "a", "", "b"]));
    assert_eq!(read[1], row(5, &["", "", "a", "a", "", "b"]));
    assert_eq!(read[2], row(6, &["c"]));
    assert_eq!((read[3].0, read[3].1.len()), (u32::MAX, 1_000));
}

#[test]
fn what_is_hidden_is_left_out_and_counted() {
    let cells = "<table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell><table:table-cell><text:p>c</text:p></table:table-cell>";
    let file = table(&format!(
        r#"<table:table-columns><table:table-column/></table:table-columns><table:table-column table:visibility="collapse"/><table:table-column/><table:table-column table:visibility="filter" table:number-columns-repeated="16000"/>
        <table:table-row table:visibility="visible">{cells}</table:table-row><table:table-row table:visibility="collapse" table:number-rows-repeated="2">{cells}</table:table-row>
        <table:table-row table:visibility="filter">{cells}</table:table-row><table:table-row table:visibility="filter" table:number-rows-repeated="9999"><table:table-cell/></table:table-row>"#
    ));
    let read = read_sheet(&file, 0).unwrap();
    assert_eq!(read.rows, [row(1, &["a", "", "c"])]);
    assert_eq!((read.hidden_rows, read.hidden_columns), (3, 1));
}

#[test]
fn each_sheet_is_found() {
    let row_of = |text: &str| {
        format!(
            "<table:table-row><table:table-cell><text:p>{text}</text:p></table:table-cell></table:table-row>"
        )
    };
    let file = ods(&format!(
        r#"<table:tracked-changes><table:table table:name="no"/></table:tracked-changes>
        <table:table table:name="A &amp; B" table:style-name="ta2"><table:shapes><draw:object><table:table>{1}</table:table></draw:object></table:shapes>{0}</table:table>
        <table:table table:name="Empty" table:style-name="ta1"/><table:table table:name="C">{1}</table:table><table:dde-links><table:table/></table:dde-links>"#,
        row_of("one"),
        row_of("two"),
    ));
    let workbook = Workbook::open(&mut file.as_slice()).unwrap();
    let sheet = |name: &str, hidden| SheetInfo { name: name.into(), hidden };
    assert_eq!(workbook.sheets(), [sheet("A & B", true), sheet("Empty", false), sheet("C", false)]);
    assert_eq!(workbook.first_visible(), 1);
    assert_eq!(read_sheet(&file, 0).unwrap().rows, [row(1, &["one"])]);
    assert_eq!(read_sheet(&file, 1).unwrap().rows, []);
    assert_eq!(read_sheet(&file, 2).unwrap().rows, [row(1, &["two"])]);
}

#[test]
fn an_encrypted_one_asks_for_its_password() {
    let manifest = r#"<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data><manifest:algorithm/></manifest:encryption-data></manifest:file-entry></manifest:manifest>"#;
    for content in ["content.xml", "encrypted-package"] {
        let parts =
            [("mimetype", ODS_TYPE), (content, "\u{1}\u{2}"), ("META-INF/manifest.xml", manifest)];
        assert_eq!(read(&zip(&parts)), Err(FileProblem::Password));
    }
}

#[test]
fn other_documents_are_refused() {
    let text = [("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<a/>")];
    assert_eq!(read(&zip(&text)), Err(FileProblem::OtherDocument));
    let unnamed = [("META-INF/manifest.xml", "<a/>"), ("content.xml", "<office:text/>")];
    assert_eq!(read(&zip(&unnamed)), Err(FileProblem::OtherDocument));
    assert_eq!(read(&ods("")), Err(FileProblem::NoSheet));
}
