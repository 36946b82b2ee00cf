// Light or dark, by choice or by the system: set before anything is painted, and told to whoever
// listens for "acme-theme".
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const choice = () => localStorage.getItem("acme-theme") ?? "auto";
  const apply = () => {
    const chosen = choice();
    root.dataset.theme = chosen === "auto" ? (system.matches ? "dark" : "light") : chosen;
    const button = document.getElementById("theme");
    button?.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
    for (const radio of document.querySelectorAll("input[name=theme]")) {
      radio.checked = radio.value === chosen;
    }
    document.dispatchEvent(new CustomEvent("acme-theme", { detail: root.dataset.theme }));
  };
  const choose = (theme) => {
    localStorage.setItem("acme-theme", theme);
    apply();
  };
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    apply();
    document
      .getElementById("theme")
      ?.addEventListener("click", () => choose(root.dataset.theme === "dark" ? "light" : "dark"));
    for (const radio of document.querySelectorAll("input[name=theme]")) {
      radio.addEventListener("change", () => choose(radio.value));
    }
  });
})();
