// <sms-sender>: the Sender inside somebody else's page, by one script tag.
//
// The element wraps a frame of ours, so that the page's styles, router and policy never meet ours; what
// passes between them are messages, each to an exact origin, each checked for who sent it. Of the page's
// policy it needs `script-src` and `frame-src` of our origin, and nothing else. Once loaded, nothing runs
// but answers to messages. embed.d.ts has the types; /embed/check tells what is wrong.
(() => {
  const NAME = "sms-sender";
  if (customElements.get(NAME)) return;

  const EVENTS = /^(ready|step|processed|submitted|status|error|token-needed|close)$/;
  // A blocked frame does not say so, it stays silent.
  const PATIENCE = 10_000;
  // Between two steps the content is short for a moment; the page below must not jump.
  const SETTLE = 250;
  // An end to a loop, should a style ever make one.
  const TALLEST = 20_000;

  const STYLE = `
    :host { display: block; position: relative; min-height: 30rem }
    :host([hidden]) { display: none }
    iframe { display: block; width: 100%; height: 30rem; border: 0 }
    .wait { position: absolute; inset: 0; overflow: hidden; padding: 1.5rem; pointer-events: none }
    .wait i { display: block; height: 1.25rem; margin-bottom: 1rem; border-radius: 6px;
      background: color-mix(in srgb, currentColor 12%, transparent) }
    .wait i:first-child { width: 40%; height: 2rem; margin-bottom: 2rem }
    .wait i:last-child { width: 60% }
    .waiting iframe, .failed iframe { opacity: 0 }
    .failed iframe { position: absolute; pointer-events: none }
    :not(.waiting) > .wait, :not(.failed) > p { display: none }
    p { margin: 0; padding: 1rem 1.25rem; border: 1px solid; border-radius: 10px }
    a { color: inherit }
    .place { position: absolute; height: 8rem; width: 1px; scroll-margin: 1rem;
      visibility: hidden; pointer-events: none }`;
  const HERE = `?origin=${encodeURIComponent(self.origin)}`;
  let sheet;

  // Never markup from text: a page may demand Trusted Types.
  const make = (parent, tag, properties) =>
    parent.appendChild(Object.assign(document.createElement(tag), properties));

  class SmsSenderElement extends HTMLElement {
    static observedAttributes = ["subaccount", "locale", "theme", "src"];
    // Where the Sender is when `src` does not say: where this script came from.
    static base = document.currentScript?.src;

    #room; // all that is in the shadow root
    #frame;
    #origin; // the frame's
    #listening; // ends what one connection listens to
    #greeted; // the frame hears
    #ready; // the app hears
    #patience;
    #settling;
    #tokens = {};
    #getToken;
    #tokenWanted;
    #asking;
    #prefill;
    #reset;

    connectedCallback() {
      // What was set before the script came hides the accessors.
      for (const name of ["getToken", "theme"]) {
        if (Object.hasOwn(this, name)) {
          const value = this[name];
          delete this[name];
          this[name] = value;
        }
      }
      // embed.mjs says only after this script where it came from.
      queueMicrotask(() => this.isConnected && !this.#listening && this.#start());
    }

    disconnectedCallback() {
      this.#stop();
    }

    // After `moveBefore` the frame lives on.
    connectedMoveCallback() {}

    attributeChangedCallback(name, before, now) {
      if (before === now) return;
      if (name === "src" && this.#listening) {
        this.#stop();
        this.#start();
      }
      if (!this.#greeted) return;
      if (name === "theme") this.#post("theme", this.#look());
      else this.#post("configure", this.#choice());
    }

    get getToken() {
      return this.#getToken;
    }
    set getToken(getToken) {
      this.#getToken = getToken;
      if (this.#tokenWanted) this.#answerToken();
    }

    get theme() {
      return this.#tokens;
    }
    set theme(theme) {
      if (typeof theme === "string") return void this.setAttribute("theme", theme);
      const named = Object.entries(theme ?? {}).filter(([, value]) => value != null);
      this.#tokens = Object.fromEntries(named.map(([name, value]) => [name, `${value}`]));
      if (this.#greeted) this.#post("theme", this.#look());
    }

    // Kept until there is a wizard to put it into.
    prefill({ recipients, message, senderId } = {}) {
      const given = { recipients, message, senderId };
      if (Array.isArray(recipients)) given.recipients = recipients.join("\n");
      for (const key in given) given[key] ?? delete given[key];
      this.#prefill = { ...this.#prefill, ...given };
      this.#flush();
    }

    reset() {
      this.#prefill = undefined;
      this.#reset = true;
      this.#flush();
    }

    #start() {
      const room = (this.#room ??= this.#furnish());
      const { signal } = (this.#listening = new AbortController());
      let url;
      try {
        const src = this.getAttribute("src");
        url = new URL(
          "embed",
          src ? new URL(src.replace(/\/?$/, "/"), document.baseURI) : SmsSenderElement.base,
        );
        if (!/^https?:$/.test(url.protocol)) throw 0;
      } catch {
        return this.#fail("bad_src", "The Sender has no address. Set src to the address it is served from.");
      }
      // Can neither be allowed nor answered.
      if (self.origin === "null") {
        const why = "The Sender cannot be shown in a page without an origin, as in a sandbox or from a file.";
        return this.#fail("opaque_origin", why, url);
      }
      url.search = HERE;
      this.#origin = url.origin;
      const unreachable = () =>
        this.#fail("not_reachable", "The Sender could not be shown on this page.", url);

      addEventListener("message", (event) => this.#hear(event), { signal });
      document.addEventListener(
        "securitypolicyviolation",
        ({ blockedURI, disposition, effectiveDirective }) =>
          disposition + effectiveDirective === "enforceframe-src" &&
          blockedURI.startsWith(url.origin) &&
          unreachable(),
        { signal },
      );
      this.#patience = setTimeout(unreachable, PATIENCE);

      room.className = "waiting";
      this.#frame = make(room, "iframe", {
        title: this.title || "SMS Sender",
        allow: "clipboard-write",
        referrerPolicy: "strict-origin",
        sandbox: "allow-scripts allow-same-origin allow-forms allow-downloads",
        part: "frame",
        src: url,
      });
    }

    #stop() {
      this.#listening?.abort();
      clearTimeout(this.#patience);
      clearTimeout(this.#settling);
      this.#frame?.remove();
      this.#listening = this.#frame = undefined;
      this.#greeted = this.#ready = this.#tokenWanted = this.#asking = false;
    }

    #furnish() {
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLE);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      const room = make(root, "div");
      const wait = make(room, "div", { className: "wait", ariaHidden: "true" });
      for (let line = 0; line < 4; line++) make(wait, "i");
      make(room, "p", { part: "problem", role: "alert" });
      return room;
    }

    #fail(code, message, url) {
      clearTimeout(this.#patience);
      const problem = this.#room.querySelector("p");
      this.#room.className = "failed";
      problem.textContent = message + " ";
      if (url) {
        make(problem, "a", {
          href: new URL("embed/check", url) + HERE,
          target: "_blank",
          rel: "noopener",
          textContent: "Find out why (opens in a new tab)",
        });
      }
      this.#tell("error", { code, message });
    }

    #hear({ source, origin, data }) {
      if (source !== this.#frame?.contentWindow || origin !== this.#origin) return;
      if (data?.["sms-sender"] !== 1) return;
      const { "sms-sender": _, type, ...detail } = data;
      if (type === "hello") this.#welcome();
      else if (type === "resize") this.#resize(detail.height);
      else if (type === "scroll") this.#show(detail.top);
      else if (EVENTS.test(type)) {
        this.#tell(type, detail);
        if (type === "token-needed") {
          this.#tokenWanted = true;
          this.#answerToken();
        } else if (type === "ready") {
          this.#ready = true;
          this.#flush();
        }
      }
    }

    // Also late, from a frame that was slow and not blocked; and again, when it has loaded itself anew.
    #welcome() {
      clearTimeout(this.#patience);
      this.#room.className = "waiting";
      this.#greeted = true;
      this.#ready = false;
      this.#post("init", { ...this.#choice(), ...this.#look() });
    }

    #choice() {
      const lang = this.closest("[lang]") ?? document.documentElement;
      return {
        subaccount: this.getAttribute("subaccount") ?? "",
        locale: this.getAttribute("locale") ?? lang.lang,
      };
    }

    #look() {
      const { colorScheme, fontFamily: font } = getComputedStyle(this);
      let theme = this.getAttribute("theme");
      // As the page says it is: one that knows of no dark is light, whatever the system wants.
      if (theme !== "light" && theme !== "dark") {
        theme = !colorScheme.includes("dark") ? "light" : colorScheme.includes("light") ? "auto" : "dark";
      }
      // Unless it is of its document's scheme, a frame is never transparent.
      this.#frame.style.colorScheme = theme === "auto" ? "light dark" : theme;
      return { theme, tokens: this.#tokens, font };
    }

    #flush() {
      if (!this.#ready) return;
      if (this.#reset) this.#post("reset");
      if (this.#prefill) this.#post("prefill", this.#prefill);
      this.#reset = false;
      this.#prefill = undefined;
    }

    async #answerToken() {
      if (this.#asking || !this.#getToken) return;
      this.#asking = true;
      const frame = this.#frame;
      let answer;
      try {
        const token = await this.#getToken();
        if (typeof token !== "string" || !token) throw new TypeError("getToken gave no token");
        answer = { token };
      } catch (error) {
        answer = { error: String(error?.message || error) };
      }
      // Another frame, got meanwhile, asks for itself.
      if (frame !== this.#frame) return;
      this.#asking = this.#tokenWanted = false;
      this.#post("token", answer);
    }

    // Grows at once, shrinks when the content has come to rest.
    #resize(height) {
      if (!(height > 0)) return;
      this.#room.className = "";
      const { style } = this.#frame;
      const set = () => (style.height = `${Math.ceil(Math.min(height, TALLEST))}px`);
      clearTimeout(this.#settling);
      if (height < parseFloat(style.height)) this.#settling = setTimeout(set, SETTLE);
      else set();
    }

    // Whatever scrolls around the element does so as its own styles say.
    #show(top) {
      if (!(top >= 0)) return;
      const place = make(this.#room, "div", { className: "place" });
      place.style.top = `${Math.min(top, TALLEST)}px`;
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      place.scrollIntoView({ block: "nearest", inline: "nearest", behavior: still ? "instant" : "smooth" });
      place.remove();
    }

    #post(type, message) {
      this.#frame.contentWindow.postMessage({ ...message, "sms-sender": 1, type }, this.#origin);
    }

    #tell(type, detail) {
      this.dispatchEvent(new CustomEvent(`${NAME}:${type}`, { detail, bubbles: true, composed: true }));
    }
  }

  customElements.define(NAME, SmsSenderElement);
})();
