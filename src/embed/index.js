// Loads <sms-sender>: one script from the Sender, fetched once for the whole page.
//
// It is a script tag and not an import, because only a tag can carry a hash for the browser to compare.
// Nothing here touches the page before `load` is called, so that a server may import it as well.

const NAME = "sms-sender";

/** The one that is under way. There is one element in a page, so there is one script. */
let loading;

/** Loads the element's script, and gives the element's class when it is defined. */
export async function load({ sender, file = "embed.js", integrity, nonce }) {
  const base = addressOf(sender);
  if (typeof document === "undefined") {
    throw new Error("load() is for browsers. On a server there is nothing to load.");
  }
  const defined = customElements.get(NAME);
  if (defined) return defined;
  loading ??= fetchScript(new URL(file, base), { integrity, nonce })
    .then((element) => {
      // A script from elsewhere would look for the Sender where it came from itself.
      element.base = base.href;
      return element;
    })
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

function addressOf(sender) {
  const url = typeof sender === "string" && /^https?:\/\//.test(sender) && parsed(sender);
  if (!url) {
    throw new TypeError(
      `sender must be the address of the Sender, such as https://sender.example, and is ${JSON.stringify(sender)}`,
    );
  }
  return url;
}

/** With a slash at the end: what comes after it is a file there. */
function parsed(address) {
  try {
    return new URL(address.replace(/\/?$/, "/"));
  } catch {
    return undefined;
  }
}

function fetchScript(url, { integrity, nonce }) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.async = true;
    if (nonce) script.nonce = nonce;
    if (integrity) {
      script.integrity = integrity;
      // A browser compares only what it is allowed to read.
      script.crossOrigin = "anonymous";
    }
    script.onload = () => {
      const element = customElements.get(NAME);
      if (element) done(element);
      else failed(new Error(`${url} defines no <${NAME}>`));
    };
    script.onerror = () => {
      script.remove();
      const or = integrity ? ", or it is not the one that integrity stands for" : "";
      failed(new Error(`${url} could not be loaded${or}`));
    };
    script.src = url.href;
    document.head.append(script);
  });
}
