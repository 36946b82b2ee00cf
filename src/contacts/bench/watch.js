// Put into a page before anything of its own: notes when a file is chosen and when the region "Contacts
// summary" shows its Total, what progress is told in between, and every long task of the main thread.
// The same for all contenders; where there is a button "Process contacts", it is pressed as soon as it can be.

(() => {
  const watch = { start: undefined, end: undefined, progress: new Set(), tasks: [] };
  window.benchWatch = watch;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) watch.tasks.push({ startTime, duration });
  }).observe({ type: "longtask", buffered: true });

  const texts = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

  function summary() {
    for (const region of document.querySelectorAll("section, [role=region]")) {
      const label = document.getElementById(region.getAttribute("aria-labelledby"));
      if ((region.getAttribute("aria-label") ?? texts(label)) === "Contacts summary") return region;
    }
  }

  function total() {
    const term = [...(summary()?.querySelectorAll("dt") ?? [])].find((term) => texts(term) === "Total");
    return texts(term?.parentElement.querySelector("dt ~ dd"));
  }

  function noteProgress() {
    for (const bar of document.querySelectorAll("progress, [role=progressbar]")) {
      const value = bar.getAttribute("aria-valuetext") ?? bar.getAttribute("aria-valuenow") ?? bar.getAttribute("value");
      const text = value ?? texts(bar);
      if (text) watch.progress.add(text);
    }
  }

  let pressed = 0;
  let refused = false;
  function press() {
    const button = [...document.querySelectorAll("button")].find((button) => texts(button) === "Process contacts");
    if (!button || button.disabled || button.ariaDisabled === "true" || button.ariaBusy === "true") return;
    // Once is enough, unless the page said that it was too early.
    refused ||= [...document.querySelectorAll("[role=alert]")].some((alert) => texts(alert));
    if (pressed && (!refused || performance.now() - pressed < 50)) return;
    pressed = performance.now();
    refused = false;
    button.click();
  }

  const observer = new MutationObserver(look);
  function look() {
    if (watch.start === undefined || watch.end !== undefined) return;
    noteProgress();
    if (total()) {
      watch.end = performance.now();
      observer.disconnect();
    } else {
      press();
    }
  }

  document.addEventListener(
    "change",
    ({ target }) => {
      if (target.type !== "file" || watch.start !== undefined) return;
      watch.start = performance.now();
      observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      // After the page has heard of it, and again should nothing else happen.
      const again = () => {
        look();
        if (watch.end === undefined) setTimeout(again, 50);
      };
      setTimeout(again);
    },
    true,
  );
})();
