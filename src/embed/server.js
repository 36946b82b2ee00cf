// Signs the tokens that let a user of yours into the Sender. This belongs on your server, behind your own
// sign-in: neither a private key nor a secret ever reaches a browser.
//
// A token is a JWT that is good for one page, for a minute, and once. What the Sender would refuse is
// refused here already, where the mistake is; and so is an option that is not known, for a misspelt limit
// would be none.

import { KeyObject, createHmac, createPrivateKey, randomUUID, sign } from "node:crypto";

/** What there is to be allowed. */
export const SCOPES = ["compose", "submit", "view"];

/** In seconds: how long a token is good for at most, and unless it is said. */
const LONGEST = 300;
const USUAL = 60;
/** In characters. */
const LONGEST_ID = 200;
/** Fewer bytes than the hash has would weaken it (RFC 7518, section 3.2). */
const SHORTEST_SECRET = 32;

const OPTIONS = [
  "key",
  "secret",
  "keyId",
  "issuer",
  "user",
  "name",
  "audience",
  "origin",
  "scopes",
  "subaccounts",
  "limits",
  "life",
];

/** A signed token. See server.d.ts for the options. */
export function signToken(options) {
  if (!isObject(options)) refuse("it takes one object");
  knownOnly(options, OPTIONS, "option");
  const { alg, signed } = signer(options);
  const header = { alg, typ: "JWT", kid: text(options.keyId, "keyId") };
  const body = `${part(header)}.${part(claims(options))}`;
  return `${body}.${signed(body).toString("base64url")}`;
}

function claims(options) {
  const { life = USUAL, name } = options;
  if (!Number.isInteger(life) || life < 1 || life > LONGEST) {
    refuse(`life is in whole seconds, from 1 to ${LONGEST}, and is ${shown(life)}`);
  }
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: text(options.issuer, "issuer"),
    sub: text(options.user, "user", LONGEST_ID),
    name: name === undefined ? undefined : text(name, "name"),
    aud: originOf(options.audience, "audience"),
    origin: originOf(options.origin, "origin"),
    scopes: scopesOf(options.scopes),
    subaccounts: subaccountsOf(options.subaccounts),
    limits: limitsOf(options.limits),
    iat: now,
    exp: now + life,
    jti: randomUUID(),
  };
}

/** What it is signed with, and under which name the algorithm goes. */
function signer({ key, secret }) {
  if ((key === undefined) === (secret === undefined)) {
    refuse("give either key, a private key (EdDSA), or secret (HS256)");
  }
  if (key !== undefined) {
    const ours = privateKey(key);
    return { alg: "EdDSA", signed: (body) => sign(null, Buffer.from(body), ours) };
  }
  const ours = secretOf(secret);
  return { alg: "HS256", signed: (body) => createHmac("sha256", ours).update(body).digest() };
}

function privateKey(key) {
  let ours = key;
  if (!(key instanceof KeyObject)) {
    if (typeof key !== "string" && !(key instanceof Uint8Array)) {
      refuse("key is a private key in PEM, or a KeyObject");
    }
    try {
      ours = createPrivateKey(typeof key === "string" ? key : Buffer.from(key));
    } catch (error) {
      refuse("key is no private key in PEM: it begins with “-----BEGIN PRIVATE KEY-----”", error);
    }
  }
  if (ours.type !== "private") refuse(`key is a ${ours.type} key, and only a private one can sign`);
  if (ours.asymmetricKeyType !== "ed25519") {
    refuse(
      `key is of the kind ${ours.asymmetricKeyType}, and Ed25519 is needed: openssl genpkey -algorithm ed25519`,
    );
  }
  return ours;
}

function secretOf(secret) {
  let bytes = secret;
  if (secret instanceof KeyObject) {
    if (secret.type !== "secret") refuse(`secret is a ${secret.type} key: give it as key`);
    bytes = secret.export();
  }
  if (typeof bytes !== "string" && !(bytes instanceof Uint8Array)) {
    refuse("secret is a string, bytes, or a KeyObject");
  }
  // Byte for byte: what is no UTF-8 stays as it is.
  const plain = Buffer.from(bytes).toString("latin1");
  // White space around it does not count at the Sender either.
  const ours = Buffer.from(plain.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, ""), "latin1");
  if (ours.subarray(0, 11).toString("latin1") === "-----BEGIN ") {
    refuse("secret is a key in PEM: give it as key");
  }
  if (ours.length < SHORTEST_SECRET) {
    refuse(
      `secret has ${ours.length} bytes, and at least ${SHORTEST_SECRET}, made at random, are needed: openssl rand -base64 48`,
    );
  }
  return ours;
}

function originOf(value, name) {
  text(value, name);
  let origin;
  try {
    const url = new URL(value);
    if (/^https?:$/.test(url.protocol)) origin = url.origin;
  } catch {
    // Told below.
  }
  if (!origin) refuse(`${name} is an origin such as https://host.example, and is ${shown(value)}`);
  if (origin !== value) refuse(`${name} is ${shown(value)}, and its origin is ${shown(origin)}`);
  return origin;
}

function scopesOf(scopes) {
  const all = SCOPES.join(", ");
  if (!Array.isArray(scopes) || scopes.length === 0) {
    refuse(`scopes names what this user may do: at least one of ${all}`);
  }
  for (const scope of scopes) {
    if (!SCOPES.includes(scope)) refuse(`there is no scope ${shown(scope)}, only ${all}`);
  }
  return scopes;
}

function subaccountsOf(subaccounts) {
  if (subaccounts === undefined) return undefined;
  if (!Array.isArray(subaccounts) || subaccounts.length === 0) {
    refuse("subaccounts names at least one. Leave it out for all");
  }
  return subaccounts.map((subaccount) => text(subaccount, "each of subaccounts"));
}

function limitsOf(limits) {
  if (limits === undefined) return undefined;
  if (!isObject(limits)) refuse("limits is an object with recipients, spend, or both");
  knownOnly(limits, ["recipients", "spend"], "limit");
  const { recipients, spend } = limits;
  if (recipients !== undefined) {
    if (!Number.isInteger(recipients) || recipients < 0 || recipients >= 2 ** 32) {
      refuse(`limits.recipients is a whole number, and is ${shown(recipients)}`);
    }
  }
  if (spend !== undefined) {
    if (!isObject(spend)) refuse("limits.spend is an object with amount and currency");
    knownOnly(spend, ["amount", "currency"], "part of limits.spend");
    const { amount, currency } = spend;
    // As a number it might not be what was meant: 0.1 + 0.2.
    if (typeof amount !== "string" || !/^\d{1,18}(\.\d{1,9})?$/.test(amount)) {
      refuse(`limits.spend.amount is a string such as "25.00", and is ${shown(amount)}`);
    }
    if (typeof currency !== "string" || !/^[A-Z]{3}$/.test(currency)) {
      refuse(`limits.spend.currency is a code such as "USD", and is ${shown(currency)}`);
    }
  }
  return { recipients, spend };
}

function text(value, name, longest = Infinity) {
  if (typeof value !== "string") refuse(`${name} is a string, and is ${shown(value)}`);
  if (value.trim() === "") refuse(`${name} is empty`);
  const length = [...value].length;
  if (length > longest) refuse(`${name} has ${length} characters, and at most ${longest} are taken`);
  return value;
}

function knownOnly(object, known, what) {
  for (const name of Object.keys(object)) {
    if (!known.includes(name)) {
      refuse(`there is no ${what} called ${shown(name)}, only ${known.join(", ")}`);
    }
  }
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value) {
  return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
}

function part(json) {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}

function refuse(why, cause) {
  throw new TypeError(`signToken: ${why}.`, cause && { cause });
}
