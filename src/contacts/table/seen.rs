//! Which numbers were there before, and in which row first.

/// Slots to begin with.
const SLOTS: usize = 1 << 12;
/// An empty slot.
const FREE: u32 = u32::MAX;
/// Bits of a slot that are the row; there are fewer rows than that. The others are of the number's hash, so
/// that numbers, which are far away in memory, are looked at only when they are most likely the same.
const ROW_BITS: u32 = 21;
const ROW: u32 = (1 << ROW_BITS) - 1;

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
    /// Makes room for so many rows more.
    pub fn reserve(&mut self, rows: usize, digits: impl Fn(usize) -> u64) {
        let slots = ((self.len + rows) * 2).next_power_of_two();
        if slots > self.slots.len() {
            self.grow(slots, &digits);
        }
    }

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
            self.grow(self.slots.len() * 4, &digits);
        }
        let (slot, tag) = self.slot(number, &digits);
        match self.slots[slot] {
            FREE => {
                self.slots[slot] = tag | at as u32;
                self.len += 1;
                None
            }
            first => Some((first & ROW) as usize),
        }
    }

    /// The row that came first with this number.
    pub fn find(&self, number: u64, digits: impl Fn(usize) -> u64) -> Option<usize> {
        let first = self.slots[self.slot(number, &digits).0];
        (first != FREE).then_some((first & ROW) as usize)
    }

    /// Where a number is or would be, and the bits of its hash that stand there.
    fn slot(&self, number: u64, digits: &impl Fn(usize) -> u64) -> (usize, u32) {
        let mask = self.slots.len() - 1;
        // Fibonacci hashing: the upper bits of the product depend on all digits.
        let hash = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let tag = (hash >> 32) as u32 & !ROW;
        let mut slot = (hash >> 24) as usize & mask;
        loop {
            let there = self.slots[slot];
            let is_it =
                there == FREE || there & !ROW == tag && digits((there & ROW) as usize) == number;
            if is_it {
                return (slot, tag);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self, slots: usize, digits: &impl Fn(usize) -> u64) {
        let larger = vec![FREE; slots];
        for there in std::mem::replace(&mut self.slots, larger) {
            if there != FREE {
                let (slot, tag) = self.slot(digits((there & ROW) as usize), digits);
                self.slots[slot] = tag | there & ROW;
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
        seen.reserve(100_000, |row| numbers[row]);
        assert_eq!(seen.find(numbers[99], |row| numbers[row]), map.get(&numbers[99]).copied());
    }
}
