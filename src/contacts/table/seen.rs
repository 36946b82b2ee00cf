//! Which numbers were there before, and in which row first.

/// Slots to begin with.
const SLOTS: usize = 1 << 12;
/// An empty slot.
const FREE: u32 = u32::MAX;

/// The rows that came first with their number: an open-addressed table of them, eight bytes a row where a
/// `HashMap` takes three times as many.
#[derive(Debug)]
pub struct Seen {
    slots: Vec<u32>,
    len: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self { slots: vec![FREE; SLOTS], len: 0 }
    }
}

impl Seen {
    /// The row that came first with this number; when there is none yet, it is `at` from now on. `digits`
    /// tells the number of a row that is known.
    pub fn first(
        &mut self,
        number: u64,
        at: usize,
        digits: impl Fn(usize) -> u64,
    ) -> Option<usize> {
        // More than half full, it would be searched for long.
        if self.len * 2 >= self.slots.len() {
            self.grow(&digits);
        }
        let slot = self.slot(number, &digits);
        match self.slots[slot] {
            FREE => {
                self.slots[slot] = at as u32;
                self.len += 1;
                None
            }
            first => Some(first as usize),
        }
    }

    /// The row that came first with this number.
    pub fn find(&self, number: u64, digits: impl Fn(usize) -> u64) -> Option<usize> {
        let first = self.slots[self.slot(number, &digits)];
        (first != FREE).then_some(first as usize)
    }

    fn slot(&self, number: u64, digits: &impl Fn(usize) -> u64) -> usize {
        let mask = self.slots.len() - 1;
        // Fibonacci hashing: the upper bits of the product depend on all digits.
        let mut slot = (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask;
        while self.slots[slot] != FREE && digits(self.slots[slot] as usize) != number {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self, digits: &impl Fn(usize) -> u64) {
        let larger = vec![FREE; self.slots.len() * 4];
        for row in std::mem::replace(&mut self.slots, larger) {
            if row != FREE {
                let slot = self.slot(digits(row as usize), digits);
                self.slots[slot] = row;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn it_knows_what_a_map_knows() {
        let numbers: Vec<u64> = (0..20_000_u64).map(|n| 6_590_000_000 + n * n % 7_001).collect();
        let (mut seen, mut map) = (Seen::default(), HashMap::new());
        for (at, number) in numbers.iter().enumerate() {
            let first = seen.first(*number, at, |row| numbers[row]);
            assert_eq!(first, map.get(number).copied());
            map.entry(*number).or_insert(at);
            assert_eq!(seen.find(*number, |row| numbers[row]), map.get(number).copied());
        }
        assert_eq!(seen.find(1, |row| numbers[row]), None);
    }
}
