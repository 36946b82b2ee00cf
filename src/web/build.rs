//! Has the linker leave in what `cargo xtask build` takes to cut the app in two (`inside.rs`): which
//! places in the code and the data mean which symbols.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_CFG_SPLIT_APP").is_some() {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
