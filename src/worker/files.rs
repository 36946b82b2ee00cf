//! The files: looked into, read in another way, kept on this device or not.

use crate::blob::BlobBytes;
use crate::keep;
use crate::scope::pause;
use crate::state::{File, Held, State};
use contacts::Source;
use domain::recipients::input::Chosen;
use domain::worker_protocol::{self as protocol, Keeping};
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

/// Looks into a file, or into what was kept of it.
pub async fn open(
    held: &Held,
    id: u32,
    name: &str,
    chosen: &[Chosen],
    file: Option<Blob>,
) -> protocol::Source {
    // What is known of files of its shape may still be on its way.
    while held.borrow().settling > 0 {
        pause().await;
    }
    let keeping = held.borrow().keeping;
    let is_new = file.is_some();
    let known = held.borrow().files.iter().find(|file| file.source == id && !file.is_copy).cloned();
    let file = match file.or(known.map(|known| known.blob)) {
        Some(blob) => Some(File { source: id, blob, is_copy: false }),
        None => keep::kept(keeping, id).await.map(|blob| File { source: id, blob, is_copy: true }),
    };
    let Some(file) = file else {
        return protocol::Source { id, is_gone: true, ..protocol::Source::default() };
    };
    let bytes = Box::new(BlobBytes::new(file.blob.clone()));
    let mut source = match Source::open(id, name, bytes) {
        Ok(source) => source,
        Err(problem) => return refused(id, &problem.to_string()),
    };
    let shape = source.shape();
    if let Some(labels) = shape.and_then(|shape| held.borrow().shapes.columns(&shape)) {
        source.set_labels(&labels);
    }
    for chosen in chosen {
        if let Err(problem) = source.choose(chosen) {
            return refused(id, &problem.to_string());
        }
    }
    let mut view = source.view();
    // It may have been removed meanwhile.
    if !held.borrow().wanted.contains(&id) {
        return view;
    }
    held.borrow_mut().insert(source, file.clone());
    if is_new && !copy(held, keeping, &file).await {
        view.notes.push(NOT_KEPT.to_owned());
    }
    view
}

const NOT_KEPT: &str =
    "There is no room to keep this file on this device: after a reload it has to be chosen again.";

/// Reads a file in another way.
pub fn choose(held: &Held, id: u32, chosen: &Chosen) -> protocol::Source {
    let mut state = held.borrow_mut();
    state.new_turn();
    let keeping = state.keeping;
    let Some(source) = state.sources.iter_mut().find(|source| source.id() == id) else {
        return protocol::Source { id, is_gone: true, ..protocol::Source::default() };
    };
    if let Err(problem) = source.choose(chosen) {
        // With what was chosen before still to be chosen.
        return protocol::Source { problem: Some(problem.to_string()), ..source.view() };
    }
    let labels: Vec<String> = source.labels().iter().map(ToString::to_string).collect();
    let view = source.view();
    if chosen.id.starts_with("column-")
        && let Some(shape) = source.shape()
        && !labels.iter().any(|label| looks_personal(label))
    {
        let text = state.shapes.learn(shape, labels);
        // Where it cannot be saved, it is found out again the next time.
        spawn_local(async move { keep::save(keeping, text).await.unwrap_or_default() });
    }
    view
}

/// Whether a label is more likely from a contact's row than the name of a column: such are not remembered.
fn looks_personal(label: &str) -> bool {
    label.contains('@') || label.bytes().filter(u8::is_ascii_digit).count() > 4
}

fn refused(id: u32, words: &str) -> protocol::Source {
    protocol::Source { id, problem: Some(words.to_owned()), ..protocol::Source::default() }
}

/// Keeps from now on what may be kept, and erases what may not.
pub async fn change_keeping(held: &Held, keeping: Keeping) {
    let before = std::mem::replace(&mut held.borrow_mut().keeping, keeping);
    if before == Keeping::Nothing && keeping != Keeping::Nothing {
        let shapes = keep::Shapes::load(keeping).await;
        held.borrow_mut().shapes = shapes;
        keep::tidy().await;
    }
    if let Keeping::Files { .. } = keeping {
        let files = held.borrow().files.clone();
        for file in files.iter().filter(|file| !file.is_copy) {
            copy(held, keeping, file).await;
        }
    } else {
        keep::erase_all(before).await;
        // What was read from a copy cannot be read any more.
        let mut state = held.borrow_mut();
        let State { files, sources, .. } = &mut *state;
        sources.retain(|source| !files.iter().any(|f| f.is_copy && f.source == source.id()));
        files.retain(|file| !file.is_copy);
    }
}

/// Keeps a file where that is agreed, and erases the copy again when it is not wanted any more once it is
/// made. Whether there is no trouble.
async fn copy(held: &Held, keeping: Keeping, file: &File) -> bool {
    let is_wanted = || {
        let state = held.borrow();
        state.keeping == keeping && state.wanted.contains(&file.source)
    };
    if !matches!(keeping, Keeping::Files { .. }) || !is_wanted() {
        return true;
    }
    let is_kept = keep::keep(keeping, file.source, &file.blob).await;
    if !is_wanted() {
        keep::erase(keeping, file.source).await;
        return true;
    }
    is_kept
}
