//! The metadata's regular expressions as instructions over digits.
//!
//! All of them describe finitely many digits: no `*`, no `+`. So a pattern is a graph without
//! cycles, whose paths, in order of preference, are what it matches.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// A set of digits: bit `d` stands for digit `d`.
pub type Digits = u16;

/// One instruction. Those that point elsewhere name the index of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Takes one of these digits.
    Take(Digits, usize),
    /// Tries one, then the other.
    Split(usize, usize),
    /// Begins (2n) or ends (2n + 1) group n, from 0.
    Mark(u8, usize),
    /// Goes on only at the end of the number: `$`.
    End(usize),
    /// Has matched.
    Match,
}

/// A pattern ready to be run or to be made an automaton of.
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    /// The instructions; each points to lower ones only.
    pub steps: Vec<Step>,
    /// The first one to take.
    pub start: usize,
    /// How many groups it captures.
    pub groups: u8,
}

/// Compiles a pattern; whatever libphonenumber has not used so far is refused, so that an update
/// of the metadata cannot go wrong silently.
pub fn compile(text: &str) -> Pattern {
    let hir = ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(text)
        .unwrap_or_else(|error| panic!("cannot read the pattern {text}: {error}"));
    let mut pattern = Pattern { steps: vec![Step::Match], start: 0, groups: 0 };
    pattern.start = pattern.add(&hir, 0);
    pattern
}

impl Pattern {
    fn push(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    /// Adds what `hir` matches before what is at `next`; where it begins is returned.
    fn add(&mut self, hir: &Hir, next: usize) -> usize {
        match hir.kind() {
            HirKind::Empty => next,
            HirKind::Literal(literal) => literal.0.iter().rev().fold(next, |next, byte| {
                assert!(byte.is_ascii_digit(), "a pattern has the literal {byte}");
                self.push(Step::Take(1 << (byte - b'0'), next))
            }),
            HirKind::Class(Class::Bytes(class)) => {
                let ranges = class.ranges().iter();
                let digits = ranges.flat_map(|range| range.start()..=range.end());
                let set = digits.fold(0, |set, byte| {
                    assert!(byte.is_ascii_digit(), "a pattern has {byte} in a class");
                    set | 1 << (byte - b'0')
                });
                self.push(Step::Take(set, next))
            }
            HirKind::Look(Look::End) => self.push(Step::End(next)),
            HirKind::Repetition(repetition) => {
                assert!(repetition.greedy, "a repetition is lazy");
                let most = repetition.max.expect("a repetition has no end");
                let mut at = next;
                for _ in repetition.min..most {
                    let more = self.add(&repetition.sub, at);
                    at = self.push(Step::Split(more, next));
                }
                (0..repetition.min).fold(at, |next, _| self.add(&repetition.sub, next))
            }
            HirKind::Capture(capture) => {
                let group = u8::try_from(capture.index - 1).expect("few groups");
                self.groups = self.groups.max(group + 1);
                let end = self.push(Step::Mark(2 * group + 1, next));
                let inner = self.add(&capture.sub, end);
                self.push(Step::Mark(2 * group, inner))
            }
            HirKind::Concat(parts) => {
                parts.iter().rev().fold(next, |next, part| self.add(part, next))
            }
            HirKind::Alternation(branches) => {
                let mut starts: Vec<usize> =
                    branches.iter().map(|branch| self.add(branch, next)).collect();
                let last = starts.pop().expect("an alternation has branches");
                starts.into_iter().rev().fold(last, |rest, way| self.push(Step::Split(way, rest)))
            }
            kind => panic!("a pattern has {kind:?}"),
        }
    }
}
