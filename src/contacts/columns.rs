//! What the columns of a table are: the number, a field of the message, or nothing of interest. Found out
//! from the names above them and from what is in them.

mod names;

use crate::record::Record;
use domain::message::template::MOBILE;
use std::fmt;

/// The most columns with numbers.
pub const MOST_NUMBERS: u8 = 3;
/// Columns that become fields by themselves; more can be chosen.
const MOST_FIELDS: usize = 50;
/// The score of a column that is named as one with numbers and has everything else in it: `Accepts SMS`.
const NO_NUMBERS: u32 = 100;
/// The longest name of a field, in characters.
const LONGEST_NAME: usize = 40;

/// What a column is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// Left out.
    Unused,
    /// The number; of several such columns, the lowest rank that can be read counts, from 0.
    Mobile(u8),
    /// A field of the message, by its name.
    Field(String),
}

impl Label {
    /// Reads what [`Display`](fmt::Display) writes, or a name of the user's own. Characters that fields
    /// of messages cannot have are left out.
    pub fn parse(text: &str) -> Self {
        let is_mobile =
            |rank: &u8| Self::Mobile(*rank).to_string().eq_ignore_ascii_case(text.trim());
        if let Some(rank) = (0..MOST_NUMBERS).find(is_mobile) {
            return Self::Mobile(rank);
        }
        let kept = text.chars().filter(|c| !"{}|".contains(*c) && !c.is_control());
        let name: String = kept.take(LONGEST_NAME).collect();
        match name.trim() {
            "" => Self::Unused,
            name => Self::Field(name.to_owned()),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unused => Ok(()),
            Self::Mobile(0) => f.write_str(MOBILE),
            Self::Mobile(rank) => write!(f, "{MOBILE} {}", rank + 1),
            Self::Field(name) => f.write_str(name),
        }
    }
}

/// What every column of a table most likely is. `header` has the names above them, if there are any.
pub fn guess(header: Option<&Record>, rows: &[Record]) -> Vec<Label> {
    let width = header.iter().copied().chain(rows).map(Record::len).max().unwrap_or(0);
    let name = |at: usize| header.map_or("", |header| header.cell(at));
    if let Some(header) = header.filter(|header| names::are_of_rejects(header)) {
        // Written by us: a field keeps its name, whatever else it may sound like.
        let is_own = |name: &str| names::is_our_own(name) || name.trim().is_empty();
        let known = |name| if is_own(name) { Label::Unused } else { Label::parse(name) };
        let mut labels: Vec<Label> = (0..width).map(|at| known(header.cell(at))).collect();
        unique(&mut labels);
        return labels;
    }
    let mut labels = vec![Label::Unused; width];
    for (rank, column) in number_columns(&name, rows, width).into_iter().enumerate() {
        labels[column] = Label::Mobile(rank as u8);
    }
    let mut fields = 0;
    for (at, label) in labels.iter_mut().enumerate() {
        if *label != Label::Unused || names::is_our_own(name(at)) || fields == MOST_FIELDS {
            continue;
        }
        let known = names::field(name(at)).map(|name| Label::Field(name.to_owned()));
        *label = known.unwrap_or_else(|| Label::parse(name(at)));
        fields += usize::from(*label != Label::Unused);
    }
    unique(&mut labels);
    labels
}

/// The columns with numbers, the best first: by their names, but one that is empty gives way.
fn number_columns<'a>(
    name: &impl Fn(usize) -> &'a str,
    rows: &[Record],
    width: usize,
) -> Vec<usize> {
    let mut columns: Vec<(u32, usize)> = (0..width)
        .filter_map(|at| {
            let share = share_of_numbers(rows.iter().map(|row| row.cell(at)));
            let is_empty = rows.iter().all(|row| row.cell(at).trim().is_empty());
            let named = names::number(name(at));
            // Without a name it must be plain that these are numbers; with one, anything may be in it.
            let score = match named {
                names::Number::Mobile | names::Number::Phone if share == 0 && !is_empty => {
                    NO_NUMBERS
                }
                names::Number::Mobile => 1_000 + share,
                names::Number::Phone => 200 + share,
                names::Number::Not | names::Number::Fax => return None,
                names::Number::Unknown if share >= 500 => share,
                names::Number::Unknown => return None,
            };
            Some((score, at))
        })
        .collect();
    // The first of equals.
    columns.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    let best = columns.first().map(|(_, at)| *at);
    // A second one must be named as one: any other column of digits may be anything.
    columns.retain(|(score, at)| {
        let is_named =
            matches!(names::number(name(*at)), names::Number::Mobile | names::Number::Phone);
        Some(*at) == best || is_named && *score > NO_NUMBERS
    });
    columns.truncate(usize::from(MOST_NUMBERS));
    let mut columns: Vec<usize> = columns.into_iter().map(|(_, at)| at).collect();
    if columns.len() > 1 && name(columns[0]).is_empty() {
        columns.truncate(1);
    }
    columns
}

/// How many in a thousand cells are numbers: of those that have anything in them.
fn share_of_numbers<'a>(cells: impl Iterator<Item = &'a str>) -> u32 {
    let (mut filled, mut score) = (0, 0);
    for cell in cells.filter(|cell| !cell.trim().is_empty()) {
        filled += 1;
        score += match numbers::check_cell(cell, None) {
            Ok(checked) if checked.doubt.is_none() => 1_000,
            Ok(_) => 600,
            // A local number of wherever.
            Err(_) if looks_local(cell) => 700,
            Err(_) => 0,
        };
    }
    score / filled.max(1)
}

/// Seven to eleven digits, with nothing beside them but what stands between digits.
fn looks_local(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    (7..=11).contains(&digits) && cell.chars().all(|c| c.is_ascii_digit() || " -()./".contains(c))
}

/// Two columns of one name would be one field: later ones get a number.
fn unique(labels: &mut [Label]) {
    for at in 0..labels.len() {
        let (before, rest) = labels.split_at_mut(at);
        let Label::Field(name) = &rest[0] else { continue };
        let is_taken = |name: &str| {
            name.eq_ignore_ascii_case(MOBILE)
                || before.iter().any(|other| matches!(other, Label::Field(o) if o.to_lowercase() == name.to_lowercase()))
        };
        if is_taken(name) {
            let free = (2..).map(|n| format!("{name} {n}")).find(|name| !is_taken(name));
            rest[0] = free.map_or(Label::Unused, Label::Field);
        }
    }
}

/// Puts `label` on a column, and takes it from whichever had it.
pub fn relabel(labels: &mut [Label], at: usize, label: Label) {
    let is_same = |other: &Label| match (other, &label) {
        (Label::Field(a), Label::Field(b)) => a.to_lowercase() == b.to_lowercase(),
        (a, b) => a == b && *a != Label::Unused,
    };
    for other in labels.iter_mut().filter(|other| is_same(other)) {
        *other = Label::Unused;
    }
    if let Some(place) = labels.get_mut(at) {
        *place = label;
    }
}

/// Which row of the first ones has the names of the columns, from 0; `None` when all are contacts.
///
/// Lines of a title may stand above it: it is the first that is about as wide as the table, and it has no
/// numbers in it while rows below have.
pub fn header_row(rows: &[Record]) -> Option<usize> {
    let filled = |row: &Record| row.cells().filter(|cell| !cell.trim().is_empty()).count();
    let wide = rows.iter().map(filled).max().unwrap_or(0);
    let at = rows.iter().take(10).position(|row| filled(row) * 2 > wide)?;
    let is_number = |cell: &str| cell.bytes().filter(u8::is_ascii_digit).count() >= 5;
    let header = rows.get(at)?;
    if names::are_of_rejects(header) {
        return Some(at);
    }
    let has_known_name = header.cells().any(names::is_known);
    let has_numbers = header.cells().any(is_number);
    let others_have = rows.iter().skip(at + 1).any(|row| row.cells().any(is_number));
    let has_letters =
        header.cells().all(|cell| cell.trim().is_empty() || cell.chars().any(char::is_alphabetic));
    let is_header = !has_numbers && (has_known_name || has_letters && others_have);
    is_header.then_some(at)
}

/// What files of the same shape have in common: the names of their columns. Without names, files of one width
/// have nothing in common.
pub fn shape(header: &Record) -> String {
    let names: Vec<String> = header.cells().map(names::normal).collect();
    // FNV-1a: names of columns need not be told by what is kept of them.
    let hash = names.join("\u{1f}").bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Vec<Record> {
        text.lines().map(|line| line.split(',').collect()).collect()
    }

    fn guessed(text: &str) -> Vec<String> {
        let rows = table(text);
        let header = header_row(&rows);
        let data = &rows[header.map_or(0, |at| at + 1)..];
        let labels = guess(header.map(|at| &rows[at]), data);
        labels.iter().map(Label::to_string).collect()
    }

    #[test]
    fn names_in_many_languages_are_known() {
        assert_eq!(
            guessed("Mobile,First Name,LAST_NAME,City\n+6591234567,Ann,Lee,SG"),
            ["Mobile", "FirstName", "LastName", "City"]
        );
        assert_eq!(guessed("Nachname;Vorname,Handynummer\nx,+4915123456789").len(), 2);
        for header in [
            "Handynummer",
            "Téléphone portable",
            "Móvil",
            "Celular",
            "手机",
            "携帯電話",
            "휴대폰",
            "เบอร์โทร",
            "Số điện thoại",
            "nomor HP",
            "رقم الجوال",
            "cep telefonu",
            "GSM",
            "msisdn",
            "WhatsApp",
            "Мобильный",
            "\u{feff}phone",
            "Mobile No.",
        ] {
            assert_eq!(guessed(&format!("x,{header}\n1,n/a"))[1], "Mobile", "{header}");
        }
        assert_eq!(
            guessed("Prénom,Nom,Tél\nAnne,Lefèvre,+33612345678"),
            ["FirstName", "LastName", "Mobile"]
        );
    }

    #[test]
    fn what_is_in_a_column_counts_where_its_name_says_nothing() {
        assert_eq!(guessed("id,x,y\n1,+6591234567,a\n2,+6592345678,b"), ["id", "Mobile", "y"]);
        assert_eq!(guessed("91234567\n92345678"), ["Mobile"]);
        assert_eq!(guessed("Ann,+6591234567\nBob,+6592345678"), ["", "Mobile"]);
        assert_eq!(guessed("a,b\nc,d"), ["", ""]);
        assert_eq!(guessed("Mobile,note\n,+6591234567"), ["Mobile", "note"]);
    }

    #[test]
    fn of_several_columns_with_numbers_mobiles_come_first() {
        assert_eq!(
            guessed("Home Phone,Mobile Phone,Fax\n+6561234567,+6591234567,+6562345678"),
            ["Mobile 2", "Mobile", "Fax"]
        );
        assert_eq!(guessed("Phone,Phone\n+6561234567,+6591234567"), ["Mobile 2", "Mobile"]);
    }

    #[test]
    fn two_columns_of_one_name_are_two_fields() {
        assert_eq!(guessed("phone,tag,Tag,mobile 2\n+6591234567,a,b,c")[1..3], ["tag", "Tag 2"]);
    }

    #[test]
    fn the_header_is_found_below_a_title() {
        let rows = table("Customers of May\n\nphone,name,city\n+6591234567,Ann,SG");
        assert_eq!(header_row(&rows), Some(2));
        assert_eq!(header_row(&table("+6591234567,Ann\n+6592345678,Bob")), None);
        assert_eq!(header_row(&table("phone")), Some(0));
        assert_eq!(header_row(&table("Ann,Bob\nCid,Dan")), None);
    }

    #[test]
    fn a_label_is_on_one_column() {
        let mut labels = vec![Label::Mobile(0), Label::Unused, Label::Field("a".into())];
        relabel(&mut labels, 1, Label::parse("mobile"));
        relabel(&mut labels, 0, Label::parse("A{{|"));
        assert_eq!(labels, [Label::Field("A".into()), Label::Mobile(0), Label::Unused]);
        relabel(&mut labels, 0, Label::Unused);
        assert_eq!(labels[0], Label::Unused);
    }
}
