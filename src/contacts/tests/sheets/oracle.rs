//! Tables that one library writes are read by another and by us alike.

use super::fixtures::read;
use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::Cursor;

#[derive(Clone, Debug)]
enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Truth(bool),
    Day(u32),
}

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty),
        "[ -~éß東😀_x0-9\\n]{0,12}".prop_map(Cell::Text),
        "_x00[0-9A-F]{2}_".prop_map(Cell::Text),
        (6_500_000_000_u64..=6_599_999_999).prop_map(|number| Cell::Number(number as f64)),
        (-1e6..1e6_f64).prop_map(Cell::Number),
        any::<i32>().prop_map(|number| Cell::Number(number.into())),
        any::<bool>().prop_map(Cell::Truth),
        (1_u32..2_958_466).prop_map(Cell::Day),
    ]
}

fn file(table: &[Vec<Cell>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day_format = Format::new().set_num_format("dd/mm/yyyy");
    for (row, cells) in (0..).zip(table) {
        for (column, cell) in (0..).zip(cells) {
            let written = match cell {
                Cell::Empty => continue,
                Cell::Text(text) => sheet.write(row, column, text),
                Cell::Number(number) => sheet.write(row, column, *number),
                Cell::Truth(truth) => sheet.write(row, column, *truth),
                Cell::Day(day) => {
                    let date = ExcelDateTime::from_serial_datetime(f64::from(*day)).unwrap();
                    sheet.write_with_format(row, column, date, &day_format)
                }
            };
            written.unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// Whether `ours` is what the other library read as `theirs`.
fn is_same(ours: &str, theirs: &Data) -> bool {
    match theirs {
        Data::Empty => ours.is_empty(),
        Data::String(text) => ours == text,
        Data::Bool(truth) => ours == if *truth { "TRUE" } else { "FALSE" },
        Data::Int(number) => ours == number.to_string(),
        Data::Float(number) => {
            let again: f64 = ours.parse().unwrap_or(f64::NAN);
            (again - number).abs() <= number.abs() * 1e-14
        }
        Data::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            ours == format!("{year:04}-{month:02}-{day:02}")
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn a_table_is_read_the_same(table in prop::collection::vec(prop::collection::vec(cell(), 0..8), 0..12)) {
        let file = file(&table);
        let mut theirs: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&file)).unwrap();
        let theirs = theirs.worksheet_range_at(0).unwrap().unwrap();
        let ours = read(&file).unwrap();
        let their = |row: u32, column: usize| theirs.get_value((row, column as u32)).unwrap_or(&Data::Empty);
        let mut ours = ours.into_iter().peekable();
        for row in 0..table.len() as u32 {
            let cells = ours.next_if(|(number, _)| *number == row + 1).unwrap_or_default().1;
            let is_blank = cells.is_empty();
            for column in 0..8 {
                let (cell, their) = (cells.get(column).map_or("", String::as_str), their(row, column));
                let is_space = is_blank && their.to_string().trim().is_empty();
                prop_assert!(is_space || is_same(cell, their), "{row} {column}: {cell:?}, not {their:?}");
            }
        }
        prop_assert_eq!(ours.next(), None);
    }
}
