// The names of the element's events, which the wrappers hand on: `sms-sender:` comes before each.

export const EVENTS = [
  "ready",
  "step",
  "processed",
  "submitted",
  "status",
  "error",
  "token-needed",
  "close",
];

/** What the wrappers tell, as an error, when the script does not come. */
export function notLoaded(error) {
  return { code: "not_loaded", message: error.message };
}
