import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import type { Reservation, Waiting } from "./request/spend-limits.ts";
import { connectionTo, endpointOf, fallbacksTo, openTestGateway, type TestGateway } from "./testing/open-gateway.ts";
import { chatAnswer, type ScriptedUpstream, sendJson, startUpstream } from "./testing/scripted-upstream.ts";

type Turn = PromiseWithResolvers<Reservation | null> & { readonly waiting: Waiting };

let open: TestGateway;
let upstream: ScriptedUpstream;
/** The attempts that wait for their turn. */
let turns: Turn[];
let isQueued: boolean;
let ended: string[];

const RESERVATION: Reservation = {
  headers: () => ({}),
  settle: () => ended.push("settled"),
  release: () => ended.push("released"),
  abandon: () => ended.push("abandoned"),
};
const request = { model: "openai/gpt-4o", messages: [{ role: "user", content: "Hi" }] };

beforeAll(async () => {
  open = await openTestGateway({
    random: () => 0,
    limits: {
      has: () => true,
      record: () => {},
      reserve(_order, waiting) {
        if (!isQueued) return RESERVATION;
        const turn = { ...Promise.withResolvers<Reservation | null>(), waiting };
        turns.push(turn);
        return turn.promise;
      },
    },
  });
});
afterAll(() => open.close());
beforeEach(async () => {
  turns = [];
  ended = [];
  isQueued = true;
  upstream = await startUpstream((response) => sendJson(response, 200, chatAnswer("Hello", "gpt-4o")));
  open.connect(connectionTo(upstream.url), connectionTo(upstream.url, { slug: "spare" }));
});
afterEach(async () => {
  await open.spans();
  await upstream.close();
});

const untilTurns = (count: number) => vi.waitFor(() => expect(turns).toHaveLength(count), 10_000);

test("a call is sent when its turn comes, and its span has the time it waited", async () => {
  const call = open.begin("chat", request);
  await untilTurns(1);
  expect(upstream.received).toHaveLength(0);
  await new Promise((resolve) => setTimeout(resolve, 30));
  turns[0]?.resolve(RESERVATION);
  await call.done;
  const waitedMs = Number(/queue;dur=([\d.]+)/.exec(call.state.headers["server-timing"] ?? "")?.[1]);
  expect(waitedMs).toBeGreaterThan(25);
  expect(Number(call.state.headers["x-treadle-overhead-ms"])).toBeLessThan(waitedMs + 1_000);
  expect((await open.span()).attributes["treadle.limit.waited_ms"]).toBe(Math.round(waitedMs));
  expect(ended).toEqual(["settled"]);
});

test("a call that gets its turn as its caller disconnects is charged nothing", async () => {
  const leaving = new AbortController();
  const call = open.begin("chat", request, { signal: leaving.signal });
  await untilTurns(1);
  expect(turns[0]?.waiting.signal).toBe(leaving.signal);
  leaving.abort();
  turns[0]?.resolve(RESERVATION);
  await expect(call.done).rejects.toMatchObject({ code: "cancelled" });
  expect([upstream.received.length, ended]).toEqual([0, ["released"]]);
});

test("a target whose circuit opened while the call waited is not called", async () => {
  const failing = { ...request, model: "openai/failing" };
  const call = open.begin("chat", failing);
  await untilTurns(1);
  isQueued = false;
  for (let failure = 0; failure < 5; failure++) {
    upstream.next.push((response) => sendJson(response, 500, { error: { message: "no" } }));
    await open.ask("chat", failing);
  }
  upstream.received.length = 0;
  ended.length = 0;
  turns[0]?.resolve(RESERVATION);
  await expect(call.done).rejects.toMatchObject({ code: "provider_failed" });
  expect([upstream.received.length, ended]).toEqual([0, ["released"]]);
});

test("a call knows whether another provider can answer, and how long its earlier attempts waited", async () => {
  open.name(
    endpointOf("support", {
      variants: [{ name: "main", model: "openai/gpt-4o", weight: 1 }],
      fallbacks: fallbacksTo("spare/gpt-4o"),
    }),
  );
  const call = open.begin("chat", { ...request, model: "support" });
  await untilTurns(1);
  expect(turns[0]?.waiting).toMatchObject({ hasOther: true, waitedMs: 0 });
  await new Promise((resolve) => setTimeout(resolve, 10));
  const refusal = new AppError("rate_limited", { message: "The limit is reached.", details: { scope: "provider" } });
  turns[0]?.reject(refusal);
  await untilTurns(2);
  expect(turns[1]?.waiting.hasOther).toBe(false);
  expect(turns[1]?.waiting.waitedMs).toBeGreaterThan(5);
  turns[1]?.resolve(null);
  await call.done;
  expect((await open.span()).attempts.map(({ connection, status }) => [connection, status])).toEqual([
    ["openai", 0],
    ["spare", 200],
  ]);
});

test("a call whose time in the queue is over gets the limit's error", async () => {
  const call = open.begin("chat", request);
  await untilTurns(1);
  turns[0]?.reject(new AppError("rate_limited", { message: "The limit is reached.", retryAfterSeconds: 3 }));
  await expect(call.done).rejects.toMatchObject({ code: "rate_limited", retryAfterSeconds: 3 });
  expect(upstream.received).toHaveLength(0);
});
