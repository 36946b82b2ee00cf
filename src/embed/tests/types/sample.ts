// What somebody writes with the package in TypeScript: what must compile does, and every mistake that the
// types are there to find is one.

import { createPrivateKey } from "node:crypto";
import { load } from "@sms-sender/embed";
import type { GetToken, SmsSenderElement, ThemeTokens } from "@sms-sender/embed";
import { SCOPES, signToken } from "@sms-sender/embed/server";
import type { Scope, TokenOptions } from "@sms-sender/embed/server";

const Element: typeof SmsSenderElement = await load({ sender: "https://sender.example" });
const element: SmsSenderElement = new Element();
await load({ sender: "https://sender.example", file: "embed-1.js", integrity: "sha384-x", nonce: "n" });
// @ts-expect-error From where?
await load({});
// @ts-expect-error It is called sender.
await load({ src: "https://sender.example" });

const getToken: GetToken = () => "a token";
const tokens: ThemeTokens = { density: "compact" };
element.getToken = getToken;
element.theme = tokens;
document.querySelector("sms-sender")?.prefill({ message: "Hello" });

const scopes: readonly Scope[] = SCOPES;
const given: TokenOptions = {
  keyId: "2026-11",
  issuer: "acme",
  user: "7",
  audience: "https://sender.example",
  origin: "https://dashboard.example",
  scopes,
};
const token: string = signToken({ ...given, key: createPrivateKey("pem") });
signToken({ ...given, key: "pem", name: undefined, subaccounts: ["acme_hq"], life: 300 });
signToken({ ...given, secret: Buffer.alloc(48), limits: { recipients: 5 } });
signToken({ ...given, key: "pem", limits: { spend: { amount: "25.00", currency: "USD" } } });
// @ts-expect-error Signed with what?
signToken(given);
// @ts-expect-error One of the two.
signToken({ ...given, key: "pem", secret: "secret" });
// @ts-expect-error An id is a string.
signToken({ ...given, key: "pem", user: 7 });
// @ts-expect-error There is no such scope.
signToken({ ...given, key: "pem", scopes: ["admin"] });
// @ts-expect-error An amount is a string.
signToken({ ...given, key: "pem", limits: { spend: { amount: 25, currency: "USD" } } });
// @ts-expect-error It is called limits.
signToken({ ...given, key: "pem", limit: {} });
console.log(token);
