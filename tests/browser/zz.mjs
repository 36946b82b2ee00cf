import { openProfile } from "./support/browser.mjs";
import { startHost, openSender } from "./support/host.mjs";
import { startServer } from "./support/server.mjs";
import * as go from "./support/journey.mjs";
const host = await startHost(); const server = await startServer(host.forServer);
for (let i = 0; i < 4; i++) {
const { page, close } = await openProfile(host.url, { viewport: { width: 1280, height: 2000 } });
const frame = await openSender(page, host);
await go.sendCampaign(frame, { numbers: "+6591230001\n+6591230002\n+6591230003", senderId: "Acme", message: "x" });
await go.hasStatus(frame, "Finished");
for (const w of [0, 1000, 3000]) { await page.waitForTimeout(w); console.log(w, await frame.getByRole("row").allInnerTexts(), (await go.delivery(frame)).Delivered); }
await close();
}
await server.dispose(); await host.dispose();
