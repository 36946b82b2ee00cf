//! The message of a row of the table, and what may be wrong with it.

use crate::table::Table;
use domain::grouped;
use domain::message::Message;
use domain::message::segments::{Segments, surely_fits};
use domain::message::template::MOBILE;
use domain::price::quote::is_sendable;
use std::collections::BTreeMap;
use thiserror::Error;

/// A message, and where the values of its fields are.
pub struct Rendering<'a> {
    message: &'a Message,
    fields: BTreeMap<String, usize>,
    has_mobile: bool,
}

impl<'a> Rendering<'a> {
    /// Of a message, for the rows of a table.
    pub fn of(message: &'a Message, table: &Table) -> Self {
        let used = message.template().fields();
        let place = |used: &&str| {
            let at = table.fields().iter().position(|name| name.eq_ignore_ascii_case(used))?;
            Some(((*used).to_owned(), at))
        };
        let fields = used.iter().filter_map(place).collect();
        let has_mobile = used.iter().any(|field| field.eq_ignore_ascii_case(MOBILE));
        Self { message, fields, has_mobile }
    }

    /// Writes what row `at` will read into `out`, in the place of what is there.
    pub fn write(&self, table: &Table, at: usize, out: &mut String) {
        let mobile = table.number(at).filter(|_| self.has_mobile).map(|n| n.to_string());
        self.message.template().render(out, |field| {
            if field.eq_ignore_ascii_case(MOBILE) {
                return mobile.as_deref();
            }
            let place = self.fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(field))?.1;
            Some(table.value(at, *place))
        });
    }
}

/// Why messages cannot be sent, row by row.
pub struct Obstacles<'a> {
    rendering: Rendering<'a>,
    text: String,
}

impl<'a> Obstacles<'a> {
    /// To a message, for the rows of a table.
    pub fn of(message: &'a Message, table: &Table) -> Self {
        Self { rendering: Rendering::of(message, table), text: String::new() }
    }

    /// Why row `at` cannot be sent its message, if so.
    pub fn find(&mut self, table: &Table, at: usize) -> Option<Obstacle> {
        self.rendering.write(table, at, &mut self.text);
        if surely_fits(&self.text) && !self.text.trim().is_empty() {
            return None;
        }
        let segments = Segments::of(&self.text);
        match segments.count {
            _ if is_sendable(&self.text, &segments) => None,
            _ if segments.fits() => Some(Obstacle::Empty),
            parts => Some(Obstacle::TooLong(parts)),
        }
    }
}

/// Why a message cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Obstacle {
    /// There is nothing in it.
    #[error("The message would be empty")]
    Empty,
    /// It has so many parts.
    #[error("The message would have {} parts", grouped(.0))]
    TooLong(u32),
}
