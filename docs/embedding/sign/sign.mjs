// Signs a token for the embedded SMS Sender: Node 18 or newer, EdDSA, no dependencies.
//
// This belongs on your server, behind your own sign-in. The private key never reaches a browser.
//
//   node sign.mjs acme-private.pem ISS KID SUB AUD ORIGIN

import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";

/** A token that is good for one minute and for one use. */
export function signToken({ key, issuer, keyId, user, audience, origin }) {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "EdDSA", typ: "JWT", kid: keyId };
  const claims = {
    iss: issuer, // your tenant's id at the sender
    sub: user, // your own id of the user who is signed in: never one for all
    aud: audience, // the sender's address, without a slash at the end
    origin, // the origin of your page that has the element
    scopes: ["compose", "submit", "view"], // no more than this user may do
    iat: now,
    exp: now + 60, // 300 seconds at most
    jti: randomUUID(), // random, so that the token can be used only once
  };
  const part = (json) => Buffer.from(JSON.stringify(json)).toString("base64url");
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString("base64url")}`;
}

if (import.meta.url === pathToFileURL(argv[1]).href) {
  const [file, issuer, keyId, user, audience, origin] = argv.slice(2);
  const key = createPrivateKey(readFileSync(file));
  console.log(signToken({ key, issuer, keyId, user, audience, origin }));
}
