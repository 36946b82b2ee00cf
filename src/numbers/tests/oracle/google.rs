//! Google's answers, from `rlibphonenumber`: a port of libphonenumber's C++ with its own regular
//! expressions and its own copy of the metadata, of the same release as ours.

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat, PhoneNumberType, Region,
    ValidationError,
};

/// The answer in the form that the example `numbers` prints, and how the number is written.
pub fn answer(region: &str, text: &str) -> (String, Option<[String; 2]>) {
    let number = match PHONE_NUMBER_UTIL.parse(text, Region::try_from(region).ok()) {
        Ok(number) => number,
        Err(error) => return (format!("-\t{}", error_name(&error)), None),
    };
    let e164 = number.format_as(PhoneNumberFormat::E164);
    let possible = match number.is_possible_with_reason() {
        Ok(NumberLengthType::IsPossible) => "IS_POSSIBLE",
        Ok(NumberLengthType::IsPossibleLocalOnly) => "IS_POSSIBLE_LOCAL_ONLY",
        Err(ValidationError::InvalidCountryCode) => "INVALID_COUNTRY_CODE",
        Err(ValidationError::TooShort) => "TOO_SHORT",
        Err(ValidationError::InvalidLength) => "INVALID_LENGTH",
        Err(ValidationError::TooLong) => "TOO_LONG",
    };
    let valid = number.is_valid();
    let kind = kind_name(number.get_type());
    let region = number.get_region_code();
    let region = region.map_or("-".to_owned(), |region| match &*region.as_region_str() {
        "World" => "001".to_owned(),
        code => code.to_owned(),
    });
    let written = [PhoneNumberFormat::National, PhoneNumberFormat::International];
    let written = written.map(|format| western(&number.format_as(format)));
    (format!("{e164}\t{possible}\t{valid}\t{kind}\t{region}"), Some(written))
}

/// Digits as we write them: an extension keeps those of other scripts in libphonenumber.
fn western(text: &str) -> String {
    let zeros = ['٠', '۰', '०', '０'].map(u32::from);
    let digit = |c: char| {
        zeros.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|digit| *digit < 10))
    };
    text.chars()
        .map(|c| digit(c).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c))
        .collect()
}

/// Whether libphonenumber's C++, and so this port of it, differs here from its Java, JavaScript and
/// Python, whose answers are ours:
///
/// * It does not know the full-width tilde as a mark, nor the Turkish i with and without dot as forms of i.
/// * Of several second numbers, `/x1/x2`, it cuts off the last and they the first.
/// * It takes two digits and an extension for a number, they take two digits only when they are alone.
pub fn differs(text: &str) -> bool {
    let second_numbers = text
        .split(['/', '\\'])
        .skip(1)
        .filter(|after| after.trim_start_matches(' ').starts_with('x'))
        .count();
    text.contains(['～', 'ı', 'İ']) || second_numbers > 1 || is_two_digits_and_more(text)
}

fn is_two_digits_and_more(text: &str) -> bool {
    let is_digit = |c: char| c.is_numeric();
    let number = text.find(|c| is_digit(c) || c == '+' || c == '＋').map_or("", |at| &text[at..]);
    let label = |c: char| c.is_alphabetic() || ",;#~＃".contains(c);
    let end = number.find(label).unwrap_or(number.len());
    number[..end].chars().filter(|c| is_digit(*c)).count() == 2
        || number.contains('#')
            && number.find(|c| !is_digit(c)) == number.char_indices().nth(2).map(|c| c.0)
}

fn error_name(error: &ParseError) -> &'static str {
    match error {
        ParseError::InvalidCountryCode => "INVALID_COUNTRY_CODE",
        ParseError::NotANumber(_) => "NOT_A_NUMBER",
        ParseError::TooShortAfterIdd => "TOO_SHORT_AFTER_IDD",
        ParseError::TooShortNsn => "TOO_SHORT_NSN",
        ParseError::TooLongNsn => "TOO_LONG",
    }
}

fn kind_name(kind: PhoneNumberType) -> &'static str {
    match kind {
        PhoneNumberType::FixedLine => "FIXED_LINE",
        PhoneNumberType::Mobile => "MOBILE",
        PhoneNumberType::FixedLineOrMobile => "FIXED_LINE_OR_MOBILE",
        PhoneNumberType::TollFree => "TOLL_FREE",
        PhoneNumberType::PremiumRate => "PREMIUM_RATE",
        PhoneNumberType::SharedCost => "SHARED_COST",
        PhoneNumberType::VoIP => "VOIP",
        PhoneNumberType::PersonalNumber => "PERSONAL_NUMBER",
        PhoneNumberType::Pager => "PAGER",
        PhoneNumberType::UAN => "UAN",
        PhoneNumberType::VoiceMail => "VOICEMAIL",
        PhoneNumberType::Unknown => "UNKNOWN",
    }
}
