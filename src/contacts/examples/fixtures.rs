//! Writes the files of contacts that the tests read, each spoilt in one way:
//! `cargo run -p contacts --example fixtures`.

#[path = "../tests/pitfalls/files.rs"]
mod files;

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/contacts");
    std::fs::create_dir_all(&folder)?;
    files::all().into_iter().try_for_each(|(name, bytes)| std::fs::write(folder.join(name), bytes))
}
