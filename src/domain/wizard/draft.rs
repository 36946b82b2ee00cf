//! What the user has typed so far. It survives a reload; it never holds recipients beyond what was
//! typed by hand, and nothing in it is known to be right.

use crate::message::{Message, MessageError};
use crate::problem::{Field, FieldError, MAX_DAYS_AHEAD, MAX_NAME, Problem};
use crate::recipients::input::{Chosen, Correction, Input};
use crate::recipients::phone::Country;
use crate::recipients::{MAX_RECIPIENTS, RepairKind, Summary};
use crate::sender::id::SenderId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// A campaign in the making.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Becomes the campaign's id, which makes submitting it twice the same as once.
    pub id: Uuid,
    /// Step 1: the subaccount's id.
    pub subaccount: String,
    /// Step 2: numbers as they were typed, or pasted if they are few.
    pub numbers: String,
    /// Step 2: long lists that were pasted. Not part of the JSON, which is written at every change.
    #[serde(skip)]
    pub pasted: Vec<Pasted>,
    /// Step 2: where numbers without a country code are from.
    pub country: Option<Country>,
    /// Step 2: whether a number that is there twice gets two messages.
    pub include_duplicates: bool,
    /// Step 2: the files, by name; they themselves are in the worker.
    #[serde(default)]
    pub files: Vec<File>,
    /// Step 2: the number of the next file. None is given twice: an answer about one that was removed must not
    /// be taken for another's.
    #[serde(default)]
    pub next_file: u32,
    /// Step 2: under what the files are kept on this device. The draft's id may change, this does not.
    #[serde(default)]
    pub kept_under: Uuid,
    /// Step 2: whether the user agrees that the files are kept on this device until it is submitted.
    #[serde(default)]
    pub keep_files: bool,
    /// Step 2: repairs of numbers that are not wanted.
    #[serde(default)]
    pub undone: Vec<RepairKind>,
    /// Step 2: rejected rows that were corrected by hand.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// Step 2: what came of processing exactly this input.
    pub processed: Option<Summary>,
    /// Step 3.
    pub sender_id: String,
    /// Step 3.
    pub message: String,
    /// Step 4.
    pub name: String,
    /// Step 4.
    pub when: When,
    /// Counts the changes of what there is to process, or of how.
    #[serde(skip)]
    input_revision: u32,
}

/// A long list of numbers that was pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// Tells it from the others of this draft.
    pub id: u32,
    /// As it was pasted.
    pub text: Arc<str>,
    /// How many numbers that is.
    pub numbers: u32,
}

/// A file of contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Tells it from the others of this draft, from 1.
    pub id: u32,
    /// What it is called.
    pub name: String,
    /// What was chosen about how it is read, in the order it was.
    pub chosen: Vec<Chosen>,
}

/// When a campaign is to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// At once.
    #[default]
    Now,
    /// At a local date and time, as the browser's control spells it: `2026-12-24T18:00`.
    Later(String),
}

impl Draft {
    /// An empty one.
    pub fn new(id: Uuid) -> Self {
        Self {
            id,
            subaccount: String::new(),
            numbers: String::new(),
            pasted: Vec::new(),
            country: None,
            include_duplicates: false,
            files: Vec::new(),
            next_file: 1,
            kept_under: id,
            keep_files: false,
            undone: Vec::new(),
            corrections: Vec::new(),
            processed: None,
            sender_id: String::new(),
            message: String::new(),
            name: String::new(),
            when: When::Now,
            input_revision: 0,
        }
    }

    /// Whether abandoning it loses anything that was typed.
    pub fn has_something_to_lose(&self) -> bool {
        !(self.has_no_recipients() && self.sender_id.is_empty() && self.message.is_empty())
    }

    /// Whether there is nothing to process.
    pub fn has_no_recipients(&self) -> bool {
        self.numbers.trim().is_empty() && self.pasted.is_empty() && self.files.is_empty()
    }

    /// What there is to process.
    pub fn input(&self) -> Input {
        Input {
            numbers: self.numbers.clone(),
            pasted: Vec::new(),
            country: self.country,
            include_duplicates: self.include_duplicates,
            undone: self.undone.clone(),
            corrections: self.corrections.clone(),
        }
    }

    /// Takes another file; its number.
    pub fn add_file(&mut self, name: String) -> u32 {
        let id = self.next_file.max(1);
        self.next_file = id + 1;
        self.files.push(File { id, name, chosen: Vec::new() });
        self.forget_processed();
        id
    }

    /// Forgets a file and what was corrected in it.
    pub fn remove_file(&mut self, id: u32) {
        self.files.retain(|file| file.id != id);
        self.corrections.retain(|correction| correction.source != id);
        self.forget_processed();
    }

    /// Takes a file in the place of one that was there under the same name.
    pub fn replace_file(&mut self, id: u32) {
        self.corrections.retain(|correction| correction.source != id);
        self.forget_processed();
    }

    /// Reads a file in another way: unless it is only about what its columns are, its rows are others then.
    pub fn choose(&mut self, id: u32, chosen: Chosen) {
        if !chosen.id.starts_with("column-") {
            self.corrections.retain(|correction| correction.source != id);
        }
        if let Some(file) = self.files.iter_mut().find(|file| file.id == id) {
            file.chosen.push(chosen);
        }
        self.forget_processed();
    }

    /// Takes back the last choice about how a file is read: it cannot be read that way.
    pub fn take_back_choice(&mut self, id: u32) {
        if let Some(file) = self.files.iter_mut().find(|file| file.id == id) {
            file.chosen.pop();
        }
        self.forget_processed();
    }

    /// Takes a long list that was pasted.
    pub fn add_pasted(&mut self, text: Arc<str>, numbers: u32) {
        let id = self.next_file.max(1);
        self.next_file = id + 1;
        self.pasted.push(Pasted { id, text, numbers });
        self.forget_processed();
    }

    /// Forgets a list that was pasted.
    pub fn remove_pasted(&mut self, id: u32) {
        self.pasted.retain(|pasted| pasted.id != id);
        self.forget_processed();
    }

    /// Forgets what came of processing: there is something else to process now.
    pub fn forget_processed(&mut self) {
        self.input_revision = self.input_revision.wrapping_add(1);
        self.processed = None;
    }

    /// Grows with whatever changes what there is to process, or how.
    pub const fn input_revision(&self) -> u32 {
        self.input_revision
    }

    /// Keeps a correction that the worker has already made.
    pub fn correct(&mut self, correction: Correction) {
        self.corrections.push(correction);
    }

    /// Says whether a number that is there twice gets two messages.
    pub fn set_include_duplicates(&mut self, include: bool) {
        self.include_duplicates = include;
        self.input_revision = self.input_revision.wrapping_add(1);
    }

    /// Undoes a kind of repair, or does it again.
    pub fn toggle_repair(&mut self, kind: RepairKind) {
        self.input_revision = self.input_revision.wrapping_add(1);
        match self.undone.iter().position(|undone| *undone == kind) {
            Some(at) => drop(self.undone.remove(at)),
            None => self.undone.push(kind),
        }
    }

    /// Takes new numbers, and forgets what came of the old ones.
    pub fn set_numbers(&mut self, numbers: String) {
        if numbers != self.numbers {
            self.numbers = numbers;
            self.forget_processed();
        }
    }

    /// Takes another country for local numbers, and forgets what came of the old one.
    pub fn set_country(&mut self, country: Option<Country>) {
        if country != self.country {
            self.country = country;
            self.forget_processed();
        }
    }

    /// The fields that the recipients have, for the message.
    pub fn fields(&self) -> &[String] {
        self.processed.as_ref().map_or(&[], |summary| &summary.fields)
    }

    /// Step 1.
    ///
    /// # Errors
    /// When nothing is chosen.
    pub fn parse_subaccount(&self) -> Result<&str, FieldError> {
        match self.subaccount.as_str() {
            "" => Err(FieldError::new(Field::Subaccount, Problem::NoSubaccount)),
            chosen => Ok(chosen),
        }
    }

    /// Step 2: what came of processing.
    ///
    /// # Errors
    /// When nothing was processed, nothing is valid, or it is too much.
    pub fn parse_recipients(&self) -> Result<&Summary, FieldError> {
        let problem = match &self.processed {
            None if self.has_no_recipients() => Problem::NoNumbers,
            None => Problem::NotProcessed,
            Some(summary) if summary.total == 0 => Problem::NoNumbers,
            Some(summary) if summary.valid == 0 => Problem::NoValidNumbers(summary.total),
            Some(summary) if summary.valid > MAX_RECIPIENTS => {
                Problem::TooManyRecipients(summary.valid)
            }
            Some(summary) => return Ok(summary),
        };
        Err(FieldError::new(Field::Numbers, problem))
    }

    /// Step 3: the Sender ID.
    ///
    /// # Errors
    /// When it breaks a rule of its form.
    pub fn parse_sender_id(&self) -> Result<SenderId, FieldError> {
        SenderId::parse(&self.sender_id).map_err(|error| FieldError::new(Field::SenderId, error))
    }

    /// Step 3: the message.
    ///
    /// # Errors
    /// When it is empty, too long or uses fields that are not there.
    pub fn parse_message(&self) -> Result<Message, FieldError> {
        Message::parse_for(&self.message, self.fields())
            .map_err(|error: MessageError| FieldError::new(Field::Message, error))
    }

    /// Step 4: the name.
    ///
    /// # Errors
    /// See [`parse_name`].
    pub fn parse_name(&self) -> Result<String, FieldError> {
        parse_name(&self.name)
    }

    /// Step 4: when to send, `None` for now. `instant` is what the browser makes of the local time.
    ///
    /// # Errors
    /// When no time is given or it is not ahead.
    pub fn parse_when(
        &self,
        now: Timestamp,
        instant: impl Fn(&str) -> Option<Timestamp>,
    ) -> Result<Option<Timestamp>, FieldError> {
        let When::Later(local) = &self.when else { return Ok(None) };
        let due = instant(local).ok_or(FieldError::new(Field::When, Problem::NoTime))?;
        parse_due(due, now).map(Some)
    }
}

/// A campaign's name without the white space around it.
///
/// # Errors
/// When it is empty or longer than [`MAX_NAME`].
pub fn parse_name(typed: &str) -> Result<String, FieldError> {
    let name = typed.trim();
    match name.chars().count() {
        0 => Err(FieldError::new(Field::Name, Problem::NoName)),
        n if n > MAX_NAME => Err(FieldError::new(Field::Name, Problem::NameTooLong(n))),
        _ => Ok(name.to_owned()),
    }
}

/// A time that is still to come.
///
/// # Errors
/// When it is over, or more than [`MAX_DAYS_AHEAD`] days ahead.
pub fn parse_due(due: Timestamp, now: Timestamp) -> Result<Timestamp, FieldError> {
    match due - now {
        ahead if ahead <= 0 => Err(FieldError::new(Field::When, Problem::TimePassed)),
        ahead if ahead > MAX_DAYS_AHEAD * Timestamp::DAY => {
            Err(FieldError::new(Field::When, Problem::TimeTooFar))
        }
        _ => Ok(due),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_numbers_forget_the_old_summary() {
        let mut draft = Draft::new(Uuid::nil());
        draft.numbers = "1".into();
        draft.processed = Some(Summary::default());
        draft.set_numbers("1".into());
        assert!(draft.processed.is_some());
        draft.set_numbers("2".into());
        assert_eq!(draft.processed, None);
    }

    #[test]
    fn files_come_and_go_with_what_was_corrected_in_them() {
        let mut draft = Draft::new(Uuid::nil());
        assert_eq!([draft.add_file("a".into()), draft.add_file("b".into())], [1, 2]);
        draft.processed = Some(Summary::default());
        let correction =
            |source| Correction { source, row: 1, before: "1".into(), after: "2".into() };
        draft.corrections = vec![correction(1), correction(2)];
        draft.remove_file(1);
        assert_eq!(
            (draft.files.len(), draft.corrections.len(), draft.processed.is_none()),
            (1, 1, true)
        );
        assert_eq!(draft.add_file("c".into()), 3);
        let chosen = |id: &str| Chosen { id: id.into(), value: "1".into() };
        draft.choose(2, chosen("column-1"));
        assert_eq!(draft.corrections.len(), 1);
        draft.choose(2, chosen("sheet"));
        assert_eq!(draft.corrections.len(), 0);
        draft.remove_file(3);
        draft.remove_file(2);
        assert_eq!(draft.add_file("d".into()), 4);
        draft.remove_file(4);
        assert!(!draft.has_something_to_lose());
        draft.toggle_repair(RepairKind::Label);
        assert_eq!(draft.input().undone, [RepairKind::Label]);
        draft.toggle_repair(RepairKind::Label);
        assert_eq!(draft.input().undone, []);
    }

    #[test]
    fn recipients_are_asked_for_in_the_words_that_fit() {
        let mut draft = Draft::new(Uuid::nil());
        let problem = |draft: &Draft| draft.parse_recipients().unwrap_err().problem.to_string();
        assert_eq!(problem(&draft), "Enter at least one mobile number, or upload a file");
        draft.numbers = "abc".into();
        assert_eq!(problem(&draft), "Press Process contacts to check the numbers first");
        draft.processed = Some(Summary { total: 1, unable: 1, ..Summary::default() });
        assert_eq!(
            problem(&draft),
            "None of the 1 number can get the message. Correct at least one"
        );
    }

    #[test]
    fn times_lie_ahead_but_not_too_far() {
        let now = Timestamp(1_000_000);
        assert!(parse_due(now, now).is_err());
        assert!(parse_due(now + 1, now).is_ok());
        assert!(parse_due(now + 366 * Timestamp::DAY, now).is_err());
    }
}
