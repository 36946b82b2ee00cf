// Starts the app. A file of its own, so that the page's CSP needs no inline script.
const tag = document.querySelector("script[data-wasm]");
const note = document.getElementById("boot");

function alarm(text) {
  note.setAttribute("role", "alert");
  note.textContent = text;
  document.body.prepend(note);
}

// A crash ends the app for good: its page would just stop answering.
addEventListener("error", ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) {
    alarm("Something went wrong on this page. Load it again; your draft is kept.");
  }
});

try {
  // Inside a host's page, which has a say in how it looks.
  if (location.pathname.startsWith("/embed")) await import("/frame.js");
  const app = await import(tag.dataset.js);
  await app.default({ module_or_path: tag.dataset.wasm });
  note.remove();
} catch (error) {
  console.error(error);
  alarm("The page could not be loaded. Check your connection and load it again; nothing you typed is lost.");
}
