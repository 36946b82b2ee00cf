//! The element for pages of others under a name that they can pin: `embed-HASH.js` beside `embed.js`, and
//! `embed.json`, which tells the name and the hash that browsers compare (Subresource Integrity).
//!
//! `embed.js` changes with the Sender, and a page that asks for a hash would then show nothing. A name
//! with the hash in it stands for one content, so the two can be written down together.

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha384};
use std::fs;
use std::path::Path;

/// Puts both beside the `embed.js` of a folder. To be called when nothing changes that one any more.
pub fn put(dist: &Path) -> Result<()> {
    let script = dist.join("embed.js");
    let bytes = fs::read(&script).with_context(|| format!("cannot read {}", script.display()))?;
    let (name, manifest) = described(&bytes);
    for (name, content) in [(name.as_str(), bytes.as_slice()), ("embed.json", manifest.as_bytes())]
    {
        fs::write(dist.join(name), content).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(())
}

/// The name that stands for this content, and the manifest.
fn described(script: &[u8]) -> (String, String) {
    let digest = Sha384::digest(script);
    // As many digits as the server takes for a hash, and some more.
    let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("embed-{hash}.js");
    let integrity = format!("sha384-{}", STANDARD.encode(digest));
    let manifest = json!({ "file": name, "integrity": integrity });
    (name, format!("{manifest:#}\n"))
}

#[cfg(test)]
mod tests {
    use super::{described, put};
    use serde_json::Value;
    use std::fs;

    /// As `openssl dgst -sha384 -binary | base64` has it.
    const INTEGRITY: &str =
        "sha384-9kGXbEExsPKvZ/Fnk7qAIQ11UI8Audko1GUzog2KQUT6Pm4qx/Y9a0qAaNcVBNuQ";

    #[test]
    fn the_manifest_tells_what_browsers_compare() {
        let (name, manifest) = described(b"let x;\n");
        let manifest: Value = serde_json::from_str(&manifest).unwrap();
        assert_eq!(manifest["file"], name.as_str());
        assert_eq!(manifest["integrity"], INTEGRITY);
    }

    #[test]
    fn another_content_has_another_name_and_the_same_has_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path();
        let mut names = Vec::new();
        for content in ["let x;\n", "let y;\n", "let x;\n"] {
            fs::write(dist.join("embed.js"), content).unwrap();
            put(dist).unwrap();
            let manifest = fs::read_to_string(dist.join("embed.json")).unwrap();
            let manifest: Value = serde_json::from_str(&manifest).unwrap();
            let name = manifest["file"].as_str().unwrap().to_owned();
            assert_eq!(fs::read_to_string(dist.join(&name)).unwrap(), content);
            names.push(name);
        }
        assert_eq!(names[0], names[2]);
        assert_ne!(names[0], names[1]);
    }

    #[test]
    fn the_name_is_one_that_is_kept_for_good() {
        let (name, _) = described(b"let x;\n");
        let hash = name.strip_prefix("embed-").and_then(|rest| rest.strip_suffix(".js")).unwrap();
        assert!(hash.len() >= 12 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{name}");
    }

    #[test]
    fn a_build_without_the_element_is_told() {
        let folder = tempfile::tempdir().unwrap();
        assert!(put(folder.path()).unwrap_err().to_string().contains("embed.js"));
    }
}
