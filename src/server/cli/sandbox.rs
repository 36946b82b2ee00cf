//! `sms-sender sandbox`: the simulator of 8x8's API, on its own.

use super::serve::{bind, reachable};
use super::{Result, key_file, say, told_to_stop};
use clap::Args;
use gateway::sandbox::{self, Options};
use std::path::PathBuf;
use std::time::Duration;

/// See the module's story.
#[derive(Debug, Args)]
pub(super) struct Sandbox {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, default_value = "127.0.0.1:8088", value_name = "ADDRESS")]
    listen: String,
    /// Between reading a request and accepting what is in it: 20ms, 1.5s
    #[arg(long, value_parser = duration, default_value = "0ms", value_name = "TIME")]
    latency: Duration,
    /// The share of requests that fail in one way or another, from 0 to 1
    #[arg(long, value_parser = share, default_value = "0", value_name = "SHARE")]
    fail_rate: f64,
    /// The file with the only key that is welcome; otherwise any is
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Where accepted messages are kept over a restart
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// The subaccounts in the price list
    #[arg(long, value_delimiter = ',', value_name = "ID,…")]
    subaccounts: Vec<String>,
    /// Refuse other subaccounts
    #[arg(long)]
    only_listed: bool,
    /// How much later than usual every receipt is posted: 2s
    #[arg(long, value_parser = duration, default_value = "0ms", value_name = "TIME")]
    receipt_delay: Duration,
    /// How many times faster than usual messages travel
    #[arg(long, default_value_t = 1.0, value_name = "TIMES")]
    speed: f64,
}

impl Sandbox {
    /// Simulates until it is told to stop.
    pub(super) async fn run(self) -> Result<()> {
        let usual = Options::default();
        let options = Options {
            latency: self.latency,
            fail_rate: self.fail_rate,
            key: self.key_file.map(|file| key_file(&file, "--key-file")).transpose()?,
            journal: self.journal,
            subaccounts: if self.subaccounts.is_empty() {
                usual.subaccounts
            } else {
                self.subaccounts
            },
            only_listed: self.only_listed,
            receipt_delay: self.receipt_delay,
            speed: self.speed,
            slow_answer: usual.slow_answer,
        };
        let (listener, address) = bind(&self.listen).await?;
        let sandbox = sandbox::Sandbox::start(options)?;
        let here = reachable(address)?;
        say(format_args!("listening on {}", here.as_str().trim_end_matches('/')));
        Ok(sandbox::serve(listener, sandbox, told_to_stop()).await?)
    }
}

/// A time as people write it: a number and `ms`, `s` or `m`.
fn duration(text: &str) -> std::result::Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let seconds = match &text[digits.len()..] {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        _ => return Err("write a number and ms, s or m, such as 20ms".to_owned()),
    };
    let number: f64 = digits.parse().map_err(|_| "write a number before the unit".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|error| error.to_string())
}

fn share(text: &str) -> std::result::Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or("write a number from 0 to 1, such as 0.01".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(duration("20ms"), Ok(Duration::from_millis(20)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1_500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "20", "ms", "-1s", "1h"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_share_is_between_nothing_and_all() {
        assert_eq!(share("0.01"), Ok(0.01));
        assert!(share("1.1").is_err());
        assert!(share("NaN").is_err());
    }
}
