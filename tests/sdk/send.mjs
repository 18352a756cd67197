// Sends every kind of message with the stock library: node send.mjs HOST WRITE_KEY
import { Analytics } from "@segment/analytics-node";

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, flushAt: 15, flushInterval: 200, maxRetries: 3 });
const failures = [];
analytics.on("error", (problem) => failures.push(String(problem.code ?? problem)));
for (let place = 0; place < 40; place += 1) {
  analytics.track({ userId: "node-1", event: "Product Viewed", properties: { place, 商品: "精华水", price: 178.8 } });
}
analytics.identify({ userId: "node-1", traits: { city: "上海", email: "node@example.com" } });
analytics.page({ anonymousId: "node-anon", name: "首页", properties: { url: "https://shop.example/" } });
analytics.screen({ userId: "node-1", name: "Home" });
analytics.group({ userId: "node-1", groupId: "vip", traits: { plan: "gold" } });
analytics.alias({ userId: "node-1", previousId: "node-anon" });
analytics.track({ userId: "node-1", event: "Backfilled", timestamp: new Date("2026-01-02T03:04:05.678Z") });
await analytics.closeAndFlush();
if (failures.length > 0) {
  console.error(failures.join("\n"));
  process.exit(1);
}
