//! `app.wasm.br` and `app.wasm.gz` beside `app.wasm`: compressed once, as small as can be, instead
//! of at every request.

use crate::{say, stamp};
use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is worth it; pictures and fonts are compressed already.
const KINDS: [&str; 8] = ["html", "css", "js", "wasm", "svg", "json", "txt", "webmanifest"];

/// Whether this file is one of ours.
pub fn is_sibling(file: &Path) -> bool {
    file.extension().is_some_and(|kind| kind == "br" || kind == "gz")
}

/// Compresses what changed in a folder.
pub fn all(folder: &Path) -> Result<()> {
    let mut due = Vec::new();
    for file in stamp::files(folder)? {
        if is_due(&file)? {
            due.push(file);
        }
    }
    if due.is_empty() {
        return Ok(());
    }
    say::step(
        "Compressing dist/",
        &format!("{} files in Brotli and gzip, so that the server need not", due.len()),
        || in_parallel(&due, compress),
    )
}

fn is_due(file: &Path) -> Result<bool> {
    if !file.extension().and_then(OsStr::to_str).is_some_and(|kind| KINDS.contains(&kind)) {
        return Ok(false);
    }
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified());
    let made = time(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(["br", "gz"]
        .iter()
        .any(|kind| time(&sibling(file, kind)).map_or(true, |compressed| compressed < made)))
}

fn compress(file: &Path) -> Result<()> {
    let plain = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    write(&sibling(file, "br"), &brotli(&plain)?)?;
    write(&sibling(file, "gz"), &gzip(&plain)?)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn sibling(file: &Path, kind: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(kind);
    name.into()
}

/// Brotli as small as can be.
pub fn brotli(plain: &[u8]) -> Result<Vec<u8>> {
    let settings = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*plain, &mut out, &settings).context("Brotli")?;
    Ok(out)
}

fn gzip(plain: &[u8]) -> Result<Vec<u8>> {
    // No name and no time in the header: the same input gives the same bytes.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).context("gzip")?;
    encoder.finish().context("gzip")
}

fn in_parallel(files: &[PathBuf], work: impl Fn(&Path) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let turn = || -> Result<()> {
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(file)?;
        }
        Ok(())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(turn)).collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{all, is_due};
    use std::fs;
    use std::io::Read;

    #[test]
    fn both_siblings_hold_the_same_content_and_are_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.js");
        let text = "let wizard = 'step';\n".repeat(100);
        fs::write(&file, &text).unwrap();
        assert!(is_due(&file).unwrap());
        all(folder.path()).unwrap();
        assert!(!is_due(&file).unwrap());

        let gzip = fs::File::open(folder.path().join("app.js.gz")).unwrap();
        let mut plain = String::new();
        flate2::read::GzDecoder::new(gzip).read_to_string(&mut plain).unwrap();
        assert_eq!(plain, text);

        let mut plain = Vec::new();
        let mut brotli = fs::File::open(folder.path().join("app.js.br")).unwrap();
        brotli::BrotliDecompress(&mut brotli, &mut plain).unwrap();
        assert_eq!(plain, text.as_bytes());
    }

    #[test]
    fn pictures_stay_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("icon.png"), "png").unwrap();
        all(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
