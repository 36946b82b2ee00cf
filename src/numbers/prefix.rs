//! International and national prefixes, found by the little programs that the build made of
//! libphonenumber's patterns for them.

use crate::number::Digits;
use crate::tables::{Region, Step, Tables};

/// The digits of a number while it is being read. A number has 17 at most, and prefixes and country
/// codes have far fewer than the rest, so what does not fit makes no difference.
pub type Work = Digits<48>;

/// Where the groups of a pattern begin and end.
#[derive(Clone, Copy, Debug, Default)]
struct Groups([Option<u8>; 4]);

impl Groups {
    fn of<'a>(&self, group: u8, digits: &'a [u8]) -> Option<&'a [u8]> {
        let at = 2 * usize::from(group.checked_sub(1)?);
        let start = usize::from((*self.0.get(at)?)?);
        digits.get(start..usize::from((*self.0.get(at + 1)?)?))
    }
}

impl Tables {
    /// Where the region's international prefix ends in `digits`, if they begin with it.
    pub(crate) fn idd_end(&self, region: &Region, digits: &[u8]) -> Option<usize> {
        if !begins_with(region.idd_first, digits) {
            return None;
        }
        self.run(region.idd, digits, 0, &mut Groups::default())
    }

    /// Where the region's national prefix ends in `digits`, if they begin with it.
    pub(crate) fn national_prefix_end(&self, region: &Region, digits: &[u8]) -> Option<usize> {
        if !begins_with(region.prefix_first, digits) {
            return None;
        }
        self.run(region.prefix, digits, 0, &mut Groups::default())
    }

    /// What is left of `digits` behind the region's international prefix, if they begin with one:
    /// `parsePrefixAsIdd`.
    pub(crate) fn strip_idd<'a>(&self, region: &Region, digits: &'a [u8]) -> Option<&'a [u8]> {
        let rest = digits.get(self.idd_end(region, digits)?..)?;
        // No country code begins with 0, so neither can what is behind the prefix.
        (rest.first() != Some(&0)).then_some(rest)
    }

    /// `digits` without the region's national prefix, or with what stands for it internationally;
    /// unchanged when there is none, or when they are a number with it and none without:
    /// `maybeStripNationalPrefixAndCarrierCode`.
    pub(crate) fn strip_national_prefix(&self, region: &Region, digits: &Work) -> Option<Work> {
        let all = digits.as_slice();
        if !begins_with(region.prefix_first, all) {
            return None;
        }
        let mut groups = Groups::default();
        let end = self.run(region.prefix, all, 0, &mut groups)?;
        let rest = all.get(end..)?;
        let (text, group) = region.rule;
        let mut stripped = Work::new();
        if let Some(group) = groups.of(group, all) {
            text.bytes().for_each(|digit| stripped.push(digit.wrapping_sub(b'0')));
            stripped.extend(group);
        }
        stripped.extend(rest);
        let spoils = self.is_general(region, all) && !self.is_general(region, stripped.as_slice());
        (!spoils).then_some(stripped)
    }

    /// Runs a program on the beginning of `digits`; where it ends is returned.
    ///
    /// It tries ways in order, as libphonenumber's regular expressions do, so that the groups are
    /// the same. No pattern is endless, so neither is this.
    fn run(&self, start: u16, digits: &[u8], mut at: usize, groups: &mut Groups) -> Option<usize> {
        let mut step = start;
        loop {
            match self.steps.get(usize::from(step))? {
                Step::Take(set, next) => {
                    let digit = digits.get(at)?;
                    if set >> digit & 1 == 0 {
                        return None;
                    }
                    at += 1;
                    step = *next;
                }
                Step::Split(one, other) => {
                    let before = *groups;
                    if let Some(end) = self.run(*one, digits, at, groups) {
                        return Some(end);
                    }
                    *groups = before;
                    step = *other;
                }
                Step::Mark(mark, next) => {
                    if let Some(place) = groups.0.get_mut(usize::from(*mark)) {
                        *place = Some(at as u8);
                    }
                    step = *next;
                }
                Step::End(next) => {
                    if at < digits.len() {
                        return None;
                    }
                    step = *next;
                }
                Step::Match => return Some(at),
            }
        }
    }
}

fn begins_with(set: u16, digits: &[u8]) -> bool {
    digits.first().is_some_and(|digit| set >> digit & 1 == 1)
}
