//! Texts of many rows in blocks that never move: growing one large piece of memory would need twice as
//! much for a moment, and a worker's memory never shrinks again.

/// Bytes of a block, as a power of two. A row that is longer gets one of its own.
const BLOCK_BITS: usize = 20;
const BLOCK: usize = 1 << BLOCK_BITS;
/// Bytes that the length of a text takes at most.
const LONGEST_LEN: usize = 5;

/// Where the texts of a row begin: the number of the block, and the place in it. There is no more memory
/// than the 4,096 blocks that can be numbered so.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place(u32);

/// Texts, each after its length.
#[derive(Debug, Default)]
pub struct Arena {
    blocks: Vec<Vec<u8>>,
    /// How much of the last block is written.
    end: usize,
}

impl Arena {
    /// Begins a row of `count` texts that have at most `bytes` bytes together; [`add`](Self::add) them all.
    pub fn begin(&mut self, count: usize, bytes: usize) -> Place {
        let most = bytes + count * LONGEST_LEN;
        // One that is longer than a place can tell takes no more, whatever room there is.
        let is_full = |block: &Vec<u8>| self.end >= BLOCK || block.len() - self.end < most;
        if self.blocks.last().is_none_or(is_full) {
            self.blocks.push(vec![0; most.max(BLOCK)]);
            self.end = 0;
        }
        Place(((self.blocks.len() - 1) << BLOCK_BITS | self.end) as u32)
    }

    /// Adds a text to the row that was begun.
    pub fn add(&mut self, text: &str) {
        let Some(block) = self.blocks.last_mut() else { return };
        let mut len = text.len();
        // Seven bits in each byte, and one that says that more follow.
        while len >= 128 {
            block[self.end] = 128 | (len & 127) as u8;
            self.end += 1;
            len >>= 7;
        }
        block[self.end] = len as u8;
        let start = self.end + 1;
        self.end = start + text.len();
        copy(&mut block[start..self.end], text.as_bytes());
    }

    /// Text `n`, from 0, of the row that begins at `place`.
    pub fn text(&self, place: Place, n: usize) -> &str {
        let place = place.0 as usize;
        let block = self.blocks.get(place >> BLOCK_BITS).map_or(&[][..], Vec::as_slice);
        let mut at = place & (BLOCK - 1);
        for _ in 0..n {
            let (start, len) = len_at(block, at);
            at = start + len;
        }
        let (start, len) = len_at(block, at);
        let text = block.get(start..start + len).unwrap_or_default();
        // Nothing but text was written here.
        std::str::from_utf8(text).unwrap_or_default()
    }
}

/// Where the text begins whose length stands at `at`, and that length.
fn len_at(block: &[u8], mut at: usize) -> (usize, usize) {
    let (mut len, mut shift) = (0, 0);
    while let Some(byte) = block.get(at) {
        at += 1;
        len |= usize::from(byte & 127) << shift;
        shift += 7;
        if byte & 128 == 0 {
            break;
        }
    }
    (at, len)
}

/// Copies a text, most of which are short. The instruction that copies memory is a call into the browser,
/// which takes longer than all else here (200 ms of a million rows, measured).
fn copy(into: &mut [u8], from: &[u8]) {
    fn ends<const N: usize>(into: &mut [u8], from: &[u8]) {
        // They may overlap: the same bytes are written twice then.
        if let (Some(into), Some(from)) = (into.first_chunk_mut::<N>(), from.first_chunk::<N>()) {
            *into = *from;
        }
        if let (Some(into), Some(from)) = (into.last_chunk_mut::<N>(), from.last_chunk::<N>()) {
            *into = *from;
        }
    }
    match from.len() {
        0 => {}
        1 => ends::<1>(into, from),
        2..4 => ends::<2>(into, from),
        4..8 => ends::<4>(into, from),
        8..=16 => ends::<8>(into, from),
        17..=32 => ends::<16>(into, from),
        _ => into.copy_from_slice(from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn push(arena: &mut Arena, texts: &[&str]) -> Place {
        let place = arena.begin(texts.len(), texts.iter().map(|text| text.len()).sum());
        texts.iter().for_each(|text| arena.add(text));
        place
    }

    proptest! {
        #[test]
        fn texts_come_out_as_they_went_in(
            rows in prop::collection::vec(prop::collection::vec(".{0,20}", 3), 1..20),
            long in 0_usize..5_000,
        ) {
            let mut arena = Arena::default();
            let long = "é".repeat(long);
            let rows: Vec<Vec<&str>> = rows
                .iter()
                .map(|row| row.iter().map(String::as_str).chain([long.as_str()]).collect())
                .collect();
            let places: Vec<Place> = rows.iter().map(|row| push(&mut arena, row)).collect();
            for (row, place) in rows.iter().zip(places) {
                for (n, text) in row.iter().enumerate() {
                    prop_assert_eq!(arena.text(place, n), *text);
                }
            }
        }
    }

    #[test]
    fn texts_of_any_length_are_copied_whole() {
        let all = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let mut arena = Arena::default();
        for len in 0..all.len() {
            let place = push(&mut arena, &[&all[..len], "end"]);
            assert_eq!((arena.text(place, 0), arena.text(place, 1)), (&all[..len], "end"));
        }
    }

    #[test]
    fn a_long_row_gets_a_block_of_its_own() {
        let mut arena = Arena::default();
        let long = "x".repeat(3 * BLOCK);
        let first = push(&mut arena, &["a"]);
        let second = push(&mut arena, &[&long]);
        let third = push(&mut arena, &["b"]);
        assert_eq!((arena.text(first, 0), arena.text(third, 0)), ("a", "b"));
        assert_eq!(arena.text(second, 0).len(), long.len());
    }

    /// A row may ask for more room than its texts take.
    #[test]
    fn a_block_that_is_longer_than_others_takes_no_more_rows_than_they() {
        let mut arena = Arena::default();
        arena.begin(1, 3 * BLOCK);
        arena.add("a");
        let texts: Vec<String> = (0..300).map(|n| n.to_string().repeat(3_000)).collect();
        let places: Vec<Place> = texts.iter().map(|text| push(&mut arena, &[text])).collect();
        for (text, place) in texts.iter().zip(places) {
            assert_eq!(arena.text(place, 0), text);
        }
    }
}
