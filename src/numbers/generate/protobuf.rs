//! Just enough of Protocol Buffers' wire format to read libphonenumber's metadata: varints and
//! length-delimited fields.

/// One field of a message.
pub struct Field<'a> {
    /// Its number in the message's definition.
    pub number: u64,
    /// What it holds.
    pub value: Value<'a>,
}

/// What a field holds.
pub enum Value<'a> {
    /// A number or a truth value.
    Varint(u64),
    /// A text, packed numbers or an inner message.
    Bytes(&'a [u8]),
}

/// The fields of a message, in the order in which they are written.
pub fn fields(mut bytes: &[u8]) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let value = match key & 7 {
            0 => Value::Varint(varint(&mut bytes)),
            2 => {
                let length = varint(&mut bytes) as usize;
                let (value, rest) = bytes.split_at(length);
                bytes = rest;
                Value::Bytes(value)
            }
            kind => {
                panic!("the metadata has a field of kind {kind}, which none of its should have")
            }
        };
        fields.push(Field { number: key >> 3, value });
    }
    fields
}

/// Takes a varint off the front.
pub fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let (byte, rest) = bytes.split_first().expect("the metadata ends inside a number");
        *bytes = rest;
        value |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}
