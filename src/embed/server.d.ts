// Signing tokens on your server.

import type { KeyObject } from "node:crypto";

/**
 * Something a user may do: `compose` (walk through the wizard), `submit` (submit, pause, resume, cancel,
 * retry), `view` (see campaigns, recipients and reports).
 */
export type Scope = "compose" | "submit" | "view";

/** All of them. */
export declare const SCOPES: readonly Scope[];

/** How much may be sent under one token. */
export interface Limits {
  recipients?: number | undefined;
  /** The amount is a string, so that it is exact: `{ amount: "25.00", currency: "USD" }`. */
  spend?: { amount: string; currency: string } | undefined;
}

/** For whom a token is, where it counts and what it allows. */
export interface TokenOptions {
  /** The `kid` of the key in the Sender's configuration. */
  keyId: string;
  /** The tenant's `id` in the Sender's configuration. */
  issuer: string;
  /** Your own id of the user who is signed in, 1 to 200 characters. One for each person. */
  user: string;
  /** What to call them; the id if left out. */
  name?: string | undefined;
  /**
   * The origin of the Sender: its `--public-url`, or where it listens if it was started without one, such
   * as `http://127.0.0.1:8080`.
   */
  audience: string;
  /** The origin of your page that has the element. */
  origin: string;
  /** What this user may do: at least one. */
  scopes: readonly Scope[];
  /** The subaccounts this user may send from; all of the tenant's if left out. */
  subaccounts?: readonly string[] | undefined;
  limits?: Limits | undefined;
  /** For how many seconds the token is good, at most 300; 60 if left out. */
  life?: number | undefined;
}

/** A private key for EdDSA, in PEM or as Node has it. */
export interface WithKey extends TokenOptions {
  key: KeyObject | string | Uint8Array;
  secret?: undefined;
}

/** A shared secret for HS256, of at least 32 bytes. White space around it does not count. */
export interface WithSecret extends TokenOptions {
  secret: KeyObject | string | Uint8Array;
  key?: undefined;
}

/**
 * A signed token. `iat`, `exp` and `jti` are its own doing: make a new one each time one is asked for.
 *
 * Throws a TypeError that tells what is wrong with an option.
 */
export declare function signToken(options: WithKey | WithSecret): string;
