//! Numbers as a list of contacts has them: mobiles and some landlines of all countries, in the spellings
//! that people and address books use. The same ones for the same seed.

use super::inputs::Dice;
use super::metadata::{Region, read};

/// A source of numbers: pairs of the region's code and a text.
pub struct People {
    regions: Vec<Region>,
    dice: Dice,
}

impl People {
    /// Those of a seed. `metadata` is the collection that the tables were made of.
    pub fn new(metadata: &[u8], seed: u64) -> Self {
        let mut regions = read(metadata);
        regions.retain(|region| region.id != "001" && !region.mobile.example.is_empty());
        Self { regions, dice: Dice(seed) }
    }
}

impl Iterator for People {
    type Item = (String, String);

    fn next(&mut self) -> Option<Self::Item> {
        let Self { regions, dice } = self;
        let Region { id, country_code: code, national_prefix: prefix, mobile, fixed_line, .. } =
            dice.pick(regions);
        let landline = !fixed_line.example.is_empty() && dice.roll(5) == 0;
        let example = if landline { &fixed_line.example } else { &mobile.example };
        // Another subscriber: the last four digits.
        let (area, _) = example.split_at(example.len().saturating_sub(4));
        let digits: String = (area.len()..example.len()).map(|_| dice.digit()).collect();
        let national = format!("{area}{digits}");
        let grouped = |digits: &str, mark: char| {
            let mut grouped = String::new();
            for (at, digit) in digits.chars().enumerate() {
                let left = digits.len() - at;
                if at > 0 && left % 3 == 1 && left > 1 {
                    grouped.push(mark);
                }
                grouped.push(digit);
            }
            grouped
        };
        let text = match dice.roll(20) {
            0..=5 => format!("+{code}{national}"),
            6..=8 => format!("+{code} {}", grouped(&national, ' ')),
            9 => format!("+{code}-{}", grouped(&national, '-')),
            10..=12 => format!("{prefix}{national}"),
            13 | 14 => format!("{prefix}{}", grouped(&national, ' ')),
            15 => format!("({prefix}{}) {}", &national[..2], grouped(&national[2..], '.')),
            16 => format!("+{code} (0) {}", grouped(&national, ' ')),
            17 => format!("00{code} {}", grouped(&national, ' ')),
            18 => format!("{code}{national}"),
            _ => format!("Tel. {prefix}{}", grouped(&national, '-')),
        };
        Some((id.clone(), text))
    }
}
