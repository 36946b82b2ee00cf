//! `cargo xtask run`: everything on one machine, with a demo account and no message really sent.

use crate::workspace::Workspace;
use crate::{process, say, web_app};
use anyhow::{Context, Result, bail};
use std::hash::{BuildHasher, RandomState};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Where it is served unless another port is asked for.
pub const PORT: u16 = 8080;
/// Holds the demo's database and password; git ignores it.
pub const FOLDER: &str = ".demo";
/// Who the demo account belongs to.
pub const EMAIL: &str = "demo@example.com";
/// Tells the server the demo account's password.
pub const PASSWORD: &str = "SMS_SENDER_DEMO_PASSWORD";

/// Sets up, builds and serves until it is interrupted.
pub fn run(workspace: &Workspace, port: u16) -> Result<ExitCode> {
    // Before the long build as well as after it: nobody waits minutes to hear this.
    ensure_free(port, Some("run"))?;
    let program = build(workspace)?;
    let password = password(workspace)?;
    ensure_free(port, Some("run"))?;

    println!();
    println!("SMS Sender:  http://127.0.0.1:{port}");
    println!("Sign in as:  {EMAIL}");
    println!("Password:    {password}");
    println!();
    println!(
        "Messages go to a simulator and reach nobody. Ctrl-C stops it; {FOLDER}/ keeps its data."
    );
    println!();

    become_it(
        Command::new(program)
            .args(arguments(port))
            .env(PASSWORD, &password)
            .current_dir(workspace.root()),
    )
}

/// Builds what is not up to date, to try it out, and returns the program. It reads the web app where
/// that was built.
pub fn build(workspace: &Workspace) -> Result<PathBuf> {
    with_server(workspace, || web_app::trial(workspace)).map(|((), program)| program)
}

/// Builds the program beside other work, which on a new machine has a tool to build and leaves a core
/// idle now and then.
pub fn with_server<T>(
    workspace: &Workspace,
    work: impl FnOnce() -> Result<T>,
) -> Result<(T, PathBuf)> {
    std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            say::step("cargo build", "the server", || {
                let mut cargo = Command::new("cargo");
                cargo.args(["build", "--locked", "--package", "server"]);
                process::run(cargo.current_dir(workspace.root()))
            })
        });
        let done = work();
        match server.join() {
            Ok(result) => result?,
            Err(panic) => std::panic::resume_unwind(panic),
        }
        Ok((done?, workspace.dev_binary()))
    })
}

/// How the demo is served, from the workspace's root.
pub fn arguments(port: u16) -> Vec<String> {
    let listen = format!("127.0.0.1:{port}");
    // Relative, so that no character of the checkout's path can upset the address.
    let database = format!("sqlite:{FOLDER}/sms-sender.db");
    ["serve", "--listen", &listen, "--database", &database, "--gateway", "sandbox", "--demo"]
        .map(str::to_owned)
        .into()
}

/// Says early that a port is taken, and how to have another if the command lets one choose.
pub fn ensure_free(port: u16, command: Option<&str>) -> Result<()> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let other = if port == u16::MAX { port - 1 } else { port + 1 };
            let or_else = command.map_or_else(String::new, |command| {
                format!(", or choose another with `cargo xtask {command} --port {other}`")
            });
            bail!("port {port} is in use: stop what listens there{or_else}")
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on port {port}")),
    }
}

/// Becomes the program, so that every signal and the exit code are its own.
#[cfg(unix)]
pub fn become_it(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(error).with_context(|| format!("cannot start {}", command.get_program().display()))
}

/// Waits for the program; the console sends ctrl-c to both.
#[cfg(not(unix))]
pub fn become_it(command: &mut Command) -> Result<ExitCode> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, Into::into))
}

/// The demo account's password. Makes the folder that keeps it and the database.
pub fn password(workspace: &Workspace) -> Result<String> {
    let folder = workspace.path(FOLDER);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    settle_password(&folder)
}

/// Which password the demo account has, or gets.
fn settle_password(folder: &Path) -> Result<String> {
    let file = folder.join("password");
    let given = std::env::var(PASSWORD).ok().filter(|given| !given.is_empty());
    let kept = std::fs::read_to_string(&file).ok().map(|text| text.trim().to_owned());
    let account_exists = folder.join("sms-sender.db").exists();
    let password = match choose(given, kept, account_exists) {
        Choice::Take(password) => password,
        Choice::Keep { password, against_the_wish } => {
            if against_the_wish {
                say::note(&format!(
                    "The demo account exists and keeps its password, whatever {PASSWORD} says; \
                     delete {FOLDER}/ to start afresh."
                ));
            }
            return Ok(password);
        }
        Choice::MakeOne => random_password(),
    };
    if account_exists {
        say::note(&format!(
            "There is a demo account already, but its password is not known any more. If this one \
             is refused, delete {FOLDER}/ to start afresh."
        ));
    }
    remember(&file, &password).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(password)
}

#[derive(Debug, PartialEq, Eq)]
enum Choice {
    Take(String),
    Keep { password: String, against_the_wish: bool },
    MakeOne,
}

/// The server never overwrites an account, so the password of one that exists cannot be chosen.
fn choose(given: Option<String>, kept: Option<String>, account_exists: bool) -> Choice {
    match (given, kept) {
        (Some(given), Some(kept)) if account_exists => {
            Choice::Keep { against_the_wish: given != kept, password: kept }
        }
        (Some(given), _) => Choice::Take(given),
        (None, Some(kept)) => Choice::Keep { password: kept, against_the_wish: false },
        (None, None) => Choice::MakeOne,
    }
}

/// Four groups of letters and digits that cannot be mistaken for each other.
fn random_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    // The standard library's only randomness, drawn from the system: enough for a demo that
    // listens on this machine alone, and spares a dependency.
    let mut bits = RandomState::new().hash_one("demo password");
    let mut password = String::new();
    for i in 0..12 {
        if i > 0 && i % 4 == 0 {
            password.push('-');
        }
        password.push(char::from(LETTERS[(bits % 32) as usize]));
        bits /= 32;
    }
    password
}

/// Writes a file that only its owner may read.
fn remember(file: &Path, password: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(file)?, password.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{Choice, choose, ensure_free, random_password};
    use std::net::TcpListener;

    fn text(word: &str) -> Option<String> {
        Some(word.to_owned())
    }

    #[test]
    fn a_second_run_prints_what_the_first_did() {
        assert_eq!(choose(None, None, false), Choice::MakeOne);
        let kept = Choice::Keep { password: "old".to_owned(), against_the_wish: false };
        assert_eq!(choose(None, text("old"), true), kept);
        assert_eq!(choose(text("old"), text("old"), true), kept);
    }

    #[test]
    fn a_wish_counts_until_the_account_exists() {
        let wish = Choice::Take("new".to_owned());
        assert_eq!(choose(text("new"), None, false), wish);
        assert_eq!(choose(text("new"), text("old"), false), wish);
        let kept = Choice::Keep { password: "old".to_owned(), against_the_wish: true };
        assert_eq!(choose(text("new"), text("old"), true), kept);
    }

    #[test]
    fn passwords_differ_and_can_be_typed() {
        let password = random_password();
        assert_eq!(password.len(), 14);
        assert_ne!(password, random_password());
        assert!(password.chars().all(|c| c == '-' || c.is_ascii_alphanumeric()), "{password}");
    }

    #[test]
    fn a_port_in_use_is_told_with_a_way_out() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let said = ensure_free(port, Some("run")).unwrap_err().to_string();
        assert!(said.contains("is in use") && said.contains("xtask run --port"), "{said}");
        drop(taken);
        ensure_free(port, Some("run")).unwrap();
    }
}
