// The types of <sms-sender>, the Sender inside somebody else's page (embed.js, embed.mjs).
//
// Save this file among your sources; it needs no library, and React's JSX and Vue's templates take the tag
// too. (The package @sms-sender/embed has these types already.) For
// `import … from "https://sender.example/embed.mjs"` name it in tsconfig.json:
// `"paths": { "https://sender.example/embed.mjs": ["./embed.d.ts"] }`.

/**
 * How the Sender looks: a few values, of which it derives the rest so that everything stays readable.
 *
 * Colours are any CSS colour; `light-dark(#fff, #111)` gives one for each scheme. A value that cannot
 * be used is left out, and the frame's console names it.
 */
export interface ThemeTokens {
  /** Buttons, links, the current step. Words on it are black or white, whichever reads better. */
  colorPrimary?: string;
  /** Behind everything. `transparent` lets your own background show. */
  colorBackground?: string;
  /** Panels and fields. Decides whether what stands on it is made for light or for dark. */
  colorSurface?: string;
  /** Text. */
  colorText?: string;
  /** Hairlines and the edges of fields. */
  colorBorder?: string;
  /** A CSS font-family; by default that of the element. */
  fontFamily?: string;
  /**
   * The address of a woff2 on your page's origin, loaded under the first name of `fontFamily`. It must
   * be served with `Access-Control-Allow-Origin` for the Sender's origin.
   */
  fontSrc?: string;
  /** The corners: `8px`, `0.5rem` or a bare number of pixels, up to 24px. */
  radius?: Length | number;
  /** How close things stand; `comfortable` by default. */
  density?: "comfortable" | "compact";
}

/** A CSS length as the corners take it. */
export type Length = `${number}` | `${number}px` | `${number}rem` | `${number}em`;

/** One of them, or what the page's own `color-scheme` says (`auto`, and by default). */
export type ColorScheme = "light" | "dark" | "auto";

/** The steps, and the page of a campaign after them. */
export type Step = "subaccount" | "recipients" | "compose" | "send" | "campaign" | "campaigns";

/** Where the wizard starts from. What is left out stays as it was. */
export interface Prefill {
  /** Numbers in any form, one a line in a string. */
  recipients?: string | readonly string[];
  /** The text. */
  message?: string;
  /** Who it comes from. */
  senderId?: string;
}

/** Gives a fresh signed token from your server. Called again whenever a sign-in is about to end. */
export type GetToken = () => Promise<string> | string;

/** What each event says in its `detail`. */
export interface SmsSenderDetails {
  /** It is there, and somebody is signed in. */
  "sms-sender:ready": Record<string, never>;
  /** Another step. */
  "sms-sender:step": { step: Step };
  /** Recipients were read: how many, and never which. */
  "sms-sender:processed": {
    total: number;
    valid: number;
    rejected: number;
    duplicates: number;
    repaired: number;
  };
  /** A campaign was submitted. */
  "sms-sender:submitted": { campaignId: string };
  /** A submitted campaign has moved on. */
  "sms-sender:status": {
    campaignId: string;
    state: string;
    counts: Record<string, number>;
  };
  /**
   * Something is in the way. Among the codes: `not_reachable` (nothing answers in the frame: see
   * /embed/check), `bad_src`, `opaque_origin`, `signed_out` (`getToken` failed, or the token was not
   * enough), and the others of the API.
   */
  "sms-sender:error": { code: string; message: string };
  /** A token is needed. With `getToken` set there is nothing to do. */
  "sms-sender:token-needed": { reason: "start" | "expiring" | "expired" | "refused" };
  /** The user has thrown the draft away. */
  "sms-sender:close": { reason: "canceled" };
}

/** The events by name. All of them bubble, out of shadow roots too. */
export type SmsSenderEventMap = {
  [Name in keyof SmsSenderDetails]: CustomEvent<SmsSenderDetails[Name]>;
};

/** The attributes, as they are written in HTML. */
export interface SmsSenderAttributes {
  /** The subaccount to begin with. */
  subaccount?: string;
  /** A language tag; by default the page's. */
  locale?: string;
  /** Where the Sender is served; by default where the script came from. */
  src?: string;
}

/** The element. */
export declare class SmsSenderElement extends HTMLElement {
  /** Where the Sender is served when `src` does not say. */
  static base: string | undefined;

  /** May be set at any time, also before the element is in the page. */
  get getToken(): GetToken | undefined;
  set getToken(getToken: GetToken | undefined);

  /** The tokens, changeable at any time. Setting one of the schemes sets the attribute `theme`. */
  get theme(): Readonly<ThemeTokens>;
  set theme(theme: ThemeTokens | ColorScheme | null | undefined);

  /** Fills in what is given, as soon as the wizard is there. */
  prefill(values: Prefill): void;

  /** Begins again, with nothing filled in. */
  reset(): void;

  addEventListener<Name extends keyof SmsSenderEventMap>(
    type: Name,
    listener: (this: SmsSenderElement, event: SmsSenderEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: SmsSenderElement, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;

  removeEventListener<Name extends keyof SmsSenderEventMap>(
    type: Name,
    listener: (this: SmsSenderElement, event: SmsSenderEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: SmsSenderElement, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

export default SmsSenderElement;

/** The element's listeners as React (19 and later) takes them: `onsms-sender:ready`. */
export type SmsSenderListeners = {
  [Name in keyof SmsSenderEventMap as `on${Name}`]?: (event: SmsSenderEventMap[Name]) => void;
};

/** The attributes that every element has, as JSX spells them. */
export interface OrdinaryAttributes {
  id?: string;
  className?: string;
  style?: object | string;
  title?: string;
  lang?: string;
  dir?: string;
  hidden?: boolean;
  inert?: boolean;
  role?: string;
  slot?: string;
  part?: string;
  tabIndex?: number;
  accessKey?: string;
  autoFocus?: boolean;
  draggable?: boolean;
  translate?: "yes" | "no";
  nonce?: string;
  [aria: `aria-${string}`]: string | number | boolean | undefined;
  [data: `data-${string}`]: unknown;
}

/** What only this element has, and what JSX itself wants. */
export interface SmsSenderOwnProps extends SmsSenderAttributes, SmsSenderListeners {
  theme?: ThemeTokens | ColorScheme;
  getToken?: GetToken;
  class?: string;
  key?: string | number | bigint | null;
  ref?: ((element: SmsSenderElement | null) => unknown) | { current: SmsSenderElement | null } | null;
}

/** What may stand in the tag in JSX. */
export interface SmsSenderProps extends SmsSenderOwnProps, OrdinaryAttributes {}

/** The element's listeners as Vue takes them: `@sms-sender:ready`. */
export type SmsSenderVueListeners = {
  [Name in keyof SmsSenderEventMap as `on${Capitalize<Name>}`]?: (event: SmsSenderEventMap[Name]) => void;
};

/** What may stand in the tag in a template of Vue's. */
export interface SmsSenderVueProps extends SmsSenderAttributes, SmsSenderVueListeners {
  theme?: ThemeTokens | ColorScheme;
  getToken?: GetToken;
}

declare global {
  interface HTMLElementTagNameMap {
    "sms-sender": SmsSenderElement;
  }

  // They bubble, so a page may listen for all of them in one place.
  interface HTMLElementEventMap extends SmsSenderEventMap {}
  interface DocumentEventMap extends SmsSenderEventMap {}

  namespace JSX {
    interface IntrinsicElements {
      "sms-sender": SmsSenderProps;
    }
  }
}

// React's own JSX, where React is installed; without it this says nothing. Its attributes and events are
// whatever React says they are: the empty interface only names them.
declare module "react" {
  interface HTMLAttributes<T> {}

  namespace JSX {
    interface IntrinsicElements {
      "sms-sender": SmsSenderOwnProps & Omit<HTMLAttributes<SmsSenderElement>, keyof SmsSenderOwnProps>;
    }
  }
}

// The same for Vue's templates.
declare module "vue" {
  interface HTMLAttributes {}

  interface GlobalComponents {
    "sms-sender": new () => SmsSenderElement & {
      $props: SmsSenderVueProps & Omit<HTMLAttributes, keyof SmsSenderVueProps>;
    };
  }
}
