//! Workbooks in, rows out: what each kind of cell, row and sheet is read as.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "sheets/fixtures.rs"]
mod fixtures;
#[path = "sheets/hostile.rs"]
mod hostile;
#[path = "sheets/ods.rs"]
mod ods;
#[path = "sheets/oracle.rs"]
mod oracle;

use contacts::file_problem::FileProblem;
use contacts::sheet::{SheetInfo, Workbook};
use fixtures::{Xlsx, read, read_sheet, row, xlsx};
use rust_xlsxwriter::{Format, Formula, Workbook as Writer};

#[test]
fn each_type_of_cell_is_its_text() {
    let file = Xlsx {
        sheet: r#"<sheetData><row r="1">
            <c r="A1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><t xml:space="preserve"> in </t></is></c>
            <c r="C1" t="str"><f>A1&amp;"x"</f><v>formula &lt;x&gt; &#233;</v></c><c r="D1" t="b"><v>1</v></c>
            <c r="E1" t="b"><v>0</v></c><c r="F1" t="e"><v>#N/A</v></c><c r="G1"><v>6.591234567E9</v></c>
            <c r="H1" t="n"><v>6591234567.0</v></c><c r="I1" t="d"><v>1965-01-01T00:00:00</v></c>
            <c r="J1" t="str"><v><![CDATA[a<b]]></v></c></row></sheetData>"#,
        strings: "<si><t>zero</t></si><si><t>one</t></si>",
        ..Xlsx::default()
    };
    assert_eq!(
        read(&file.file()).unwrap(),
        [row(
            1,
            &[
                "one",
                " in ",
                "formula <x> é",
                "TRUE",
                "FALSE",
                "#N/A",
                "6591234567",
                "6591234567",
                "1965-01-01",
                "a<b"
            ]
        )]
    );
}

#[test]
fn rich_text_is_put_together_without_reading_aids() {
    let file = Xlsx {
        sheet: r#"<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c>
            <c t="inlineStr"><is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></is></c></row></sheetData>"#,
        strings: r#"<si><r><t xml:space="preserve">Tan </t></r><r><rPr><b/></rPr><t>Ah Kow</t></r></si>
            <si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>
            <si><t>two_x000D_&#10;lines _x005F_x000D_</t></si>"#,
        ..Xlsx::default()
    };
    let cells = ["Tan Ah Kow", "東京", "two\r\nlines _x000D_", "ab"];
    assert_eq!(read(&file.file()).unwrap(), [row(1, &cells)]);
}

#[test]
fn cells_and_rows_without_a_place_follow_each_other() {
    let file = xlsx(
        r#"<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row r="4"/><row><c r="C5"><v>1</v></c><c><v>2</v></c></row>
        <row r="2"><c r="B2"><v>3</v></c><c r="A2"><v>4</v></c><c r="!"><v>5</v></c></row><row r="x"><c r="ZZZZZZZZZ1"><v>6</v></c><c r="a"><v>7</v></c></row>"#,
    );
    assert_eq!(
        read(&file).unwrap(),
        [row(1, &["a", "b"]), row(5, &["", "", "1", "2"]), row(2, &["4", "3"]), row(3, &["7"])]
    );
}

#[test]
fn a_wide_row_is_cut_after_a_thousand_columns() {
    let cells = "<c><v>1</v></c>".repeat(16_384);
    let read = read(&xlsx(&format!("<row>{cells}</row>"))).unwrap();
    assert_eq!(read[0].1.len(), 1_000);
}

#[test]
fn prefixes_do_not_matter() {
    let file =
        xlsx(r#"<x:row r="7"><x:c r="B7" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row>"#);
    assert_eq!(read(&file).unwrap(), [row(7, &["", "a"])]);
}

const STYLES: &str = r#"<numFmts><numFmt numFmtId="164" formatCode="0000000000"/><numFmt numFmtId="165" formatCode="d\.m\.yyyy&quot;y&quot;"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/><xf numFmtId="22"/><xf/></cellXfs>
    <dxfs><dxf><numFmt numFmtId="164" formatCode="yyyy"/></dxf></dxfs>"#;
const STYLED: &str = r#"<sheetData><row><c s="1"><v>81234567</v></c><c s="2"><v>23743</v></c><c s="3"><v>23743</v></c>
    <c s="4"><v>23743.5625</v></c><c s="0"><v>23743</v></c><c s="9"><v>1</v></c><c s="3"><v>60</v></c></row></sheetData>"#;

#[test]
fn styles_make_numbers_dates_and_give_zeros_back() {
    let file = Xlsx { sheet: STYLED, styles: STYLES, ..Xlsx::default() };
    let cells =
        ["0081234567", "1965-01-01", "1965-01-01", "1965-01-01 13:30", "23743", "1", "1900-02-29"];
    assert_eq!(read(&file.file()).unwrap(), [row(1, &cells)]);
}

#[test]
fn a_workbook_may_count_from_1904() {
    let workbook = r#"<workbookPr date1904="1"/>"#;
    let file = Xlsx { sheet: STYLED, styles: STYLES, workbook, ..Xlsx::default() };
    let cells =
        ["0081234567", "1969-01-02", "1969-01-02", "1969-01-02 13:30", "23743", "1", "1904-03-01"];
    assert_eq!(read(&file.file()).unwrap(), [row(1, &cells)]);
}

#[test]
fn what_is_hidden_is_left_out_and_counted() {
    let mut writer = Writer::new();
    let sheet = writer.add_worksheet();
    for row in 0..6_u32 {
        for column in 0..4_u16 {
            sheet.write(row, column, format!("{row}{column}")).unwrap();
        }
    }
    sheet.set_row_hidden(1).unwrap();
    sheet.set_row_hidden(8).unwrap();
    sheet.set_column_hidden(2).unwrap();
    sheet.set_column_range_hidden(9, 16_383).unwrap();
    sheet.autofilter(0, 0, 5, 3).unwrap();
    sheet.filter_column(0, &rust_xlsxwriter::FilterCondition::new().add_list_filter("20")).unwrap();
    let read = read_sheet(&writer.save_to_buffer().unwrap(), 0).unwrap();
    assert_eq!(read.rows, [row(1, &["00", "01", "", "03"]), row(3, &["20", "21", "", "23"])]);
    assert_eq!((read.hidden_rows, read.hidden_columns), (4, 1));
}

#[test]
fn sheets_are_listed_and_the_first_that_is_seen_is_told() {
    let mut writer = Writer::new();
    writer.add_worksheet().set_name("Lists").unwrap().set_very_hidden(true);
    writer.add_worksheet().set_name("Old <1>").unwrap().set_hidden(true);
    let sheet = writer.add_worksheet().set_name("Guests").unwrap();
    sheet.set_active(true).write(0, 0, "Anna").unwrap();
    let file = writer.save_to_buffer().unwrap();
    let workbook = Workbook::open(&mut file.as_slice()).unwrap();
    let sheet = |name: &str, hidden| SheetInfo { name: name.into(), hidden };
    assert_eq!(
        workbook.sheets(),
        [sheet("Lists", true), sheet("Old <1>", true), sheet("Guests", false)]
    );
    assert_eq!(workbook.first_visible(), 2);
    assert_eq!(read_sheet(&file, 2).unwrap().rows, [row(1, &["Anna"])]);
    assert_eq!(read_sheet(&file, 0).unwrap().rows, []);
    assert_eq!(read_sheet(&file, 3), Err(FileProblem::NoSheet));
}

#[test]
fn a_chart_on_a_tab_is_no_sheet() {
    let workbook = Workbook::open(&mut Xlsx::default().file().as_slice()).unwrap();
    assert_eq!(workbook.sheets(), [SheetInfo { name: "A & B".into(), hidden: false }]);
    assert_eq!(workbook.first_visible(), 0);
}

#[test]
fn formulas_show_their_results() {
    let mut writer = Writer::new();
    let sheet = writer.add_worksheet();
    sheet.write(1, 1, Formula::new("=6500000000+91234567").set_result("6591234567")).unwrap();
    sheet.write(1, 2, Formula::new("=\"a\"&\"b\"").set_result("ab")).unwrap();
    sheet.write_with_format(1, 3, 7, &Format::new().set_num_format("00000")).unwrap();
    let file = writer.save_to_buffer().unwrap();
    assert_eq!(read(&file).unwrap(), [row(2, &["", "6591234567", "ab", "00007"])]);
}

#[test]
fn a_shared_text_that_is_not_there_is_damage() {
    assert_eq!(read(&xlsx(r#"<row><c t="s"><v>0</v></c></row>"#)), Err(FileProblem::Damaged));
    assert_eq!(read(&xlsx(r#"<row><c t="s"><v>x</v></c></row>"#)), Err(FileProblem::Damaged));
}

/// A sheet that was formatted down to its end; `tests/sheets/hostile.rs` has the other limit.
#[test]
fn a_million_empty_rows_yield_nothing() {
    let mut sheet = String::from("<sheetData>");
    for row in 1..=1_048_576 {
        sheet.push_str(&format!(r#"<row r="{row}" spans="1:4" s="1" customFormat="1" ht="15"/>"#));
    }
    sheet.push_str("</sheetData>");
    let file = Xlsx { sheet: &sheet, ..Xlsx::default() }.file();
    let densest = sheet.len() / file.len();
    assert!((10..30).contains(&densest), "{densest}:1 is not what limits.rs says");
    assert_eq!(read(&file).unwrap(), []);
}
