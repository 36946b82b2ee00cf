//! Names of columns as people and programs write them, in the languages of those who send most.
//!
//! Collected from the exports of Google Contacts, Outlook, 8x8 Connect and common shops, and from dictionaries.

use crate::record::Record;

/// What a name says about numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Mobile numbers.
    Mobile,
    /// Numbers of some kind.
    Phone,
    /// Numbers that get no message.
    Fax,
    /// Something else for sure.
    Not,
    /// Nothing.
    Unknown,
}

const MOBILE: [&str; 47] = [
    "mobile",
    "mobil",
    "cell",
    "cellphone",
    "cellno",
    "cellnumber",
    "celular",
    "movil",
    "móvil",
    "telefonomovil",
    "portable",
    "handy",
    "handynummer",
    "mobilnummer",
    "mobilfunk",
    "mobilfunknummer",
    "cellulare",
    "telemovel",
    "telemóvel",
    "gsm",
    "msisdn",
    "whatsapp",
    "wa",
    "sms",
    "hp",
    "nohp",
    "nomorhp",
    "handphone",
    "ponsel",
    "bimbit",
    "мобильный",
    "мобильныйтелефон",
    "сотовый",
    "мобільний",
    "手机",
    "手機",
    "手机号",
    "行動電話",
    "携帯",
    "携帯電話",
    "휴대폰",
    "휴대전화",
    "มือถือ",
    "جوال",
    "الجوال",
    "נייד",
    "मोबाइल",
];
const PHONE: [&str; 34] = [
    "phone",
    "tel",
    "telephone",
    "telefon",
    "téléphone",
    "tél",
    "telefono",
    "teléfono",
    "telefone",
    "telefoon",
    "telefonnummer",
    "rufnummer",
    "phonenumber",
    "contactno",
    "contactnumber",
    "telepon",
    "dienthoai",
    "điệnthoại",
    "sốđiệnthoại",
    "sdt",
    "sđt",
    "телефон",
    "电话",
    "電話",
    "電話番号",
    "전화",
    "전화번호",
    "โทรศัพท์",
    "เบอร์",
    "هاتف",
    "טלפון",
    "फ़ोन",
    "फोन",
    "टेलीफोन",
];
/// Numbers where they are all that a name says: there are order numbers and contact owners.
const PHONE_ALONE: [&str; 11] = [
    "number",
    "numero",
    "número",
    "numéro",
    "contact",
    "recipient",
    "destination",
    "to",
    "номер",
    "رقم",
    "מספר",
];
const FIRST_NAME: [&str; 26] = [
    "firstname",
    "fname",
    "forename",
    "givenname",
    "given",
    "first",
    "prénom",
    "prenom",
    "vorname",
    "nombre",
    "primeiro nome",
    "primeironome",
    "nome",
    "voornaam",
    "имя",
    "ім'я",
    "名",
    "名字",
    "이름",
    "ชื่อ",
    "namadepan",
    "tên",
    "ad",
    "isim",
    "الاسمالأول",
    "שםפרטי",
];
const LAST_NAME: [&str; 24] = [
    "lastname",
    "lname",
    "surname",
    "familyname",
    "family",
    "last",
    "nom",
    "nomdefamille",
    "nachname",
    "familienname",
    "apellido",
    "apellidos",
    "sobrenome",
    "cognome",
    "achternaam",
    "фамилия",
    "姓",
    "姓氏",
    "성",
    "นามสกุล",
    "namabelakang",
    "họ",
    "soyad",
    "שםמשפחה",
];
/// What the file of rejected rows has beside the rows.
const OUR_OWN: [&str; 3] = ["file", "row", "reason"];
/// Columns of digits that are no numbers to text.
const NOT: [&str; 12] = [
    "id",
    "date",
    "dob",
    "birthday",
    "zip",
    "zipcode",
    "postcode",
    "postalcode",
    "amount",
    "price",
    "balance",
    "clientmessageid",
];

/// A name without case, spaces, signs and invisible marks.
pub fn normal(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_alphanumeric() || is_mark(*c)).collect()
}

/// Vowels and tones of scripts that write them as marks, which are no letters by themselves.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{900}'..='\u{DFF}' | '\u{E31}'..='\u{E4E}')
}

/// What a name says about the numbers below it.
pub fn number(name: &str) -> Number {
    let words = words(name);
    let whole = normal(name);
    let has = |known: &[&str]| {
        known.contains(&whole.as_str()) || words.iter().any(|word| known.contains(&word.as_str()))
    };
    let contains = |known: &[&str]| {
        known.iter().any(|known| {
            // Four letters are part of many words: `canceled`.
            known.chars().count() > 4 && whole.contains(known)
                || !known.is_ascii() && known.chars().count() > 1 && whole.contains(known)
        })
    };
    match () {
        () if has(&["fax", "telefax"]) || whole.contains("факс") => Number::Fax,
        () if has(&NOT) || is_our_own(name) || whole.contains("phonetic") => Number::Not,
        () if field(name).is_some() => Number::Not,
        () if has(&MOBILE) || contains(&MOBILE) => Number::Mobile,
        () if has(&PHONE) || contains(&PHONE) => Number::Phone,
        () if PHONE_ALONE.contains(&whole.trim_end_matches(|c: char| c.is_ascii_digit())) => {
            Number::Phone
        }
        () => Number::Unknown,
    }
}

/// The usual field that a name stands for.
pub fn field(name: &str) -> Option<&'static str> {
    let name = normal(name);
    let is = |known: &[&str]| known.contains(&name.as_str());
    match () {
        () if is(&FIRST_NAME) => Some("FirstName"),
        () if is(&LAST_NAME) => Some("LastName"),
        () if name == "clientmessageid" => Some("ClientMessageId"),
        () => None,
    }
}

/// Whether it is a column of our own file of rejected rows, and no contact's.
pub fn is_our_own(name: &str) -> bool {
    OUR_OWN.contains(&normal(name).as_str())
}

/// Whether these are the names above our own file of rejected rows.
pub fn are_of_rejects(header: &Record) -> bool {
    let mut names = header.cells().map(str::trim).skip_while(|name| *name == "File");
    names.next() == Some("Row")
        && names.next() == Some("Mobile")
        && names.filter(|name| !name.is_empty()).last() == Some("Reason")
}

/// Whether a name is known for anything.
pub fn is_known(name: &str) -> bool {
    field(name).is_some() || !matches!(number(name), Number::Unknown) && !normal(name).is_empty()
}

/// The words of a name: of `Phone 1 - Value`, `mobile_no` and `MobileNo` alike.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        let begins = c.is_uppercase() && was_lower;
        was_lower = c.is_lowercase();
        if !c.is_alphanumeric() && !is_mark(c) || begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric() || is_mark(c)) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_wholes() {
        assert_eq!(words("Phone 1 - Value"), ["phone", "1", "value"]);
        assert_eq!(words("MobileNo"), ["mobile", "no"]);
        assert_eq!(number("Phone 1 - Value"), Number::Phone);
        assert_eq!(number("Work Fax"), Number::Fax);
        assert_eq!(number("Customer ID"), Number::Not);
        assert_eq!(number("เบอร์โทรศัพท์มือถือ"), Number::Mobile);
        assert_eq!(number("City"), Number::Unknown);
        assert_eq!(number("Number 2"), Number::Phone);
        for other in ["Order Number", "Contact owner", "Subscribed to", "Canceled", "номер заказа"]
        {
            assert_eq!(number(other), Number::Unknown, "{other}");
        }
        assert_eq!(number("Phonetic Last Name"), Number::Not);
        assert_eq!(field("first_name"), Some("FirstName"));
        assert_eq!(field("Client Message Id"), Some("ClientMessageId"));
    }
}
