//! One cell of an .ods: a value for machines in its attributes, a text for people inside.

use super::date::{self, Epoch};
use super::format::Format;
use super::limits::ROW_BYTES;
use super::number;
use super::xml::{Xml, attributes, push_text};
use crate::file_problem::FileProblem;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// The cell that is being read, in memory that is used again for the next one.
#[derive(Debug, Default)]
pub(super) struct Cell {
    kind: Kind,
    value: String,
    /// What is in the cell's paragraphs.
    text: String,
    /// One piece of it.
    piece: String,
    shown: String,
}

#[derive(Clone, Copy, Debug, Default)]
enum Kind {
    #[default]
    Text,
    Number,
    Date,
    Time,
    Truth,
}

impl Cell {
    /// Takes what the tag of a cell says; how often the cell is there.
    pub fn start(&mut self, tag: &BytesStart<'_>) -> u32 {
        self.kind = Kind::Text;
        self.value.clear();
        let mut times = 1;
        for (name, value) in attributes(tag) {
            match name {
                "number-columns-repeated" => times = value.parse().unwrap_or(1),
                "value-type" => self.kind = kind_of(&value),
                "value" | "date-value" | "time-value" | "boolean-value" | "string-value" => {
                    self.value.clear();
                    self.value.push_str(&unescape(&value).unwrap_or_else(|_| value.clone()));
                }
                _ => (),
            }
        }
        times
    }

    /// Reads the cell that was just started; what it shows.
    pub fn read(&mut self, xml: &mut Xml<'_>) -> Result<&str, FileProblem> {
        self.read_text(xml)?;
        self.shown.clear();
        match self.kind {
            _ if self.value.is_empty() => return Ok(&self.text),
            Kind::Text => return Ok(&self.value),
            Kind::Truth if self.value == "true" => return Ok("TRUE"),
            Kind::Truth => return Ok("FALSE"),
            Kind::Number => match number::with_zeros(&self.value, &self.text) {
                Some(shown) => self.shown.push_str(shown),
                None => {
                    let (format, epoch) = (Format::Number, Epoch::From1900);
                    number::write(&self.value, format, epoch, &mut self.shown);
                }
            },
            Kind::Date => date::write_iso(&self.value, &mut self.shown),
            Kind::Time => date::write_duration(&self.value, &mut self.shown),
        }
        Ok(&self.shown)
    }

    /// The paragraphs of the cell, without its drawings and comments.
    fn read_text(&mut self, xml: &mut Xml<'_>) -> Result<(), FileProblem> {
        self.text.clear();
        let mut is_first = true;
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "p" => {
                    if !is_first {
                        self.text.push('\n');
                    }
                    is_first = false;
                    self.read_paragraph(xml)?;
                }
                Event::Start(_) => xml.skip()?,
                Event::End(_) => return Ok(()),
                _ => (),
            }
        }
    }

    fn read_paragraph(&mut self, xml: &mut Xml<'_>) -> Result<(), FileProblem> {
        let mut open = 1;
        // White space at the start and after other white space is only there for who edits the XML.
        let mut after_space = true;
        while open > 0 {
            self.piece.clear();
            match xml.next()? {
                Event::Start(tag) => {
                    open += 1;
                    match tag.local_name().as_ref() {
                        "s" => {
                            let count = attributes(&tag).find(|(name, _)| *name == "c");
                            let count = count.map_or(Ok(1), |(_, count)| count.parse());
                            let count = count.unwrap_or(1).min(ROW_BYTES);
                            self.text.extend(std::iter::repeat_n(' ', count));
                        }
                        "tab" => self.text.push('\t'),
                        "line-break" => self.text.push('\n'),
                        // Comments, drawings, how a word is spoken.
                        "annotation" | "frame" | "note" | "ruby-text" => {
                            xml.skip()?;
                            open -= 1;
                            continue;
                        }
                        // Text with a look or a link of its own.
                        _ => continue,
                    }
                    after_space = false;
                }
                Event::End(_) => open -= 1,
                text => push_text(&text, &mut self.piece),
            }
            for letter in self.piece.chars() {
                let is_space = matches!(letter, ' ' | '\t' | '\n' | '\r');
                if !is_space {
                    self.text.push(letter);
                } else if !after_space {
                    self.text.push(' ');
                }
                after_space = is_space;
            }
            if self.text.len() > ROW_BYTES {
                return Err(FileProblem::Bomb);
            }
        }
        Ok(())
    }
}

fn kind_of(value: &str) -> Kind {
    match value {
        "float" | "percentage" | "currency" => Kind::Number,
        "date" => Kind::Date,
        "time" => Kind::Time,
        "boolean" => Kind::Truth,
        _ => Kind::Text,
    }
}
