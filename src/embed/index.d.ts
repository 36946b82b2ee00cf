// Loading <sms-sender>, and the element's own types.

import type { SmsSenderElement } from "./element.js";

export type * from "./element.js";

/** Which script is loaded, and from where. */
export interface LoadOptions {
  /** Where the Sender is served: `https://sender.example`. */
  sender: string;
  /**
   * Another file than `embed.js`: the `file` of the Sender's embed.json, or the whole address of a copy
   * of your own.
   */
  file?: string | undefined;
  /** What the file must be, as in `<script integrity>`: the `integrity` of the Sender's embed.json. */
  integrity?: string | undefined;
  /** For a Content-Security-Policy with nonces. */
  nonce?: string | undefined;
}

/**
 * Loads the element's script and gives the element's class, as soon as it is defined. However often it is
 * called, the script is fetched once; after a failure the next call tries again.
 */
export declare function load(options: LoadOptions): Promise<typeof SmsSenderElement>;
