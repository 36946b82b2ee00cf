// What somebody writes around <sms-sender> in TypeScript: what must compile does, and every mistake that
// the types are there to find is one.

import { SmsSenderElement } from "https://sender.example/embed.mjs";
import type { Prefill, SmsSenderEventMap, Step, ThemeTokens } from "https://sender.example/embed.mjs";

const element: SmsSenderElement = document.createElement("sms-sender");
const found: SmsSenderElement | null = document.querySelector("sms-sender");
found?.reset();

element.getToken = async () => {
  const answer = await fetch("/sms-token", { method: "POST" });
  return (await answer.json()).token as string;
};
element.getToken = () => "a token";
element.getToken = undefined;
// @ts-expect-error A token, not what it is wrapped in.
element.getToken = async () => ({ token: "a token" });
// @ts-expect-error Something to call, not the token itself.
element.getToken = "a token";

const tokens: ThemeTokens = {
  colorPrimary: "light-dark(#1d4ed8, #93c5fd)",
  colorBackground: "transparent",
  colorSurface: "#fff",
  colorText: "#111",
  colorBorder: "#ddd",
  fontFamily: '"Acme Sans", sans-serif',
  fontSrc: "https://dashboard.example/acme.woff2",
  radius: "8px",
  density: "compact",
};
element.theme = tokens;
element.theme = "dark";
element.theme = { radius: 4 };
const primary: string | undefined = element.theme.colorPrimary;
element.setAttribute("theme", "auto");
// @ts-expect-error Not one of the schemes.
element.theme = "sepia";
// @ts-expect-error The name of a token is spelled as it is in CSS.
element.theme = { colourPrimary: "#f00" };
// @ts-expect-error A length, no percentage.
element.theme = { radius: "50%" };
// @ts-expect-error Not one of the two.
element.theme = { density: "tiny" };
// @ts-expect-error What is read is not to be written to.
element.theme.radius = "2px";

const values: Prefill = { recipients: ["+65 9123 4567", "+44 7700 900123"], message: "Hello" };
element.prefill(values);
element.prefill({ recipients: "+65 9123 4567", senderId: "Acme" });
// @ts-expect-error Numbers are text: a number loses its plus and its zeros.
element.prefill({ recipients: [6591234567] });
// @ts-expect-error There is no such field.
element.prefill({ sender: "Acme" });

element.addEventListener("sms-sender:step", (event) => {
  const step: Step = event.detail.step;
  // @ts-expect-error No step is called so.
  if (event.detail.step === "review") return;
  console.log(step);
});
element.addEventListener("sms-sender:processed", ({ detail }) => {
  const valid: number = detail.valid;
  // @ts-expect-error Counts only.
  detail.numbers;
  console.log(valid);
});
element.addEventListener("sms-sender:status", function ({ detail }) {
  this.reset();
  console.log(detail.campaignId, detail.state, detail.counts["delivered"]?.toFixed());
});
element.addEventListener("click", (event) => event.clientX, { once: true });
const onError = ({ detail }: SmsSenderEventMap["sms-sender:error"]) => console.log(detail.code);
element.addEventListener("sms-sender:error", onError);
element.removeEventListener("sms-sender:error", onError);
// @ts-expect-error This listener is for another event.
element.addEventListener("sms-sender:submitted", onError);

document.addEventListener("sms-sender:submitted", ({ detail }) => detail.campaignId.toUpperCase());

SmsSenderElement.base = "https://sender.example/";
customElements.whenDefined("sms-sender").then(() => primary);
