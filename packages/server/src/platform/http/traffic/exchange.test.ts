import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { createLog } from "../../log/pino-log.ts";
import { createMetrics } from "../../metrics/metrics.ts";
import { createTraffic } from "./exchange.ts";
import { createRequestCount } from "./request-count.ts";

const label = { method: "GET", route: "/notes", isQuiet: true };

function follow() {
  const metrics = createMetrics();
  const requests = createRequestCount();
  const traffic = createTraffic({ clock: systemClock, log: createLog("silent", { write() {} }), metrics, requests });
  const openCount = async () => Number(/^treadle_http_open_requests (\d+)$/m.exec((await metrics.text()).body)?.[1]);
  const begin = (requestId: string, method = "GET") => {
    const request = new IncomingMessage(new Socket());
    return traffic.begin({ requestId, request, response: new ServerResponse(request) }, { ...label, method });
  };
  return { traffic, openCount, begin, requests };
}

test("requests are counted as open until they end, in whatever order they do", async () => {
  const { openCount, begin } = follow();
  const [first, second, third] = [begin("1"), begin("2"), begin("3")];
  expect(await openCount()).toBe(3);
  for (const [ended, left] of [
    [first, 2],
    [third, 1],
    [second, 0],
  ] as const) {
    ended.response.emit("close");
    expect(await openCount()).toBe(left);
  }
});

test("a stop notifies every open request, also when some end in the meantime", async () => {
  const { traffic, openCount, begin } = follow();
  const open = ["1", "2", "3", "4"].map((id) => begin(id));
  const lines: string[] = [];
  for (const { requestId, controller, response } of open)
    controller.signal.addEventListener("abort", () => {
      lines.push(requestId);
      response.emit("close");
    });
  await traffic.drain(0);
  expect(lines).toEqual(["1", "2", "3", "4"]);
  expect(await openCount()).toBe(0);
});

test("background work yields to requests that carry data, not to reads", () => {
  const { begin, requests } = follow();
  begin("1", "GET");
  begin("2", "POST");
  begin("3", "PUT");
  expect(requests.read()).toBe(2);
});
