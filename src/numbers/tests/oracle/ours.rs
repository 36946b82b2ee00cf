//! Our answers, in the form that the example `numbers` prints, and how the number is written.

use numbers::{Region, parse};

/// See [`super::google::answer`].
pub fn answer(region: &str, text: &str) -> (String, Option<[String; 2]>) {
    let number = match parse(text, Region::find(region)) {
        Ok(number) => number,
        Err(reason) => return (format!("-\t{}", reason.name()), None),
    };
    let line = format!(
        "{number}\t{}\t{}\t{}\t{}",
        number.possible().name(),
        number.is_valid(),
        number.kind().name(),
        number.region().map_or("-", Region::code),
    );
    (line, Some([number.national_format(), number.international_format()]))
}
