//! The files of tests/fixtures/contacts, byte by byte: `cargo run -p contacts --example fixtures` writes them,
//! and the tests see that those committed are these.

/// Names and what is in them.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        // E1: what Excel calls "Unicode Text".
        (
            "utf16le-tabs.txt",
            utf16(true, "\u{FEFF}Phone\tName\r\n+6591234567\tZoë\r\n9234 5678\t陳\r\n", true),
        ),
        ("utf16be-mark.csv", utf16(false, "\u{FEFF}Phone,Name\n+6591234567,Zoë\n", true)),
        ("utf16le-no-mark.csv", utf16(true, "Phone,Name\n+6591234567,Ann\n9234 5678,Bob\n", true)),
        // Half a character at the end, as a copy that was broken off has it.
        ("utf16le-cut.txt", utf16(true, "\u{FEFF}Phone\tName\n+6591234567\tAnn", false)),
        (
            "utf8-mark-semicolons.csv",
            text(
                "\u{FEFF}Handynummer;Vorname;Betrag\r\n+4915123456789;Jörg;1,50\r\n0151 23456780;Zoë;2,75\r\n",
            ),
        ),
        (
            "windows-1252.csv",
            coded(
                "windows-1252",
                "phone;name\n+33612345678;Élodie Lefèvre\n+34612345678;José Muñoz\n+4915123456789;Jörg Müller\n",
            ),
        ),
        (
            "shift-jis.csv",
            coded("shift_jis", "電話番号,氏名\n090-1234-5678,山田太郎\n080-1234-5678,佐藤はなこ\n"),
        ),
        (
            "old-mac.csv",
            [&b"Phone,Name\r+33612345678,Andr\x8E\r+33612345679,H\x8El\x8Fne\r"[..]].concat(),
        ),
        ("replaced.csv", text("phone,name\n+6591234567,Zo?\n+6592345678,_ukasz\n")),
        // E2: not what their names say.
        (
            "picture.csv",
            b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1F\x15\xC4\x89"
                .to_vec(),
        ),
        (
            "page.xls",
            text(
                "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>Phone</td></tr><tr><td>+6591234567</td></tr></table></html>\n",
            ),
        ),
        ("table.xls", text("\u{FEFF}\r\n<table border=1><tr><td>Phone</td></tr></table>")),
        ("paper.csv", text("%PDF-1.7\n1 0 obj\n")),
        ("old-excel.csv", [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &[0; 504]].concat()),
        ("no-zip.xlsx", b"PK\x03\x04 and then nothing".to_vec()),
        (
            "nul-bytes.csv",
            b"phone,na\0me\n+659123\x004567,An\0n\n\0\0\0\n9234 5678\0,Bob\n".to_vec(),
        ),
        // F1
        ("sep-hint.csv", text("sep=;\r\nMobile;Name\r\n+6591234567;Ann, Lee\r\n92345678;Bob\r\n")),
        ("sep-hint-caret.csv", text("sep=^\nMobile^Name\n+6591234567^Ann\n")),
        ("bars.csv", text("name|mobile|note\nAnn|+6591234567|a, b; c\nBob|92345678|d, e\n")),
        ("one-column.csv", text("91234567\n9234 5678\n+447400123456\n")),
        ("one-column-semicolons.csv", text("91234567;\r\n9234 5678;\r\n+447400123456;\r\n")),
        ("lists-in-cells.csv", lists_in_cells()),
        // F2
        (
            "newline-in-cell.csv",
            text(
                "name,address,phone\nAnn,\"1 High Street\nSingapore\",+6591234567\nBob,\"2 Low \"\"Road\"\"\",92345678\n",
            ),
        ),
        ("unbalanced-quote.csv", unbalanced('\n')),
        ("unbalanced-quote-old-mac.csv", unbalanced('\r')),
        (
            "wrapped.csv",
            text("\"name,phone\"\r\n\"Ann,+6591234567\"\r\n\"Bob \"\"B\"\",92345678\"\r\n"),
        ),
        ("curly-quotes.csv", text("name,phone\n“Lee, Ann”,+6591234567\n“Tan, Bob”,92345678\n")),
        (
            "space-before-quote.csv",
            text("name, phone\n \"Lee, Ann\", \"+6591234567\"\n \"Tan, Bob\", \"92345678\"\n"),
        ),
        (
            "backslash-quotes.csv",
            text("name,phone\n\"Ann \\\"A\\\", Lee\",+6591234567\n\"Bob\",92345678\n"),
        ),
        // F3
        (
            "ragged.csv",
            text(
                "name,address,phone\nAnn,1 High Street,+6591234567\nBob,2 Low Road, #03-04,92345678\nCid\nDan,4 End,93456789,extra,more\n",
            ),
        ),
        ("old-mac-line-ends.csv", text("phone,name\r+6591234567,Ann\r92345678,Bob")),
        ("mixed-line-ends.csv", text("phone,name\r\n+6591234567,Ann\n92345678,Bob\r93456789,Cid")),
        ("trailing-delimiters.csv", trailing()),
        ("wide.csv", wide()),
        // F4
        (
            "two-phones.csv",
            text("Phone,Phone,Name\n+6561234567,+6591234567,Ann\n,+6592345678,Bob\n"),
        ),
        (
            "title-and-totals.csv",
            text(
                "Customers of May,,\nprinted on Monday,,\nNAME,Mobile_No.,SUM\nAnn,+6591234567,1\nBob,92345678,2\nTotal,,3\n",
            ),
        ),
        ("header-only.csv", text("phone,name\r\n")),
        ("empty.csv", Vec::new()),
        ("blank.csv", text("\u{FEFF}\r\n \t\r\n\u{A0}\r\n")),
        // A and D, as files
        (
            "floats.csv",
            text(
                "id,phone,name\n1,6591234567.0,Ann\n2,,Bob\n3,92345678.00,Cid\n4,6593456789.5,Dan\n",
            ),
        ),
        (
            "shortened.csv",
            text(
                "phone,name\n6.59E+09,Ann\n\"6,59E+09\",Bob\n6.59123E+9,Cid\n6.591234567E9,Dan\n+6592345678,Eve\n",
            ),
        ),
        (
            "five-in-a-cell.csv",
            text("name,phone\nAnn,\"6123 4567; 6234 5678; 9123 4567; 9234 5678; 9345 6789\"\n"),
        ),
        (
            "digits-of-scripts.csv",
            text("name,phone\nA,+٦٥٩١٢٣٤٥٦٧\nB,۹۲۳۴۵۶۷۸\nC,९३४५६७८९\nD,＋６５９４５６７８９０\n"),
        ),
        ("garbled.csv", text("name,phone\nJosÃ© NuÃ±ez,+6591234567\nZoe Oâ€™Hara,92345678\n")),
        // G4
        (
            "formulas.csv",
            text(
                "phone,name,note\n+65 1,\"=HYPERLINK(\"\"x\"\")\",+1\n012,@SUM(A1),-\n'=1+1,'=2,''x\n=\"12\",\"two\nlines\",\"a \"\"b\"\"\"\n",
            ),
        ),
    ]
}

fn coded(label: &str, text: &str) -> Vec<u8> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes());
    encoding.map_or_else(Vec::new, |encoding| encoding.encode(text).0.into_owned())
}

pub fn utf16(is_little: bool, text: &str, is_whole: bool) -> Vec<u8> {
    let pair = |unit: u16| if is_little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    let mut bytes: Vec<u8> = text.encode_utf16().flat_map(pair).collect();
    if !is_whole {
        bytes.pop();
    }
    bytes
}

/// Lists of tags, quoted, with more semicolons than the file has commas.
fn lists_in_cells() -> Vec<u8> {
    let row = |n: u32| format!("+65912{n:05},\"a;b;c;d;e;f\",\"x, y\"\n");
    format!("Phone,Tags,Note\n{}", (0..150).map(row).collect::<String>()).into_bytes()
}

/// In row 500 a quotation mark is opened and not closed.
fn unbalanced(end: char) -> Vec<u8> {
    let row = |n: u32| {
        let name = if n == 500 { "\"Ann" } else { "\"Bo\"" };
        format!("+65912{n:05},{name}{end}")
    };
    format!("phone,name{end}{}", (2..=600).map(row).collect::<String>()).into_bytes()
}

/// What a sheet that was cleared leaves behind: a thousand rows of nothing but delimiters.
fn trailing() -> Vec<u8> {
    let nothing = ";;;;;;\r\n".repeat(1_000);
    format!("Phone;Name;;;;;\r\n+6591234567;Ann;;;;;\r\n{nothing}92345678;Bob;;;;;\r\n{nothing}")
        .into_bytes()
}

/// Two hundred columns, the numbers in the 150th.
fn wide() -> Vec<u8> {
    let row = |cell: &dyn Fn(usize) -> String| (1..=200).map(cell).collect::<Vec<_>>().join(",");
    let names = row(&|n| if n == 150 { "Mobile".to_owned() } else { format!("field {n}") });
    let ann = row(&|n| if n == 150 { "+6591234567".to_owned() } else { format!("a{n}") });
    let bob = row(&|n| if n == 150 { "92345678".to_owned() } else { String::new() });
    format!("{names}\n{ann}\n{bob}\n").into_bytes()
}
