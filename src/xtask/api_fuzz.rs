//! `cargo xtask test api`: thousands of requests made from `openapi.json`, right ones and wrong ones, by a stranger and
//! by somebody who is signed in. No answer may be a failure of the server's or other than described.
//!
//! Schemathesis makes them, which comes from the Python Package Index; for that, and for the minutes it takes, the part runs only when it is
//! asked for by name.

use crate::workspace::Workspace;
use crate::{demo, process, say};
use anyhow::{Context, Result, bail, ensure};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SCHEMATHESIS: &str = "schemathesis==4.32.5";
/// Each of the two runs, in seconds.
const SECONDS: u32 = 90;
/// They would sign out, change the password, or never end.
const LEFT_OUT: [&str; 4] =
    ["delete_all_sessions", "delete_session", "change_password", "stream_events"];
const PASSWORD: &str = "correct-horse-battery";

/// Asks a program of its own for everything there is.
pub fn check(workspace: &Workspace) -> Result<()> {
    let schemathesis = schemathesis(workspace)?;
    let program = demo::with_server(workspace, || Ok(()))?.1;
    let server = Server::start(&program)?;
    let cookie = server.sign_in()?;
    for (who, header) in [("a stranger", None), ("somebody signed in", Some(cookie))] {
        say::step(&format!("{SECONDS} s of requests by {who}"), "made from openapi.json", || {
            let mut command = Command::new(&schemathesis);
            command.arg("--config-file").arg(workspace.path("tests/api/schemathesis.toml"));
            command.arg("run").arg(workspace.path("src/server/openapi.json"));
            command.args(["--url", &server.url(), "--continue-on-failure", "--no-shrink"]);
            command.args(["--max-time", &SECONDS.to_string()]);
            for operation in LEFT_OUT {
                command.args(["--exclude-operation-id", operation]);
            }
            if let Some(cookie) = &header {
                command.args(["--header", &format!("Cookie: {cookie}")]);
            }
            process::run(command.current_dir(&server.folder))
        })?;
    }
    Ok(())
}

/// The program, in a virtual environment of its own.
fn schemathesis(workspace: &Workspace) -> Result<PathBuf> {
    let home = workspace.target().join("tools").join(SCHEMATHESIS.replace("==", "-"));
    let program = home.join("bin/schemathesis");
    if !program.is_file() {
        say::step(SCHEMATHESIS, "it makes the requests; once", || {
            process::run(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
            process::run(Command::new(home.join("bin/pip")).args([
                "install",
                "--quiet",
                SCHEMATHESIS,
            ]))
        })?;
    }
    Ok(program)
}

/// The server under test, which ends with this.
struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Server {
    fn start(program: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = std::env::temp_dir().join(format!("sms-sender-api-{}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let child = Command::new(program)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--gateway", "sandbox"])
            .args(["--demo", "--database"])
            .arg(format!("sqlite:{}", folder.join("test.db").display()))
            .env(demo::PASSWORD, PASSWORD)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start the server")?;
        let server = Self { child, port, folder };
        let deadline = Instant::now() + Duration::from_secs(20);
        while server.ask("GET", "/healthz", "").is_err() {
            ensure!(Instant::now() < deadline, "the server does not answer");
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The cookie of the demo account's session.
    fn sign_in(&self) -> Result<String> {
        let body = format!("{{\"email\":\"{}\",\"password\":\"{PASSWORD}\"}}", demo::EMAIL);
        let answer = self.ask("POST", "/api/v1/session", &body)?;
        for line in answer.lines() {
            if let Some((name, value)) = line.split_once(": ")
                && name.eq_ignore_ascii_case("set-cookie")
                && value.starts_with("sms_sender=")
            {
                return Ok(value.split(';').next().unwrap_or_default().to_owned());
            }
        }
        bail!("the demo account cannot sign in: {answer}")
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has nothing to lose.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
