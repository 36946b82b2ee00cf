//! Running other programs, and finding them.

use anyhow::{Context, Result, bail};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs a command with our own input and output; an unsuccessful end is an error that quotes it.
pub fn run(command: &mut Command) -> Result<()> {
    let line = spelled(command);
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Runs a command and returns what it printed; its complaints stay visible.
pub fn capture(command: &mut Command) -> Result<String> {
    let line = spelled(command);
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` failed ({})", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed no UTF-8"))
}

/// Asks a program something and takes every failure, such as its absence, for no answer.
pub fn ask(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The command as one would type it.
pub fn spelled(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Where on PATH a program is.
pub fn find(program: &str) -> Option<PathBuf> {
    find_in(&std::env::var_os("PATH")?, program)
}

/// The same, in these folders.
pub fn find_in(path: &OsStr, program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(path).map(|folder| folder.join(&file)).find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

/// PATH with these folders before all others.
pub fn path_with(folders: &[PathBuf]) -> Result<OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(std::env::split_paths(&rest));
    std::env::join_paths(all).context("a folder's name cannot stand in PATH")
}

#[cfg(all(test, unix))]
mod tests {
    use super::{capture, find_in, run};
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    #[test]
    fn only_what_may_be_executed_counts_as_found() {
        let folder = tempfile::tempdir().unwrap();
        let tool = folder.path().join("tool");
        let path = std::env::join_paths(["/nowhere".as_ref(), folder.path()]).unwrap();
        assert_eq!(find_in(&path, "tool"), None);
        std::fs::write(&tool, "#!/bin/sh\n").unwrap();
        assert_eq!(find_in(&path, "tool"), None, "not executable yet");
        std::fs::set_permissions(&tool, PermissionsExt::from_mode(0o755)).unwrap();
        assert_eq!(find_in(&path, "tool"), Some(tool));
        assert_eq!(find_in(std::ffi::OsStr::new(""), "tool"), None);
    }

    #[test]
    fn a_failure_quotes_the_command() {
        let error = run(Command::new("false").arg("--at=all")).unwrap_err().to_string();
        assert!(error.contains("`false --at=all` failed"), "{error}");
        let error = run(&mut Command::new("no-such-program")).unwrap_err().to_string();
        assert!(error.contains("cannot start `no-such-program`"), "{error}");
        assert_eq!(capture(Command::new("echo").arg("yes")).unwrap(), "yes\n");
    }
}
