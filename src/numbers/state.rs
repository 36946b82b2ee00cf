//! The states of the automata, as they are unpacked.

/// A state of an automaton.
pub type State = u16;

/// Each state has a row: where its ten digits lead, what it says, and nothing, so that the rows are
/// evenly spaced.
pub const ROW: usize = 12;
/// Where in a row stands what the state says.
pub const VERDICT: usize = 10;
