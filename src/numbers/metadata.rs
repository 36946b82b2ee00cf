//! What libphonenumber's tables say about a number: its country, length and type.

use crate::Checked;
use domain::phone::{Country, E164, NumberDoubt, NumberProblem};
use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use phonenumber::{PhoneNumber, Type};

/// Reads digits that begin with a country code.
pub fn read_international(digits: &str) -> Result<Checked, NumberProblem> {
    match phonenumber::parse(None, format!("+{digits}")) {
        Ok(number) => classify(&number),
        Err(error) => Err(problem(&error)),
    }
}

/// Reads digits as they are dialled within `home`.
pub fn read_national(digits: &str, home: Country) -> Result<Checked, NumberProblem> {
    let id: Id = home.code().parse().map_err(|_| NumberProblem::NeedsCountry)?;
    match phonenumber::parse(Some(id), digits) {
        Ok(number) => classify(&number),
        Err(error) => Err(problem(&error)),
    }
}

/// The country of a number, when the number tells: those of satellites and of international services
/// have none.
pub fn country(number: E164) -> Option<Country> {
    phonenumber::parse(None, number.to_string()).ok().as_ref().and_then(region)
}

/// The code that the country's numbers begin with: 65 for Singapore.
pub fn dialing_code(country: Country) -> Option<u16> {
    DATABASE.by_id(country.code()).map(phonenumber::Metadata::country_code)
}

fn region(number: &PhoneNumber) -> Option<Country> {
    let id = number.country().id()?;
    Country::parse(id.as_ref())
}

fn problem(error: &phonenumber::ParseError) -> NumberProblem {
    use phonenumber::ParseError;
    match error {
        ParseError::InvalidCountryCode => NumberProblem::UnknownCountryCode,
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => NumberProblem::TooShort,
        ParseError::TooLong => NumberProblem::TooLong,
        _ => NumberProblem::NotANumber,
    }
}

fn classify(number: &PhoneNumber) -> Result<Checked, NumberProblem> {
    let text = number.format().mode(phonenumber::Mode::E164).to_string();
    check_length(number, &text)?;
    let e164 = E164::parse(&text).map_err(|_| {
        if text.len() > 15 { NumberProblem::TooLong } else { NumberProblem::TooShort }
    })?;
    let valid = number.is_valid();
    let doubt = match number.number_type(&DATABASE) {
        _ if !valid => Some(NumberDoubt::UnknownRange),
        Type::PremiumRate => return Err(NumberProblem::Premium),
        Type::FixedLine => Some(NumberDoubt::Landline),
        // The crate cannot type mobiles whose number begins with a significant 0, all those of
        // Benin, Ivory Coast and Congo among them: no doubt without evidence.
        Type::Mobile | Type::FixedLineOrMobile | Type::Unknown => None,
        _ => Some(NumberDoubt::Service),
    };
    Ok(Checked { number: e164, country: region(number), repair: None, doubt })
}

/// Whether the national number is as long as one of its calling code can be.
fn check_length(number: &PhoneNumber, e164: &str) -> Result<(), NumberProblem> {
    let code = number.code().value();
    let national = e164.len().saturating_sub(1 + code.to_string().len()) as u16;
    let regions = DATABASE.by_code(&code).ok_or(NumberProblem::UnknownCountryCode)?;
    let lengths: Vec<u16> = regions
        .iter()
        .flat_map(|region| {
            let kinds = region.descriptors();
            [
                kinds.fixed_line(),
                kinds.mobile(),
                kinds.toll_free(),
                kinds.premium_rate(),
                kinds.shared_cost(),
                kinds.personal_number(),
                kinds.voip(),
                kinds.pager(),
                kinds.uan(),
            ]
        })
        .flatten()
        .flat_map(|kind| kind.possible_length().to_vec())
        .collect();
    match (lengths.iter().min(), lengths.iter().max()) {
        (Some(shortest), _) if national < *shortest => Err(NumberProblem::TooShort),
        (_, Some(longest)) if national > *longest => Err(NumberProblem::TooLong),
        _ if !lengths.is_empty() && !lengths.contains(&national) => Err(NumberProblem::WrongLength),
        _ => Ok(()),
    }
}
