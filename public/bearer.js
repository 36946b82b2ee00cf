// The app's way to the server from a host's page: every request carries the bearer that a token of the
// host's was swapped for.
//
// Cookies do not reach the frame, and are not wanted there. The app is given all it needs for that as
// methods of `smsSenderHost`, which it calls by name; nothing of the browser's is replaced. The bearer is
// renewed before it ends, and when the server does not take it any more. It is kept in memory and nowhere
// else: not in the address, in a cookie or in any storage.

const API = "/api/v1/";
/** Between two swaps, in milliseconds, whatever clocks say. */
const [SOONEST, LATEST] = [20_000, 86_400_000];
/** With less than this left, in milliseconds, a bearer is as good as none. */
const MARGIN = 5_000;
const host = globalThis.smsSenderHost;

/** What the app hears, in the shape of the API's problems, when the host does not vouch for its user. */
const signedOut = (detail) => ({ status: 401, title: "Signed out", detail, code: "signed_out" });
const OFFLINE = {
  status: 503,
  title: "No connection",
  detail: "The server did not answer. Check your connection and try again; nothing is lost.",
  code: "offline",
};

/** What a token was swapped for: `{ bearer, end, session }`, its end by the browser's own clock. */
let session;
let swapping;

/** A new bearer. Several may ask at once. */
function swap(reason) {
  swapping ??= swapNow(reason).finally(() => (swapping = undefined));
  return swapping;
}

async function swapNow(reason) {
  try {
    session = await exchange(reason).catch((problem) => {
      // A host that keeps its tokens for a while is asked for a fresh one, once.
      const stale = ["token_used", "token_expired"].includes(problem.code);
      if (!stale) throw problem;
      return exchange("refused");
    });
  } catch (problem) {
    // One that was asked for early stands in nobody's way yet.
    if (reason !== "expiring") tellError(problem);
    throw problem.code === "offline" ? problem : signedOut(problem.detail);
  }
  const { bearer, end } = session;
  const expiring = () => {
    // Should it fail, the next request tries again, and says so.
    if (session.bearer === bearer) swap("expiring").catch(() => {});
  };
  // Timers know no more than 24 days.
  setTimeout(expiring, Math.min(Math.max((end - Date.now()) * 0.8, SOONEST), LATEST));
}

async function exchange(reason) {
  const token = await host.token(reason).catch((detail) => {
    throw signedOut(detail);
  });
  const body = JSON.stringify({ token, origin: host.origin });
  const headers = { "Content-Type": "application/json" };
  const offline = () => {
    throw OFFLINE;
  };
  const response = await fetch(`${API}session/embed`, { method: "POST", headers, body }).catch(offline);
  const answer = await response.json().catch(offline);
  if (!response.ok) throw answer;
  // How long it lives is told by the server's clock alone: the browser's may be any.
  const now = Date.now();
  const served = Date.parse(response.headers.get("Date")) || now;
  return { ...answer, end: now + answer.expires_at - served };
}

const tellError = ({ code, detail }) => host.emit("error", JSON.stringify({ code, message: detail }));

/** One that the server takes, as far as is known here; a problem when there is none to be had. */
async function bearer() {
  if (!session) await swap("start");
  // A browser that was asleep has missed the moment.
  else if (Date.now() > session.end - MARGIN) await swap("expired");
  return session.bearer;
}

/** Another than this one, which the server has refused. */
async function renew(refused) {
  if (session.bearer === refused) await swap("expired");
  return session.bearer;
}

/** Asks the server, as the app does. */
async function ask(url, { headers, ...init } = {}) {
  const signed = (bearer) =>
    fetch(url, { ...init, headers: { ...headers, Authorization: `Bearer ${bearer}` } });
  const mine = await bearer();
  const response = await signed(mine);
  return response.status === 401 ? signed(await renew(mine)) : response;
}

/**
 * Server-sent events, as far as the app uses an `EventSource`: messages, the event `end`, after which nothing
 * comes, and a lost link that mends itself.
 */
class Events extends EventTarget {
  onopen;
  onmessage;
  onerror;
  /** 0 while it connects, 1 while it is open, 2 once it is closed. */
  readyState = 0;
  #ended = new AbortController();
  #heard = "";

  constructor(url) {
    super();
    this.#listen(url);
  }

  close() {
    this.readyState = 2;
    this.#ended.abort();
  }

  async #listen(url) {
    const { signal } = this.#ended;
    let pause = 1_000;
    while (!signal.aborted) {
      try {
        const headers = { Accept: "text/event-stream" };
        if (this.#heard) headers["Last-Event-ID"] = this.#heard;
        const response = await ask(url, { headers, signal });
        // Nothing to hear, and there never will be.
        if ([204, 403, 404, 410].includes(response.status)) {
          this.close();
          this.#fire("error");
        } else if (response.ok) {
          pause = 1_000;
          this.readyState = 1;
          this.#fire("open");
          await this.#read(url, response.body.pipeThrough(new TextDecoderStream()));
        }
      } catch {
        // The link broke, or was closed here.
      }
      if (signal.aborted) return;
      this.readyState = 0;
      this.#fire("error");
      await new Promise((done) => setTimeout(done, pause));
      pause = Math.min(pause * 2, 30_000);
    }
  }

  async #read(url, stream) {
    const reader = stream.getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (text + value).split(/\r?\n\r?\n/);
      text = events.pop();
      for (const event of events) {
        const lines = event.split(/\r?\n/);
        const values = (name) => {
          const fields = lines.filter((line) => line.startsWith(`${name}:`));
          return fields.map((line) => line.slice(name.length + 1).trimStart());
        };
        const data = values("data").join("\n");
        this.#heard = values("id").at(-1) ?? this.#heard;
        if (data) this.#tell(url, values("event").at(-1) ?? "message", data);
      }
    }
  }

  #fire(type, data) {
    const event = data === undefined ? new Event(type) : new MessageEvent(type, { data });
    this[`on${type}`]?.(event);
    this.dispatchEvent(event);
  }

  #tell(url, type, data) {
    // Closed first, in case whoever listens does not.
    if (type === "end") this.close();
    this.#fire(type, data);
    if (type !== "message") return;
    const campaignId = /campaigns\/([0-9a-f-]+)\/events/.exec(url)?.[1];
    const { state, counts } = JSON.parse(data);
    host.emit("status", JSON.stringify({ campaignId, state, counts }));
  }
}

/** Once something was submitted, or is sent again, the host lets its user send less. */
async function weigh() {
  const mine = session;
  const answer = await ask(`${API}session`).catch(() => undefined);
  if (answer?.ok) mine.session = (await answer.json()).user;
}

/** What the host presets, name by name, as the app takes it. */
function hear(callback) {
  host.listen((type, json) => {
    if (type === "reset") callback(type, "");
    for (const [name, value] of Object.entries(JSON.parse(json))) {
      if (name === "locale") speak(value);
      else if (typeof value === "string" && value) callback(name, value);
    }
  });
}

/** Dates and times are written as the host asks for. */
function speak(locale) {
  try {
    [document.documentElement.dataset.locale] = Intl.getCanonicalLocales(locale || "en-GB");
  } catch {
    console.warn(`SMS Sender: the locale ${locale} is left out: it is no language tag`);
  }
}

/** Has the browser save what the server answers: its own downloads carry no bearer. */
async function download(url, name) {
  const link = document.createElement("a");
  try {
    const response = await ask(url);
    if (!response.ok) throw await response.json();
    link.href = URL.createObjectURL(await response.blob());
  } catch (problem) {
    return tellError(problem.code ? problem : OFFLINE);
  }
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

Object.assign(host, {
  bearer,
  renew,
  events: (url) => new Events(url),
  /** What the host lets its user do, and what is left of it. */
  grant: () => JSON.stringify(session?.session.grant),
  weigh,
  hear,
  download,
});
