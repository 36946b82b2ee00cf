// The wrappers where there is no page: a server renders the tag, and nothing asks for what only browsers have.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { renderToString as reactToString } from "react-dom/server";
import { createSSRApp } from "vue";
import { renderToString as vueToString } from "vue/server-renderer";
import { SmsSender as ReactSender } from "../react.js";
import { SmsSender as VueSender } from "../vue.js";

const GIVEN = {
  sender: "https://sender.example",
  subaccount: "acme_hq",
  theme: "dark",
  tokens: { radius: "2px" },
  prefill: { message: "Hello" },
  getToken() {},
};

test("React's is the tag with its attributes", () => {
  const html = reactToString(createElement(ReactSender, { ...GIVEN, className: "wide" }));
  assert.equal(
    html,
    '<sms-sender subaccount="acme_hq" class="wide" src="https://sender.example"></sms-sender>',
  );
});

test("Vue's is the tag with its attributes", async () => {
  const html = await vueToString(createSSRApp(VueSender, { ...GIVEN, class: "wide" }));
  assert.equal(
    html,
    '<sms-sender src="https://sender.example" subaccount="acme_hq" theme="dark" class="wide"></sms-sender>',
  );
});
