//! A Chromium for the browser tests: the system's, never a download of its own.

use super::apt;
use crate::process;
use anyhow::{Context, Result};
use std::path::PathBuf;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Finds or installs Chromium; `CHROMIUM` overrides.
pub fn ready() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMIUM") {
        return Ok(chosen.into());
    }
    if let Some(found) = look() {
        return Ok(found);
    }
    apt::install(&["chromium"], "Chromium, in which the browser tests run")?;
    look().context("Chromium is still not on PATH; set CHROMIUM to its program")
}

fn look() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| process::find(name))
}
