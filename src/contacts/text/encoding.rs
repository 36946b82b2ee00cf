//! How a text file may spell characters as bytes.

/// An encoding, by its label in the WHATWG Encoding Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding(&'static str, &'static str);

/// UTF-8.
pub const UTF_8: Encoding = Encoding("utf-8", "UTF-8");
/// Of two bytes each, the lower first: what Excel calls Unicode text.
pub const UTF_16_LE: Encoding = Encoding("utf-16le", "UTF-16 LE");
/// Of two bytes each, the higher first.
pub const UTF_16_BE: Encoding = Encoding("utf-16be", "UTF-16 BE");
/// Western Europe, as Windows has it.
pub const WINDOWS_1252: Encoding = Encoding("windows-1252", "Western (Windows-1252)");

/// All that can be chosen, the likely ones first.
pub const ALL: [Encoding; 18] = [
    UTF_8,
    UTF_16_LE,
    UTF_16_BE,
    WINDOWS_1252,
    Encoding("windows-1250", "Central European (Windows-1250)"),
    Encoding("windows-1251", "Cyrillic (Windows-1251)"),
    Encoding("windows-1253", "Greek (Windows-1253)"),
    Encoding("windows-1254", "Turkish (Windows-1254)"),
    Encoding("windows-1255", "Hebrew (Windows-1255)"),
    Encoding("windows-1256", "Arabic (Windows-1256)"),
    Encoding("windows-1258", "Vietnamese (Windows-1258)"),
    Encoding("windows-874", "Thai (Windows-874)"),
    Encoding("gb18030", "Chinese, simplified (GB 18030)"),
    Encoding("big5", "Chinese, traditional (Big5)"),
    Encoding("shift_jis", "Japanese (Shift JIS)"),
    Encoding("euc-kr", "Korean (EUC-KR)"),
    Encoding("macintosh", "Western (old Mac)"),
    Encoding("koi8-r", "Cyrillic (KOI8-R)"),
];

impl Encoding {
    /// By its label.
    pub fn parse(label: &str) -> Option<Self> {
        ALL.into_iter().find(|encoding| encoding.0 == label)
    }

    /// Its label: `windows-1252`.
    pub fn label(self) -> &'static str {
        self.0
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        self.1
    }
}
