//! Reads what `generate/encoder.rs` has written of the automata's states.

use crate::coding::{Chance, Place, bits_for, context};
use crate::state::{ROW, State, VERDICT};

/// Reads the states: a row for each (see [`ROW`]), and the `roots` of the automata.
pub fn states(bytes: &'static [u8], roots: usize) -> (Vec<u16>, Vec<State>) {
    let mut walk = Walk {
        decoder: Decoder::new(bytes),
        rows: Vec::new(),
        heights: Vec::new(),
        ends: Vec::new(),
        recent: vec![Vec::new(); context::HEIGHTS],
    };
    let roots = (0..roots).map(|_| walk.visit(Place::Root, 0, 0)).collect();
    (walk.rows, roots)
}

struct Walk {
    decoder: Decoder,
    rows: Vec<u16>,
    heights: Vec<u8>,
    /// The ends, the one that was come to last at the end.
    ends: Vec<State>,
    /// By height, the states that are come to again, in the same order.
    recent: Vec<Vec<State>>,
}

impl Walk {
    fn visit(&mut self, place: Place, depth: usize, above: usize) -> State {
        if self.decoder.bit(context::end(place, depth)) {
            return self.end();
        }
        let lower = self.decoder.number(context::height(place)) - 1;
        let height = if place == Place::Root { lower } else { above.saturating_sub(1 + lower) };
        let height = height.min(context::HEIGHTS - 1);
        if !self.decoder.bit(context::new(place, height)) {
            let rank = self.decoder.number(context::rank(height));
            return self.recent.get_mut(height).and_then(|recent| again(recent, rank)).unwrap_or(0);
        }
        let again = self.decoder.bit(context::again(place, height));
        let says = self.decoder.bit(context::says(place, height));
        let verdict = if says { self.decoder.symbol(context::VERDICT, 8) } else { 0 };
        let state = self.add(verdict, height);
        if self.decoder.bit(context::only(place, height, again)) {
            let target = self.visit(Place::Only, depth + 1, height);
            (0..10).for_each(|digit| self.lead(state, digit, target));
        } else {
            self.ways(state, depth, height);
        }
        if again && let Some(recent) = self.recent.get_mut(height) {
            recent.push(state);
        }
        state
    }

    fn ways(&mut self, state: State, depth: usize, height: usize) {
        let mut targets = [0; 10];
        let mut count = 0;
        let mut last = 0;
        let mut run = 0;
        for digit in 0..10 {
            if digit > 0 {
                // They do not all lead to the same.
                let must_differ = digit == 9 && count == 1;
                let same = context::same(digit, count, run, self.is_end(targets[last]), height);
                if !must_differ && self.decoder.bit(same) {
                    run += 1;
                    self.lead(state, digit, targets[last]);
                    continue;
                }
                run = 0;
                if count > 1 && !self.decoder.bit(context::fresh(digit, count)) {
                    let others = count - 1;
                    let which = self.decoder.symbol(context::which(others), bits_for(others));
                    last = (which + usize::from(which >= last)).min(9);
                    self.lead(state, digit, targets[last]);
                    continue;
                }
            }
            let place = match digit {
                0 => Place::First,
                _ if targets.iter().take(count).any(|target| self.is_end(*target)) => {
                    Place::AfterEnd
                }
                _ => Place::After,
            };
            last = count;
            targets[last] = self.visit(place, depth + 1, height);
            count += 1;
            self.lead(state, digit, targets[last]);
        }
    }

    fn end(&mut self) -> State {
        match self.decoder.number(context::ENDS) {
            1 => {
                let verdict = self.decoder.symbol(context::VERDICT, 8);
                let state = self.add(verdict, 0);
                self.ends.push(state);
                state
            }
            rank => again(&mut self.ends, rank - 1).unwrap_or(0),
        }
    }

    /// Adds a state whose digits all lead back to it, which is right for an end.
    fn add(&mut self, verdict: usize, height: usize) -> State {
        let state = self.heights.len() as State;
        let mut row = [state; ROW];
        row[VERDICT] = verdict as u16;
        self.rows.extend(row);
        self.heights.push(height as u8);
        state
    }

    fn lead(&mut self, state: State, digit: usize, target: State) {
        if let Some(next) = self.rows.get_mut(usize::from(state) * ROW + digit) {
            *next = target;
        }
    }

    fn is_end(&self, state: State) -> bool {
        self.heights.get(usize::from(state)) == Some(&0)
    }
}

/// The state that so many were come to since, itself included; now it is the last.
fn again(recent: &mut Vec<State>, rank: usize) -> Option<State> {
    let at = recent.len().checked_sub(rank).filter(|at| *at < recent.len())?;
    let state = recent.remove(at);
    recent.push(state);
    Some(state)
}

struct Decoder {
    chances: Vec<Chance>,
    range: u32,
    code: u32,
    bytes: &'static [u8],
}

impl Decoder {
    fn new(bytes: &'static [u8]) -> Self {
        let chances = vec![Chance::default(); context::COUNT];
        let mut decoder = Self { chances, range: u32::MAX, code: 0, bytes };
        // The first is always 0: the encoder's carry.
        (0..5).for_each(|_| decoder.shift());
        decoder
    }

    fn shift(&mut self) {
        let next = self.bytes.split_first().map_or(0, |(byte, rest)| {
            self.bytes = rest;
            *byte
        });
        self.code = self.code << 8 | u32::from(next);
    }

    fn bit(&mut self, context: usize) -> bool {
        let Some(chance) = self.chances.get_mut(context) else { return false };
        let bound = chance.bound(self.range);
        let bit = self.code >= bound;
        if bit {
            self.code -= bound;
            self.range -= bound;
        } else {
            self.range = bound;
        }
        chance.learn(bit);
        while self.range < 1 << 24 {
            self.range <<= 8;
            self.shift();
        }
        bit
    }

    fn symbol(&mut self, context: usize, bits: u32) -> usize {
        let mut node = 1;
        for _ in 0..bits {
            node = node << 1 | usize::from(self.bit(context + node));
        }
        node - (1 << bits)
    }

    fn number(&mut self, context: usize) -> usize {
        let bits = self.symbol(context, 4);
        let mut value = 1;
        for _ in 0..bits {
            value = value << 1 | usize::from(self.bit(context + 16 + bits * 16 + value.min(15)));
        }
        value
    }
}
