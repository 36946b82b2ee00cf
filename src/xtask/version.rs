//! Versions as tools print them: `trunk 0.21.14`, `v20.20.2`, `wasm-bindgen 0.2.129 (abc)`.

use std::fmt;

/// A version of three numbers; whatever follows them is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// The first version in a text.
    pub fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let numbers = word.trim_start_matches('v').split(['-', '+']).next()?;
        let mut parts = numbers.split('.').map(|part| part.parse().ok());
        let version = Self(parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(version)
    }

    /// Whether this one will do where `wanted` is asked for, by Cargo's rule for `^wanted`.
    pub fn will_do_for(self, wanted: Self) -> bool {
        let same_line =
            if wanted.0 > 0 { self.0 == wanted.0 } else { self.0 == 0 && self.1 == wanted.1 };
        same_line && self >= wanted
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn reads_what_tools_print() {
        for (text, version) in [
            ("trunk 0.21.14", Version(0, 21, 14)),
            ("wasm-bindgen 0.2.129 (a1b2c3)\n", Version(0, 2, 129)),
            ("v18.20.4", Version(18, 20, 4)),
            ("trunk 0.22.0-beta.1", Version(0, 22, 0)),
        ] {
            assert_eq!(Version::find(text), Some(version), "{text}");
        }
        for text in ["", "trunk", "1.2", "1.2.3.4", "wasm-opt version 132"] {
            assert_eq!(Version::find(text), None, "{text}");
        }
    }

    #[test]
    fn a_newer_patch_will_do_and_another_line_will_not() {
        let wanted = Version(0, 21, 14);
        assert!(Version(0, 21, 14).will_do_for(wanted));
        assert!(Version(0, 21, 20).will_do_for(wanted));
        assert!(!Version(0, 21, 9).will_do_for(wanted));
        assert!(!Version(0, 22, 1).will_do_for(wanted));
        assert!(Version(1, 9, 0).will_do_for(Version(1, 2, 3)));
        assert!(!Version(2, 0, 0).will_do_for(Version(1, 2, 3)));
    }
}
