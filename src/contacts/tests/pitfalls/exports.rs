//! What well-known programs export: which columns are taken for what. The rows are invented.

use super::read::{Read, read_bytes};

/// The labels of columns by the names above them, of those that have one, and what was read.
fn export(header: &str, rows: &[&str]) -> (Vec<(String, String)>, Read) {
    let csv = format!("{header}\r\n{}\r\n", rows.join("\r\n"));
    let read = read_bytes("export.csv", csv.into_bytes(), "SG");
    let labels = read.view.columns.iter().filter(|column| !column.value.is_empty());
    (labels.map(|column| (column.label.clone(), column.value.clone())).collect(), read)
}

/// The columns with numbers, the best first.
fn numbers(labels: &[(String, String)]) -> Vec<&str> {
    let mut numbers: Vec<&(String, String)> =
        labels.iter().filter(|(_, label)| label.starts_with("Mobile")).collect();
    numbers.sort_by_key(|(_, label)| label);
    numbers.into_iter().map(|(name, _)| name.as_str()).collect()
}

fn has(labels: &[(String, String)], name: &str, label: &str) -> bool {
    labels.contains(&(name.to_owned(), label.to_owned()))
}

#[test]
fn google_contacts() {
    let (labels, read) = export(
        "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value",
        &[
            "Ann,,Lee,,,,,,,,,,,1965-01-01,,,* myContacts,*,ann@example.com,Mobile,+65 9123 4567 ::: +65 9123 4568,Home,+65 6123 4567",
            "Bob,,Tan,,,,,,,,,,,,,,* myContacts,*,bob@example.com,Mobile,9234 5678,,",
        ],
    );
    assert_eq!(numbers(&labels), ["Phone 1 - Value", "Phone 2 - Value"]);
    assert!(has(&labels, "First Name", "FirstName") && has(&labels, "Last Name", "LastName"));
    assert_eq!(read.valid(), ["+6591234567", "+6592345678"]);
    assert_eq!(read.counts(), [2, 2, 0, 0, 1]);
}

#[test]
fn outlook() {
    let (labels, read) = export(
        "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,Business Phone 2,Mobile Phone,Car Phone,Other Phone,Primary Phone,Pager,Business Fax,Home Fax,Other Fax,Company Main Phone,Callback,Radio Phone,Telex,TTY/TDD Phone,IMAddress,Job Title,Department,Company,Office Location,Manager's Name,Assistant's Name,Assistant's Phone,Notes,Birthday",
        &[
            "Ann,,Lee,,,,,,ann@example.com,,,,,+6562345678,,+65 9123 4567,,,,,+6563456789,,,,,,,,,,,,,,,,,",
            "Bob,,Tan,,,,,,bob@example.com,,,,,+6564567890,,,,,,,,,,,,,,,,,,,,,,,,",
        ],
    );
    assert_eq!(numbers(&labels)[..2], ["Mobile Phone", "Business Phone"]);
    assert!(has(&labels, "Business Fax", "Business Fax"));
    assert_eq!(read.valid(), ["+6591234567", "+6564567890"]);
}

#[test]
fn shopify_customers() {
    let (labels, read) = export(
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags",
        &[
            "'7012345678901,Ann,Lee,ann@example.com,yes,,1 High Street,,Singapore,,SG,'018989,'+65 6123 4567,'+6591234567,yes,120.50,3,,no,\"vip, sg\"",
            "'7012345678902,Bob,Tan,bob@example.com,no,,2 Low Road,,Singapore,,SG,'018990,'+65 9234 5678,,no,0.00,0,,no,",
        ],
    );
    assert_eq!(numbers(&labels), ["Phone", "Default Address Phone"]);
    assert!(has(&labels, "Accepts SMS Marketing", "Accepts SMS Marketing"));
    assert_eq!(read.valid(), ["+6591234567", "+6592345678"]);
    assert_eq!(read.text("{{Tags}} {{Total Orders}}", 0), "vip, sg 3");
}

#[test]
fn hubspot() {
    let (labels, read) = export(
        "Record ID - Contact,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact owner,Lead Status,Marketing contact status,Create Date,Associated Company,Number of Form Submissions,Favorite Content Topics",
        &[
            "10234567801,Ann,Lee,ann@example.com,+65 6123 4567,+65 9123 4567,Cid Ng,New,Marketing contact,2026-05-01 10:00,Example,2,Sales;Service;SEO",
            "10234567802,Bob,Tan,bob@example.com,+65 9234 5678,,Cid Ng,Open,Non-marketing contact,2026-05-02 10:00,Example,0,Sales;SEO",
        ],
    );
    assert_eq!(numbers(&labels), ["Mobile Phone Number", "Phone Number"]);
    assert_eq!(read.found("delimiter"), "Comma");
    assert!(has(&labels, "Contact owner", "Contact owner"));
    assert_eq!(read.valid(), ["+6591234567", "+6592345678"]);
}

#[test]
fn mailchimp() {
    let (labels, read) = export(
        "\"Email Address\",\"First Name\",\"Last Name\",Address,\"Phone Number\",Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS",
        &[
            "ann@example.com,Ann,Lee,\"1 High Street  Singapore 018989  SG\",\"(65) 9123-4567\",01/31,2,\"2026-05-01 10:00:00\",,\"2026-05-01 10:00:00\",192.0.2.1,1.3521,103.8198,8,8,Asia/Singapore,SG,,\"2026-05-01 10:00:00\",512345678,a1b2c3d4e5,,\"\"\"vip\"\",\"\"sg\"\"\"",
            "bob@example.com,Bob,Tan,,92345678,,2,\"2026-05-02 10:00:00\",,\"2026-05-02 10:00:00\",192.0.2.2,,,,,,,,\"2026-05-02 10:00:00\",512345679,b1b2c3d4e5,,",
        ],
    );
    assert_eq!(numbers(&labels), ["Phone Number"]);
    assert_eq!(read.valid(), ["+6591234567", "+6592345678"]);
    assert_eq!(read.text("{{TAGS}}", 0), "\"vip\",\"sg\"");
}

#[test]
fn salesforce() {
    let (labels, read) = export(
        "\"Salutation\",\"First Name\",\"Last Name\",\"Title\",\"Account Name\",\"Account Number\",\"Mailing Street\",\"Mailing City\",\"Mailing Zip/Postal Code\",\"Phone\",\"Fax\",\"Mobile\",\"Email\",\"Account Owner\",\"Contact ID\"",
        &[
            "\"Ms.\",\"Ann\",\"Lee\",\"\",\"Example\",\"81234567\",\"1 High Street\nLevel 2\",\"Singapore\",\"018989\",\"+65 6123 4567\",\"+65 6123 4568\",\"+65 9123 4567\",\"ann@example.com\",\"Cid Ng\",\"0035g00000ABCDE\"",
            "\"Mr.\",\"Bob\",\"Tan\",\"\",\"Example\",\"82345678\",\"2 Low Road\",\"Singapore\",\"018990\",\"+65 9234 5678\",\"\",\"\",\"bob@example.com\",\"Cid Ng\",\"0035g00000ABCDF\"",
        ],
    );
    // An account's number is nobody's to text, though it looks like one.
    assert_eq!(numbers(&labels), ["Mobile", "Phone"]);
    assert!(has(&labels, "Account Number", "Account Number"));
    assert_eq!(read.valid(), ["+6591234567", "+6592345678"]);
}
