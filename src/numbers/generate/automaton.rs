//! Patterns made into one minimal automaton.
//!
//! The states of all automata live in one pool in which no two are alike, so what patterns have in
//! common, such as "five more digits and it is a mobile", is there once. No pattern is endless, so
//! only the ends of the ways loop: a number that has left all patterns stays where it is.

use crate::pattern::{Digits, Pattern, Step};
use std::collections::{BTreeMap, HashMap};

/// The index of a state in the pool.
pub type State = u32;

/// A state: what is known of the digits so far, and where each digit leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// Every further digit leads back here.
    End(u16),
    /// A digit leads on.
    Way(u16, [State; 10]),
}

/// All states of all automata.
#[derive(Debug, Default)]
pub struct Pool {
    /// Each state leads to earlier ones only.
    pub nodes: Vec<Node>,
    known: HashMap<Node, State>,
}

impl Pool {
    /// The state that is like `node`; a way that makes no difference is no way.
    pub fn intern(&mut self, node: Node) -> State {
        if let Node::Way(verdict, next) = node
            && next.iter().all(|state| *state == next[0])
            && self.nodes[next[0] as usize] == Node::End(verdict)
        {
            return next[0];
        }
        if let Some(state) = self.known.get(&node) {
            return *state;
        }
        self.nodes.push(node.clone());
        let state = (self.nodes.len() - 1) as State;
        self.known.insert(node, state);
        state
    }
}

/// Patterns that are followed side by side. The index of each is its mark.
pub struct Bundle<'a> {
    patterns: Vec<&'a Pattern>,
}

/// Where each pattern can be: (mark, step), sorted.
type Places = Vec<(u16, u16)>;

impl<'a> Bundle<'a> {
    /// Patterns to be followed side by side.
    pub fn new(patterns: Vec<&'a Pattern>) -> Self {
        Self { patterns }
    }

    /// The places before the first digit, and the marks of the patterns that match nothing at all.
    fn first(&self) -> (Places, Vec<u16>) {
        let mut places = Places::new();
        for (mark, pattern) in (0..).zip(&self.patterns) {
            self.reach(mark, pattern.start, &mut places);
        }
        self.settle(places)
    }

    fn after(&self, places: &Places, digit: u8) -> (Places, Vec<u16>) {
        let mut reached = Places::new();
        for (mark, step) in places {
            match &self.patterns[usize::from(*mark)].steps[usize::from(*step)] {
                Step::Take(set, next) if set >> digit & 1 == 1 => {
                    self.reach(*mark, *next, &mut reached);
                }
                _ => {}
            }
        }
        self.settle(reached)
    }

    fn reach(&self, mark: u16, step: usize, places: &mut Places) {
        match &self.patterns[usize::from(mark)].steps[step] {
            Step::Split(one, other) => {
                self.reach(mark, *one, places);
                self.reach(mark, *other, places);
            }
            Step::Mark(_, next) => self.reach(mark, *next, places),
            Step::End(_) => panic!("an automaton knows no $"),
            Step::Take(..) | Step::Match => places.push((mark, step as u16)),
        }
    }

    fn settle(&self, mut places: Places) -> (Places, Vec<u16>) {
        places.sort_unstable();
        places.dedup();
        let is_match = |(mark, step): &(u16, u16)| {
            self.patterns[usize::from(*mark)].steps[usize::from(*step)] == Step::Match
        };
        let matched = places.iter().filter(|place| is_match(place)).map(|place| place.0).collect();
        places.retain(|place| !is_match(place));
        (places, matched)
    }
}

/// See [`build`].
type Verdict<'a> = dyn FnMut(usize, &[u16], &[u16]) -> u16 + 'a;

/// Builds the automaton that says, after any digits, what `verdict` makes of them: of the number
/// of digits, the marks of the patterns that match exactly these, and the marks of those of
/// `sticky` that match a beginning of them.
pub fn build(
    pool: &mut Pool,
    bundle: &Bundle<'_>,
    sticky: &[u16],
    verdict: &mut Verdict<'_>,
) -> State {
    let (places, matched) = bundle.first();
    let mut builder = Builder { pool, bundle, sticky, verdict, known: BTreeMap::new() };
    builder.state(0, places, matched, Vec::new())
}

struct Builder<'a, 'b> {
    pool: &'a mut Pool,
    bundle: &'a Bundle<'b>,
    sticky: &'a [u16],
    verdict: &'a mut Verdict<'a>,
    known: BTreeMap<(usize, Places, Vec<u16>, Vec<u16>), State>,
}

impl Builder<'_, '_> {
    fn state(
        &mut self,
        depth: usize,
        places: Places,
        mut matched: Vec<u16>,
        mut stuck: Vec<u16>,
    ) -> State {
        stuck.extend(matched.iter().filter(|mark| self.sticky.contains(mark)));
        stuck.sort_unstable();
        stuck.dedup();
        matched.retain(|mark| !self.sticky.contains(mark));
        let key = (depth, places, matched, stuck);
        if let Some(state) = self.known.get(&key) {
            return *state;
        }
        let (depth, places, matched, stuck) = &key;
        let verdict = (self.verdict)(*depth, matched, stuck);
        let node = if places.is_empty() {
            let end = (self.verdict)(usize::MAX, &[], stuck);
            let next = self.pool.intern(Node::End(end));
            Node::Way(verdict, [next; 10])
        } else {
            let mut next = [0; 10];
            for digit in 0..10_u8 {
                let (places, matched) = self.bundle.after(places, digit);
                next[usize::from(digit)] = self.state(depth + 1, places, matched, stuck.clone());
            }
            Node::Way(verdict, next)
        };
        let state = self.pool.intern(node);
        self.known.insert(key, state);
        state
    }
}

/// The digits that lead from a state to each of the states after it.
pub fn ways(next: &[State; 10]) -> Vec<(State, Digits)> {
    let mut ways: Vec<(State, Digits)> = Vec::new();
    for (digit, state) in next.iter().enumerate() {
        match ways.iter_mut().find(|way| way.0 == *state) {
            Some(way) => way.1 |= 1 << digit,
            None => ways.push((*state, 1 << digit)),
        }
    }
    ways
}
