// Tokens for the embedded sender: what the host's own server does, and nobody else can.

import { createHmac, generateKeyPairSync, randomUUID, sign } from "node:crypto";

/** A key pair of our own, the public half as the sender's configuration wants it. */
export function makeKeys() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, publicPem: publicKey.export({ type: "spki", format: "pem" }) };
}

/** What is said about a user. `life` is in seconds, 300 at most. */
export function claimsFor({ issuer, user, name, audience, origin, scopes, limits, life = 60 }) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, sub: user, name, aud: audience, origin, scopes, limits };
  return { ...claims, iat: now, exp: now + life, jti: randomUUID() };
}

/** A signed token; `secret` instead of `privateKey` makes it HS256. */
export function signToken({ privateKey, secret, keyId }, claims) {
  const header = { alg: secret ? "HS256" : "EdDSA", typ: "JWT", kid: keyId };
  const part = (json) => Buffer.from(JSON.stringify(json)).toString("base64url");
  const text = `${part(header)}.${part(claims)}`;
  const signature = secret
    ? createHmac("sha256", secret).update(text).digest()
    : sign(null, Buffer.from(text), privateKey);
  return `${text}.${signature.toString("base64url")}`;
}
