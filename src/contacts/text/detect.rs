//! How a text file spells characters as bytes: found out from its beginning.
//!
//! A byte order mark tells; else the place of NUL bytes tells UTF-16, and what is valid UTF-8 is nothing
//! else by chance. What is left are the code pages of old spreadsheets: each is tried on the beginning of
//! the file, and the one in which the most words look like words of its language is taken. It is a guess,
//! so the page shows the outcome beside a choice of all of them.

use super::decode::Decoder;
use super::encoding::{ALL, Encoding, UTF_8, UTF_16_BE, UTF_16_LE, WINDOWS_1252};

/// What the beginning of a file is most likely written in. `is_whole` says that the file has no more.
pub fn detect(start: &[u8], is_whole: bool) -> Encoding {
    if let [0xFF, 0xFE, ..] = start {
        return UTF_16_LE;
    }
    if let [0xFE, 0xFF, ..] = start {
        return UTF_16_BE;
    }
    if let Some(wide) = without_mark(start) {
        return wide;
    }
    match std::str::from_utf8(start) {
        Ok(_) => return UTF_8,
        // The last character may be cut.
        Err(error) if error.error_len().is_none() && !is_whole => return UTF_8,
        Err(_) => {}
    }
    let mut best = (0, WINDOWS_1252);
    for encoding in ALL.into_iter().skip(3) {
        let Some(text) = Decoder::decode_all(encoding, start, is_whole) else { continue };
        let score = pairs(encoding, start).unwrap_or_else(|| letters(encoding, &text));
        // Of two that say the same, the first is the more common.
        if score > best.0 {
            best = (score, encoding);
        }
    }
    best.1
}

/// UTF-16 without a mark: ASCII has a NUL in every second place.
fn without_mark(start: &[u8]) -> Option<Encoding> {
    let pairs = start.len() / 2;
    let zeros = |of: usize| start.iter().skip(of).step_by(2).filter(|byte| **byte == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    match pairs {
        0 | 1 => None,
        _ if second * 10 > pairs * 4 && first * 10 < pairs => Some(UTF_16_LE),
        _ if first * 10 > pairs * 4 && second * 10 < pairs => Some(UTF_16_BE),
        _ => None,
    }
}

/// How much the pairs of bytes look like the everyday characters of an encoding that has pairs: those
/// stand together in its table, by their first byte.
fn pairs(encoding: Encoding, bytes: &[u8]) -> Option<i64> {
    let (common, good, bad) = match encoding.label() {
        "gb18030" => (0xB0..=0xD7, 10, -5),
        "big5" => (0xA4..=0xC6, 10, -10),
        "shift_jis" => (0x82..=0x97, 10, -10),
        // Within the Chinese range, so what falls outside of it counts for more.
        "euc-kr" => (0xB0..=0xC8, 11, -15),
        _ => return None,
    };
    let mut score = 0;
    let mut bytes = bytes.iter();
    while let Some(first) = bytes.next() {
        // Half-width kana are single, and what Shift JIS makes of anything.
        if encoding.label() == "shift_jis" && (0xA1..=0xDF).contains(first) {
            score -= 5;
        } else if *first >= 0x80 {
            let second = bytes.next().copied().unwrap_or_default();
            // Trail bytes below are of later extensions, but in Big5 and Shift JIS.
            let is_old = second >= 0xA1 || matches!(encoding.label(), "big5" | "shift_jis");
            score += if common.contains(first) && is_old { good } else { bad };
        }
    }
    Some(score)
}

/// How much a text, read in an encoding of single bytes, looks like one: letters of its own script beside
/// each other count, what no text has takes away.
fn letters(encoding: Encoding, text: &str) -> i64 {
    let is_own: fn(char) -> bool = match encoding.label() {
        "windows-1250" => |c| "ąćčďęěłľńňőřśšťůűźżžĄĆČĎĘŁŃŘŚŠŤŮŹŻŽáéíóöúüý".contains(c),
        "windows-1251" | "koi8-r" => |c| ('а'..='я').contains(&c) || "ёіїєґў".contains(c),
        "windows-1253" => |c| ('ά'..='ώ').contains(&c),
        "windows-1254" => |c| "ğışİŞĞçöüÇÖÜ".contains(c),
        "windows-1255" => |c| ('א'..='ת').contains(&c),
        "windows-1256" => |c| ('ء'..='ي').contains(&c),
        "windows-1258" => |c| "ăâđêôơưĐ\u{300}\u{301}\u{303}\u{309}\u{323}".contains(c),
        "windows-874" => |c| ('ก'..='๛').contains(&c),
        _ => |c| "àâäáãåæçèéêëìíîïñòóôöõøùúûüýÿßœÀÂÄÁÇÈÉÊËÍÎÑÓÔÖØÙÚÜ’–€".contains(c),
    };
    let is_latin = matches!(
        encoding.label(),
        "windows-1250" | "windows-1252" | "windows-1254" | "windows-1258" | "macintosh"
    );
    let mut score = 0;
    let mut before = ' ';
    for c in text.chars() {
        let is_own_pair = is_own(before) || !before.is_alphabetic();
        score += match c {
            '\u{FFFD}' | '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}' => -40,
            _ if c.is_ascii_alphabetic() && is_own(before) && !is_latin => -4,
            _ if c.is_ascii() => 0,
            // Thai vowels and tones above and below stand on a consonant.
            '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}' if !is_thai(before) => -20,
            // A Latin letter with a mark stands among plain ones.
            _ if is_own(c) && is_latin => {
                if before.is_ascii_alphabetic() || !before.is_alphabetic() { 4 } else { -1 }
            }
            _ if is_own(c) => {
                if is_own_pair {
                    5
                } else {
                    -4
                }
            }
            // Capitals inside a word are another script misread.
            _ if c.is_uppercase() && before.is_lowercase() => -6,
            _ if c.is_alphabetic() => -1,
            _ => -3,
        };
        // Some letters are written only at the end of a word.
        if encoding.label() == "windows-1255" && "ךםןףץ".contains(before) {
            score += if c.is_alphabetic() { -8 } else { 4 };
        }
        before = c;
    }
    score
}

/// A Thai letter on which marks can stand.
fn is_thai(c: char) -> bool {
    ('ก'..='ฮ').contains(&c) || ('\u{E31}'..='\u{E4E}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(label: &str, text: &str) -> Vec<u8> {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        encoding.encode(text).0.into_owned()
    }

    #[test]
    fn marks_and_nul_bytes_tell() {
        assert_eq!(detect(b"\xFF\xFEa\0", true), UTF_16_LE);
        assert_eq!(detect(b"\xFE\xFF\0a", true), UTF_16_BE);
        assert_eq!(detect(b"p\0h\0o\0n\0e\0,\0n\0", true), UTF_16_LE);
        assert_eq!(detect(b"\0p\0h\0o\0n\0e\0,\0n", true), UTF_16_BE);
        assert_eq!(detect("name\nJosé".as_bytes(), true), UTF_8);
        assert_eq!(detect(b"plain", true), UTF_8);
        assert_eq!(detect(b"", true), UTF_8);
    }

    #[test]
    fn a_character_that_is_cut_is_no_error() {
        assert_eq!(detect(b"Jos\xC3", false), UTF_8);
        assert_eq!(detect(b"Jos\xC3", true), WINDOWS_1252);
    }

    #[test]
    fn code_pages_are_told_apart_by_what_they_would_say() {
        let texts = [
            (
                "windows-1252",
                "Telefon;Name\n+49151;Jörg Müller\n+33612;Élodie Lefèvre\n+34612;José Muñoz",
            ),
            (
                "windows-1250",
                "telefon;jméno\n+420;Jiří Dvořák\n+48;Łukasz Wiśniewski\n+420;Tomáš Růžička",
            ),
            ("windows-1251", "телефон;имя\n+7912;Иван Петров\n+7913;Ольга Смирнова"),
            ("windows-1253", "τηλέφωνο;όνομα\n+3069;Γιώργος Παπαδόπουλος"),
            (
                "windows-1254",
                "telefon;ad\n+90532;Ayşe Yılmaz\n+90533;Mustafa Çağlar\n+90;Işıl Şahin",
            ),
            ("windows-1255", "טלפון;שם\n+97250;משה כהן"),
            ("windows-1256", "هاتف;اسم\n+96650;محمد علي"),
            ("windows-874", "โทรศัพท์;ชื่อ\n+6681;สมชาย ใจดี\n+6682;สมหญิง รักไทย"),
            ("gb18030", "手机,姓名\n+86138,王小明\n+86139,李华\n+86137,张伟,北京市朝阳区"),
            ("big5", "手機,姓名\n+8869,陳大文\n+8869,林美玲,台北市信義區"),
            ("shift_jis", "電話番号,氏名\n+8190,山田太郎\n+8180,佐藤はなこ,カタカナ"),
            ("euc-kr", "전화번호,이름\n+8210,김철수\n+8210,이영희,서울특별시"),
        ];
        for (label, text) in texts {
            assert_eq!(detect(&written(label, text), true).label(), label, "{text}");
        }
    }
}
