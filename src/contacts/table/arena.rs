//! Texts of many rows in blocks that never move: growing one large piece of memory would need twice as
//! much for a moment, and a worker's memory never shrinks again.

/// Bytes of a block, as a power of two. A row that is longer gets one of its own.
const BLOCK_BITS: usize = 20;
const BLOCK: usize = 1 << BLOCK_BITS;

/// Bytes that the length of a text takes at most.
const LONGEST_LEN: usize = 6;

/// Where the texts of a row begin: the number of the block, and the place in it. There is no more memory
/// than the 4,096 blocks that can be numbered so.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place(u32);

/// Texts, each after its length.
#[derive(Debug, Default)]
pub struct Arena {
    blocks: Vec<String>,
}

impl Arena {
    /// Begins a row of `count` texts that have at most `bytes` bytes together; [`add`](Self::add) them all.
    pub fn begin(&mut self, count: usize, bytes: usize) -> Place {
        let most = bytes + count * LONGEST_LEN;
        // One that is longer than a place can tell takes no more, whatever room there is.
        let is_full =
            |block: &String| block.len() >= BLOCK || block.capacity() - block.len() < most;
        if self.blocks.last().is_none_or(is_full) {
            self.blocks.push(String::with_capacity(most.max(BLOCK)));
        }
        let at = self.blocks.last().map_or(0, String::len);
        Place(((self.blocks.len() - 1) << BLOCK_BITS | at) as u32)
    }

    /// Adds a text to the row that was begun.
    pub fn add(&mut self, text: &str) {
        if let Some(block) = self.blocks.last_mut() {
            push_len(block, text.len());
            block.push_str(text);
        }
    }

    /// Text `n`, from 0, of the row that begins at `place`.
    pub fn text(&self, place: Place, n: usize) -> &str {
        let place = place.0 as usize;
        let block = self.blocks.get(place >> BLOCK_BITS).map_or("", String::as_str);
        let mut at = place & (BLOCK - 1);
        for _ in 0..n {
            let (start, len) = len_at(block, at);
            at = start + len;
        }
        let (start, len) = len_at(block, at);
        block.get(start..start + len).unwrap_or_default()
    }
}

/// A length in ASCII characters of seven bits: six of it in each, and one that says that more follow.
fn push_len(block: &mut String, mut len: usize) {
    while len >= 64 {
        block.push(char::from(64 | (len & 63) as u8));
        len >>= 6;
    }
    block.push(char::from(len as u8));
}

/// Where the text begins whose length stands at `at`, and that length.
fn len_at(block: &str, mut at: usize) -> (usize, usize) {
    let (mut len, mut shift) = (0, 0);
    while let Some(byte) = block.as_bytes().get(at) {
        at += 1;
        len |= usize::from(byte & 63) << shift;
        shift += 6;
        if byte & 64 == 0 {
            break;
        }
    }
    (at, len)
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
            rows in prop::collection::vec(prop::collection::vec(".{0,9}", 3), 1..20),
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
