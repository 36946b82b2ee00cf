//! Whether a file of Excel's old container is an old workbook, or a new one behind a password.

use super::archive::read_full;
use crate::bytes::Bytes;
use crate::file_problem::FileProblem;

const BLOCK: usize = 64 * 1024;
/// The name under which an encrypted workbook is kept.
const ENCRYPTED: &str = "EncryptedPackage";

/// What is wrong with a file that starts with `D0 CF 11 E0`.
pub fn cfb_problem(bytes: &mut dyn Bytes) -> FileProblem {
    search(bytes).unwrap_or_else(|problem| problem)
}

fn search(bytes: &mut dyn Bytes) -> Result<FileProblem, FileProblem> {
    let name: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut block = vec![0; BLOCK];
    // Names are where 128 divides their place, so none lies across two blocks.
    for at in (0..bytes.size()).step_by(BLOCK) {
        let len = (bytes.size() - at).min(BLOCK as u64) as usize;
        if !read_full(bytes, at, &mut block[..len])? {
            return Err(FileProblem::Damaged);
        }
        if block[..len].chunks(128).any(|entry| entry.starts_with(&name)) {
            return Ok(FileProblem::Password);
        }
    }
    Ok(FileProblem::OldExcel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encrypted_workbook_is_told_from_an_old_one() {
        let mut file = vec![0; 3 * BLOCK];
        assert_eq!(cfb_problem(&mut file.as_slice()), FileProblem::OldExcel);
        let name: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
        file[2 * BLOCK - 128..][..name.len()].copy_from_slice(&name);
        assert_eq!(cfb_problem(&mut file.as_slice()), FileProblem::Password);
        assert_eq!(cfb_problem(&mut [].as_slice()), FileProblem::OldExcel);
    }
}
