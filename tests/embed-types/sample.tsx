// The same in JSX, as React 19 takes custom elements: properties by name, listeners by `on` and name.

import type { SmsSenderElement } from "https://sender.example/embed.mjs";

let element: SmsSenderElement | null = null;

export const good = (
  <sms-sender
    id="sender"
    subaccount="acme_hq"
    locale="en-GB"
    src="https://sender.example"
    theme={{ colorPrimary: "#1d4ed8", density: "compact" }}
    getToken={async () => "a token"}
    ref={(it) => void (element = it)}
    onsms-sender:submitted={({ detail }) => console.log(detail.campaignId, element?.theme)}
  />
);

export const dark = <sms-sender theme="dark" />;

export const ordinary = (
  <sms-sender tabIndex={-1} dir="rtl" role="region" aria-label="Messages" data-page={1} inert hidden />
);

// @ts-expect-error A number.
export const tabbed = <sms-sender tabIndex="first" />;

// @ts-expect-error Not one of the schemes.
export const sepia = <sms-sender theme="sepia" />;

// @ts-expect-error Something to call.
export const wrong = <sms-sender getToken="a token" />;

// @ts-expect-error The detail of a submission has no counts.
export const counts = <sms-sender onsms-sender:submitted={({ detail }) => detail.counts} />;
