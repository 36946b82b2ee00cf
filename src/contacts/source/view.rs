//! A file as the page shows it.

use super::{Kind, Source};
use crate::columns::{Label, MOST_NUMBERS};
use crate::sheet::SheetInfo;
use crate::text::dialect::{DELIMITERS, QUOTES};
use crate::text::encoding;
use domain::grouped;
use domain::worker_protocol::{self as protocol, Choice};

/// Rows of the preview.
const ROWS: usize = 5;
/// Columns that are shown and can be labelled.
const COLUMNS: usize = 100;
/// Characters of a cell that are shown.
const CELL: usize = 60;
/// What UTF-8 becomes when it is read as Windows-1252 and saved.
const GARBLED: [&str; 8] = ["Ã©", "Ã¨", "Ã¼", "Ã¶", "Ã¤", "Ã±", "â€™", "Ã¡"];

impl Source {
    /// As the page shows it.
    pub fn view(&self) -> protocol::Source {
        let cell = |text: &str| text.trim().chars().take(CELL).collect::<String>();
        let row = |row: &crate::record::Record| {
            (0..self.labels.len().min(COLUMNS)).map(|at| cell(row.cell(at))).collect()
        };
        protocol::Source {
            id: self.id,
            facts: self.facts(),
            problem: None,
            is_gone: false,
            notes: self.notes(),
            choices: self.choices(),
            columns: (0..self.labels.len().min(COLUMNS)).map(|at| self.column(at)).collect(),
            rows: self.contacts().take(ROWS).map(|(_, cells)| row(cells)).collect(),
        }
    }

    /// `36.0 MB · about 1,000,000 rows`.
    fn facts(&self) -> String {
        let size = self.bytes.size();
        let rows = match self.rows_at_a_guess() {
            None => format!("more than {}", super::SAMPLE),
            Some(rows) if rows < super::SAMPLE as u64 => grouped(self.contacts().count()),
            Some(rows) => format!("about {}", grouped(rounded(rows))),
        };
        format!("{} · {rows} {}", bytes(size), if rows == "1" { "row" } else { "rows" })
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.labels.contains(&Label::Mobile(0)) {
            notes.push(
                "No column has mobile numbers. Choose “Mobile” above the one that has.".to_owned(),
            );
        }
        match self.header {
            Some(1) => {
                notes.push("The line above the names of the columns is left out.".to_owned())
            }
            Some(n) if n > 1 => {
                notes.push(format!("The {n} lines above the names of the columns are left out."));
            }
            _ => {}
        }
        if let Kind::Text { encoding, .. } = &self.kind
            && self.found.has_lost
        {
            notes.push(format!(
                "Some characters cannot be read as {}. Choose another encoding.",
                encoding.name()
            ));
        }
        if self.found.hidden > 0 {
            notes.push(
                "Hidden rows are left out. Show them in the spreadsheet to have them read."
                    .to_owned(),
            );
        }
        if let Some(row) = self.found.unbalanced {
            notes.push(format!(
                "Row {} has a quotation mark without a second one; it was read as it stands.",
                grouped(row)
            ));
        }
        let is_garbled = |text: &str| GARBLED.iter().any(|mark| text.contains(mark));
        let garbled =
            self.sample.iter().flat_map(|(_, row)| row.cells()).find(|cell| is_garbled(cell));
        if let Some(cell) = garbled {
            let cell: String = cell.trim().chars().take(30).collect();
            notes.push(format!("Some names look garbled, such as “{cell}”. Choose UTF-8 as the encoding, or save the file anew."));
        }
        if self.labels.len() > COLUMNS {
            notes.push(format!("The first {COLUMNS} of {} columns are shown.", self.labels.len()));
        }
        notes
    }

    fn choices(&self) -> Vec<Choice> {
        let mut choices = Vec::new();
        let named = |value: &str| (value.to_owned(), value.to_owned());
        if let Kind::Text { encoding, dialect } = &self.kind {
            let name = |byte: u8| {
                let known = DELIMITERS.iter().find(|(known, _)| *known == byte);
                known.map_or_else(|| char::from(byte).to_string(), |(_, name)| (*name).to_owned())
            };
            let value = dialect.delimiter.map(name).unwrap_or_default();
            let mut options: Vec<_> = DELIMITERS.iter().map(|(_, name)| named(name)).collect();
            options.push((String::new(), "Nothing: one column".to_owned()));
            if !options.iter().any(|(known, _)| *known == value) {
                options.push(named(&value));
            }
            choices.push(Choice {
                id: "delimiter".into(),
                label: "Between columns".into(),
                value,
                options,
            });
            let quotes = QUOTES.iter().find(|(quotes, ..)| *quotes == dialect.quotes);
            choices.push(Choice {
                id: "quotes".into(),
                label: "Quotation marks".into(),
                value: quotes.map_or("", |(_, id, _)| id).into(),
                options: QUOTES
                    .iter()
                    .map(|(_, id, name)| ((*id).into(), (*name).into()))
                    .collect(),
            });
            choices.push(Choice {
                id: "encoding".into(),
                label: "Encoding".into(),
                value: encoding.label().into(),
                options: encoding::ALL
                    .iter()
                    .map(|e| (e.label().into(), e.name().into()))
                    .collect(),
            });
        }
        if let Kind::Book { workbook, sheet } = &self.kind {
            let name = |(at, sheet): (usize, &SheetInfo)| {
                let hidden = if sheet.hidden { " (hidden)" } else { "" };
                (at.to_string(), format!("{}{hidden}", sheet.name))
            };
            choices.push(Choice {
                id: "sheet".into(),
                label: "Sheet".into(),
                value: sheet.to_string(),
                options: workbook.sheets().iter().enumerate().map(name).collect(),
            });
        }
        let header = self.header.and_then(|at| self.sample.get(at)).map(|(row, _)| row.to_string());
        let rows =
            self.sample.iter().take(10).map(|(row, _)| (row.to_string(), format!("In row {row}")));
        choices.push(Choice {
            id: "header".into(),
            label: "Names of the columns".into(),
            value: header.unwrap_or_default(),
            options: rows
                .chain([(String::new(), "None: all rows are contacts".to_owned())])
                .collect(),
        });
        choices
    }

    fn column(&self, at: usize) -> Choice {
        let own = self.header_row().map_or("", |header| header.cell(at).trim());
        let value = self.labels[at].to_string();
        let mut options = vec![(String::new(), "Not used".to_owned())];
        let add = |options: &mut Vec<(String, String)>, label: String, name: String| {
            if !label.is_empty() && !options.iter().any(|(known, _)| *known == label) {
                options.push((label, name));
            }
        };
        for rank in 0..MOST_NUMBERS {
            let label = Label::Mobile(rank).to_string();
            let name = match rank {
                0 => label.clone(),
                _ => format!("{label}: where {} cannot be used", Label::Mobile(rank - 1)),
            };
            add(&mut options, label, name);
        }
        for known in ["FirstName", "LastName", "ClientMessageId"] {
            add(&mut options, known.to_owned(), known.to_owned());
        }
        let own_label = Label::parse(own).to_string();
        add(&mut options, own_label.clone(), own_label);
        add(&mut options, value.clone(), value.clone());
        options.push(("…".to_owned(), "Another name…".to_owned()));
        let letters = column_letters(at);
        let label = if own.is_empty() {
            format!("Column {letters}")
        } else {
            own.chars().take(CELL).collect()
        };
        Choice { id: format!("column-{at}"), label, value, options }
    }
}

/// A, B … Z, AA, as spreadsheets count columns.
fn column_letters(mut at: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (at % 26) as u8));
        if at < 26 {
            break;
        }
        at = at / 26 - 1;
    }
    letters.iter().rev().collect()
}

fn bytes(size: u64) -> String {
    match size {
        0..1_000 => format!("{size} bytes"),
        1_000..1_000_000 => format!("{} kB", size / 1_000),
        _ => format!("{}.{} MB", size / 1_000_000, size / 100_000 % 10),
    }
}

/// To two digits, as befits an estimate.
fn rounded(n: u64) -> u64 {
    let mut unit = 1;
    while n / unit >= 100 {
        unit *= 10;
    }
    (n + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_as_spreadsheets_do() {
        assert_eq!([0, 25, 26, 701, 702].map(column_letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }

    #[test]
    fn sizes_and_estimates() {
        assert_eq!([5, 1_500, 36_040_000].map(bytes), ["5 bytes", "1 kB", "36.0 MB"]);
        assert_eq!([7, 123, 999, 1_012_345].map(rounded), [7, 120, 1_000, 1_000_000]);
    }
}
