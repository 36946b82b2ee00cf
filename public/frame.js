// The Sender's side of an embedded frame, before and beside the app.
//
// boot.js imports this first when the address is under /embed. It finds out who the host is, says
// hello, takes over the host's colours and font before anything is painted, and only then lets the app
// start. What the app needs of a host are the methods of `globalThis.smsSenderHost`, which it calls by name
// where a page of its own would ask the browser; bearer.js adds those that lead to the server. Afterwards
// it tells the host how high the content is, and sees to it that what opens or takes the focus can be seen:
// the frame is as high as its content, so most of it may be off the screen.
//
// Nobody but the window around the frame is listened to, and only while its origin is the one that the
// address names. The server says which origins may have a frame at all (frame-ancestors).

const root = document.documentElement;
const note = document.getElementById("boot");
const PATIENCE = 10_000;
const TOKEN_PATIENCE = 30_000;

// ---- Who is around -----------------------------------------------------------------------------------

/** The app is not to start: this page stays as it is. */
const never = () => new Promise(() => {});

/** A sentence in place of the app. Links cannot leave the frame's sandbox, so there it is spelled. */
function explain(text) {
  const check = new URL("/embed/check", location.href);
  if (origin) check.searchParams.set("origin", origin);
  note.setAttribute("role", "alert");
  note.textContent = `${text} `;
  if (parent === window) {
    const link = note.appendChild(document.createElement("a"));
    link.href = check;
    link.textContent = "Check how it is embedded";
  } else {
    note.append(`Whoever runs this page finds out more at ${check}`);
  }
}

/** The origin the address names, if it is one, written as browsers write it. */
function originOfAddress() {
  // The app keeps the question in all of its addresses. Some browsers know the host themselves.
  const named = new URLSearchParams(location.search).get("origin") ?? location.ancestorOrigins?.[0];
  try {
    const url = new URL(named);
    return /^https?:$/.test(url.protocol) && url.origin === named ? named : undefined;
  } catch {
    return undefined;
  }
}

const origin = originOfAddress();
root.dataset.embedded = "";
await new Promise((done) => {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = "/frame.css";
  // Without it everything works, and looks less at home.
  link.onload = link.onerror = done;
  document.head.append(link);
});
if (parent === window) {
  explain("This address is for showing the Sender inside another page.");
  await never();
}
if (!origin) {
  explain("The Sender cannot be shown: its address does not say which page it is in.");
  await never();
}

// ---- Messages ----------------------------------------------------------------------------------------

const post = (type, message) => parent.postMessage({ ...message, "sms-sender": 1, type }, origin);

/** What the app has not asked for yet, in order. */
let kept = [];
let listener;
function deliver(type, { "sms-sender": _, type: __, ...detail }) {
  const json = JSON.stringify(detail);
  if (listener) listener(type, json);
  else kept.push([type, json]);
}

/** The request for a token that is on its way: `{ promise, settle }`. */
let request;
function token(reason) {
  if (request) return request.promise;
  const pending = {};
  pending.promise = new Promise((resolve, reject) => {
    const late = "The page around the Sender has not signed you in. Load the page again.";
    const timer = setTimeout(() => pending.settle({ error: late }), TOKEN_PATIENCE);
    pending.settle = ({ token, error }) => {
      clearTimeout(timer);
      request = undefined;
      if (typeof token === "string") resolve(token);
      else reject(error);
    };
  });
  request = pending;
  post("token-needed", { reason });
  return pending.promise;
}

function answer({ token, error }) {
  const words = `The page around the Sender could not sign you in. It says: “${error}”`;
  request?.settle(typeof token === "string" ? { token } : { error: words });
}

/** Passes on what the host has chosen anew: the user may have chosen otherwise since. */
const chosen = {};
function configure(data) {
  const fresh = {};
  for (const name of ["subaccount", "locale"]) {
    const value = data[name];
    if (typeof value === "string" && value && value !== chosen[name]) fresh[name] = chosen[name] = value;
  }
  if (Object.keys(fresh).length > 0) deliver("configure", fresh);
}

let greeted;
const greeting = new Promise((done) => (greeted = done));

addEventListener("message", ({ source, origin: from, data }) => {
  if (source !== parent || from !== origin || data?.["sms-sender"] !== 1) return;
  switch (data.type) {
    case "init":
      wear(data);
      configure(data);
      greeted();
      break;
    case "theme":
      wear(data);
      break;
    case "token":
      answer(data);
      break;
    case "configure":
      configure(data);
      break;
    case "prefill":
    case "reset":
      deliver(data.type, data);
  }
});

globalThis.smsSenderHost = {
  origin,
  token,
  emit(type, json) {
    post(type, JSON.parse(json || "{}"));
    // As long as the frame is off the screen nothing is drawn, and observers wait for that.
    setTimeout(measure);
  },
  listen(callback) {
    listener = callback;
    for (const [type, json] of kept.splice(0)) callback(type, json);
  },
  reveal,
  openDialog,
  closeDialog,
};

// ---- Looks -------------------------------------------------------------------------------------------

/** Functions a colour may be made of. Anything that refers to elsewhere is not among them. */
const COLOUR_FUNCTIONS = /^(rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark|calc)$/;
const KEYWORD = /^(inherit|initial|unset|revert|revert-layer|currentcolor)$/i;
const LENGTH = /^(\d*\.?\d+)(px|rem|em)?$/;
const FAMILIES = /^[\p{L}\p{N} ,.'"_-]+$/u;

/** Reads colours as the browser does, in either scheme. */
const probe = document.createElement("span");
probe.hidden = true;
function read(colour, scheme) {
  probe.style.colorScheme = scheme;
  probe.style.color = "";
  probe.style.color = `color-mix(in srgb, ${colour}, ${colour})`;
  // `color(srgb r g b / a)`, each from 0 to 1.
  const numbers = getComputedStyle(probe)
    .color.replaceAll("none", "0")
    .match(/-?[\d.]+(e-?\d+)?/g);
  const [r, g, b, a = 1] = numbers.map(Number);
  return [r, g, b, a].map((part) => Math.min(1, Math.max(0, part)));
}

function isColour(value) {
  const functions = [...value.matchAll(/([\w-]+)\s*\(/g)].map((match) => match[1].toLowerCase());
  return (
    !KEYWORD.test(value) &&
    functions.every((name) => COLOUR_FUNCTIONS.test(name)) &&
    CSS.supports("color", value)
  );
}

const solid = (value) => isColour(value) && ["light", "dark"].every((scheme) => read(value, scheme)[3] === 1);

/** The tokens, and what each may be. */
const TOKENS = {
  colorPrimary: solid,
  // May be transparent: the host's own background then shows.
  colorBackground: isColour,
  colorSurface: solid,
  colorText: solid,
  colorBorder: isColour,
  fontFamily: isFamily,
  fontSrc: (value) => URL.canParse(value, origin) && new URL(value, origin).origin === origin,
  radius: (value) => LENGTH.test(value),
  density: (value) => value === "comfortable" || value === "compact",
};

function isFamily(value) {
  const named = typeof value === "string" && FAMILIES.test(value) && !KEYWORD.test(value);
  return named && CSS.supports("font-family", value);
}

const refuse = (name, why) => console.warn(`SMS Sender: the theme token ${name} is left out: ${why}`);

/** Those that are what they should be; the rest is named in the console. */
function checked(tokens) {
  const good = {};
  for (const [name, value] of Object.entries(tokens ?? {})) {
    if (!Object.hasOwn(TOKENS, name)) refuse(name, "there is no such token");
    else if (typeof value !== "string" || value.length > 500 || !TOKENS[name](value.trim())) {
      refuse(name, `its value cannot be used (${String(value).slice(0, 80)})`);
    } else good[name] = value.trim();
  }
  return good;
}

const WHITE = [1, 1, 1, 1];
const BLACK = [0, 0, 0, 1];

const mix = (from, to, share) => from.map((part, i) => (i < 3 ? part + (to[i] - part) * share : 1));

function luminance(colour) {
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = colour.slice(0, 3).map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const worst = (colour, grounds) => Math.min(...grounds.map((ground) => contrast(colour, ground)));

/** Whichever of black and white reads better on all of these. */
const pole = (grounds) => (worst(WHITE, grounds) >= worst(BLACK, grounds) ? WHITE : BLACK);

/** The colour itself, or as little away from it as makes it readable on all of these. */
function readable(colour, grounds, ratio = 4.5) {
  const end = pole(grounds);
  for (let share = 0; share < 1; share += 0.04) {
    const tone = mix(colour, end, share);
    if (worst(tone, grounds) >= ratio) return tone;
  }
  return end;
}

/**
 * All of our colours, from the few of the host's, in one scheme. Text is kept readable whatever was
 * given; a button keeps the host's colour exactly, and its words are black or white.
 */
function palette(tokens, scheme) {
  const given = (name) => tokens[name] && read(tokens[name], scheme);
  const own = (name) => read(`var(${name})`, scheme);
  const background = given("colorBackground");
  const seenThrough = background && background[3] < 1;
  const ground = seenThrough ? undefined : background;
  const lighter = (colour) => mix(colour, WHITE, luminance(colour) > 0.2 ? 0.6 : 0.05);
  let surface = given("colorSurface") ?? (ground ? lighter(ground) : own("--surface"));
  let canvas = ground ?? (tokens.colorSurface ? mix(surface, pole([surface]), 0.03) : own("--canvas"));
  if (worst(pole([canvas, surface]), [canvas, surface]) < 4.5) {
    refuse("colorSurface", "no text could be read both on it and on colorBackground");
    surface = lighter(canvas);
  }
  const grounds = [canvas, surface];
  const ink = readable(given("colorText") ?? own("--ink"), grounds);
  const sunken = mix(canvas, ink, 0.04);
  const border = given("colorBorder");
  const primary = given("colorPrimary") ?? own("--brand");
  const soft = mix(surface, primary, 0.1);
  const brand = readable(primary, [...grounds, soft, sunken]);
  const words = contrast(WHITE, primary) >= 4.5 ? WHITE : pole([primary]);
  const colours = {
    "--canvas": seenThrough ? background : canvas,
    "--surface": surface,
    "--sunken": sunken,
    "--line": border ?? mix(surface, ink, 0.12),
    "--line-strong": readable(border ? mix(surface, border, border[3]) : own("--line-strong"), grounds, 3),
    "--ink": ink,
    "--ink-2": readable(mix(ink, surface, 0.25), [...grounds, soft, sunken]),
    "--brand": brand,
    "--brand-strong": mix(brand, ink, 0.3),
    "--brand-soft": soft,
    "--brand-fill": primary,
    "--brand-fill-strong": mix(primary, words === WHITE ? BLACK : WHITE, 0.16),
    "--brand-ink": words,
    "--good": readable(own("--good"), grounds),
  };
  for (const name of ["--warn", "--bad"]) {
    const tint = mix(surface, own(name), 0.1);
    colours[`${name}-soft`] = tint;
    colours[name] = readable(own(name), [...grounds, tint]);
  }
  return colours;
}

/** Light or dark, as what the host gave for the ground is; the scheme itself when it gave nothing. */
function tone(tokens, scheme) {
  for (const name of ["colorSurface", "colorBackground"]) {
    const colour = tokens[name] && read(tokens[name], scheme);
    if (colour && colour[3] === 1) return luminance(colour) > 0.2 ? "light" : "dark";
  }
  return scheme;
}

const css = ([r, g, b, a]) =>
  `rgb(${[r, g, b].map((part) => Math.round(part * 255)).join(" ")} / ${+a.toFixed(3)})`;

/** What we set the last time. */
let worn = [];
function set(name, value) {
  root.style.setProperty(name, value);
  worn.push(name);
}

function wear({ theme, tokens, font }) {
  for (const name of worn.splice(0)) root.style.removeProperty(name);
  root.append(probe);
  const good = checked(tokens);
  const wished = theme === "light" || theme === "dark" ? [theme] : ["light", "dark"];
  // A host's white background stays white when the system goes dark, and so must all that is on it.
  const schemes = [...new Set(wished.map((scheme) => tone(good, scheme)))].sort().reverse();
  root.style.colorScheme = schemes.join(" ");
  if (Object.keys(good).some((name) => name.startsWith("color"))) {
    const [one, other] = schemes.map((scheme) => palette(good, scheme));
    for (const name in one) {
      const [light, dark] = [one[name], (other ?? one)[name]].map(css);
      set(name, light === dark ? light : `light-dark(${light}, ${dark})`);
    }
  }
  probe.remove();

  const ours = "ui-sans-serif, system-ui, sans-serif";
  const families = [good.fontFamily ?? (isFamily(font) ? font : undefined), ours].filter(Boolean);
  if (good.fontSrc) {
    const name = good.fontFamily ? good.fontFamily.split(",")[0].replace(/['"]/g, "").trim() : "Host";
    if (!good.fontFamily) families.unshift(name);
    load(name, new URL(good.fontSrc, origin).href);
  }
  if (families.length > 1) set("--font", families.join(", "));

  if (good.radius) {
    const [, number, unit = "px"] = LENGTH.exec(good.radius);
    // Beyond this, boxes with text in them lose their corners.
    const most = unit === "px" ? 24 : 1.5;
    const radius = `${Math.min(number, most)}${unit}`;
    set("--r1", `calc(${radius} * 0.6)`);
    set("--r2", radius);
    set("--r3", `calc(${radius} * 1.6)`);
  }
  root.dataset.density = good.density ?? "comfortable";
}

/** The host's font, once for each address. */
const fonts = new Set();
async function load(name, address) {
  if (fonts.has(address)) return;
  fonts.add(address);
  const quoted = address.replace(/["'()\\\s]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  try {
    const face = new FontFace(name, `url("${quoted}")`, { display: "swap" });
    document.fonts.add(await face.load());
  } catch {
    fonts.delete(address);
    refuse("fontSrc", `${address} could not be loaded; it must allow ${location.origin} by CORS`);
  }
}

// ---- Height ------------------------------------------------------------------------------------------

/** How far down the open dialog reaches: it stands above the content and does not make it higher. */
let reach = 0;
let told = 0;
let due = 0;
function measure() {
  cancelAnimationFrame(due);
  due = 0;
  // Until the app is there, or has failed, the host shows its own grey lines.
  if (note.isConnected && note.getAttribute("role") !== "alert") return;
  const content = document.body.getBoundingClientRect().height;
  const height = Math.ceil(document.querySelector("dialog[open]") ? Math.max(content, reach) : content);
  if (Math.abs(height - told) >= 1) post("resize", { height: (told = height) });
}
const remeasure = () => (due ||= requestAnimationFrame(measure));
new ResizeObserver(remeasure).observe(document.body);

// ---- What can be seen --------------------------------------------------------------------------------

/** How much of it is on the screen, the host's page included: only an observer is told that. */
function seen(element) {
  return new Promise((done) => {
    new IntersectionObserver(([entry], observer) => {
      observer.disconnect();
      done(entry);
    }).observe(element);
  });
}

const scrollTo = (element) => post("scroll", { top: Math.max(0, element.getBoundingClientRect().top) });

/** Brings it into view unless it is. */
async function reveal(element) {
  const { intersectionRect, boundingClientRect } = await seen(element);
  const enough = Math.min(boundingClientRect.height, 48);
  const hidden = intersectionRect.height < enough || intersectionRect.top > boundingClientRect.top + 1;
  // A heading comes with the list of steps above it, a control with its label.
  if (hidden) scrollTo(element.closest("h1") ? root : (element.closest(".field") ?? element));
}

/**
 * A dialog opens in the middle of what is seen of the frame, not of the whole. It takes the focus when
 * it opens, and the browser would scroll the host to wherever it stands, so it only opens once that is
 * known: within a frame of the screen.
 */
const opening = new Set();
async function openDialog(dialog) {
  if (dialog.open || opening.has(dialog)) return;
  opening.add(dialog);
  const { intersectionRect: view } = await seen(root);
  if (!opening.delete(dialog) || !dialog.isConnected || dialog.open) return;
  const stand = (top) => dialog.style.setProperty("--top", `${(reach = Math.max(top, 8))}px`);
  dialog.style.setProperty("--room", `${Math.max(view.height, 280)}px`);
  stand(view.top + 8);
  dialog.showModal();
  const height = dialog.offsetHeight;
  stand(view.top + Math.max((view.height - height) / 2, 8));
  reach += height + 8;
  remeasure();
  if (view.height < height + 16) scrollTo(dialog);
}
/** Also one that is about to open. */
function closeDialog(dialog) {
  opening.delete(dialog);
  dialog.close();
}
// Does not bubble, but comes by.
addEventListener("close", remeasure, true);

// What takes the focus by being pressed is seen, and may be longer than the screen. What takes it by
// what the press does, as the next step's heading, comes after.
let pressing = false;
addEventListener("mousedown", () => (pressing = true), true);
for (const end of ["mouseup", "dragend", "keydown"]) {
  addEventListener(end, () => (pressing = false), true);
}
addEventListener("focusin", ({ target }) => {
  if (!pressing && !target.closest("dialog")) reveal(target);
});

// ---- Hello -------------------------------------------------------------------------------------------

post("hello");
const silence = setTimeout(() => {
  explain(`The page around the Sender does not answer. It should be ${origin}, and use embed.js.`);
}, PATIENCE);
await greeting;
clearTimeout(silence);
// From here on the app can ask the server.
await import("/bearer.js");
