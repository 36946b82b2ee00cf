// Keeps the page up to date. Without this script the Reload link does.
const PARTS = ["figures", "screen"];
const EVERY = 2000;

const button = document.createElement("button");
button.type = "button";
button.className = "button";
document.querySelector(".tools").prepend(button);

let live = true;
const show = () => {
  button.textContent = live ? "Pause" : "Resume";
};
button.addEventListener("click", () => {
  live = !live;
  show();
});
show();

const refresh = async () => {
  const reading = !getSelection()?.isCollapsed;
  if (!live || document.hidden || reading) return;
  const response = await fetch("/sandbox");
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of PARTS) {
    const [old, now] = [document.getElementById(id), fresh.getElementById(id)];
    if (old && now && old.innerHTML !== now.innerHTML) old.replaceWith(now);
  }
};

const loop = async () => {
  await refresh().catch(() => {});
  setTimeout(loop, EVERY);
};
setTimeout(loop, EVERY);
