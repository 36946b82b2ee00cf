//! The message of a row of the table.

use crate::table::Table;
use domain::message::Message;
use domain::message::template::MOBILE;
use std::collections::BTreeMap;

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
