//! What is kept on this device: what the columns of known files are, and the files themselves when the user
//! agrees, until the campaign is submitted, at most for a day.
//!
//! In the browser's private folder for our site, which no other site and no other program of the user's sees.
//! Where there is none, nothing is kept, and nothing else changes.

use crate::scope::scope;
use domain::worker_protocol::{Keeping, columns_file};
use js_sys::{Array, Date, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, File, FileReaderSync, FileSystemDirectoryHandle, FileSystemFileHandle,
    FileSystemGetDirectoryOptions, FileSystemGetFileOptions, FileSystemRemoveOptions,
    FileSystemSyncAccessHandle,
};

/// The folder of the files, with a folder for each draft.
const FILES: &str = "kept";
/// Before there was one for each user.
const OLD_COLUMNS: &str = "columns.json";
/// Shapes that are remembered.
const MOST_SHAPES: usize = 100;
/// Bytes copied at a time.
const PIECE: f64 = 4_194_304.0;
/// Files of a draft that was left are erased after this long.
const LONGEST_MILLIS: f64 = 86_400_000.0;

/// What the columns of a shape are.
type Shape = (String, Vec<String>);

/// What the columns of files are, by their shape, the latest first.
#[derive(Debug, Default)]
pub struct Shapes(Vec<Shape>);

impl Shapes {
    /// Those that are remembered here, or none.
    pub async fn load(keeping: Keeping) -> Self {
        Self(read(keeping).await.unwrap_or_default())
    }

    /// The labels that the columns of files of this shape had last.
    pub fn columns(&self, shape: &str) -> Option<Vec<String>> {
        let (_, labels) = self.0.iter().find(|(known, _)| known == shape)?;
        Some(labels.clone())
    }

    /// Remembers what the columns of files of this shape are; the text to [save](save).
    pub fn learn(&mut self, shape: String, labels: Vec<String>) -> String {
        self.0.retain(|(known, _)| *known != shape);
        self.0.insert(0, (shape, labels));
        self.0.truncate(MOST_SHAPES);
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

/// Saves what shapes are known.
pub async fn save(keeping: Keeping, text: String) -> Option<()> {
    let file = writable(&root().await?, &columns(keeping)?).await?;
    let written =
        file.truncate_with_u32(0).and_then(|()| file.write_with_u8_array(text.as_bytes()));
    file.close();
    written.ok().map(drop)
}

/// The file with the columns of the shapes that a user knows.
fn columns(keeping: Keeping) -> Option<String> {
    match keeping {
        Keeping::Nothing => None,
        Keeping::Columns(user) | Keeping::Files { user, .. } => Some(columns_file(user)),
    }
}

async fn read(keeping: Keeping) -> Option<Vec<Shape>> {
    let root = root().await?;
    remove(&root, OLD_COLUMNS).await;
    let file = file(&root, &columns(keeping)?).await?;
    let text = FileReaderSync::new().ok()?.read_as_text(&file).ok()?;
    serde_json::from_str(&text).ok()
}

/// Keeps a file. Whether that was possible.
pub async fn keep(keeping: Keeping, source: u32, blob: &Blob) -> bool {
    copy(keeping, source, blob).await.is_some()
}

async fn copy(keeping: Keeping, source: u32, blob: &Blob) -> Option<()> {
    let file = writable(&folder(keeping, true).await?, &source.to_string()).await?;
    let written = write(&file, blob);
    file.close();
    if written.is_none() {
        erase(keeping, source).await;
    }
    written
}

fn write(file: &FileSystemSyncAccessHandle, blob: &Blob) -> Option<()> {
    let reader = FileReaderSync::new().ok()?;
    file.truncate_with_u32(0).ok()?;
    let mut at = 0.0;
    while at < blob.size() {
        let end = (at + PIECE).min(blob.size());
        let part = blob.slice_with_f64_and_f64(at, end).ok()?;
        let bytes = reader.read_as_array_buffer(&part).ok()?;
        let bytes = Uint8Array::new(&bytes);
        // A full disk takes fewer than it is given, or throws.
        if file.write_with_js_u8_array(&bytes).ok()? < f64::from(bytes.length()) {
            return None;
        }
        at = end;
    }
    Some(())
}

/// A file that was kept.
pub async fn kept(keeping: Keeping, source: u32) -> Option<Blob> {
    file(&folder(keeping, false).await?, &source.to_string()).await.map(Into::into)
}

/// Erases a file that was kept.
pub async fn erase(keeping: Keeping, source: u32) {
    if let Some(folder) = folder(keeping, false).await {
        // What is not there needs no erasing.
        let _ = JsFuture::from(folder.remove_entry(&source.to_string())).await;
    }
}

/// Erases all files of a draft.
pub async fn erase_all(keeping: Keeping) {
    if let (Keeping::Files { draft, .. }, Some(kept)) = (keeping, all().await) {
        remove(&kept, &draft.to_string()).await;
    }
}

/// Erases what drafts have left that nobody came back to.
pub async fn tidy() -> Option<()> {
    let kept = all().await?;
    let drafts = names(&kept).await;
    for draft in drafts {
        let folder = JsFuture::from(kept.get_directory_handle(&draft)).await.ok()?.unchecked_into();
        let mut is_old = true;
        for name in names(&folder).await {
            let file = file(&folder, &name).await;
            is_old &= file.is_none_or(|file| file.last_modified() < Date::now() - LONGEST_MILLIS);
        }
        if is_old {
            remove(&kept, &draft).await;
        }
    }
    Some(())
}

async fn root() -> Option<FileSystemDirectoryHandle> {
    let navigator = scope().navigator();
    // There is none outside of secure contexts.
    let storage = Reflect::get(&navigator, &"storage".into()).ok().filter(JsValue::is_object)?;
    let storage: web_sys::StorageManager = storage.unchecked_into();
    JsFuture::from(storage.get_directory()).await.ok().map(JsCast::unchecked_into)
}

async fn all() -> Option<FileSystemDirectoryHandle> {
    JsFuture::from(root().await?.get_directory_handle(FILES)).await.ok().map(JsCast::unchecked_into)
}

/// The folder of a draft's files.
async fn folder(keeping: Keeping, create: bool) -> Option<FileSystemDirectoryHandle> {
    let Keeping::Files { draft, .. } = keeping else { return None };
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(create);
    let mut folder = root().await?;
    for name in [FILES, &draft.to_string()] {
        let inner = folder.get_directory_handle_with_options(name, &options);
        folder = JsFuture::from(inner).await.ok()?.unchecked_into();
    }
    Some(folder)
}

async fn file(folder: &FileSystemDirectoryHandle, name: &str) -> Option<File> {
    let handle: FileSystemFileHandle =
        JsFuture::from(folder.get_file_handle(name)).await.ok()?.unchecked_into();
    JsFuture::from(handle.get_file()).await.ok().map(JsCast::unchecked_into)
}

async fn writable(
    folder: &FileSystemDirectoryHandle,
    name: &str,
) -> Option<FileSystemSyncAccessHandle> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let handle = folder.get_file_handle_with_options(name, &options);
    let handle: FileSystemFileHandle = JsFuture::from(handle).await.ok()?.unchecked_into();
    JsFuture::from(handle.create_sync_access_handle()).await.ok().map(JsCast::unchecked_into)
}

async fn remove(folder: &FileSystemDirectoryHandle, name: &str) {
    let options = FileSystemRemoveOptions::new();
    options.set_recursive(true);
    // What is not there needs no erasing.
    let _ = JsFuture::from(folder.remove_entry_with_options(name, &options)).await;
}

/// What is in a folder.
async fn names(folder: &FileSystemDirectoryHandle) -> Vec<String> {
    let keys = folder.keys();
    let mut names = Vec::new();
    while let Ok(next) = keys.next() {
        let Ok(next) = JsFuture::from(next).await else { break };
        let value = Reflect::get(&next, &"value".into()).ok().and_then(|value| value.as_string());
        let Some(name) = value else { break };
        names.push(name);
    }
    names
}

/// The address of a file in this browser that consists of `text`.
pub fn address_of(text: &str) -> Option<String> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("text/csv;charset=utf-8");
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    web_sys::Url::create_object_url_with_blob(&blob).ok()
}
