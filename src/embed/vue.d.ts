// <SmsSender> for Vue, and what may stand in it.

import type { ComponentPublicInstance, EmitsToProps, HTMLAttributes, PublicProps } from "vue";
import type {
  ColorScheme,
  GetToken,
  Prefill,
  SmsSenderDetails,
  SmsSenderElement,
  SmsSenderEventMap,
  ThemeTokens,
} from "./element.js";
import type { LoadOptions } from "./index.js";

/** Hears one of the element's events. */
type Heard<Name extends keyof SmsSenderDetails> = (
  detail: SmsSenderDetails[Name],
  event: SmsSenderEventMap[Name],
) => void;

/** What `SmsSender` takes; all other attributes go on to the element. */
export interface SmsSenderProps extends LoadOptions {
  /** Gives a fresh signed token from your server. */
  getToken?: GetToken | undefined;
  /** The subaccount to begin with. */
  subaccount?: string | undefined;
  /** A language tag; by default the page's. */
  locale?: string | undefined;
  /** Light, dark, or as the page is. */
  theme?: ColorScheme | undefined;
  /** The colours and more. */
  tokens?: ThemeTokens | undefined;
  /** What is filled in at the start. Later on the element's own `prefill` does it. */
  prefill?: Prefill | undefined;
}

/** What it tells. */
export type SmsSenderEmits = {
  ready: Heard<"sms-sender:ready">;
  step: Heard<"sms-sender:step">;
  processed: Heard<"sms-sender:processed">;
  submitted: Heard<"sms-sender:submitted">;
  status: Heard<"sms-sender:status">;
  /** With the code `not_loaded`, and without an event, when the script could not be loaded. */
  error: (
    detail: SmsSenderDetails["sms-sender:error"],
    event?: SmsSenderEventMap["sms-sender:error"],
  ) => void;
  tokenNeeded: Heard<"sms-sender:token-needed">;
  close: Heard<"sms-sender:close">;
};

/** What a template ref to it has. */
export interface SmsSenderExposed {
  /** The element, for `prefill` and `reset`; they are there once it is loaded. */
  element: SmsSenderElement | null;
}

type Props = SmsSenderProps & EmitsToProps<SmsSenderEmits>;

/** Loads the element and shows it. */
export declare const SmsSender: new (
  props: Props,
) => ComponentPublicInstance<
  Props,
  SmsSenderExposed,
  {},
  {},
  {},
  SmsSenderEmits,
  PublicProps & Omit<HTMLAttributes, "onError" | "onClose">
>;
