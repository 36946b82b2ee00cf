//! What a build needs beyond Cargo, found or installed.
//!
//! Each part first looks, then installs, and says so. Nothing here needs more than the package
//! registries (crates.io, npm and, on Debian, apt), and nothing of the user's is replaced: a tool
//! of another version stays where it is, ours goes into a cache of our own.

mod apt;
mod cargo_tool;
mod chromium;
mod node;
mod wasm_target;

use crate::process;
use crate::workspace::Workspace;
use anyhow::Result;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What building the web app takes.
pub struct WebTools {
    trunk: PathBuf,
    wasm_bindgen: PathBuf,
    target: wasm_target::Toolchain,
}

impl WebTools {
    /// Finds or installs everything.
    pub fn ready(workspace: &Workspace) -> Result<Self> {
        Ok(Self {
            target: wasm_target::ready()?,
            wasm_bindgen: cargo_tool::wasm_bindgen(workspace)?,
            trunk: cargo_tool::trunk(workspace)?,
        })
    }

    /// A Trunk command that finds its tools.
    pub fn trunk(&self) -> Result<Command> {
        self.trunk_with(&[])
    }

    /// A Trunk command that finds its tools and what is in these folders.
    fn trunk_with(&self, folders: &[PathBuf]) -> Result<Command> {
        let mut command = Command::new(&self.trunk);
        // First on PATH is what Trunk takes: our wasm-opt even where Debian's older one is.
        let ours = self.wasm_bindgen.parent().map(Path::to_owned);
        let folders: Vec<PathBuf> = folders.iter().cloned().chain(ours).collect();
        command.env("PATH", process::path_with(&folders)?);
        // Trunk refuses the customary NO_COLOR=1: it wants to read "true" there.
        if std::env::var_os("NO_COLOR").is_some() {
            command.env("NO_COLOR", "true");
        }
        // It would ask the network whether there is a newer Trunk.
        command.env("TRUNK_SKIP_VERSION_CHECK", "true");
        self.target.equip(&mut command);
        Ok(command)
    }
}

/// What the product's web app takes: it is cut in two and as small as can be.
pub struct ProductTools {
    web: WebTools,
    wasm_split: PathBuf,
    /// The programs of npm's packages.
    npm: PathBuf,
}

impl ProductTools {
    /// Finds or installs everything.
    pub fn ready(workspace: &Workspace) -> Result<Self> {
        let packages = node::ready()?.packages(
            workspace,
            "src/xtask/npm",
            "wasm-opt and terser, which shrink the app",
        )?;
        Ok(Self {
            web: WebTools::ready(workspace)?,
            wasm_split: cargo_tool::wasm_split(workspace)?,
            npm: packages.join(".bin"),
        })
    }

    /// A Trunk command that finds its tools and compiles what can be cut.
    pub fn trunk(&self) -> Result<Command> {
        let mut command = self.web.trunk_with(std::slice::from_ref(&self.npm))?;
        command.env("CARGO_ENCODED_RUSTFLAGS", rustflags(&crate_sources()));
        Ok(command)
    }

    /// Takes from a script what only people need. wasm-bindgen writes for them, and Trunk leaves its
    /// modules as they are.
    pub fn minify(&self, script: &Path, is_module: bool) -> Result<()> {
        let mut command = Command::new(self.npm.join("terser"));
        command.arg(script).args(["--compress", "--mangle", "--output"]).arg(script);
        if is_module {
            command.arg("--module");
        }
        process::capture(&mut command).map(drop)
    }

    /// Cuts a module into its parts, in `folder`; the first is `web.wasm` there.
    pub fn split(&self, module: &Path, folder: &Path) -> Command {
        let mut command = Command::new(&self.wasm_split);
        command.args(["--out-name", "web"]).arg(module).arg(folder);
        command
    }

    /// Makes `name.js` and `name_bg.wasm` of a module, in `folder`.
    pub fn bind(&self, module: &Path, folder: &Path, name: &str) -> Command {
        bind(&self.web.wasm_bindgen, module, folder, name)
    }

    /// Shrinks a module.
    pub fn optimise(&self, module: &Path) -> Command {
        optimise(&self.npm.join("wasm-opt"), module)
    }
}

/// What .cargo/config.toml says, which these replace, that the app is to be cut, and that panics name no
/// folder of this machine: the modules are then the same wherever they are built, and smaller.
fn rustflags(folders: &[PathBuf]) -> OsString {
    let mut flags = OsString::from("--cfg\x1ferase_components\x1f--cfg\x1fsplit_app");
    for folder in folders {
        flags.push("\x1f--remap-path-prefix=");
        flags.push(folder);
        flags.push("=");
    }
    flags
}

/// Where Cargo unpacks the sources of crates: a folder for each registry.
fn crate_sources() -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let registries = home.and_then(|home| std::fs::read_dir(home.join("registry/src")).ok());
    registries.into_iter().flatten().flatten().map(|registry| registry.path()).collect()
}

/// The compiler for the browser, for checks that need no Trunk.
pub use wasm_target::{TARGET as WASM_TARGET, ready as wasm_toolchain};

/// Node, for what is a script of ours.
pub use node::ready as node_ready;

/// What the browser tests take: Node, Chromium, and the packages of `tests/browser`.
pub struct BrowserTools {
    /// Node's program.
    pub node: PathBuf,
    /// Chromium's program.
    pub chromium: PathBuf,
}

impl BrowserTools {
    /// Finds or installs everything.
    pub fn ready(workspace: &Workspace) -> Result<Self> {
        let node = node::ready()?;
        node.packages(workspace, "tests/browser", "what drives the browser and checks the pages")?;
        Ok(Self { chromium: chromium::ready()?, node: node.program })
    }
}

/// What `cargo xtask bench numbers` takes.
pub struct BenchTools {
    /// Node and Chromium, to run it.
    pub browser: BrowserTools,
    root: PathBuf,
    wasm_bindgen: PathBuf,
    wasm_opt: PathBuf,
    target: wasm_target::Toolchain,
}

impl BenchTools {
    /// Finds or installs everything.
    pub fn ready(workspace: &Workspace) -> Result<Self> {
        let target = wasm_target::ready()?;
        let browser = BrowserTools::ready(workspace)?;
        let node = node::ready()?;
        let binaryen =
            node.packages(workspace, "src/xtask/npm", "wasm-opt, which shrinks modules")?;
        node.packages(
            workspace,
            "src/numbers/bench",
            "the libraries that numbers is compared with",
        )?;
        Ok(Self {
            browser,
            root: workspace.root().to_owned(),
            wasm_bindgen: cargo_tool::wasm_bindgen(workspace)?,
            wasm_opt: binaryen.join(".bin/wasm-opt"),
            target,
        })
    }

    /// A Cargo command that compiles for the browser.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new("cargo");
        command.current_dir(&self.root);
        command.env("CARGO_ENCODED_RUSTFLAGS", rustflags(&crate_sources()));
        self.target.equip(&mut command);
        command
    }

    /// Makes `name.js` and `name_bg.wasm` of a module, in `folder`.
    pub fn bind(&self, module: &Path, folder: &Path, name: &str) -> Command {
        bind(&self.wasm_bindgen, module, folder, name)
    }

    /// Shrinks a module as the app's are.
    pub fn optimise(&self, module: &Path) -> Command {
        optimise(&self.wasm_opt, module)
    }
}

fn bind(wasm_bindgen: &Path, module: &Path, folder: &Path, name: &str) -> Command {
    let mut command = Command::new(wasm_bindgen);
    command.args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"]);
    command.arg(folder).arg(module);
    command
}

fn optimise(wasm_opt: &Path, module: &Path) -> Command {
    let mut command = Command::new(wasm_opt);
    // What every browser of today understands, and the compiler makes use of.
    for feature in ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals"] {
        command.arg(format!("--enable-{feature}"));
    }
    command.args(["--enable-reference-types", "--enable-multivalue"]);
    // Smallest as it travels, which is not smallest as it lies: -Oz and the passes left out save bytes, and take from
    // Brotli more than that (BENCHMARKS.md). Below the data is only the end of the stack: the first kilobyte is unused.
    command.args(["-Os", "--low-memory-unused"]);
    command.args(["--skip-pass=local-cse", "--skip-pass=merge-locals", "-o"]);
    command.arg(module).arg(module);
    command
}
