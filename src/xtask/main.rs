//! `cargo xtask …`: sets up, builds, runs, tests and measures SMS Sender.
//!
//! One entry for a person, a colleague's machine and CI alike, so that none of them needs to know a
//! second recipe. Whatever is missing is installed, whatever is up to date is left alone, and
//! every long step says what it does, why, and how long it took.
//!
//! | Module | Tells |
//! |---|---|
//! | [`setup`] | what the build needs, and where it comes from when it is missing |
//! | [`release`], [`web_app`], [`two_parts`], [`style_sheet`], [`pinned`], [`precompress`], [`stamp`] | from sources to `target/release/sms-sender` |
//! | [`demo`] | `cargo xtask run` |
//! | [`dev`] | `cargo xtask dev` |
//! | [`demo_host`] | `cargo xtask demo-host` |
//! | [`checks`], [`api_fuzz`], [`licences`], [`house_rules`], [`circles`], [`mod@size`] | `cargo xtask test` |
//! | [`mod@bench`] | `cargo xtask bench` |
//! | [`metadata`] | `cargo xtask metadata` |
//! | [`workspace`], [`process`], [`version`], [`say`] | the ground the others stand on |

#![expect(clippy::print_stdout, reason = "a command for people: what it prints is its result")]

mod api_fuzz;
mod bench;
mod checks;
mod circles;
mod demo;
mod demo_host;
mod dev;
mod house_rules;
mod licences;
mod metadata;
mod pinned;
mod precompress;
mod process;
mod release;
mod say;
mod setup;
mod size;
mod stamp;
mod style_sheet;
mod two_parts;
mod version;
mod web_app;
mod workspace;

use anyhow::Result;
use std::process::ExitCode;
use workspace::Workspace;

const USAGE: &str = "\
cargo xtask run [--port 8080]        set up, build, and serve with a demo account
cargo xtask dev [--port 8080]        the same, and what is edited is built and shown at once
cargo xtask demo-host [--port 8090]  a dashboard of somebody else on that port, the demo inside it
cargo xtask build                    target/release/sms-sender, the web app embedded
cargo xtask test [PART…]             everything CI checks, or only the parts named
cargo xtask bench [PART…]            measurements: size, lighthouse, numbers, contacts
cargo xtask metadata [VERSION]       newer tables of phone numbers, with the crate that tests them";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
enum Request {
    Run { port: u16 },
    Dev { port: u16 },
    DevCompanion,
    DemoHost { port: u16 },
    Build,
    Test { parts: Vec<String> },
    Bench { parts: Vec<String> },
    Metadata { version: Option<String> },
    Help,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let request = match parse(&arguments) {
        Ok(request) => request,
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}\n\nParts: {}", checks::names());
            return ExitCode::from(2);
        }
    };
    match carry_out(request) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(request: Request) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match request {
        Request::Run { port } => demo::run(&workspace, port),
        Request::Dev { port } => dev::run(&workspace, port),
        Request::DevCompanion => dev::accompany(&workspace),
        Request::DemoHost { port } => demo_host::run(&workspace, port),
        Request::Build => release::build(&workspace).map(|_| ExitCode::SUCCESS),
        Request::Test { parts } => checks::run(&workspace, &parts),
        Request::Bench { parts } => bench::run(&workspace, &parts).map(|()| ExitCode::SUCCESS),
        Request::Metadata { version } => {
            metadata::update(&workspace, version.as_deref()).map(|()| ExitCode::SUCCESS)
        }
        Request::Help => {
            println!("{USAGE}\n\nParts: {}", checks::names());
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn parse(arguments: &[String]) -> Result<Request, String> {
    let Some((command, rest)) = arguments.split_first() else {
        return Ok(Request::Help);
    };
    match command.as_str() {
        "run" => Ok(Request::Run { port: port(command, rest, demo::PORT)? }),
        "dev" => Ok(Request::Dev { port: port(command, rest, demo::PORT)? }),
        dev::COMPANION => Ok(Request::DevCompanion),
        "demo-host" => Ok(Request::DemoHost { port: port(command, rest, demo_host::PORT)? }),
        "test" => {
            if let Some(unknown) = rest.iter().find(|name| !checks::exists(name)) {
                return Err(format!("There is no part “{unknown}”."));
            }
            Ok(Request::Test { parts: rest.to_vec() })
        }
        "help" | "--help" | "-h" => Ok(Request::Help),
        "build" if !rest.is_empty() => Err(format!("“{command}” takes no “{}”.", rest.join(" "))),
        "build" => Ok(Request::Build),
        "bench" => match rest.iter().find(|name| !bench::exists(name)) {
            Some(unknown) => Err(format!("There is nothing to measure called “{unknown}”.")),
            None => Ok(Request::Bench { parts: rest.to_vec() }),
        },
        "metadata" => match rest {
            [] => Ok(Request::Metadata { version: None }),
            [version] => Ok(Request::Metadata { version: Some(version.clone()) }),
            _ => Err(format!("“metadata” takes one version, not “{}”.", rest.join(" "))),
        },
        unknown => Err(format!("There is no command “{unknown}”.")),
    }
}

fn port(command: &str, rest: &[String], usual: u16) -> Result<u16, String> {
    let given = match rest {
        [] => return Ok(usual),
        [flag, value] if flag == "--port" => value.as_str(),
        [joined] if joined.starts_with("--port=") => &joined["--port=".len()..],
        _ => return Err(format!("“{command}” takes --port N, not “{}”.", rest.join(" "))),
    };
    match given.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(format!("“{given}” is not a port: give a number from 1 to 65535.")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Request, parse};

    fn parsed(line: &str) -> Result<Request, String> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn the_port_comes_either_way_or_not_at_all() {
        assert_eq!(parsed("run"), Ok(Request::Run { port: 8080 }));
        assert_eq!(parsed("run --port 9000"), Ok(Request::Run { port: 9000 }));
        assert_eq!(parsed("run --port=9000"), Ok(Request::Run { port: 9000 }));
        assert_eq!(parsed("dev --port 9000"), Ok(Request::Dev { port: 9000 }));
        assert_eq!(parsed("demo-host"), Ok(Request::DemoHost { port: 8090 }));
        assert_eq!(parsed("demo-host --port 9000"), Ok(Request::DemoHost { port: 9000 }));
    }

    #[test]
    fn what_is_not_understood_is_refused_and_not_ignored() {
        for line in [
            "run --port",
            "run --port 0",
            "run --port 70000",
            "run 9000",
            "build now",
            "demo-host x",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
        assert!(parsed("test nothing").is_err_and(|problem| problem.contains("nothing")));
        assert!(parsed("dance").is_err());
    }

    #[test]
    fn what_is_measured_and_updated_can_be_named() {
        assert_eq!(parsed("bench"), Ok(Request::Bench { parts: vec![] }));
        for part in ["size", "lighthouse", "numbers", "contacts"] {
            let line = format!("bench {part}");
            assert_eq!(parsed(&line), Ok(Request::Bench { parts: vec![part.to_owned()] }));
        }
        assert!(parsed("bench nothing").is_err());
        assert_eq!(parsed("metadata"), Ok(Request::Metadata { version: None }));
        assert!(parsed("metadata 1 2").is_err());
    }

    #[test]
    fn nothing_asked_is_a_cry_for_help() {
        assert_eq!(parsed(""), Ok(Request::Help));
    }
}
