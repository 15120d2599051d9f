import { expect, test } from "vitest";
import { createHold } from "./hold-requests.ts";
import { startListening } from "./listen.ts";

const open = () => startListening({ host: "127.0.0.1", port: 0 });

test("a port that is in use is named together with the setting to change", async () => {
  const first = await open();
  const second = startListening({ host: "127.0.0.1", port: first.port });
  await expect(second).rejects.toThrow(new RegExp(`Port ${first.port} on 127\\.0\\.0\\.1 is in use.*TREADLE_PORT`));
  await first.close();
});

test("an address the machine does not have is named together with its setting", async () => {
  await expect(startListening({ host: "203.0.113.7", port: 0 })).rejects.toThrow("TREADLE_HOST");
});

test("while the stores open, /healthz answers and /readyz says what is being opened", async () => {
  const listener = await open();
  listener.setStores(() => [{ name: "columnar", state: "starting", message: "opening" }]);
  expect(await (await fetch(`${listener.url}/healthz`)).json()).toEqual({ status: "ok" });
  const ready = await fetch(`${listener.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { isReady: false, stores: [{ name: "columnar", state: "starting", message: "opening" }] },
  ]);
  await listener.close();
});

test("a request that came too early is answered once the server is whole, its body with it", async () => {
  const listener = await open();
  const early = fetch(`${listener.url}/anything`, { method: "POST", body: "the body" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  listener.handOver({
    routing: async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      response.end(`${request.method} ${request.url} ${body}`);
    },
  });
  expect(await (await early).text()).toBe("POST /anything the body");
  expect(await (await fetch(`${listener.url}/healthz`)).text()).toBe("GET /healthz ");
  await listener.close();
});

test("while the start fails, waiting requests are asked to retry", async () => {
  const listener = await open();
  const early = fetch(`${listener.url}/v1/models`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await listener.close();
  const response = await early;
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
  expect(await response.json()).toMatchObject({ error: { code: "unavailable" } });
});

test("more than may be held, and longer than may be held, is refused", async () => {
  const hold = createHold({ maxHeld: 2, heldMs: 100 });
  const listener = await open();
  listener.handOver({ routing: hold.dispatch });
  const statuses: number[] = [];
  const calls = [1, 2, 3].map(() => fetch(`${listener.url}/x`).then(({ status }) => statuses.push(status)));
  await expect.poll(() => statuses).toEqual([503]);
  await Promise.all(calls);
  expect(statuses).toEqual([503, 503, 503]);
  await listener.close();
});
