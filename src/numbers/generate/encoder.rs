//! Writes the states of the automata; `src/numbers/decoder.rs` reads them.
//!
//! They are written in the order in which a walk from the first root to the last comes to them. A
//! state is written where the walk first comes to it; after that, it is named by how many others of its
//! height the walk has come to since.

use crate::automaton::{Node, Pool, State, ways};
use crate::coding::{Chance, Place, bits_for, context};
use std::collections::{HashMap, HashSet};

/// Writes all states that the roots lead to.
pub fn states(pool: &Pool, roots: &[State]) -> Vec<u8> {
    let mut named: HashMap<State, usize> = HashMap::new();
    let mut heights: Vec<usize> = Vec::new();
    for state in roots {
        *named.entry(*state).or_default() += 1;
    }
    for node in &pool.nodes {
        heights.push(match node {
            Node::End(_) => 0,
            Node::Way(_, next) => {
                ways(next).iter().for_each(|way| *named.entry(way.0).or_default() += 1);
                1 + next.iter().map(|state| heights[*state as usize]).max().unwrap_or(0)
            }
        });
    }
    assert!(heights.iter().all(|height| *height < context::HEIGHTS), "a pattern is too long");
    let mut walk = Walk {
        pool,
        named,
        heights,
        encoder: Encoder::new(),
        seen: HashSet::new(),
        ends: Vec::new(),
        recent: vec![Vec::new(); context::HEIGHTS],
    };
    roots.iter().for_each(|root| walk.visit(*root, Place::Root, 0, 0));
    assert!(walk.seen.len() <= usize::from(u16::MAX), "too many states");
    walk.encoder.finish()
}

struct Walk<'a> {
    pool: &'a Pool,
    /// How often each state is come to.
    named: HashMap<State, usize>,
    heights: Vec<usize>,
    encoder: Encoder,
    seen: HashSet<State>,
    ends: Vec<State>,
    recent: Vec<Vec<State>>,
}

impl Walk<'_> {
    fn visit(&mut self, state: State, place: Place, depth: usize, above: usize) {
        let height = self.heights[state as usize];
        let (verdict, next) = match &self.pool.nodes[state as usize] {
            Node::End(verdict) => {
                self.encoder.bit(context::end(place, depth), true);
                return self.end(state, *verdict);
            }
            Node::Way(verdict, next) => (*verdict, next),
        };
        self.encoder.bit(context::end(place, depth), false);
        let lower = if place == Place::Root { height } else { above - 1 - height };
        self.encoder.number(context::height(place), lower + 1);
        let is_new = self.seen.insert(state);
        self.encoder.bit(context::new(place, height), is_new);
        if !is_new {
            let rank = again(&mut self.recent[height], state);
            return self.encoder.number(context::rank(height), rank);
        }
        let again = self.named[&state] > 1;
        self.encoder.bit(context::again(place, height), again);
        self.encoder.bit(context::says(place, height), verdict != 0);
        if verdict != 0 {
            self.encoder.symbol(context::VERDICT, 8, usize::from(verdict));
        }
        let is_only = next.iter().all(|target| *target == next[0]);
        self.encoder.bit(context::only(place, height, again), is_only);
        if is_only {
            self.visit(next[0], Place::Only, depth + 1, height);
        } else {
            self.ways(next, depth, height);
        }
        if again {
            self.recent[height].push(state);
        }
    }

    fn ways(&mut self, next: &[State; 10], depth: usize, height: usize) {
        let mut targets: Vec<State> = Vec::new();
        let mut last = 0;
        let mut run = 0;
        for (digit, target) in next.iter().enumerate() {
            let is_end = |target: &State| self.heights[*target as usize] == 0;
            let known = targets.iter().position(|other| other == target);
            let count = targets.len();
            if digit > 0 {
                let same = known == Some(last);
                if digit < 9 || count > 1 {
                    let to_end = is_end(&targets[last]);
                    self.encoder.bit(context::same(digit, count, run, to_end, height), same);
                }
                if same {
                    run += 1;
                    continue;
                }
                run = 0;
                if count > 1 {
                    self.encoder.bit(context::fresh(digit, count), known.is_none());
                }
                if let Some(known) = known {
                    let which = known - usize::from(known > last);
                    let others = count - 1;
                    self.encoder.symbol(context::which(others), bits_for(others), which);
                    last = known;
                    continue;
                }
            }
            let place = match digit {
                0 => Place::First,
                _ if targets.iter().any(is_end) => Place::AfterEnd,
                _ => Place::After,
            };
            self.visit(*target, place, depth + 1, height);
            last = count;
            targets.push(*target);
        }
    }

    fn end(&mut self, state: State, verdict: u16) {
        if self.seen.insert(state) {
            self.encoder.number(context::ENDS, 1);
            self.encoder.symbol(context::VERDICT, 8, usize::from(verdict));
            self.ends.push(state);
        } else {
            let rank = again(&mut self.ends, state);
            self.encoder.number(context::ENDS, rank + 1);
        }
    }
}

/// How many the walk has come to since, the state itself included; now it is the last.
fn again(recent: &mut Vec<State>, state: State) -> usize {
    let at = recent.iter().rposition(|other| *other == state);
    let at = at.expect("a state that is come to again is remembered");
    recent.remove(at);
    recent.push(state);
    recent.len() - at
}

struct Encoder {
    chances: Vec<Chance>,
    low: u64,
    range: u32,
    /// The last byte, and how many 0xFF follow: a carry may still change them.
    last: u8,
    pending: usize,
    bytes: Vec<u8>,
}

impl Encoder {
    fn new() -> Self {
        let chances = vec![Chance::default(); context::COUNT];
        Self { chances, low: 0, range: u32::MAX, last: 0, pending: 0, bytes: Vec::new() }
    }

    fn bit(&mut self, context: usize, bit: bool) {
        let bound = self.chances[context].bound(self.range);
        if bit {
            self.low += u64::from(bound);
            self.range -= bound;
        } else {
            self.range = bound;
        }
        self.chances[context].learn(bit);
        while self.range < 1 << 24 {
            self.range <<= 8;
            self.shift();
        }
    }

    /// A number below 2^`bits`, in as many contexts from this one.
    fn symbol(&mut self, context: usize, bits: u32, value: usize) {
        assert!(value < 1 << bits, "{value} has more than {bits} bits");
        let mut node = 1;
        for shift in (0..bits).rev() {
            let bit = value >> shift & 1 == 1;
            self.bit(context + node, bit);
            node = node << 1 | usize::from(bit);
        }
    }

    /// A number from 1 on, small ones in fewer bits, in 256 contexts from this one.
    fn number(&mut self, context: usize, value: usize) {
        let bits = value.ilog2();
        self.symbol(context, 4, bits as usize);
        let mut node = 1;
        for shift in (0..bits).rev() {
            let bit = value >> shift & 1 == 1;
            // The first bits tell more than the others.
            self.bit(context + 16 + bits as usize * 16 + node.min(15), bit);
            node = node << 1 | usize::from(bit);
        }
    }

    fn shift(&mut self) {
        if self.low < 0xFF00_0000 || self.low > u64::from(u32::MAX) {
            let carry = (self.low >> 32) as u8;
            self.bytes.push(self.last.wrapping_add(carry));
            for _ in 0..self.pending {
                self.bytes.push(0xFF_u8.wrapping_add(carry));
            }
            self.pending = 0;
            self.last = (self.low >> 24) as u8;
        } else {
            self.pending += 1;
        }
        self.low = (self.low & 0x00FF_FFFF) << 8;
    }

    fn finish(mut self) -> Vec<u8> {
        (0..5).for_each(|_| self.shift());
        self.bytes
    }
}
