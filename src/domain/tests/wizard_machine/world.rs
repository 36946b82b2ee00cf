//! Two tabs, their workers, the server and the lines between them.

use crate::dice::Dice;
use crate::server::{Answer, Op, Server, destinations, quote};
use domain::price::quote::Quoting;
use domain::problem::{ApiProblem, ProblemCode};
use domain::recipients::Summary;
use domain::recipients::phone::Country;
use domain::wizard::machine::{Effect, Event, Prices, Saved, State, Wizard};
use domain::wizard::submission::{Expected, Submission};
use domain::worker_protocol::{Processed, Quoted};
use std::collections::{BTreeMap, HashSet, VecDeque};
use uuid::Uuid;

pub fn problem(code: ProblemCode) -> ApiProblem {
    ApiProblem { code, status: 409, ..ApiProblem::offline() }
}

/// Who waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asker {
    pub tab: usize,
    /// Which loading of the page.
    pub life: u32,
    pub attempt: u32,
    pub by_worker: bool,
}

#[derive(Clone, Debug)]
pub enum InFlight {
    Request(Asker, Op),
    Answer(Asker, Op, Answer),
}

pub struct Upload {
    pub attempt: u32,
    pub submission: Submission,
    pub next: Option<u32>,
    pub waiting: bool,
}

pub struct Tab {
    pub wizard: Wizard,
    pub life: u32,
    pub storage: Saved,
    /// What this tab's worker does: reading and counting are answered after a while.
    pub todo: VecDeque<Effect>,
    /// Recipients that the worker holds.
    pub held: Option<u32>,
    /// How many more are read than were typed: a file that was kept may have changed on the disk.
    pub in_files: u32,
    pub upload: Option<Upload>,
    /// Requests of the page itself that nobody has answered yet.
    pub asking: Vec<(Asker, Op)>,
    pub is_waiting: bool,
}

pub struct World {
    pub dice: Dice,
    pub tabs: Vec<Tab>,
    pub server: Server,
    pub line: Vec<InFlight>,
    /// What was on the screen at each Submit that was taken, by the campaign's id.
    pub confirmed: BTreeMap<Uuid, (Expected, String)>,
    /// Campaigns of which the user was told that nothing was sent.
    pub ended: HashSet<Uuid>,
    /// Campaigns that the user has told to stop.
    pub stopped: HashSet<Uuid>,
    pub calm: bool,
    pub log: Option<Vec<String>>,
}

impl World {
    pub fn new(seed: u64, log: bool) -> Self {
        let tab = |n: u128| {
            let wizard = Wizard::new(Uuid::from_u128(n << 64));
            let storage = wizard.saved();
            Tab {
                wizard,
                life: 0,
                storage,
                todo: VecDeque::new(),
                held: None,
                in_files: 0,
                upload: None,
                asking: Vec::new(),
                is_waiting: false,
            }
        };
        Self {
            dice: Dice::new(seed),
            tabs: vec![tab(1), tab(2)],
            server: Server { price: 1, ..Server::default() },
            line: Vec::new(),
            confirmed: BTreeMap::new(),
            ended: HashSet::new(),
            stopped: HashSet::new(),
            calm: false,
            log: log.then(Vec::new),
        }
    }

    pub fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(log) = &mut self.log {
            log.push(line());
        }
    }

    /// Fills a draft in and has it read and counted, as far as the dice let it.
    pub fn compose(&mut self, t: usize, recipients: usize) {
        self.edit(t, |draft| {
            draft.subaccount = "acme".into();
            draft.set_numbers("1".repeat(recipients));
            draft.sender_id = "Acme".into();
            draft.message = "OLD".into();
            draft.name = "First".into();
        });
        self.tell(t, Event::Process);
        for _ in 0..4 {
            self.worker_step(t);
        }
    }

    /// Gives the wizard an event and carries out what comes of it.
    pub fn tell(&mut self, t: usize, event: Event) {
        self.note(|| format!("tab {t}: {event:?}"));
        let is_submit = matches!(event, Event::Submit { .. });
        if let (Event::Stop, Some(sending)) = (&event, self.tabs[t].wizard.sending()) {
            self.stopped.insert(sending.submission.id());
        }
        let shown = match self.tabs[t].wizard.state() {
            State::Ready(quoted) => Some(Expected::from(&quoted.quote)),
            _ => None,
        };
        let message = self.tabs[t].wizard.draft().message.clone();
        let was_sending = self.tabs[t].wizard.sending().map(|s| s.submission.id());
        let effects = self.tabs[t].wizard.on(event);
        if is_submit
            && was_sending.is_none()
            && let State::Uploading { sending, .. } = self.tabs[t].wizard.state()
        {
            let id = sending.submission.id();
            let shown = shown.expect("Submit is taken only when the figures are on the screen");
            let recipients = self.tabs[t].held.expect("only who has read them counts them");
            let now = quote(&message, recipients, 1);
            assert_eq!(
                (shown.recipients, shown.segments),
                (now.recipients, now.segments),
                "what was shown is not what the draft adds up to"
            );
            let earlier = self.confirmed.insert(id, (shown, message));
            assert!(earlier.is_none(), "two Submits under one id");
        }
        self.judge(t, was_sending);
        self.carry_out(t, effects);
    }

    pub fn judge(&mut self, t: usize, was_sending: Option<Uuid>) {
        let wizard = &self.tabs[t].wizard;
        if let Some(id) = was_sending.filter(|_| wizard.sending().is_none()) {
            match wizard.state() {
                State::Accepted { campaign } => {
                    assert_eq!(*campaign, id);
                    assert!(self.server.campaigns[&id].submitted, "told as sent, but it was not");
                }
                _ => {
                    assert!(wizard.ended().is_some(), "it ended without a word");
                    self.ended.insert(id);
                }
            }
        }
    }

    pub fn edit(&mut self, t: usize, change: impl FnOnce(&mut domain::wizard::draft::Draft)) {
        let tab = &mut self.tabs[t];
        let before = tab.wizard.is_frozen().then(|| tab.wizard.draft().clone());
        let effects = tab.wizard.edit(change);
        if let Some(before) = before {
            assert_eq!(&before, self.tabs[t].wizard.draft(), "a frozen draft was changed");
        }
        self.carry_out(t, effects);
    }

    pub fn carry_out(&mut self, t: usize, effects: Vec<Effect>) {
        for effect in effects {
            self.note(|| {
                format!(
                    "tab {t}:   -> {}",
                    format!("{effect:?}").chars().take(60).collect::<String>()
                )
            });
            let tab = &mut self.tabs[t];
            let asker = |attempt, by_worker| Asker { tab: t, life: tab.life, attempt, by_worker };
            match effect {
                Effect::Save => tab.storage = tab.wizard.saved(),
                Effect::Upload { attempt, submission } => {
                    let upload =
                        Upload { attempt, submission: *submission, next: None, waiting: false };
                    tab.upload = Some(upload);
                }
                Effect::StopUpload => tab.upload = None,
                Effect::Submit { attempt, id } => {
                    assert!(!self.stopped.contains(&id), "submitted after it was stopped");
                    let asker = asker(attempt, false);
                    tab.asking.push((asker, Op::Submit(id)));
                    self.line.push(InFlight::Request(asker, Op::Submit(id)));
                }
                Effect::Forget { attempt, id } => {
                    let asker = asker(attempt, false);
                    tab.asking.push((asker, Op::Forget(id)));
                    self.line.push(InFlight::Request(asker, Op::Forget(id)));
                }
                Effect::Wait { .. } => tab.is_waiting = true,
                Effect::RestartWorker => {
                    tab.held = None;
                    tab.upload = None;
                }
                Effect::Process { .. } | Effect::Count { .. } | Effect::LoadPrices { .. } => {
                    tab.todo.push_back(effect);
                }
                Effect::CancelProcessing
                | Effect::EraseFiles(_)
                | Effect::Refuse(_)
                | Effect::Watch(_) => {}
            }
            // The page may be loaded afresh between any two effects.
            if !self.calm && self.dice.chance(60) {
                self.reload(t);
                return;
            }
        }
    }

    pub fn reload(&mut self, t: usize) {
        self.note(|| format!("tab {t}: reload"));
        let tab = &mut self.tabs[t];
        tab.life += 1;
        tab.todo.clear();
        tab.held = None;
        tab.in_files = u32::from(!self.calm && self.dice.chance(6));
        tab.upload = None;
        tab.asking.clear();
        tab.is_waiting = false;
        // As it is kept: in JSON.
        let json = serde_json::to_string(&tab.storage).unwrap();
        let (wizard, effects) = Wizard::restore(serde_json::from_str(&json).unwrap());
        tab.wizard = wizard;
        self.carry_out(t, effects);
    }

    pub fn worker_step(&mut self, t: usize) {
        let reads = !self.calm && self.dice.chance(12);
        let Some(effect) = self.tabs[t].todo.pop_front() else { return };
        let event = match effect {
            Effect::Process { run } if reads => Event::NotProcessed { run, trouble: None },
            Effect::Process { run } => {
                let typed = self.tabs[t].wizard.draft().numbers.len() as u32;
                let recipients = typed + self.tabs[t].in_files;
                self.tabs[t].held = Some(recipients);
                Event::Processed { run, processed: Box::new(processed(recipients)) }
            }
            Effect::Count { count, message, prices } => {
                let quoted = self.tabs[t].held.map(|recipients| {
                    let mut quoting = Quoting::new(&prices);
                    (0..recipients).for_each(|_| {
                        quoting.add(Country::parse("SG"), &message);
                    });
                    Box::new(Quoted { quote: quoting.finish(), objections: Vec::new() })
                });
                Event::Counted { count, quoted }
            }
            Effect::LoadPrices { load, .. } => {
                let answer = if !self.calm && self.dice.chance(8) {
                    Err(ApiProblem::offline())
                } else {
                    Ok(Box::new(destinations(self.server.price)))
                };
                Event::PricesLoaded { load, answer }
            }
            _ => return,
        };
        self.tell(t, event);
    }

    /// The worker's upload sends its next request, or gives up on the one under way.
    pub fn upload_step(&mut self, t: usize) {
        let give_up = !self.calm && self.dice.chance(4);
        let life = self.tabs[t].life;
        let held = self.tabs[t].held.unwrap_or_default();
        let Some(upload) = &mut self.tabs[t].upload else { return };
        let attempt = upload.attempt;
        if upload.waiting {
            if give_up {
                self.tabs[t].upload = None;
                self.tell(t, Event::Interrupted { attempt, problem: ApiProblem::offline() });
            }
            return;
        }
        let id = upload.submission.id();
        let op = match upload.next {
            None => Op::Create(Box::new(upload.submission.clone())),
            Some(n) if n < upload.submission.expected().recipients => Op::Chunk(id, n, held),
            Some(_) => {
                self.tabs[t].upload = None;
                return self.tell(t, Event::Uploaded { attempt });
            }
        };
        upload.waiting = true;
        self.line.push(InFlight::Request(Asker { tab: t, life, attempt, by_worker: true }, op));
    }

    pub fn line_step(&mut self) {
        if self.line.is_empty() {
            return;
        }
        let at = self.dice.roll(self.line.len());
        // Twice, or never; answers are lost as well as requests.
        let twice = !self.calm && self.dice.chance(6);
        let lost = !self.calm && self.dice.chance(6);
        let in_flight = if twice { self.line[at].clone() } else { self.line.swap_remove(at) };
        if lost {
            return;
        }
        match in_flight {
            InFlight::Request(asker, op) => {
                let answer = self.server.handle(&op);
                self.note(|| format!("server: {op:?} -> {answer:?}").chars().take(150).collect());
                self.line.push(InFlight::Answer(asker, op, answer));
            }
            InFlight::Answer(asker, op, answer) => self.answered(asker, &op, answer),
        }
        self.check();
    }

    pub fn answered(&mut self, asker: Asker, op: &Op, answer: Answer) {
        let t = asker.tab;
        if self.tabs[t].life != asker.life {
            return;
        }
        let attempt = asker.attempt;
        if asker.by_worker {
            let Some(upload) = &mut self.tabs[t].upload else { return };
            if upload.attempt != attempt || !upload.waiting {
                return;
            }
            let id = upload.submission.id();
            let (next, event) = match (op, answer) {
                (Op::Create(_), Answer::Stored { submitted: true, .. }) => {
                    (None, Some(Event::Submitted { id }))
                }
                (Op::Create(_), Answer::Stored { next_chunk, .. }) if upload.next.is_none() => {
                    (Some(next_chunk), None)
                }
                (Op::Chunk(_, n, _), Answer::Done) if upload.next == Some(*n) => {
                    (Some(n + 1), Some(Event::UploadProgress { attempt, done: n + 1 }))
                }
                (_, Answer::Gone) => {
                    let problem = problem(ProblemCode::NotFound);
                    (None, Some(Event::Refused { attempt, problem }))
                }
                (_, Answer::Refused(code)) => {
                    (None, Some(Event::Refused { attempt, problem: problem(code) }))
                }
                // An answer to an earlier request, once more.
                _ => return,
            };
            upload.waiting = false;
            match next {
                Some(_) => upload.next = next,
                None => self.tabs[t].upload = None,
            }
            if let Some(event) = event {
                self.tell(t, event);
            }
            return;
        }
        match self.tabs[t].asking.iter().position(|(a, _)| *a == asker) {
            Some(known) => drop(self.tabs[t].asking.swap_remove(known)),
            // Late, or once more: the machine may hear of it all the same.
            None if self.dice.chance(2) => {}
            None => return,
        }
        let event = match (op, answer) {
            (Op::Submit(id) | Op::Forget(id), Answer::Submitted) => Event::Submitted { id: *id },
            (Op::Submit(id), Answer::Gone) | (Op::Forget(id), Answer::Done) => {
                Event::Forgotten { id: *id }
            }
            (_, Answer::Refused(code)) => Event::Refused { attempt, problem: problem(code) },
            _ => return,
        };
        self.tell(t, event);
    }

    /// Gives up on a request of the page.
    pub fn deadline(&mut self, t: usize) {
        if self.tabs[t].asking.is_empty() {
            return;
        }
        let at = self.dice.roll(self.tabs[t].asking.len());
        let (asker, _) = self.tabs[t].asking.swap_remove(at);
        let (attempt, problem) = (asker.attempt, ApiProblem::offline());
        self.tell(t, Event::Interrupted { attempt, problem });
    }

    pub fn user_step(&mut self, t: usize) {
        match self.dice.roll(12) {
            0 => self.edit(t, |draft| draft.subaccount = "acme".into()),
            1 => {
                let n = self.dice.roll(4);
                self.edit(t, |draft| draft.set_numbers("1".repeat(n)));
            }
            2 => self.tell(t, Event::Process),
            3 => {
                let words = ["OLD".to_owned(), "NEW ".repeat(90), String::new()];
                let words = words[self.dice.roll(3)].clone();
                self.edit(t, |draft| draft.message = words);
            }
            4 => self.edit(t, |draft| {
                draft.sender_id = "Acme".into();
                draft.name = "First".into();
            }),
            5..=7 => {
                let held = self.tabs[t].held.unwrap_or_default();
                let typed_count = if self.dice.chance(9) { 7 } else { held }.to_string();
                self.tell(t, Event::Submit { due: Ok(None), typed_count });
            }
            8 if self.dice.chance(3) => self.tell(t, Event::Stop),
            9 if self.dice.chance(6) => self.reload(t),
            10 if self.dice.chance(6) => {
                // The prices are the page's to ask for.
                self.tabs[t].todo.retain(|effect| matches!(effect, Effect::LoadPrices { .. }));
                self.tabs[t].held = None;
                self.tabs[t].upload = None;
                self.tell(t, Event::WorkerLost);
            }
            11 if self.dice.chance(8) => self.tell(t, Event::Discard),
            _ => {}
        }
    }

    pub fn step(&mut self) {
        let t = self.dice.roll(self.tabs.len());
        match self.dice.roll(20) {
            0..=6 => self.user_step(t),
            7..=10 => self.worker_step(t),
            11..=12 => self.upload_step(t),
            13..=16 => self.line_step(),
            17 => self.deadline(t),
            18 if self.tabs[t].is_waiting => {
                self.tabs[t].is_waiting = false;
                self.tell(t, Event::Woken);
            }
            19 if self.dice.chance(15) => self.server.price = 1 + self.dice.roll(3) as u32,
            _ => {}
        }
        self.check();
    }

    /// What must hold at any moment.
    pub fn check(&self) {
        for (id, campaign) in self.server.campaigns.iter().filter(|(_, c)| c.submitted) {
            let (shown, message) =
                self.confirmed.get(id).expect("a campaign went out that nobody submitted");
            assert_eq!((&campaign.expected, &campaign.message), (shown, message));
            let others = campaign.of.iter().any(|of| *of != shown.recipients);
            assert!(!others, "other recipients went out than were shown");
            assert!(!self.ended.contains(id), "it was told that nothing was sent");
        }
    }

    /// The line holds and everybody answers: then everything comes to an end.
    pub fn calm_down(&mut self) {
        self.calm = true;
        for _ in 0..400 {
            for t in 0..self.tabs.len() {
                self.worker_step(t);
                self.upload_step(t);
                // What was lost is noticed by its deadline, once nothing is on the line any more.
                if self.line.is_empty() {
                    self.deadline(t);
                    if self.tabs[t].upload.as_ref().is_some_and(|upload| upload.waiting) {
                        let attempt = self.tabs[t].upload.take().map_or(0, |u| u.attempt);
                        let problem = ApiProblem::offline();
                        self.tell(t, Event::Interrupted { attempt, problem });
                    }
                }
                if std::mem::take(&mut self.tabs[t].is_waiting) {
                    self.tell(t, Event::Woken);
                }
            }
            self.line_step();
            let is_quiet = self.line.is_empty()
                && self.tabs.iter().all(|tab| {
                    tab.todo.is_empty() && tab.upload.is_none() && tab.asking.is_empty()
                });
            if is_quiet {
                break;
            }
        }
        for tab in &self.tabs {
            let state = tab.wizard.state();
            assert!(!tab.wizard.is_frozen(), "it never ends: {state:?}");
            assert!(
                !matches!(state, State::Processing { .. } | State::Counting { .. }),
                "it never gets ready: {state:?}, {:?}",
                matches!(tab.wizard.prices(), Prices::Loaded(_))
            );
        }
        self.check();
    }
}

pub fn processed(recipients: u32) -> Processed {
    let summary = Summary { total: recipients, valid: recipients, ..Summary::default() };
    Processed { summary, repairs: Vec::new(), notes: Vec::new(), words: String::new() }
}
