// All that this dashboard has to do with the sender: a token when it is asked for one, its own
// colours, what is known already, and a list of what became of it.

const senders = [...document.querySelectorAll("sms-sender")];
const list = document.getElementById("campaigns");
const rows = new Map();

/** Our own server knows who is signed in here, and signs for them. */
async function getToken() {
  const answer = await fetch("/sms-token", { method: "POST" });
  if (answer.status === 401)
    throw new Error("You are signed out of Acme. Sign in again in another tab.");
  if (!answer.ok) throw new Error("Acme's server has a problem.");
  return (await answer.json()).token;
}

const theme = {
  colorPrimary: "light-dark(#0b6e5f, #62cdb6)",
  colorBackground: "light-dark(#ffffff, #14241f)",
  colorText: "light-dark(#14241f, #e6efeb)",
  colorBorder: "light-dark(#cfdcd6, #2d423b)",
  radius: "2px",
};

function row(campaignId) {
  const known = rows.get(campaignId);
  if (known) return known;
  const item = document.createElement("li");
  const [name, state] = [document.createElement("code"), document.createElement("span")];
  name.textContent = campaignId.slice(0, 8);
  item.append(name, state);
  list.prepend(item);
  rows.set(campaignId, state);
  document.getElementById("none").hidden = true;
  return state;
}

for (const sender of senders) {
  sender.getToken = getToken;
  sender.theme = theme;
  sender.setAttribute("theme", document.documentElement.dataset.theme);
  const { recipients, message } = sender.dataset;
  // There is nothing to call before the element's script has run.
  if (recipients) {
    customElements.whenDefined("sms-sender").then(() => sender.prefill({ recipients, message }));
  }
  sender.addEventListener("sms-sender:submitted", ({ detail }) => {
    row(detail.campaignId).textContent = "Submitted";
  });
  sender.addEventListener("sms-sender:status", ({ detail }) => {
    row(detail.campaignId).textContent = detail.state[0].toUpperCase() + detail.state.slice(1);
  });
}

document.addEventListener("acme-theme", ({ detail }) => {
  for (const sender of senders) sender.setAttribute("theme", detail);
});
