// The same in React: the package's component, and the tag itself with the attributes and the events that
// every element has there.

import { useRef } from "react";
import type { SmsSenderElement } from "@sms-sender/embed";
import { SmsSender } from "@sms-sender/embed/react";

export function Component({ label }: { label: string | undefined }) {
  const ref = useRef<SmsSenderElement>(null);
  return (
    <SmsSender
      ref={ref}
      sender="https://sender.example"
      file="embed-0123456789abcdef.js"
      integrity="sha384-x"
      getToken={async () => "a token"}
      theme="dark"
      tokens={{ colorPrimary: "#1d4ed8" }}
      prefill={{ message: "Hello" }}
      subaccount="acme_hq"
      locale="en-GB"
      className="wide"
      style={{ minHeight: 400 }}
      tabIndex={-1}
      dir="rtl"
      role="region"
      aria-label={label}
      data-page={1}
      onFocus={(event) => event.currentTarget.reset()}
      onReady={() => ref.current?.prefill({ message: "Hello" })}
      onSubmitted={({ campaignId }, event) => console.log(campaignId.trim(), event.detail.campaignId)}
      onError={({ code, message }) => console.log(code, message)}
      onTokenNeeded={({ reason }) => reason === "expired"}
    />
  );
}

// @ts-expect-error From where?
export const nowhere = <SmsSender />;

// @ts-expect-error Tokens have a prop of their own.
export const themed = <SmsSender sender="https://sender.example" theme={{ radius: 4 }} />;

// @ts-expect-error The detail of a submission has no counts.
export const counted = <SmsSender sender="https://sender.example" onSubmitted={(it) => it.counts} />;

export const tag = (
  <sms-sender
    className="wide"
    style={{ minHeight: 400 }}
    tabIndex={-1}
    dir="rtl"
    role="region"
    aria-label="Messages"
    data-page={1}
    suppressHydrationWarning
    onFocus={(event) => event.currentTarget.reset()}
    onsms-sender:submitted={({ detail }) => detail.campaignId.trim()}
  />
);

// @ts-expect-error A number, as React has it.
export const tabbed = <sms-sender tabIndex="first" />;

// @ts-expect-error There is no such attribute.
export const spelled = <sms-sender clasName="wide" />;
