// Signs a token for the embedded SMS Sender: Node 18 or newer, EdDSA, with signToken of the package
// @sms-sender/embed, whose server.js needs nothing but Node.
//
// This belongs on your server, behind your own sign-in. The private key never reaches a browser.
//
//   node sign.mjs acme-private.pem ISS KID SUB AUD ORIGIN NAME SCOPES

import { readFileSync } from "node:fs";
import { argv } from "node:process";
// In a project of yours: "@sms-sender/embed/server".
import { signToken } from "../../../src/embed/server.js";

const [file, issuer, keyId, user, audience, origin, name, scopes] = argv.slice(2);

/** A token that is good for one minute and for one use: signToken says when, and makes the `jti`. */
const token = signToken({
  key: readFileSync(file),
  issuer, // your tenant's id at the sender
  keyId,
  user, // your own id of the user who is signed in: never one for all
  name, // what to call them
  audience, // where the sender is served, without a slash at the end
  origin, // the origin of your page that has the element
  scopes: scopes.split(","), // no more than this user may do
});
console.log(token);
