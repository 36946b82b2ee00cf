//! Unicode normal form C: `e` and a combining accent become `é`, which GSM-7 has and the pair has not.
//!
//! The browser knows how (ECMAScript `String.prototype.normalize`); natively a crate does. Both follow
//! Unicode Standard Annex 15.

/// `text` in NFC.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn nfc(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfc().collect()
}

/// `text` in NFC.
#[cfg(target_arch = "wasm32")]
pub(crate) fn nfc(text: &str) -> String {
    // Most texts are in it already, and this is asked for every key pressed.
    if text.is_ascii() {
        return text.to_owned();
    }
    js_sys::JsString::from(text).normalize("NFC").into()
}
