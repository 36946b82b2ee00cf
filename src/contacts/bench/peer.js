// The peer's page: hands the chosen file to its worker, which was started before, and shows what comes back.

const progress = document.querySelector("progress");
const summary = document.querySelector("section");
const worker = new Worker("peer-worker.js");

worker.onmessage = ({ data }) => {
  if (data.ready) return document.querySelector("input").addEventListener("change", choose);
  if (data.progress !== undefined) {
    progress.value = data.progress;
    return;
  }
  const { total, valid, unable, duplicates } = data;
  const terms = { Total: total, Valid: valid, "Unable to import": unable, Duplicates: duplicates };
  for (const [term, count] of Object.entries(terms)) {
    const [dt, dd] = ["dt", "dd"].map((name) => document.createElement(name));
    dt.textContent = term;
    dd.textContent = count.toLocaleString("en");
    const item = document.createElement("div");
    item.append(dt, dd);
    summary.querySelector("dl").append(item);
  }
  progress.hidden = true;
  summary.hidden = false;
};

function choose({ target }) {
  progress.hidden = false;
  worker.postMessage(target.files[0]);
}
