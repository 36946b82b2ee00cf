//! `cargo xtask dev`: a view is edited and, some seconds later, seen.
//!
//! Trunk serves the page, builds it anew when its sources change and makes the browser load it again. What
//! Trunk does not have, it gets from the demo's server (the proxies in Trunk.toml). The styles and the files
//! of `public/` need no build: a companion, which also has the server, copies them as they change.

use crate::setup::WebTools;
use crate::workspace::Workspace;
use crate::{demo, stamp};
use anyhow::{Context, Result};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

/// The command that is started beside Trunk; not for people.
pub const COMPANION: &str = "dev-companion";
/// Where the server is, as Trunk.toml has it.
const SERVER: u16 = 8081;
/// What `dist/` has as it is here.
const COPIED: [&str; 2] = ["style", "public"];
/// How often it is looked at.
const INTERVAL: Duration = Duration::from_millis(200);

/// Sets up, builds and serves until it is interrupted.
pub fn run(workspace: &Workspace, port: u16) -> Result<ExitCode> {
    let ensure_free = || {
        demo::ensure_free(SERVER, None)?;
        demo::ensure_free(port, Some("dev"))
    };
    ensure_free()?;
    let (tools, _) = demo::with_server(workspace, || WebTools::ready(workspace))?;
    let password = demo::password(workspace)?;
    ensure_free()?;

    println!();
    println!("SMS Sender:  http://127.0.0.1:{port}   (once Trunk has built it)");
    println!("Sign in as:  {}", demo::EMAIL);
    println!("Password:    {password}");
    println!();
    println!(
        "Edit a view and the page loads again. After a change in style/ or public/ load it again"
    );
    println!("yourself; after one in the server, start this again. Ctrl-C stops it.");
    println!();

    let program = std::env::current_exe().context("this program's own path")?;
    Command::new(program)
        .arg(COMPANION)
        .env(demo::PASSWORD, &password)
        // Trunk asks by the host of its proxies, without their port.
        .env("SMS_SENDER_HOSTS", "127.0.0.1")
        .spawn()
        .context("cannot start the companion")?;
    let mut trunk = tools.trunk()?;
    trunk.args(["serve", "--locked", "--port", &port.to_string(), "--dist"]);
    // Under the names that the companion knows.
    trunk.arg(workspace.dev_dist()).args(["--filehash", "false"]);
    demo::become_it(trunk.current_dir(workspace.root()))
}

/// Serves the API and copies what needs no build, for as long as Trunk is there.
pub fn accompany(workspace: &Workspace) -> Result<ExitCode> {
    let trunk = parent();
    let mut server = Command::new(workspace.dev_binary())
        .args(demo::arguments(SERVER))
        .current_dir(workspace.root())
        .spawn()
        .context("cannot start the server")?;
    while parent() == trunk && server.try_wait().context("the server")?.is_none() {
        for folder in COPIED {
            copy_changed(&workspace.path(folder), &workspace.dev_dist())?;
        }
        std::thread::sleep(INTERVAL);
    }
    // It may have ended already.
    drop(server.kill());
    Ok(ExitCode::SUCCESS)
}

/// The process that a signal would end without our hearing of it.
fn parent() -> Option<u32> {
    #[cfg(unix)]
    return Some(std::os::unix::process::parent_id());
    #[cfg(not(unix))]
    None
}

/// Copies what is newer here than there. What is not there yet is Trunk's to bring.
fn copy_changed(folder: &Path, dist: &Path) -> Result<()> {
    for file in stamp::files(folder)? {
        let copy = dist.join(file.strip_prefix(folder).unwrap_or(&file));
        let time = |path: &Path| path.metadata().and_then(|data| data.modified());
        if let (Ok(here), Ok(there)) = (time(&file), time(&copy))
            && here > there
        {
            // An editor or Trunk may be at it: the next look will do.
            drop(std::fs::copy(&file, &copy));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::copy_changed;
    use std::fs::{self, File};
    use std::time::{Duration, SystemTime};

    #[test]
    fn what_is_newer_is_copied_and_nothing_else() {
        let (folder, dist) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for name in ["old.css", "new.css", "unbuilt.css"] {
            fs::write(folder.path().join(name), "here").unwrap();
        }
        let minute = Duration::from_secs(60);
        for (name, time) in
            [("old.css", SystemTime::now() + minute), ("new.css", SystemTime::now() - minute)]
        {
            fs::write(dist.path().join(name), "there").unwrap();
            let file = File::options().write(true).open(dist.path().join(name)).unwrap();
            file.set_modified(time).unwrap();
        }
        copy_changed(folder.path(), dist.path()).unwrap();
        let content = |name: &str| fs::read_to_string(dist.path().join(name)).ok();
        assert_eq!(content("old.css").as_deref(), Some("there"));
        assert_eq!(content("new.css").as_deref(), Some("here"));
        assert_eq!(content("unbuilt.css"), None);
    }
}
