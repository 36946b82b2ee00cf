//! What is true of every text, whatever is in it.

use domain::recipients::phone::{Country, NumberDoubt};
use numbers::{AsYouType, NotParsed, Region, check, parse, several};

/// Checks all of it for one text; the law that is broken, if one is.
pub fn check_text(home: &str, text: &str) -> Result<(), String> {
    let region = Region::find(home);
    let country = Country::parse(home);
    match parse(text, region) {
        Ok(number) => {
            let e164 = number.to_string();
            let again = parse(&e164, None).map(|again| again.country_code());
            law(
                again == Ok(number.country_code()) || number.national_digits().len() == 2,
                "a number keeps its code",
            )?;
            law(number.is_valid() <= number.region().is_some(), "what is valid has a region")?;
            law((2..=17).contains(&number.national_digits().len()), "it has 2 to 17 digits")?;
            let written: String = number.international_format();
            law(
                written.starts_with(&format!("+{} ", number.country_code())),
                "it is written with its code",
            )?;
            law(!number.national_format().is_empty(), "it is written somehow")?;
        }
        Err(NotParsed::InvalidCountryCode | NotParsed::NotANumber | NotParsed::TooShortNsn) => {}
        Err(NotParsed::TooLong | NotParsed::TooShortAfterIdd) => {
            law(text.chars().count() >= 2, "it is neither too long nor too short for its prefix")?;
        }
    }
    law(
        text.chars().count() <= 250 || parse(text, region) == Err(NotParsed::TooLong),
        "250 characters are enough",
    )?;
    if let Ok(checked) = check(text, country) {
        // Where numbers are not known, libphonenumber takes one more zero for a prefix each time.
        if checked.doubt != Some(NumberDoubt::UnknownRange) {
            let again = check(&checked.number.to_string(), None);
            let again = again.map_err(|problem| format!("{}: {problem}", checked.number))?;
            law(again.number == checked.number, "what is known is read again as itself")?;
            law(again.repairs.is_empty(), "E.164 needs no repair")?;
        }
    }
    let parts = several(text, country);
    law(
        parts.len() == 1 || parts.iter().all(|part| check(part, country).is_ok()),
        "parts are numbers",
    )?;
    // It writes all of what was typed at each character.
    let typed: String = text.chars().take(60).collect();
    law(AsYouType::format(&typed, region).is_empty() == typed.is_empty(), "what is typed is there")
}

fn law(holds: bool, law: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(law.to_owned()) }
}
