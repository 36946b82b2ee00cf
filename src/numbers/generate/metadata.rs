//! libphonenumber's `PhoneMetadataCollection`, as far as it is used. The names and the numbers of
//! the fields are those of its `phonemetadata.proto`.

use super::protobuf::{Value, fields, varint};

/// What one region's numbers look like.
#[derive(Clone, Debug, Default)]
pub struct Region {
    /// `SG`, or `001` for a country code that belongs to no country.
    pub id: String,
    pub country_code: u16,
    pub main_country_for_code: bool,
    pub international_prefix: String,
    pub national_prefix: String,
    pub national_prefix_for_parsing: String,
    pub national_prefix_transform_rule: String,
    pub preferred_extn_prefix: String,
    pub leading_digits: String,
    pub same_mobile_and_fixed_line_pattern: bool,
    pub general: Kind,
    pub fixed_line: Kind,
    pub mobile: Kind,
    pub toll_free: Kind,
    pub premium_rate: Kind,
    pub shared_cost: Kind,
    pub personal_number: Kind,
    pub voip: Kind,
    pub pager: Kind,
    pub uan: Kind,
    pub voicemail: Kind,
    pub formats: Vec<Format>,
    pub intl_formats: Vec<Format>,
}

/// The numbers of one kind, such as mobiles: `PhoneNumberDesc`.
#[derive(Clone, Debug, Default)]
pub struct Kind {
    /// Empty when there are none.
    pub pattern: String,
    /// Empty for those of the general description, −1 alone for none.
    pub lengths: Vec<i32>,
    pub lengths_local_only: Vec<i32>,
    pub example: String,
}

/// How numbers are written: `NumberFormat`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Format {
    pub pattern: String,
    pub format: String,
    pub leading_digits: Vec<String>,
    pub national_prefix_rule: String,
    pub national_prefix_optional: bool,
    pub carrier_rule: String,
}

/// Reads the collection.
pub fn read(bytes: &[u8]) -> Vec<Region> {
    fields(bytes)
        .into_iter()
        .filter_map(|field| match field {
            super::protobuf::Field { number: 1, value: Value::Bytes(bytes) } => Some(region(bytes)),
            _ => None,
        })
        .collect()
}

fn region(bytes: &[u8]) -> Region {
    let mut region = Region::default();
    for field in fields(bytes) {
        match (field.number, field.value) {
            (1, Value::Bytes(value)) => region.general = kind(value),
            (2, Value::Bytes(value)) => region.fixed_line = kind(value),
            (3, Value::Bytes(value)) => region.mobile = kind(value),
            (4, Value::Bytes(value)) => region.toll_free = kind(value),
            (5, Value::Bytes(value)) => region.premium_rate = kind(value),
            (6, Value::Bytes(value)) => region.shared_cost = kind(value),
            (7, Value::Bytes(value)) => region.personal_number = kind(value),
            (8, Value::Bytes(value)) => region.voip = kind(value),
            (21, Value::Bytes(value)) => region.pager = kind(value),
            (25, Value::Bytes(value)) => region.uan = kind(value),
            (28, Value::Bytes(value)) => region.voicemail = kind(value),
            (9, Value::Bytes(value)) => region.id = text(value),
            (10, Value::Varint(value)) => region.country_code = value as u16,
            (11, Value::Bytes(value)) => region.international_prefix = pattern(value),
            (12, Value::Bytes(value)) => region.national_prefix = text(value),
            (13, Value::Bytes(value)) => region.preferred_extn_prefix = text(value),
            (15, Value::Bytes(value)) => region.national_prefix_for_parsing = pattern(value),
            (16, Value::Bytes(value)) => region.national_prefix_transform_rule = text(value),
            (18, Value::Varint(value)) => region.same_mobile_and_fixed_line_pattern = value != 0,
            (19, Value::Bytes(value)) => region.formats.push(format(value)),
            (20, Value::Bytes(value)) => region.intl_formats.push(format(value)),
            (22, Value::Varint(value)) => region.main_country_for_code = value != 0,
            (23, Value::Bytes(value)) => region.leading_digits = pattern(value),
            _ => {}
        }
    }
    region
}

fn kind(bytes: &[u8]) -> Kind {
    let mut kind = Kind::default();
    for field in fields(bytes) {
        match (field.number, field.value) {
            (2, Value::Bytes(value)) => kind.pattern = pattern(value),
            (6, Value::Bytes(value)) => kind.example = text(value),
            (9, value) => lengths(value, &mut kind.lengths),
            (10, value) => lengths(value, &mut kind.lengths_local_only),
            _ => {}
        }
    }
    kind
}

/// Repeated numbers come one by one or packed.
fn lengths(value: Value<'_>, into: &mut Vec<i32>) {
    match value {
        Value::Varint(length) => into.push(length as i32),
        Value::Bytes(mut packed) => {
            while !packed.is_empty() {
                into.push(varint(&mut packed) as i32);
            }
        }
    }
}

fn format(bytes: &[u8]) -> Format {
    let mut format = Format::default();
    for field in fields(bytes) {
        match (field.number, field.value) {
            (1, Value::Bytes(value)) => format.pattern = pattern(value),
            (2, Value::Bytes(value)) => format.format = text(value),
            (3, Value::Bytes(value)) => format.leading_digits.push(pattern(value)),
            (4, Value::Bytes(value)) => format.national_prefix_rule = text(value),
            (5, Value::Bytes(value)) => format.carrier_rule = text(value),
            (6, Value::Varint(value)) => format.national_prefix_optional = value != 0,
            _ => {}
        }
    }
    format
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the metadata's texts are UTF-8")
}

/// A regular expression as libphonenumber's own XML has it. The copy that we read has put `^(?:` and
/// `)$` around each.
fn pattern(bytes: &[u8]) -> String {
    let text = text(bytes);
    let bare = text.strip_prefix("^(?:").and_then(|text| text.strip_suffix(")$"));
    bare.map(str::to_owned).unwrap_or(text)
}
