//! Tables that another library writes are read by it and by us alike.

use contacts::bytes::Bytes;
use contacts::record::Record;
use contacts::rows::Rows;
use contacts::text::Records;
use contacts::text::dialect::{DELIMITERS, Dialect};
use contacts::text::encoding::UTF_8;
use contacts::text::sniff::sniff;
use csv::{QuoteStyle, ReaderBuilder, Terminator, WriterBuilder};
use proptest::prelude::*;

/// Some cells look as if another delimiter or a quote meant something.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z0-9+ é東]{0,8}",
        1 => "[a-z,;|\t\"“” \\\\\n\r'=]{0,8}",
        1 => r"\+65[89][0-9]{7}",
    ]
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1..6_usize)
        .prop_flat_map(|width| prop::collection::vec(prop::collection::vec(cell(), width), 1..20))
}

fn written(table: &[Vec<String>], delimiter: u8, style: QuoteStyle, end: Terminator) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter)
        .quote_style(style)
        .terminator(end)
        .flexible(true)
        .from_writer(Vec::new());
    table.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

fn theirs(file: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(file);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn ours(mut file: &[u8], dialect: Dialect) -> Vec<Vec<String>> {
    let mut records = Records::new(file.size(), UTF_8, dialect);
    let (mut rows, mut row) = (Vec::new(), Record::default());
    while records.next(&mut file, &mut row).unwrap().is_some() {
        rows.push(row.cells().map(str::to_owned).collect());
    }
    assert_eq!(records.unbalanced(), None);
    rows
}

fn without_blank(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    rows.into_iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn a_table_is_read_the_same(
        table in table(),
        delimiter in 0..DELIMITERS.len(),
        style in prop_oneof![Just(QuoteStyle::Always), Just(QuoteStyle::NonNumeric)],
        end in prop_oneof![Just(Terminator::CRLF), Just(Terminator::Any(b'\n')), Just(Terminator::Any(b'\r'))],
    ) {
        let (delimiter, _) = DELIMITERS[delimiter];
        let file = written(&table, delimiter, style, end);
        let dialect = Dialect { delimiter: Some(delimiter), ..Dialect::default() };
        let theirs = theirs(&file, delimiter);
        prop_assert_eq!(&theirs, &table);
        prop_assert_eq!(ours(&file, dialect), without_blank(theirs));
    }

    /// Quoted only where it must be, cells with blanks around them are told from what they hold.
    #[test]
    fn a_table_with_few_quotes_is_read_the_same(table in table(), delimiter in 0..DELIMITERS.len()) {
        let (delimiter, _) = DELIMITERS[delimiter];
        let file = written(&table, delimiter, QuoteStyle::Necessary, Terminator::Any(b'\n'));
        let dialect = Dialect { delimiter: Some(delimiter), ..Dialect::default() };
        prop_assert_eq!(ours(&file, dialect), without_blank(theirs(&file, delimiter)));
    }

    /// And the delimiter is found where rows have several cells of everyday texts.
    #[test]
    fn the_delimiter_is_found(
        table in (2..6_usize).prop_flat_map(|width| prop::collection::vec(
            prop::collection::vec("[a-z]{1,8}( [a-z]{1,5})?|\\+65[89][0-9]{7}|[a-z]{1,4}, [a-z]{1,4}", width), 3..20)),
        delimiter in 0..DELIMITERS.len(),
    ) {
        let (delimiter, _) = DELIMITERS[delimiter];
        let file = written(&table, delimiter, QuoteStyle::Always, Terminator::CRLF);
        let text = String::from_utf8(file).unwrap();
        prop_assert_eq!(sniff(&text, true).delimiter, Some(delimiter));
    }
}
