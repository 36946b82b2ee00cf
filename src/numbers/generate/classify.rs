//! The automaton of one country code: from the digits after it to region, kind and more.

use crate::automaton::{Bundle, Pool, State, build};
use crate::metadata::{Kind, Region};
use crate::pattern::{Pattern, compile};

/// What the digits after a country code say, once they are all there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which of the code's regions they belong to: libphonenumber's `getRegionCodeForNumber`.
    pub region: u8,
    /// What kind of number they are there: `getNumberType`.
    pub kind: u8,
    /// The regions whose general pattern they match, as bits.
    pub general: u32,
}

/// No region at all.
pub const NO_REGION: u8 = 31;
/// `UNKNOWN`: not valid.
pub const UNKNOWN: u8 = 11;

/// The kinds in the order in which `getNumberTypeHelper` asks for them, as the numbers that
/// libphonenumber's `PhoneNumberType` gives them; fixed lines and mobiles come after these.
const BEFORE_FIXED_LINE: [u8; 8] = [4, 3, 5, 6, 7, 8, 9, 10];
const FIXED_LINE: u8 = 0;
const MOBILE: u8 = 1;
const FIXED_LINE_OR_MOBILE: u8 = 2;

/// What a pattern of the bundle stands for.
enum Meaning {
    /// The numbers of this kind in this region, if they are as long as this allows.
    Kind { region: usize, kind: u8, lengths: Vec<i32> },
    /// All numbers of the region, whatever their length.
    General { region: usize, lengths: Vec<i32> },
    /// Numbers that begin like this belong to the region.
    LeadingDigits { region: usize },
}

/// Builds the automaton of one country code; `regions` are all it has, the main one first.
pub fn classify(pool: &mut Pool, regions: &[&Region], verdicts: &mut Vec<Verdict>) -> State {
    let (patterns, meanings) = patterns(regions);
    let marks = || (0..).zip(&meanings);
    let sticky: Vec<u16> = marks()
        .filter(|(_, meaning)| matches!(meaning, Meaning::LeadingDigits { .. }))
        .map(|(mark, _)| mark)
        .collect();
    let bundle = Bundle::new(patterns.iter().collect());
    build(pool, &bundle, &sticky, &mut |length, matched, stuck| {
        let matched: Vec<&Meaning> =
            matched.iter().chain(stuck).map(|mark| &meanings[usize::from(*mark)]).collect();
        let verdict = verdict(regions, length as i32, &matched);
        let known = verdicts.iter().position(|other| *other == verdict);
        let index = known.unwrap_or_else(|| {
            verdicts.push(verdict);
            verdicts.len() - 1
        });
        u16::try_from(index).expect("few verdicts")
    })
}

fn patterns(regions: &[&Region]) -> (Vec<Pattern>, Vec<Meaning>) {
    let mut all = Vec::new();
    for (index, region) in regions.iter().enumerate() {
        let general = Meaning::General { region: index, lengths: region.general.lengths.clone() };
        all.push((compile(&region.general.pattern), general));
        for (kind, numbers) in kinds(region) {
            if !numbers.pattern.is_empty() && numbers.lengths != [-1] {
                let lengths = numbers.lengths.clone();
                all.push((
                    compile(&numbers.pattern),
                    Meaning::Kind { region: index, kind, lengths },
                ));
            }
        }
        if !region.leading_digits.is_empty() {
            all.push((compile(&region.leading_digits), Meaning::LeadingDigits { region: index }));
        }
    }
    all.into_iter().unzip()
}

fn kinds(region: &Region) -> [(u8, &Kind); 10] {
    [
        (4, &region.premium_rate),
        (3, &region.toll_free),
        (5, &region.shared_cost),
        (6, &region.voip),
        (7, &region.personal_number),
        (8, &region.pager),
        (9, &region.uan),
        (10, &region.voicemail),
        (FIXED_LINE, &region.fixed_line),
        (MOBILE, &region.mobile),
    ]
}

fn verdict(regions: &[&Region], length: i32, matched: &[&Meaning]) -> Verdict {
    let fits = |lengths: &[i32]| lengths.is_empty() || lengths.contains(&length);
    let general = matched.iter().fold(0, |bits, meaning| match meaning {
        Meaning::General { region, .. } => bits | 1 << region,
        _ => bits,
    });
    // `getNumberTypeHelper`
    let kind_in = |index: usize| {
        let is_general = matched.iter().any(|meaning| {
            matches!(meaning, Meaning::General { region, lengths } if *region == index && fits(lengths))
        });
        let is = |wanted: u8| {
            matched.iter().any(|meaning| {
                matches!(meaning, Meaning::Kind { region, kind, lengths }
                    if *region == index && *kind == wanted && fits(lengths))
            })
        };
        let same = regions[index].same_mobile_and_fixed_line_pattern;
        match BEFORE_FIXED_LINE.into_iter().find(|kind| is(*kind)) {
            _ if !is_general => UNKNOWN,
            Some(kind) => kind,
            None if is(FIXED_LINE) && (same || is(MOBILE)) => FIXED_LINE_OR_MOBILE,
            None if is(FIXED_LINE) => FIXED_LINE,
            None if is(MOBILE) && !same => MOBILE,
            None => UNKNOWN,
        }
    };
    // `getRegionCodeForNumberFromRegionList`
    let begins_like = |index: usize| {
        matched
            .iter()
            .any(|meaning| matches!(meaning, Meaning::LeadingDigits { region } if *region == index))
    };
    let region = (0..regions.len()).find(|index| {
        regions.len() == 1
            || if regions[*index].leading_digits.is_empty() {
                kind_in(*index) != UNKNOWN
            } else {
                begins_like(*index)
            }
    });
    match region {
        Some(region) => Verdict { region: region as u8, kind: kind_in(region), general },
        None => Verdict { region: NO_REGION, kind: UNKNOWN, general },
    }
}
