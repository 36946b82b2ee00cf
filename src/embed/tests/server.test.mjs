// The tokens that signToken makes: Node's own crypto verifies them, their claims are what the Sender
// wants, and whatever it would refuse is refused in words.

import assert from "node:assert/strict";
import {
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  randomBytes,
  verify,
} from "node:crypto";
import { test } from "node:test";
import { SCOPES, signToken } from "../server.js";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const PEM = privateKey.export({ type: "pkcs8", format: "pem" });
const SECRET = randomBytes(48).toString("base64");

const GIVEN = {
  keyId: "2026-11",
  issuer: "acme",
  user: 'user "7", Zoë',
  audience: "http://127.0.0.1:8080",
  origin: "https://dashboard.example",
  scopes: ["compose", "view"],
};

function read(token) {
  const [head, claims, signature] = token.split(".");
  const json = (part) => JSON.parse(Buffer.from(part, "base64url"));
  return {
    head: json(head),
    claims: json(claims),
    text: Buffer.from(`${head}.${claims}`),
    signature: Buffer.from(signature, "base64url"),
  };
}

test("a private key signs, however it is given, and the public one verifies", () => {
  for (const key of [privateKey, PEM, Buffer.from(PEM), new Uint8Array(Buffer.from(PEM))]) {
    const token = signToken({ ...GIVEN, key });
    assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    const { head, text, signature } = read(token);
    assert.deepEqual(head, { alg: "EdDSA", typ: "JWT", kid: "2026-11" });
    assert.ok(verify(null, text, publicKey, signature));
    text[text.length - 1] ^= 1;
    assert.ok(!verify(null, text, publicKey, signature));
  }
});

test("a secret signs, however it is given, and white space around it does not count", () => {
  const bytes = Buffer.from(SECRET);
  for (const secret of [SECRET, `\n ${SECRET}\r\n`, bytes, createSecretKey(bytes)]) {
    const { head, text, signature } = read(signToken({ ...GIVEN, secret }));
    assert.deepEqual(head, { alg: "HS256", typ: "JWT", kid: "2026-11" });
    assert.deepEqual(signature, createHmac("sha256", SECRET).update(text).digest());
  }
  // Bytes that are no text stay what they are.
  const raw = Buffer.alloc(40, 0xff);
  const { text, signature } = read(signToken({ ...GIVEN, secret: raw }));
  assert.deepEqual(signature, createHmac("sha256", raw).update(text).digest());
});

test("the claims are what was given, and what is the token's own", (t) => {
  t.mock.method(Date, "now", () => 1_800_000_000_999);
  const { claims } = read(signToken({ ...GIVEN, key: privateKey }));
  const { jti, ...others } = claims;
  assert.deepEqual(others, {
    iss: "acme",
    sub: 'user "7", Zoë',
    aud: "http://127.0.0.1:8080",
    origin: "https://dashboard.example",
    scopes: ["compose", "view"],
    iat: 1_800_000_000,
    exp: 1_800_000_060,
  });
  assert.match(jti, /^[0-9a-f-]{36}$/);
  assert.notEqual(jti, read(signToken({ ...GIVEN, key: privateKey })).claims.jti);
});

test("what is optional is said when it is given", () => {
  const more = {
    name: "Zoë",
    subaccounts: ["acme_hq"],
    limits: { recipients: 500, spend: { amount: "25.00", currency: "USD" } },
  };
  const { claims } = read(signToken({ ...GIVEN, ...more, life: 300, key: privateKey }));
  const { name, subaccounts, limits, iat, exp } = claims;
  assert.deepEqual({ name, subaccounts, limits }, more);
  assert.equal(exp - iat, 300);
  const one = read(signToken({ ...GIVEN, limits: { recipients: 0 }, key: privateKey }));
  assert.deepEqual(one.claims.limits, { recipients: 0 });
  const free = read(signToken({ ...GIVEN, name: undefined, limits: undefined, key: privateKey }));
  assert.ok(!("name" in free.claims) && !("limits" in free.claims));
});

test("every scope there is can be given", () => {
  assert.deepEqual(read(signToken({ ...GIVEN, scopes: SCOPES, key: PEM })).claims.scopes, [
    "compose",
    "submit",
    "view",
  ]);
});

test("ids are counted as people do", () => {
  const user = "😀".repeat(200);
  assert.equal(read(signToken({ ...GIVEN, user, key: PEM })).claims.sub, user);
});

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

/** What is given wrongly, and what is said of it. */
const REFUSED = [
  [{ key: undefined }, "give either key, a private key (EdDSA), or secret (HS256)"],
  [{ secret: SECRET }, "give either key, a private key (EdDSA), or secret (HS256)"],
  [{ key: "acme-private.pem" }, "key is no private key in PEM"],
  [{ key: null }, "key is a private key in PEM, or a KeyObject"],
  [{ key: publicKey }, "key is a public key, and only a private one can sign"],
  [{ key: rsa }, "key is of the kind rsa, and Ed25519 is needed"],
  [{ key: undefined, secret: " short " }, "secret has 5 bytes, and at least 32"],
  [{ key: undefined, secret: PEM }, "secret is a key in PEM: give it as key"],
  [{ key: undefined, secret: privateKey }, "secret is a private key: give it as key"],
  [{ key: undefined, secret: 7 }, "secret is a string, bytes, or a KeyObject"],
  [{ keyId: undefined }, "keyId is a string, and is undefined"],
  [{ issuer: " " }, "issuer is empty"],
  [{ user: 7 }, "user is a string, and is 7"],
  [{ user: 7n }, "user is a string, and is 7n"],
  [{ user: "" }, "user is empty"],
  [{ user: "x".repeat(201) }, "user has 201 characters, and at most 200 are taken"],
  [{ name: 7 }, "name is a string, and is 7"],
  [{ audience: undefined }, "audience is a string, and is undefined"],
  [
    { audience: "https://sender.example/" },
    'audience is "https://sender.example/", and its origin is "https://sender.example"',
  ],
  [{ audience: "127.0.0.1:8080" }, "audience is an origin such as https://host.example"],
  [{ audience: "localhost:8080" }, "audience is an origin such as https://host.example"],
  [{ origin: "https://Dashboard.example" }, 'and its origin is "https://dashboard.example"'],
  [{ origin: "https://dashboard.example:443" }, 'its origin is "https://dashboard.example"'],
  [{ scopes: undefined }, "scopes names what this user may do: at least one of compose, submit"],
  [{ scopes: [] }, "scopes names what this user may do: at least one of compose, submit"],
  [{ scopes: "compose" }, "scopes names what this user may do: at least one of compose, submit"],
  [{ scopes: ["compose", "admin"] }, 'there is no scope "admin", only compose, submit, view'],
  [{ subaccounts: [] }, "subaccounts names at least one. Leave it out for all"],
  [{ subaccounts: "acme_hq" }, "subaccounts names at least one. Leave it out for all"],
  [{ subaccounts: [""] }, "each of subaccounts is empty"],
  [{ limits: 500 }, "limits is an object with recipients, spend, or both"],
  [{ limits: null }, "limits is an object with recipients, spend, or both"],
  [{ limits: { recipient: 5 } }, 'there is no limit called "recipient", only recipients, spend'],
  [{ limits: { recipients: -1 } }, "limits.recipients is a whole number, and is -1"],
  [{ limits: { recipients: 0.5 } }, "limits.recipients is a whole number, and is 0.5"],
  [{ limits: { recipients: 2 ** 32 } }, "limits.recipients is a whole number"],
  [{ limits: { spend: "25" } }, "limits.spend is an object with amount and currency"],
  [
    { limits: { spend: { amount: 25, currency: "USD" } } },
    'limits.spend.amount is a string such as "25.00", and is 25',
  ],
  [{ limits: { spend: { amount: "-1", currency: "USD" } } }, "limits.spend.amount is a string"],
  [{ limits: { spend: { amount: "1" } } }, "limits.spend.currency is a code"],
  [
    { limits: { spend: { amount: "1", currency: "USD", per: "day" } } },
    'there is no part of limits.spend called "per"',
  ],
  [{ life: 0 }, "life is in whole seconds, from 1 to 300, and is 0"],
  [{ life: 301 }, "life is in whole seconds, from 1 to 300, and is 301"],
  [{ life: "60" }, 'life is in whole seconds, from 1 to 300, and is "60"'],
  [{ limit: { recipients: 5 } }, 'there is no option called "limit"'],
];

for (const [wrong, words] of REFUSED) {
  test(`refused: ${words}`, () => {
    assert.throws(
      () => signToken({ ...GIVEN, key: privateKey, ...wrong }),
      (error) => {
        assert.ok(error instanceof TypeError);
        assert.ok(error.message.startsWith("signToken: "), error.message);
        assert.ok(error.message.includes(words), error.message);
        // Whatever is wrong, the key and the secret stay out of logs.
        assert.ok(!error.message.includes(SECRET) && !error.message.includes("PRIVATE KEY-----\n"));
        return true;
      },
    );
  });
}

test("refused: nothing at all", () => {
  assert.throws(() => signToken(), /signToken: it takes one object/);
  assert.throws(() => signToken([]), /signToken: it takes one object/);
});
