// The way to the server from a host's page: every request carries the bearer that a token of the host's
// was swapped for.
//
// Cookies do not reach the frame, and are not wanted there. The app asks as it does everywhere, by
// `fetch` and `EventSource`; here the two are given a bearer, which they get by themselves, have renewed
// before it ends, and ask for again when the server does not take it any more. It is kept in memory and
// nowhere else: not in the address, in a cookie or in any storage.

const API = "/api/v1/";
/** Between two swaps, in milliseconds, whatever clocks say; timers know no more than 24 days. */
const [SOONEST, LATEST] = [20_000, 86_400_000];
const OFFLINE = {
  code: "offline",
  detail: "The server did not answer. Check your connection and try again; nothing is lost.",
};
const host = globalThis.smsSenderHost;
const plainFetch = globalThis.fetch.bind(globalThis);

/** What a token was swapped for: `{ bearer, life, session }`, its life in milliseconds from then. */
let session;
let swapping;

/** A new bearer. Several may ask at once. */
function renew(reason) {
  swapping ??= swap(reason).finally(() => (swapping = undefined));
  return swapping;
}

async function swap(reason) {
  try {
    session = await exchange(reason).catch((problem) => {
      // A host that keeps its tokens for a while is asked for a fresh one, once.
      const stale = ["token_used", "token_expired"].includes(problem.code);
      if (!stale) throw problem;
      return exchange("refused");
    });
  } catch (problem) {
    // One that was asked for early stands in nobody's way yet.
    if (reason !== "expiring") {
      host.emit("error", JSON.stringify({ code: problem.code, message: problem.detail }));
    }
    throw problem;
  }
  const { bearer, life } = session;
  const expiring = () => {
    // Should it fail, the next request that is refused tries again, and says so.
    if (session.bearer === bearer) renew("expiring").catch(() => {});
  };
  setTimeout(expiring, Math.min(Math.max(life * 0.8, SOONEST), LATEST));
}

async function exchange(reason) {
  const token = await host.token(reason).catch((detail) => {
    throw { code: "signed_out", detail };
  });
  const body = JSON.stringify({ token, origin: host.origin });
  const headers = { "Content-Type": "application/json" };
  const offline = () => {
    throw OFFLINE;
  };
  const response = await plainFetch(`${API}session/embed`, { method: "POST", headers, body }).catch(offline);
  const answer = await response.json().catch(offline);
  if (!response.ok) throw answer;
  // By the server's clock on both sides: the browser's may be any.
  const now = Date.parse(response.headers.get("Date")) || Date.now();
  return { ...answer, life: answer.expires_at - now };
}

const isSignedOut = async (response) =>
  response.status === 401 && (await response.clone().json()).code === "signed_out";

function signed(request) {
  const copy = new Request(request.clone());
  copy.headers.set("Authorization", `Bearer ${session.bearer}`);
  return plainFetch(copy);
}

/** What the app hears when the host does not vouch for its user (any more). */
function refused({ code, detail }) {
  const status = code === "offline" ? 503 : 401;
  const problem = { status, title: "Signed out", detail, code: code === "offline" ? code : "signed_out" };
  return new Response(JSON.stringify(problem), { status });
}

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || !pathname.startsWith(API)) return plainFetch(request);
  try {
    if (!session) await renew("start");
    const { bearer } = session;
    const response = await signed(request);
    if (pathname.endsWith("/retry")) weigh();
    if (!(await isSignedOut(response))) return response;
    if (session.bearer === bearer) await renew("expired");
  } catch (problem) {
    if (problem.detail === undefined) throw problem;
    return refused(problem);
  }
  return signed(request);
};

/**
 * Server-sent events, as far as the app uses them: messages, the event `end`, after which nothing comes,
 * and a lost link that mends itself.
 */
globalThis.EventSource = class extends EventTarget {
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
        const response = await fetch(url, { headers, signal });
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
};

/** What the host lets its user do, and what is left of it. */
host.grant = () => JSON.stringify(session?.session.grant);

/** Once something was submitted, or is sent again, there is less left. */
async function weigh() {
  const mine = session;
  const answer = await fetch(`${API}session`).catch(() => undefined);
  if (answer?.ok) mine.session = (await answer.json()).user;
}

const { emit } = host;
host.emit = (type, json) => {
  emit(type, json);
  if (type === "submitted") weigh();
};

/** What the host presets, name by name, as the app takes it. */
host.hear = (callback) =>
  host.listen((type, json) => {
    if (type === "reset") callback(type, "");
    for (const [name, value] of Object.entries(JSON.parse(json))) {
      if (name === "locale") speak(value);
      else if (typeof value === "string" && value) callback(name, value);
    }
  });

/** Dates and times are written as the host asks for. */
function speak(locale) {
  try {
    [document.documentElement.dataset.locale] = Intl.getCanonicalLocales(locale || "en-GB");
  } catch {
    console.warn(`SMS Sender: the locale ${locale} is left out: it is no language tag`);
  }
}

/** For what asks the server from elsewhere: the worker. */
host.bearer = () => session?.bearer ?? "";

/** Has the browser save what the server answers: its own downloads carry no bearer. */
host.download = async (url, name) => {
  const response = await fetch(url);
  if (!response.ok) {
    const { code, detail } = await response.json();
    return host.emit("error", JSON.stringify({ code, message: detail }));
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
