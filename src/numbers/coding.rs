//! How the states of the automata are coded: what both the build, which writes them
//! (`generate/encoder.rs`), and the crate, which reads them (`decoder.rs`), have to know.
//!
//! It is adaptive binary range coding, by the arithmetic of LZMA. Each bit is coded in a context, in
//! which the coder learns how likely a 1 is; a bit that was to be expected costs next to nothing.

/// What a context has learnt.
#[derive(Clone, Copy, Debug)]
pub struct Chance {
    /// The chance of a 0, in 65,536ths.
    zero: u16,
    /// How many bits it has learnt from, up to a limit.
    seen: u16,
}

impl Default for Chance {
    fn default() -> Self {
        Self { zero: 1 << 15, seen: 0 }
    }
}

impl Chance {
    /// Where a range of values is divided between the two bits.
    pub fn bound(self, range: u32) -> u32 {
        (range >> 16) * u32::from(self.zero)
    }

    /// Learns from a bit: fast at first, slower when much has been seen.
    pub fn learn(&mut self, bit: bool) {
        const SLOWEST: u16 = 24;
        let pace = self.seen + 2;
        if bit {
            self.zero -= self.zero / pace;
        } else {
            self.zero += (u16::MAX - self.zero) / pace;
        }
        // Nothing is ever certain.
        self.zero = self.zero.clamp(64, u16::MAX - 64);
        self.seen = (self.seen + 1).min(SLOWEST);
    }
}

/// From where a state is come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// From nowhere: it is a root.
    Root,
    /// All ten digits lead to it.
    Only,
    /// Digit 0 leads to it, others lead elsewhere.
    First,
    /// Other digits lead elsewhere, and to an end among others.
    AfterEnd,
    /// Other digits lead elsewhere, and to no end so far.
    After,
}

/// Contexts are numbered; these are the first ones of each group. States are told apart by their
/// height: the most digits that may follow before nothing changes any more, 0 for an end.
pub mod context {
    use super::Place;

    /// Heights are below this.
    pub const HEIGHTS: usize = 32;
    /// Contexts that a number takes, and a symbol of 8 bits.
    pub const NUMBER: usize = 256;

    const END: usize = 0;
    const HEIGHT: usize = END + 5 * 16;
    const NEW: usize = HEIGHT + 5 * NUMBER;
    const AGAIN: usize = NEW + HEIGHTS * 8;
    const SAYS: usize = AGAIN + HEIGHTS * 8;
    const ONLY: usize = SAYS + HEIGHTS * 2;
    const SAME: usize = ONLY + HEIGHTS * 16;
    const FRESH: usize = SAME + 10 * 4 * 4 * 4;
    const WHICH: usize = FRESH + 10 * 16;
    /// Which of the ends.
    pub const ENDS: usize = WHICH + 10 * 16;
    /// What a state says.
    pub const VERDICT: usize = ENDS + NUMBER;
    const RANK: usize = VERDICT + NUMBER;
    /// How many there are.
    pub const COUNT: usize = RANK + HEIGHTS * NUMBER;

    /// Whether it is an end.
    pub fn end(place: Place, depth: usize) -> usize {
        END + place as usize * 16 + depth.min(15)
    }

    /// How much lower it is than the state before.
    pub fn height(place: Place) -> usize {
        HEIGHT + place as usize * NUMBER
    }

    /// Whether it has not been come to before.
    pub fn new(place: Place, height: usize) -> usize {
        NEW + height * 8 + place as usize
    }

    /// Whether it will be come to again.
    pub fn again(place: Place, height: usize) -> usize {
        AGAIN + height * 8 + place as usize
    }

    /// Whether it says anything.
    pub fn says(place: Place, height: usize) -> usize {
        SAYS + height * 2 + usize::from(place == Place::Only)
    }

    /// Whether all digits lead to the same state.
    pub fn only(place: Place, height: usize, again: bool) -> usize {
        ONLY + (height * 8 + place as usize) * 2 + usize::from(again)
    }

    /// Whether a digit leads where the digit before does; that many digits before did, too.
    pub fn same(digit: usize, targets: usize, run: usize, to_end: bool, height: usize) -> usize {
        let so_far = (digit * 4 + targets.min(3)) * 4 + run.min(3);
        SAME + (so_far * 2 + usize::from(to_end)) * 2 + usize::from(height < 7)
    }

    /// Whether a digit leads where none before does.
    pub fn fresh(digit: usize, targets: usize) -> usize {
        FRESH + digit * 16 + targets
    }

    /// To which of `targets` that others lead to.
    pub fn which(targets: usize) -> usize {
        WHICH + targets * 16
    }

    /// Which of the states of a height, counted from the one that was come to last.
    pub fn rank(height: usize) -> usize {
        RANK + height * NUMBER
    }
}

/// How many bits it takes to tell `count` things apart.
pub fn bits_for(count: usize) -> u32 {
    usize::BITS - count.saturating_sub(1).leading_zeros()
}
