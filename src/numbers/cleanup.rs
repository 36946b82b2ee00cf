//! The product's own layer: what spreadsheets, phones and people do to a number, undone before the
//! tables see it, so that they see nothing but digits.

use domain::phone::NumberProblem;
use domain::recipients::RepairKind;

/// A cell with nothing left but its digits.
#[derive(Debug)]
pub struct Cleaned {
    /// 1 to [`MOST_DIGITS`] ASCII digits.
    pub digits: String,
    /// Whether they begin with a country code: there was a `+` or a `00`.
    pub international: bool,
    /// What was done beyond dropping the usual separators.
    pub repair: Option<RepairKind>,
}

/// E.164 has 15 digits at most, and a national prefix comes before the longest numbers.
const MOST_DIGITS: usize = 16;

/// Cleans a raw cell.
pub fn clean(raw: &str) -> Result<Cleaned, NumberProblem> {
    let mut repair = None;
    let mut text: String = raw.chars().filter(|c| !is_hidden(*c)).map(plain).collect();
    // A no-break space around a number is everyday; marks that nobody can see are worth a word.
    if raw.trim().chars().any(is_hidden) {
        repair = Some(RepairKind::HiddenCharacters);
    }
    text = text.trim().to_owned();
    if let Some(inner) = without_text_marker(&text) {
        text = inner.to_owned();
        repair = Some(RepairKind::TextMarker);
    }
    if is_shortened(&text) {
        return Err(NumberProblem::DigitsLost);
    }
    if let Some(whole) = without_decimals(&text) {
        text = whole.to_owned();
        repair = Some(RepairKind::SpreadsheetNumber);
    }
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return Err(NumberProblem::NotANumber);
    }
    if text.chars().any(char::is_alphabetic) {
        return Err(NumberProblem::Letters);
    }
    let pluses = text.matches('+').count();
    let plus_leads = text.find('+') < text.find(|c: char| c.is_ascii_digit());
    if plus_leads && pluses == 1 && text.contains("(0)") {
        text = text.replacen("(0)", "", 1);
        repair = Some(RepairKind::TrunkZero);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0');
    let zeros = digits.len() - significant.len();
    let has_plus = pluses > 0 && plus_leads;
    let international = has_plus || zeros >= 2;
    if international && (zeros > 0 || pluses > 1) {
        repair = Some(RepairKind::InternationalPrefix);
    }
    let digits = if international { significant.to_owned() } else { digits };
    match digits.len() {
        0 => Err(NumberProblem::NotANumber),
        n if n > MOST_DIGITS => Err(NumberProblem::TooLong),
        _ => Ok(Cleaned { digits, international, repair }),
    }
}

/// Marks without width: zero-width spaces and joiners, byte order and direction marks, soft hyphen.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Digits of other scripts and the full-width plus as ASCII, as libphonenumber reads them.
fn plain(c: char) -> char {
    const ZEROS: &[char] = &[
        '\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{B66}', '\u{BE6}',
        '\u{C66}', '\u{CE6}', '\u{D66}', '\u{E50}', '\u{ED0}', '\u{F20}', '\u{1040}', '\u{17E0}',
        '\u{FF10}',
    ];
    if c.is_ascii() {
        return c;
    }
    if c == '＋' {
        return '+';
    }
    ZEROS
        .iter()
        .find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|digit| *digit < 10))
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(c)
}

/// `'+65…`, `="+65…"` and `"+65…"`: ways to make a spreadsheet keep a text.
fn without_text_marker(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix('\'') {
        return Some(rest);
    }
    let quoted = text.strip_prefix('=').unwrap_or(text);
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner)
}

/// `6.59E+09`: a number in scientific notation, whose last digits are gone.
fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let mantissa_is_number =
        mantissa.split_once(['.', ',']).map_or(digits(mantissa), |(a, b)| digits(a) && digits(b));
    mantissa_is_number && digits(exponent.trim_start_matches('+'))
}

/// `6591234567.0`: a number that went through a floating point column.
fn without_decimals(text: &str) -> Option<&str> {
    let (whole, decimals) = text.rsplit_once(['.', ','])?;
    let is_one = whole.len() >= 7
        && whole.bytes().all(|b| b.is_ascii_digit())
        && (1..=2).contains(&decimals.len())
        && decimals.bytes().all(|b| b == b'0');
    is_one.then_some(whole)
}
