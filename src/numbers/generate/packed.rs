//! Everything the crate needs, in as few bytes as compress well; `tables.rs` unpacks it.
//!
//! Numbers are varints (7 bits a byte, the lowest first), lists begin with their length, texts are
//! lists of bytes. What is alike stands together, because that is what compresses.

use crate::automaton::{Bundle, Pool, State, build};
use crate::classify::{NO_REGION, UNKNOWN, Verdict, classify};
use crate::encoder::states;
use crate::metadata::{Format, Region};
use crate::pattern::{Pattern, Step, compile};
use regex_syntax::hir::{Class, HirKind};
use std::collections::{BTreeMap, HashMap};

/// Packs the tables.
pub fn pack(version: &str, regions: &[Region]) -> Vec<u8> {
    let mut codes: BTreeMap<u16, Vec<&Region>> = BTreeMap::new();
    for region in regions {
        codes.entry(region.country_code).or_default().push(region);
    }
    for regions in codes.values_mut() {
        regions.sort_by_key(|region| !region.main_country_for_code);
        assert!(regions.len() < usize::from(NO_REGION), "too many regions share a country code");
    }

    let mut pool = Pool::default();
    let mut verdicts = vec![Verdict { region: NO_REGION, kind: UNKNOWN, general: 0 }];
    let mut roots: Vec<State> =
        codes.values().map(|regions| classify(&mut pool, regions, &mut verdicts)).collect();

    let mut names = Names::default();
    let mut programs = Programs::default();
    let mut columns = Columns::default();
    for regions in codes.values() {
        for (index, region) in regions.iter().enumerate() {
            columns.add(region, index == 0, &mut names, &mut programs);
        }
    }
    roots.extend(columns.leading.order.iter().map(|text| leading_digits(&mut pool, text)));

    let mut out = Writer::default();
    out.text(version);
    out.number(codes.len());
    codes.keys().for_each(|code| out.number(usize::from(*code)));
    codes.values().for_each(|regions| out.number(regions.len()));
    out.number(roots.len());
    out.list(&states(&pool, &roots));
    out.number(verdicts.len());
    verdicts.iter().for_each(|verdict| out.number(usize::from(verdict.region)));
    verdicts.iter().for_each(|verdict| out.number(usize::from(verdict.kind)));
    verdicts.iter().for_each(|verdict| out.number(verdict.general as usize));
    programs.write(&mut out);
    columns.write(&mut out);
    out.text(&names.order.join("\n"));
    // Younger characters are known to libphonenumber or not, by the version of the language it is in;
    // this is that of Debian 12's Python, the second opinion of CONTRIBUTING.md.
    ranges(&mut out, r"[\p{Nd}&&\p{age=14.0}]");
    ranges(&mut out, r"[\p{L}\p{N}&&\p{age=14.0}]");
    out.bytes
}

/// An automaton whose verdict is 1 for all that begins like `text`, else 0.
fn leading_digits(pool: &mut Pool, text: &str) -> State {
    let pattern = compile(text);
    let bundle = Bundle::new(vec![&pattern]);
    build(pool, &bundle, &[0], &mut |_, _, stuck| u16::from(!stuck.is_empty()))
}

#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    fn number(&mut self, mut number: usize) {
        while number > 0x7F {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    fn text(&mut self, text: &str) {
        self.list(text.as_bytes());
    }

    fn list(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.bytes.extend(bytes);
    }
}

/// Texts, each of which is written once.
#[derive(Default)]
struct Names {
    order: Vec<String>,
    known: HashMap<String, usize>,
}

impl Names {
    fn index(&mut self, text: &str) -> usize {
        *self.known.entry(text.to_owned()).or_insert_with(|| {
            self.order.push(text.to_owned());
            self.order.len() - 1
        })
    }
}

/// The programs of all prefixes, one after the other; step 0 is the common end.
struct Programs {
    steps: Vec<Step>,
    starts: HashMap<String, usize>,
}

impl Default for Programs {
    fn default() -> Self {
        Self { steps: vec![Step::Match], starts: HashMap::new() }
    }
}

impl Programs {
    /// Where the program of a pattern begins; 0, which matches nothing, when there is none.
    fn start(&mut self, text: &str) -> usize {
        if text.is_empty() {
            return 0;
        }
        if let Some(start) = self.starts.get(text) {
            return *start;
        }
        let Pattern { steps, start, groups } = compile(text);
        assert!(groups <= 2, "a prefix captures {groups} groups");
        assert!(start > 0, "a prefix matches nothing");
        // Step 0 of every pattern is the common end.
        let base = self.steps.len() - 1;
        let at = |step: usize| if step == 0 { 0 } else { base + step };
        self.steps.extend(steps.into_iter().skip(1).map(|step| match step {
            Step::Take(set, next) => Step::Take(set, at(next)),
            Step::Split(one, other) => Step::Split(at(one), at(other)),
            Step::Mark(mark, next) => Step::Mark(mark, at(next)),
            Step::End(next) => Step::End(at(next)),
            Step::Match => Step::Match,
        }));
        self.starts.insert(text.to_owned(), at(start));
        at(start)
    }

    fn write(&self, out: &mut Writer) {
        out.number(self.steps.len());
        for (index, step) in self.steps.iter().enumerate().skip(1) {
            // Mostly the step before; 0 is the common end.
            let back = |next: usize| if next == 0 { 0 } else { index - next };
            match step {
                Step::Take(set, next) => {
                    out.number(usize::from(*set) << 2);
                    out.number(back(*next));
                }
                Step::Split(one, other) => {
                    out.number(1);
                    out.number(back(*one));
                    out.number(back(*other));
                }
                Step::Mark(mark, next) => {
                    out.number(usize::from(*mark) << 2 | 2);
                    out.number(back(*next));
                }
                Step::End(next) => {
                    out.number(3);
                    out.number(back(*next));
                }
                Step::Match => unreachable!("only step 0 is the end"),
            }
        }
    }
}

/// What is known of the regions, a column for each thing.
#[derive(Default)]
struct Columns {
    ids: Vec<u8>,
    lengths: Vec<usize>,
    lengths_local_only: Vec<usize>,
    idd: Vec<usize>,
    prefix: Vec<usize>,
    rule: Vec<usize>,
    rule_group: Vec<usize>,
    extension: Vec<usize>,
    formats: Vec<usize>,
    intl_formats: Vec<usize>,
    format_groups: Vec<usize>,
    format_texts: Vec<usize>,
    format_rules: Vec<usize>,
    format_leading: Vec<usize>,
    leading: Names,
    leading_used: Vec<usize>,
    groups: Names,
}

impl Columns {
    fn add<'a>(
        &mut self,
        region: &'a Region,
        is_main: bool,
        names: &mut Names,
        programs: &mut Programs,
    ) {
        let none = names.index("");
        let bits = |lengths: &[i32]| lengths.iter().fold(0, |bits, length| bits | 1 << length);
        // `001`, no country, as `00`: two characters each.
        self.ids.extend(region.id.bytes().take(2));
        self.lengths.push(bits(&region.general.lengths));
        self.lengths_local_only.push(bits(&region.general.lengths_local_only));
        self.idd.push(programs.start(&region.international_prefix));
        self.prefix.push(programs.start(&region.national_prefix_for_parsing));
        // A transform rule is a text and one group: `9$1`.
        let rule = &region.national_prefix_transform_rule;
        let (text, group) = match rule.split_once('$') {
            Some((text, group)) => (text, group.parse().expect("one group ends a transform rule")),
            None => {
                assert!(rule.is_empty(), "a transform rule without a group");
                ("", 0)
            }
        };
        self.rule.push(names.index(text));
        self.rule_group.push(group);
        self.extension.push(names.index(&region.preferred_extn_prefix));
        assert_eq!(none, 0);
        // Numbers are written as the main region of their code writes them.
        let of_main = |formats: &'a [Format]| if is_main { formats } else { &[] };
        let (formats, intl_formats) = (of_main(&region.formats), of_main(&region.intl_formats));
        for format in formats.iter().chain(intl_formats) {
            self.format_groups.push(self.groups.index(&groups(&format.pattern)));
            self.format_texts.push(names.index(&format.format));
            let rule = names.index(&format.national_prefix_rule);
            let flags = usize::from(!format.carrier_rule.is_empty()) << 1
                | usize::from(format.national_prefix_optional);
            self.format_rules.push(rule << 2 | flags);
            self.format_leading.push(format.leading_digits.len());
            for leading in &format.leading_digits {
                self.leading_used.push(self.leading.index(leading));
            }
        }
        self.formats.push(formats.len());
        self.intl_formats.push(intl_formats.len());
    }

    fn write(&self, out: &mut Writer) {
        out.list(&self.ids);
        for column in [
            &self.lengths,
            &self.lengths_local_only,
            &self.idd,
            &self.prefix,
            &self.rule,
            &self.rule_group,
            &self.extension,
            &self.formats,
            &self.intl_formats,
            &self.format_groups,
            &self.format_texts,
            &self.format_rules,
            &self.format_leading,
            &self.leading_used,
        ] {
            out.number(column.len());
            column.iter().for_each(|value| out.number(*value));
        }
        out.text(&self.groups.order.join("\n"));
    }
}

/// `(\d{2})(\d{3,4})` as a list of the fewest and the most digits of each group, two characters each.
fn groups(pattern: &str) -> String {
    let number = |text: &str| text.parse::<u8>().expect("a count of digits");
    let groups = pattern.strip_prefix("(\\d").and_then(|rest| rest.strip_suffix(')'));
    let groups = groups.unwrap_or_else(|| panic!("a format has the pattern {pattern}"));
    groups
        .split(")(\\d")
        .flat_map(|counts| {
            let counts = counts.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let (fewest, most) = match counts.map(|counts| counts.split_once(',').ok_or(counts)) {
                None => (1, 1),
                Some(Ok((fewest, most))) => (number(fewest), number(most)),
                Some(Err(count)) => (number(count), number(count)),
            };
            [fewest, most].map(|count| char::from(b'@' + count))
        })
        .collect()
}

/// The characters of a Unicode class: of each range, the gap before it and its length less one.
fn ranges(out: &mut Writer, class: &str) {
    let hir = regex_syntax::parse(class).expect("a class of characters");
    let HirKind::Class(Class::Unicode(class)) = hir.kind() else {
        panic!("{class} is no class of characters");
    };
    let mut at = 0;
    out.number(class.ranges().len());
    for range in class.ranges() {
        let (start, end) = (range.start() as usize, range.end() as usize);
        out.number(start - at);
        out.number(end - start);
        at = end;
    }
}
