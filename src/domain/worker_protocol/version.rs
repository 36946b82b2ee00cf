//! The protocol's version: a hash of the sources that say what its types are, so that nobody has to
//! remember to count it up.

/// The same in a page and a worker whose types are the same. 32 bits, as the page reads numbers with the
/// browser's parser, which knows 53.
pub const VERSION: u32 = hash(SOURCES);

/// Whatever [`worker_protocol`](super) is made of, also by way of others: their names are for the test.
const SOURCES: &[(&str, &[u8])] = &[("worker_protocol", include_bytes!("../worker_protocol.rs"))];

/// FNV-1a.
const fn hash(sources: &[(&str, &[u8])]) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    let mut file = 0;
    while file < sources.len() {
        let bytes = sources[file].1;
        let mut at = 0;
        while at < bytes.len() {
            hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
            at += 1;
        }
        file += 1;
    }
    hash
}
