//! `sms-sender user …`: who may sign in.

use super::{Failure, Result, say};
use crate::audit::{self, Act};
use crate::clock::Clock;
use crate::passwords::{NewPassword, Passwords};
use crate::store::Store;
use crate::store::users::{LONGEST_ADDRESS, normalized};
use clap::{Args, Subcommand};
use std::io::{IsTerminal as _, stdin};

/// See the module's story.
#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Add a user; the password is read from the terminal, or the first line of standard input
    Add {
        /// Their email address
        email: String,
        /// What to call them; otherwise what is before the @
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        database: Database,
    },
    /// List all users
    List {
        #[command(flatten)]
        database: Database,
    },
    /// Keep a user from signing in, and sign them out everywhere
    Disable {
        /// Their email address
        email: String,
        #[command(flatten)]
        database: Database,
    },
    /// Set a user's password and let them in again; it is read like that of a new user
    Password {
        /// Their email address
        email: String,
        #[command(flatten)]
        database: Database,
    },
}

/// Where the data is.
#[derive(Debug, Args)]
pub(super) struct Database {
    /// The database: sqlite: and the path of a file
    #[arg(
        long,
        env = "SMS_SENDER_DATABASE",
        default_value = "sqlite:sms-sender.db",
        value_name = "URL"
    )]
    pub database: String,
}

impl Database {
    pub(super) async fn open(&self) -> Result<Store> {
        Ok(Store::open(&self.database).await?)
    }
}

impl User {
    /// Does it.
    pub(super) async fn run(self) -> Result<()> {
        match self {
            Self::Add { email, name, database } => {
                let store = database.open().await?;
                let password = new_password()?;
                add(&store, &email, name.as_deref(), password).await?;
                say(format_args!("{email} can sign in"));
                store.close().await;
            }
            Self::List { database } => {
                let store = database.open().await?;
                for user in store.users().await? {
                    let note = if user.disabled { "\tdisabled" } else { "" };
                    let of = user.host.map(|(tenant, subject)| format!("\t{subject} of {tenant}"));
                    let of = of.unwrap_or_default();
                    let line = format!("{}\t{}{of}{note}", user.email, user.name);
                    // Hosts choose the names; a terminal is not to obey them.
                    let shown = |c: char| if c.is_control() && c != '\t' { '\u{fffd}' } else { c };
                    say(line.chars().map(shown).collect::<String>());
                }
                store.close().await;
            }
            Self::Disable { email, database } => {
                let store = database.open().await?;
                let now = Clock::system().now();
                let done = store.disable_user(&email, now).await?;
                found(done, &email)?;
                audit::command(&store, Act::UserDisabled, now, &normalized(&email)).await;
                say(format_args!("{email} cannot sign in any more"));
                store.close().await;
            }
            Self::Password { email, database } => {
                let store = database.open().await?;
                let user = store.user(&email).await?;
                found(user.is_some(), &email)?;
                if let Some((tenant, _)) = user.and_then(|user| user.host) {
                    return Err(Failure(format!(
                        "{email} signs in through the dashboard of “{tenant}” and has no password"
                    )));
                }
                let hash = Passwords::new()?.hash(new_password()?).await?;
                store.set_password(&email, &hash).await?;
                let now = Clock::system().now();
                audit::command(&store, Act::UserPasswordSet, now, &normalized(&email)).await;
                say(format_args!("{email} has a new password and is signed out everywhere"));
                store.close().await;
            }
        }
        Ok(())
    }
}

/// Adds a user to the database.
pub(super) async fn add(
    store: &Store,
    email: &str,
    name: Option<&str>,
    password: NewPassword,
) -> Result<()> {
    if email.trim().len() > LONGEST_ADDRESS {
        return Err(Failure(format!("an email address has at most {LONGEST_ADDRESS} characters")));
    }
    let (before, after) = email.trim().split_once('@').unwrap_or_default();
    if before.is_empty() || after.is_empty() || email.trim().contains(char::is_whitespace) {
        return Err(Failure(format!("“{email}” is not an email address: write name@example.com")));
    }
    let hash = Passwords::new()?.hash(password).await?;
    let now = Clock::system().now();
    if store.add_user(email, name.unwrap_or(before), &hash, now).await? {
        audit::command(store, Act::UserAdded, now, &normalized(email)).await;
        return Ok(());
    }
    Err(Failure(format!(
        "{email} is a user already: set a new password with “sms-sender user password {email}”"
    )))
}

fn found(found: bool, email: &str) -> Result<()> {
    if found {
        return Ok(());
    }
    Err(Failure(format!("there is no user {email}: “sms-sender user list” shows them all")))
}

fn new_password() -> Result<NewPassword> {
    let password = if stdin().is_terminal() {
        let password = rpassword::prompt_password("Password: ")?;
        if rpassword::prompt_password("Once more: ")? != password {
            return Err(Failure("the two passwords differ: try again".to_owned()));
        }
        password
    } else {
        let mut line = String::new();
        stdin().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    acceptable(password)
}

/// The password, if it will do.
pub(super) fn acceptable(password: String) -> Result<NewPassword> {
    NewPassword::parse(password).map_err(|error| Failure(format!("{error}.")))
}
