//! One row judged: which of its cells is the number, and whether it can get the message.

use crate::record::trimmed;
use crate::table::{NewRow, Outcome, Seen, Table};
use domain::recipients::input::{Correction, Input};
use domain::recipients::phone::{Country, NumberProblem};
use domain::recipients::{RepairKind, Repairs};
use numbers::Checked;

/// Reads one row: the first of its cells that has a usable number counts. With the values of its fields comes
/// how many bytes they have at most.
pub fn read<'a>(
    table: &mut Table,
    input: &Input,
    row: u32,
    cells: impl Iterator<Item = &'a str>,
    (bytes, values): (usize, impl Iterator<Item = &'a str>),
) {
    let mut best: Option<(&str, Judged)> = None;
    for cell in cells {
        let judged = judge(cell, input.country, &input.undone);
        let is_better = match &best {
            None => true,
            Some((_, Judged { outcome: Err(NumberProblem::Missing), .. })) => true,
            Some(_) => judged.outcome.is_ok(),
        };
        if is_better {
            let is_found = judged.outcome.is_ok();
            best = Some((cell, judged));
            if is_found {
                break;
            }
        }
    }
    let Some((raw, judged)) = best else { return };
    table.push(new_row(row, raw, judged), bytes, values);
}

/// The value of a field: a cell without the blanks around it, and without the apostrophe that keeps a
/// spreadsheet from running it.
pub fn value(cell: &str) -> &str {
    let cell = trimmed(cell);
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell)
}

/// A cell, judged.
struct Judged {
    outcome: Result<Checked, NumberProblem>,
    /// What was done, or would be if it were not undone.
    repairs: Repairs,
}

fn judge(cell: &str, home: Option<Country>, undone: &[RepairKind]) -> Judged {
    match numbers::check_cell(cell, home) {
        Ok(checked) => Judged { repairs: checked.repairs, outcome: checked.without(undone) },
        Err(problem) => Judged { repairs: Repairs::default(), outcome: Err(problem) },
    }
}

/// The row, as if its number were new.
fn new_row(row: u32, raw: &str, Judged { outcome, repairs }: Judged) -> NewRow<'_> {
    let raw = trimmed(raw);
    match outcome {
        Err(problem) => NewRow {
            row,
            raw,
            number: None,
            country: None,
            repairs,
            outcome: Outcome::Rejected(problem),
        },
        Ok(checked) => NewRow {
            row,
            // What can be told from the number needs no place.
            raw: if repairs.is_empty() { "" } else { raw },
            number: Some(checked.number),
            country: checked.country,
            repairs,
            outcome: Outcome::Valid(checked.doubt),
        },
    }
}

/// Reads another text in the place of a rejected row.
///
/// # Errors
/// Why it cannot get a message either; `None` when there is no such rejected row.
pub fn correct(
    table: &mut Table,
    seen: &mut Seen,
    home: Option<Country>,
    correction: &Correction,
) -> Result<(), Option<NumberProblem>> {
    let Correction { source, row, before, after } = correction;
    let at = table.find(*source, *row).ok_or(None)?;
    if !matches!(table.outcome(at), Outcome::Rejected(_)) || table.raw(at) != before {
        return Err(None);
    }
    // Typed by hand just now: no repair of it can have been undone.
    let judged = judge(after, home, &[]);
    if let Err(problem) = judged.outcome {
        return Err(Some(problem));
    }
    let repaired = Judged { repairs: Repairs::default(), ..judged };
    let mut new = new_row(*row, after, repaired);
    if let Some(number) = new.number
        && seen.first(number.digits(), at, |row| table.digits(row)).is_some()
    {
        new.outcome = Outcome::Duplicate;
    }
    table.correct(at, NewRow { raw: "", ..new });
    Ok(())
}
