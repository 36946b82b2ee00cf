//! `cargo xtask demo-host`: the demo inside somebody else's dashboard, as a customer would have it.
//!
//! Two programs on two sites: the dashboard on `localhost`, ours on `127.0.0.1`. The dashboard makes
//! its keys anew at each start and writes the configuration that makes us take its tokens, so it is
//! started first and starts us; whatever ends one ends both.

use crate::demo;
use crate::setup;
use crate::workspace::Workspace;
use anyhow::{Result, ensure};
use std::process::{Command, ExitCode};

/// Where the dashboard is served unless another port is asked for.
pub const PORT: u16 = 8090;

/// The dashboard, and who may sign in there.
const PROGRAM: &str = "tests/demo-host/server.mjs";
const EMAIL: &str = "mira@acme.example";
/// Tells the dashboard its users' password.
const PASSWORD: &str = "DEMO_HOST_PASSWORD";

/// Sets up, builds and serves both until they are interrupted.
pub fn run(workspace: &Workspace, port: u16) -> Result<ExitCode> {
    ensure!(
        port != demo::PORT,
        "port {port} is for the sender itself: choose another for the host"
    );
    let ensure_free = || {
        demo::ensure_free(demo::PORT, None)?;
        demo::ensure_free(port, Some("demo-host"))
    };
    ensure_free()?;
    let node = setup::node_ready()?.program;
    let program = demo::build(workspace)?;
    let password = demo::password(workspace)?;
    ensure_free()?;

    let sender = format!("http://127.0.0.1:{}", demo::PORT);
    let folder = format!("{}/host", demo::FOLDER);
    println!();
    println!("Dashboard:   http://localhost:{port}/messages   (the sender is inside)");
    println!("Sign in as:  {EMAIL}");
    println!("SMS Sender:  {sender}");
    println!("Sign in as:  {}", demo::EMAIL);
    println!("Password:    {password}   (for both)");
    println!();
    println!("Messages go to a simulator and reach nobody. Ctrl-C stops both.");
    println!();

    demo::become_it(
        Command::new(node)
            .args([PROGRAM, "--port", &port.to_string(), "--sender", &sender])
            .args(["--folder", &folder, "--"])
            .arg(program)
            .args(demo::arguments(demo::PORT))
            .args(["--embed-file", &format!("{folder}/embed.json")])
            .env(PASSWORD, &password)
            .env(demo::PASSWORD, &password)
            .current_dir(workspace.root()),
    )
}
