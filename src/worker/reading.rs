//! Reading it all without falling silent: a stretch at a time, with news of how far it is, and an ear for
//! whoever wants to stop it.

use crate::scope::{now, pause};
use crate::state::Held;
use contacts::{Contacts, Processing, Source, Unreadable};
use domain::grouped;
use domain::recipients::input::Input;
use domain::recipients::phone::Country;
use domain::worker_protocol::{Progress, Response};

/// Rows between two looks at the clock.
const STRETCH: u32 = 2_000;
/// Longest time without an ear, in milliseconds.
const PATIENCE: f64 = 60.0;

/// What came of reading.
pub enum Reading {
    /// All of it.
    Read(Box<Contacts>),
    /// Somebody stopped it, or changed what is read.
    Canceled,
    /// A file cannot be read.
    Unreadable(Unreadable),
}

/// Reads everything. `hear` gets the news.
pub async fn read(held: &Held, input: Input, hear: impl Fn(Response)) -> Reading {
    let turn = held.borrow_mut().new_turn();
    while held.borrow().opening > 0 {
        pause().await;
        if held.borrow().turn != turn {
            return Reading::Canceled;
        }
    }
    let started = now();
    let processing = Processing::start(input, &held.borrow().sources);
    let mut processing = match processing {
        Ok(processing) => processing,
        Err(unreadable) => return Reading::Unreadable(unreadable),
    };
    loop {
        let begin = now();
        while now() - begin < PATIENCE {
            match processing.step(&mut held.borrow_mut().sources, STRETCH) {
                Ok(true) => return Reading::Read(Box::new(processing.finish())),
                Ok(false) => {}
                Err(unreadable) => return Reading::Unreadable(unreadable),
            }
        }
        hear(Response::Progress(progress(&processing, now() - started)));
        pause().await;
        if held.borrow().turn != turn {
            return Reading::Canceled;
        }
    }
}

/// `412,000 rows · 2,400,000 a second · 1 second left`.
fn progress(processing: &Processing, millis: f64) -> Progress {
    let (read, all) = processing.progress();
    let share = read as f64 / (all.max(1)) as f64;
    let rate = f64::from(processing.rows()) / millis.max(1.0) * 1_000.0;
    let left = if share > 0.0 { millis / 1_000.0 * (1.0 - share) / share } else { 0.0 };
    let left = match left.ceil() as u32 {
        0 | 1 => "1 second left".to_owned(),
        seconds @ 2..=90 => format!("{seconds} seconds left"),
        seconds => format!("{} minutes left", seconds.div_ceil(60)),
    };
    let (rows, rate) = (grouped(processing.rows()), grouped(rate as u32 / 1_000 * 1_000));
    Progress {
        done: (share * 1_000.0) as u32,
        words: format!("{rows} rows · {rate} a second · {left}"),
    }
}

/// Reads a list of nobody's numbers before there is any: the browser compiles well what has run often, and the
/// tables of numbers are unpacked.
pub fn warm_up() {
    let row = "+6591234567,Ann,Lee\n0065 9123 4568,\"Bob\",Tan\n91234569,Cid,Ong\nnone,Dan,Lim\n";
    let Ok(source) = Source::open(0, "", Box::new(row.repeat(WARM_UP))) else { return };
    let mut sources = [source];
    let input = Input { country: Country::parse("SG"), ..Input::default() };
    if let Ok(mut processing) = Processing::start(input, &sources) {
        // All there is to read is in memory.
        while processing.step(&mut sources, STRETCH) == Ok(false) {}
    }
}

/// How often: about twenty milliseconds.
const WARM_UP: usize = 5_000;
