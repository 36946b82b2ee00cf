//! What stands between the cells of a text file, and how cells are quoted. There is no standard that files
//! keep to (RFC 4180 describes one habit).

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Between two cells; `None` when a row is one cell.
    pub delimiter: Option<u8>,
    /// How a cell is quoted.
    pub quotes: Quotes,
    /// Whether whole rows are quoted once more: `"a,b"`.
    pub is_wrapped: bool,
    /// Whether the first line is no row but Excel's hint `sep=;`.
    pub has_hint: bool,
    /// Whether we wrote it: then every quote is closed, however far from where it was opened.
    pub is_ours: bool,
}

impl Default for Dialect {
    /// RFC 4180's.
    fn default() -> Self {
        Self {
            delimiter: Some(b','),
            quotes: Quotes::Doubled,
            is_wrapped: false,
            has_hint: false,
            is_ours: false,
        }
    }
}

/// How a cell is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// `"a ""b"" c"`, as spreadsheets do.
    Doubled,
    /// `"a \"b\" c"`, as databases do.
    Backslash,
    /// `“a b”`, as word processors do.
    Curly,
    /// Quotes are characters as any other.
    None,
}

/// The delimiters that can be chosen, with their names.
pub const DELIMITERS: [(u8, &str); 4] =
    [(b',', "Comma"), (b';', "Semicolon"), (b'\t', "Tab"), (b'|', "Bar |")];

/// The kinds of quoting that can be chosen, with their names.
pub const QUOTES: [(Quotes, &str, &str); 4] = [
    (Quotes::Doubled, "doubled", "\"…\", doubled inside"),
    (Quotes::Backslash, "backslash", "\"…\", with \\ inside"),
    (Quotes::Curly, "curly", "“…”"),
    (Quotes::None, "none", "None"),
];
