// <SmsSender> for React, and what may stand in it.

import type { FunctionComponent, HTMLAttributes, Ref } from "react";
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

/** What `SmsSender` takes; the ordinary attributes go on to the element. */
export interface SmsSenderProps
  extends
    LoadOptions,
    Omit<HTMLAttributes<SmsSenderElement>, "children" | "dangerouslySetInnerHTML" | "onError"> {
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

  onReady?: Heard<"sms-sender:ready"> | undefined;
  onStep?: Heard<"sms-sender:step"> | undefined;
  onProcessed?: Heard<"sms-sender:processed"> | undefined;
  onSubmitted?: Heard<"sms-sender:submitted"> | undefined;
  onStatus?: Heard<"sms-sender:status"> | undefined;
  /** With the code `not_loaded`, and without an event, when the script could not be loaded. */
  onError?:
    | ((
        detail: SmsSenderDetails["sms-sender:error"],
        event?: SmsSenderEventMap["sms-sender:error"],
      ) => void)
    | undefined;
  onTokenNeeded?: Heard<"sms-sender:token-needed"> | undefined;
  onClose?: Heard<"sms-sender:close"> | undefined;

  /** The element, for `prefill` and `reset`; they are there once it is loaded. */
  ref?: Ref<SmsSenderElement> | undefined;
}

/** Loads the element and shows it. */
export declare const SmsSender: FunctionComponent<SmsSenderProps>;
