//! Bytes of any encoding into UTF-8, piece by piece.
//!
//! UTF-8 is checked here. For everything else the browser has tables (`TextDecoder`), which would be half of
//! the worker's module; natively a crate has them. Both follow the WHATWG Encoding Standard.

use super::encoding::{Encoding, UTF_8};

/// Decodes a file from its beginning to its end.
#[derive(Debug)]
pub struct Decoder {
    way: Way,
    is_start: bool,
    lost: bool,
}

#[derive(Debug)]
enum Way {
    /// With what was cut off at the end of the piece before.
    Utf8(Vec<u8>),
    Platform(platform::Decoder),
}

impl Decoder {
    /// From the beginning.
    pub fn new(encoding: Encoding) -> Self {
        let way = if encoding == UTF_8 {
            Way::Utf8(Vec::new())
        } else {
            Way::Platform(platform::Decoder::new(encoding.label()))
        };
        Self { way, is_start: true, lost: false }
    }

    /// The whole of `bytes`; `None` when they cannot be of this encoding.
    pub fn decode_all(encoding: Encoding, bytes: &[u8], is_whole: bool) -> Option<String> {
        let mut decoder = Self::new(encoding);
        let mut text = String::new();
        decoder.decode(bytes, is_whole, &mut text);
        (!decoder.lost).then_some(text)
    }

    /// Whether something could not be read, and was replaced by �.
    pub fn has_lost(&self) -> bool {
        self.lost
    }

    /// Adds the next piece to `out`, without a byte order mark.
    pub fn decode(&mut self, bytes: &[u8], is_last: bool, out: &mut String) {
        let start = out.len();
        match &mut self.way {
            Way::Utf8(cut) => self.lost |= utf8(cut, bytes, is_last, out),
            Way::Platform(decoder) => {
                decoder.decode(bytes, is_last, out);
                self.lost |= out[start..].contains('\u{FFFD}');
            }
        }
        if self.is_start && out.len() > start {
            self.is_start = false;
            if out[start..].starts_with('\u{FEFF}') {
                out.drain(start..start + '\u{FEFF}'.len_utf8());
            }
        }
    }
}

/// Adds what is UTF-8, and � for what is not; keeps a character that is cut for the next piece. Whether
/// anything was lost.
fn utf8(cut: &mut Vec<u8>, bytes: &[u8], is_last: bool, out: &mut String) -> bool {
    let joined;
    let mut rest = if cut.is_empty() {
        bytes
    } else {
        cut.extend_from_slice(bytes);
        joined = std::mem::take(cut);
        &joined[..]
    };
    let mut lost = false;
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                out.push_str(text);
                return lost;
            }
            Err(error) => {
                let (good, bad) = rest.split_at(error.valid_up_to());
                out.push_str(std::str::from_utf8(good).unwrap_or_default());
                match error.error_len() {
                    Some(len) => rest = &bad[len..],
                    None if is_last => rest = &[],
                    None => {
                        *cut = bad.to_vec();
                        return lost;
                    }
                }
                out.push('\u{FFFD}');
                lost = true;
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod platform {
    //! By the crate that browsers use.

    pub struct Decoder(encoding_rs::Decoder);

    impl std::fmt::Debug for Decoder {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0.encoding().name())
        }
    }

    impl Decoder {
        pub fn new(label: &str) -> Self {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes());
            Self(encoding.unwrap_or(encoding_rs::UTF_8).new_decoder_without_bom_handling())
        }

        pub fn decode(&mut self, bytes: &[u8], is_last: bool, out: &mut String) {
            out.reserve(self.0.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3));
            // There is room for all of it.
            let _ = self.0.decode_to_string(bytes, out, is_last);
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod platform {
    //! By the browser.

    use web_sys::{TextDecodeOptions, TextDecoder};

    #[derive(Debug)]
    pub struct Decoder(Option<TextDecoder>);

    impl Decoder {
        pub fn new(label: &str) -> Self {
            Self(TextDecoder::new_with_label(label).ok())
        }

        pub fn decode(&mut self, bytes: &[u8], is_last: bool, out: &mut String) {
            let options = TextDecodeOptions::new();
            options.set_stream(!is_last);
            // It throws only when told to be strict.
            let text = self
                .0
                .as_ref()
                .and_then(|decoder| decoder.decode_with_u8_array_and_options(bytes, &options).ok());
            out.push_str(&text.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoding::{UTF_16_LE, WINDOWS_1252};
    use super::*;
    use proptest::prelude::*;

    fn pieces(encoding: Encoding, pieces: &[&[u8]]) -> (String, bool) {
        let mut decoder = Decoder::new(encoding);
        let mut text = String::new();
        for (n, piece) in pieces.iter().enumerate() {
            decoder.decode(piece, n + 1 == pieces.len(), &mut text);
        }
        (text, decoder.has_lost())
    }

    #[test]
    fn characters_may_be_cut_anywhere() {
        assert_eq!(
            pieces(UTF_8, &[b"Jos\xC3", b"\xA9 \xE2", b"\x82", b"\xAC"]),
            ("José €".into(), false)
        );
        assert_eq!(pieces(UTF_16_LE, &[b"\xFF\xFEJ", b"\0o\0"]), ("Jo".into(), false));
    }

    #[test]
    fn what_cannot_be_read_is_replaced_and_said() {
        assert_eq!(pieces(UTF_8, &[b"a\xFFb\xC3"]), ("a\u{FFFD}b\u{FFFD}".into(), true));
        assert_eq!(pieces(WINDOWS_1252, &[b"\xEF\xBB\xBFa"]), ("ï»¿a".into(), false));
    }

    #[test]
    fn a_mark_is_no_text() {
        assert_eq!(pieces(UTF_8, &[b"\xEF\xBB", b"\xBFab"]), ("ab".into(), false));
    }

    proptest! {
        #[test]
        fn the_same_however_it_is_cut(bytes in prop::collection::vec(any::<u8>(), 0..60), at in 0_usize..60) {
            let at = at.min(bytes.len());
            prop_assert_eq!(pieces(UTF_8, &[&bytes]), pieces(UTF_8, &[&bytes[..at], &bytes[at..]]));
        }
    }
}
