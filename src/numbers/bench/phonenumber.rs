//! The crate `phonenumber` as a module for the browser, to be weighed and timed beside ours.

use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, Type};
use wasm_bindgen::prelude::wasm_bindgen;

/// A list of numbers in the module's memory, and what was made of it.
#[wasm_bindgen]
#[derive(Default)]
pub struct List {
    text: String,
    e164: Vec<String>,
    kinds: Vec<Type>,
    regions: Vec<Option<Id>>,
}

#[wasm_bindgen]
impl List {
    /// A list of lines of `REGION<TAB>TEXT`.
    #[wasm_bindgen(constructor)]
    pub fn new(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// Reads every number: E.164, whether it is valid, type and region of each. Returns how many are
    /// valid.
    pub fn read(&mut self) -> usize {
        self.e164.clear();
        self.kinds.clear();
        self.regions.clear();
        let mut valid = 0;
        for line in self.text.lines() {
            let (home, text) = line.split_once('\t').unwrap_or_default();
            let Ok(number) = phonenumber::parse(home.parse().ok(), text) else { continue };
            valid += usize::from(number.is_valid());
            self.e164.push(number.format().mode(Mode::E164).to_string());
            self.kinds.push(number.number_type(&DATABASE));
            self.regions.push(number.country().id());
        }
        valid
    }
}

fn main() {}
