//! The crate `numbers` alone as a module for the browser, to be weighed and timed.

use numbers::{AsYouType, Kind, Region, parse};
use wasm_bindgen::prelude::wasm_bindgen;

/// A list of numbers in the module's memory, as the worker has one, and what was made of it.
#[wasm_bindgen]
#[derive(Default)]
pub struct List {
    text: String,
    e164: Vec<u64>,
    kinds: Vec<Kind>,
    regions: Vec<Option<Region>>,
}

#[wasm_bindgen]
impl List {
    /// A list of lines of `REGION<TAB>TEXT`.
    #[wasm_bindgen(constructor)]
    pub fn new(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// Reads every number: E.164, kind (and so whether it is valid) and region of each. Returns how
    /// many are valid.
    pub fn read(&mut self) -> usize {
        self.e164.clear();
        self.kinds.clear();
        self.regions.clear();
        for line in self.text.lines() {
            let (home, text) = line.split_once('\t').unwrap_or_default();
            let number = parse(text, Region::find(home));
            let (e164, kind, region) = number.map_or((None, Kind::Unknown, None), |number| {
                (number.digits(), number.kind(), number.region())
            });
            self.e164.push(e164.unwrap_or(0));
            self.kinds.push(kind);
            self.regions.push(region);
        }
        self.kinds.iter().filter(|kind| **kind != Kind::Unknown).count()
    }
}

/// Number, national and international format of a text: with this, all of the crate is in the module.
#[wasm_bindgen]
pub fn written(text: &str, home: &str) -> Option<String> {
    let number = parse(text, Region::find(home)).ok()?;
    Some(format!("{number}\n{}\n{}", number.national_format(), number.international_format()))
}

/// A text as it is written while it is being typed.
#[wasm_bindgen]
pub fn typed(text: &str, home: &str) -> String {
    AsYouType::format(text, Region::find(home))
}

/// The answer for one number, to compare it with the others'.
#[wasm_bindgen]
pub fn answer(text: &str, home: &str) -> Option<String> {
    let number = parse(text, Region::find(home)).ok()?;
    let region = number.region().map_or("-", Region::code);
    Some(format!("{number} {} {} {region}", number.is_valid(), number.kind().name()))
}

/// The release of the metadata.
#[wasm_bindgen]
pub fn version() -> String {
    numbers::metadata_version().to_owned()
}

fn main() {}
