// The dashboard's pages. Every text that comes from outside goes through `html`, which escapes it.

/** A template that escapes what is put in; what is `Raw` already stays as it is. */
class Raw {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

function html(strings, ...values) {
  const escape = (value) => {
    if (Array.isArray(value)) return value.map(escape).join("");
    if (value instanceof Raw) return value.text;
    if (value === undefined || value === null || typeof value === "boolean") return "";
    const signs = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
    return String(value).replace(/[&<>"']/g, (sign) => signs[sign]);
  };
  return new Raw(String.raw({ raw: strings }, ...values.map(escape)));
}

const PLACES = [
  ["/", "Overview"],
  ["/messages", "Messages"],
  ["/settings", "Settings"],
];

function document({ title, head, body }) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} · Acme dashboard</title>
    <link rel="icon" href="/acme.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/host.css">
    <script src="/theme.js"></script>
    ${head}
  </head>
  ${body}
</html>
`.toString();
}

function inShell(host, user, { path, title, head, main }) {
  const place = ([to, name]) => html`
        <li><a href="${to}"${to === path && new Raw(' aria-current="page"')}>${name}</a></li>`;
  return document({
    title,
    head,
    body: html`<body>
    <a class="skip" href="#main">Skip to content</a>
    <header class="top">
      <a class="brand" href="/"><img src="/acme.svg" alt="" width="28" height="28"> Acme</a>
      <button type="button" class="theme" id="theme" aria-pressed="false">Dark theme</button>
      <form method="post" action="/logout">
        <span class="who">${user.name}</span>
        <button type="submit" class="quiet">Sign out</button>
      </form>
    </header>
    <nav class="places" aria-label="Dashboard">
      <ul>${PLACES.map(place)}
      </ul>
    </nav>
    <main id="main" tabindex="-1">
      <h1>${title}</h1>
      ${main}
    </main>
  </body>`,
  });
}

/** The host's own sign-in. */
export function login(host, { email = host.users[0].email, refused = false }) {
  const who = ({ email, name, scopes }) => html`
        <li><b>${email}</b> ${name} ${scopes.includes("submit") || "(may not submit)"}</li>`;
  return document({
    title: "Sign in",
    body: html`<body class="door">
    <main>
      <h1><img src="/acme.svg" alt="" width="40" height="40"> Acme dashboard</h1>
      ${refused && html`<p role="alert" class="refused">That is not the password. It is shown below.</p>`}
      <form method="post" action="/login">
        <label for="email">Email</label>
        <input id="email" name="email" type="email" autocomplete="username" required value="${email}">
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required>
        <button type="submit">Sign in</button>
      </form>
      <h2>This is a demonstration</h2>
      <p>Acme is a made-up company with its own sign-in. It shows the sender inside somebody else's dashboard.</p>
      <ul class="plain">${host.users.map(who)}
      </ul>
      <p>Password: <code>${host.password}</code></p>
    </main>
  </body>`,
  });
}

/** Routes that are late today, and whom to tell. */
const LATE = [
  { id: "route-7", name: "Route 7, Tampines", by: "45 min", phones: ["+6591230301", "+6591230302", "+6591230303"] },
  { id: "route-12", name: "Route 12, Jurong East", by: "1 h 20 min", phones: ["+6591230311", "+6591230312"] },
  { id: "depot-3", name: "Depot 3, Woodlands", by: "2 h", phones: ["+6591230321"] },
];

function overview(host, user) {
  const hours = [38, 52, 71, 94, 118, 126, 109, 97, 121, 132, 104, 76];
  const bar = (parcels, n) => html`
          <rect x="${n * 24 + 4}" y="${140 - parcels}" width="16" height="${parcels}" rx="2"/>`;
  const late = ({ id, name, by, phones }) => html`
          <tr>
            <th scope="row">${name}</th>
            <td>${by}</td>
            <td class="number">${phones.length}</td>
            <td><a href="/messages?about=${id}">Tell the recipients<span class="unseen"> of ${name}</span></a></td>
          </tr>`;
  return inShell(host, user, {
    path: "/",
    title: "Overview",
    main: html`<dl class="figures">
        <div><dt>Parcels today</dt><dd>1,138</dd></div>
        <div><dt>On time</dt><dd>97.2 %</dd></div>
        <div><dt>Open enquiries</dt><dd>12</dd></div>
      </dl>
      <section class="card">
        <h2>Deliveries by hour</h2>
        <svg viewBox="0 0 292 142" role="img" aria-label="Most parcels arrive between eleven and one, and again at four">${hours.map(bar)}
          <path d="M0 141h292"/>
        </svg>
      </section>
      <section class="card">
        <h2>Late today</h2>
        <table>
          <thead>
            <tr><th scope="col">Where</th><th scope="col">By</th><th scope="col" class="number">Recipients</th><th scope="col">Message</th></tr>
          </thead>
          <tbody>${LATE.map(late)}
          </tbody>
        </table>
      </section>`,
  });
}

function messages(host, user, query) {
  const about = LATE.find(({ id }) => id === query.get("about"));
  const given = about && html` data-recipients="${about.phones.join(", ")}"
          data-message="Your Acme parcel will be about ${about.by} late today. We are sorry."`;
  const elements = Array.from({ length: host.options.elements ?? 1 }, (_, n) => n + 1);
  const sender = (n) => html`
      <section class="embed" aria-labelledby="sender-${n}">
        <h2 id="sender-${n}">${elements.length > 1 ? `Campaign ${n}` : "New campaign"}</h2>
        <sms-sender${n === 1 && given}></sms-sender>
      </section>`;
  return inShell(host, user, {
    path: "/messages",
    title: "Messages",
    head: html`<script src="${host.sender}/embed.js" async></script>
    <script src="/messages.js" defer></script>`,
    main: html`<p class="lead">Tell customers what has become of their parcels.</p>${elements.map(sender)}
      <section class="card" aria-labelledby="sent">
        <h2 id="sent">Sent from this page</h2>
        <p id="none">Nothing yet.</p>
        <ul id="campaigns" class="plain" aria-live="polite"></ul>
        <p><a href="/settings">What you may do with it</a></p>
      </section>`,
  });
}

function settings(host, user) {
  const theme = ([value, name]) => html`
          <label><input type="radio" name="theme" value="${value}"> ${name}</label>`;
  const all = [["light", "Light"], ["dark", "Dark"], ["auto", "Same as the system"]];
  return inShell(host, user, {
    path: "/settings",
    title: "Settings",
    main: html`<section class="card">
        <fieldset>
          <legend>Theme</legend>${all.map(theme)}
        </fieldset>
      </section>
      <section class="card">
        <h2>Account</h2>
        <dl class="pairs">
          <dt>Name</dt><dd>${user.name}</dd>
          <dt>Email</dt><dd>${user.email}</dd>
          <dt>Messages</dt><dd>May ${user.scopes.join(", ")}</dd>
        </dl>
      </section>`,
  });
}

/** Any address that is none. */
export function missing(host, user) {
  const main = html`<p><a href="/">Back to the overview</a></p>`;
  if (user) return inShell(host, user, { title: "Not found", main });
  const body = html`<body class="door"><main><h1>Not found</h1>${main}</main></body>`;
  return document({ title: "Not found", body });
}

/** The pages for who is signed in, by their paths. */
export const inside = { "/": overview, "/messages": messages, "/settings": settings };
