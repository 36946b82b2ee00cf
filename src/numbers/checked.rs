//! One number: a raw text, cleaned, read as libphonenumber reads it, and judged by whether it can get an SMS.

use crate::cleanup::{self, Cleaned, Start};
use crate::number::{Kind, NotParsed, Number, Possible, Region};
use crate::parse::parse_digits;
use domain::recipients::phone::{Country, E164, NumberDoubt, NumberProblem};
use domain::recipients::{RepairKind, Repairs};

/// A number that can get a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The number.
    pub number: E164,
    /// Its country, when the number tells.
    pub country: Option<Country>,
    /// What was done to read it, if it was not written as it is read.
    pub repairs: Repairs,
    /// Why it may not be able to get an SMS all the same.
    pub doubt: Option<NumberDoubt>,
}

/// Reads the text of one number. `home` as in [`crate::check`].
///
/// # Errors
/// Why it cannot get a message.
pub fn check_one(raw: &str, home: Option<Country>) -> Result<Checked, NumberProblem> {
    let Cleaned { digits, start, repairs } = cleanup::clean(raw)?;
    let digits = digits.as_slice();
    let abroad = || read(true, digits, None);
    let local = || {
        let home = Region::of(home?)?;
        Some(read(false, digits, Some(home)))
    };
    let checked = match start {
        Start::CountryCode => abroad()?,
        Start::DoubleZero => match abroad() {
            Ok(abroad) if abroad.is_known() => abroad,
            abroad => home_prefix(digits, home).map_or(abroad, Ok)?,
        },
        Start::PlusZero => match local() {
            Some(Ok(local)) if local.is_known() => local.repaired(RepairKind::WrongPlus),
            _ => read(true, digits.get(1..).unwrap_or_default(), None)?
                .repaired(RepairKind::InternationalPrefix),
        },
        Start::Any => match (local(), abroad()) {
            // Only a number that is known to exist may keep the reading at home …
            (Some(Ok(local)), abroad) if local.is_known() => at_home(local, abroad.ok()),
            // … else it may be one of another country that lost its plus.
            (_, Ok(abroad)) if abroad.is_known() => abroad.repaired(RepairKind::MissingPlus),
            (Some(local), _) => local?,
            (None, _) => return Err(NumberProblem::NeedsCountry),
        },
    };
    let read: Vec<RepairKind> = checked.repairs.into();
    Ok(Checked { repairs: read.into_iter().fold(repairs, Repairs::with), ..checked })
}

/// A mobile that is dialled from home with `0011`, as in Australia, or `001`, as in Hong Kong. `digits` are
/// those behind `00`; other prefixes that begin so look like a country code of their own.
fn home_prefix(digits: &[u8], home: Option<Country>) -> Option<Checked> {
    let home = Region::find(home?.code())?;
    let is_long = digits.starts_with(&[1]);
    let dialled = read(false, &[&[0, 0], digits].concat(), Some(home).filter(|_| is_long)).ok()?;
    // No number of North America begins with 11.
    let doubt = if digits.starts_with(&[1, 1]) { None } else { Some(NumberDoubt::Ambiguous) };
    dialled.doubt.is_none().then_some(Checked { doubt, ..dialled })
}

/// A number that is known at home, and what it would be with a plus.
fn at_home(local: Checked, abroad: Option<Checked>) -> Checked {
    match abroad.filter(Checked::is_known) {
        // It has its country code already.
        Some(abroad) if abroad.number == local.number => local.repaired(RepairKind::MissingPlus),
        // A landline at home and a mobile elsewhere: the message is for the mobile.
        Some(abroad) if abroad.doubt.is_none() && local.doubt.is_some() => Checked {
            doubt: Some(NumberDoubt::Ambiguous),
            ..abroad.repaired(RepairKind::MissingPlus)
        },
        Some(abroad) if abroad.doubt.is_none() => {
            Checked { doubt: Some(NumberDoubt::Ambiguous), ..local }
        }
        _ => local,
    }
}

impl Checked {
    /// The same, unless it took a repair that the user has undone.
    ///
    /// # Errors
    /// What is wrong with it when it is not repaired.
    pub fn without(self, undone: &[RepairKind]) -> Result<Self, NumberProblem> {
        let took = |kind: &&RepairKind| self.repairs.contains(**kind);
        match undone.iter().find(took) {
            None => Ok(self),
            Some(RepairKind::FirstOfSeveral) => Err(NumberProblem::Several),
            Some(_) => Err(NumberProblem::NotRepaired),
        }
    }

    /// Whether such numbers are known to be in use.
    fn is_known(&self) -> bool {
        self.doubt != Some(NumberDoubt::UnknownRange)
    }

    /// The same, and what was done to read it.
    pub(crate) fn repaired(self, kind: RepairKind) -> Self {
        Self { repairs: self.repairs.with(kind), ..self }
    }
}

fn read(plus: bool, digits: &[u8], home: Option<Region>) -> Result<Checked, NumberProblem> {
    judge(&parse_digits(plus, digits, home).map_err(problem)?)
}

fn problem(reason: NotParsed) -> NumberProblem {
    match reason {
        NotParsed::InvalidCountryCode => NumberProblem::UnknownCountryCode,
        NotParsed::TooShortAfterIdd | NotParsed::TooShortNsn => NumberProblem::TooShort,
        NotParsed::TooLong => NumberProblem::TooLong,
        NotParsed::NotANumber => NumberProblem::NotANumber,
    }
}

fn judge(number: &Number) -> Result<Checked, NumberProblem> {
    match number.possible() {
        Possible::Yes => {}
        Possible::TooShort | Possible::LocalOnly => return Err(NumberProblem::TooShort),
        Possible::TooLong => return Err(NumberProblem::TooLong),
        Possible::InvalidLength => return Err(NumberProblem::WrongLength),
    }
    let doubt = match number.kind() {
        Kind::PremiumRate => return Err(NumberProblem::Premium),
        Kind::Unknown => Some(NumberDoubt::UnknownRange),
        Kind::FixedLine => Some(NumberDoubt::Landline),
        Kind::Mobile | Kind::FixedLineOrMobile => None,
        _ => Some(NumberDoubt::Service),
    };
    let e164 = match number.digits() {
        Some(digits) if digits < 1_000_000_000_000_000 => E164::from_digits(digits),
        _ => return Err(NumberProblem::TooLong),
    };
    let country = number.region().and_then(Region::country);
    Ok(Checked {
        number: e164.ok_or(NumberProblem::TooShort)?,
        country,
        repairs: Repairs::default(),
        doubt,
    })
}
