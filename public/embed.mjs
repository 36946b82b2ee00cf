// embed.js for pages that import: `import "https://sender.example/embed.mjs"`. A module does not know
// which script it is, so this one says where it came from; the element looks for its frame only after.
import "./embed.js";

export const SmsSenderElement = customElements.get("sms-sender");
SmsSenderElement.base ??= import.meta.url;
export default SmsSenderElement;
