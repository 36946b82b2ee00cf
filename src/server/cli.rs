//! The commands of `sms-sender`, and what their flags mean.
//!
//! Every flag of `serve` can also be given as an environment variable. Secrets can not be given as
//! either: flags and environments are readable by others on the same computer. Keys come from files,
//! passwords from the terminal or standard input.

mod audit;
mod sandbox;
mod serve;
mod user;

use clap::{Parser, Subcommand};
use gateway::ApiKey;
use std::fmt::Display;
use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Sends SMS: a web wizard for one message or a million.
#[derive(Debug, Parser)]
#[command(name = "sms-sender", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the web app and its API
    Serve(Box<serve::Serve>),
    /// Simulate the 8x8 SMS API, to try everything without spending money
    Sandbox(sandbox::Sandbox),
    /// Say who may sign in
    #[command(subcommand)]
    User(user::User),
    /// Show who did what, as lines of JSON
    Audit(audit::Audit),
}

/// Why a command failed: one line for the person who gave it, with the cure.
#[derive(Debug, PartialEq, Eq)]
struct Failure(String);

/// What commands come to.
type Result<T> = std::result::Result<T, Failure>;

impl<E: Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Does what the command line says.
pub async fn run() -> ExitCode {
    let command = Cli::parse().command;
    log();
    let done = match command {
        Command::Serve(serve) => serve.run().await,
        Command::Sandbox(sandbox) => sandbox.run().await,
        Command::User(user) => user.run().await,
        Command::Audit(audit) => audit.run().await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(why)) => {
            complain(&why);
            ExitCode::FAILURE
        }
    }
}

/// To standard error, so that standard output is only what was asked for. `RUST_LOG` says how much.
fn log() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours);
    log.with_writer(std::io::stderr).init();
}

#[expect(clippy::print_stderr, reason = "the one place where a command fails")]
fn complain(why: &str) {
    eprintln!("sms-sender: {why}");
}

/// What a command has to say on standard output.
#[expect(clippy::print_stdout, reason = "the one place where commands speak")]
fn say(text: impl Display) {
    println!("{text}");
}

/// The key in a file.
fn key_file(file: &Path, flag: &str) -> Result<ApiKey> {
    let cure = format!("Give a file that holds nothing but the key with {flag}");
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure(format!("cannot read the key file {}: {error}. {cure}", file.display()))
    })?;
    ApiKey::new(&text)
        .ok_or_else(|| Failure(format!("the file {} holds no key. {cure}", file.display())))
}

/// Returns when the process is asked to end: by Ctrl-C, or by whoever manages it.
async fn told_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // No way to hear of it; then only the other one counts.
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_secret_can_be_a_flag_or_an_environment_variable() {
        let cli = Cli::command();
        for command in cli.get_subcommands().flat_map(|c| c.get_subcommands().chain([c])) {
            for arg in command.get_arguments() {
                let id = arg.get_id().as_str();
                let names_a_file = id.ends_with("_file") || id == "name";
                for secret in ["password", "token", "secret", "key"] {
                    assert!(names_a_file || !id.contains(secret), "{} {id}", command.get_name());
                }
            }
        }
    }
}
