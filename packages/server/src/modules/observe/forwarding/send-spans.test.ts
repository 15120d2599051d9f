import { expect, test } from "vitest";
import { makeTestSpan } from "./make-test-span.ts";
import { NotNowError, sendSpans } from "./send-spans.ts";

const NOW = Date.parse("2026-11-30T12:00:00.000Z");
const target = { url: "https://collector.test/v1/traces", headers: {}, includesContent: true };
const span = makeTestSpan(NOW);

/** The error after a receiver's response. */
async function failureAfter(status: number, headers: Record<string, string> = {}, body = ""): Promise<NotNowError> {
  const outbound = { request: async () => ({ status, headers, body: Buffer.from(body) }) };
  const error: unknown = await sendSpans({ outbound, clock: { now: () => NOW } }, target, [span]).then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(error instanceof NotNowError)) throw new Error(`expected a NotNowError, got ${String(error)}`);
  return error;
}

test.each([
  ["7", 7_000],
  ["Mon, 30 Nov 2026 12:01:30 GMT", 90_000],
  ["Mon, 30 Nov 2026 11:59:00 GMT", 0],
  ["Tue, 01 Dec 2026 12:00:00 GMT", 3_600_000],
  ["86400", 3_600_000],
  ["soon", 0],
])("Retry-After %j waits %i ms", async (header, waitMs) => {
  expect((await failureAfter(503, { "retry-after": header })).waitMs).toBe(waitMs);
});

test("a response without Retry-After asks for no delay", async () => {
  expect((await failureAfter(503)).waitMs).toBe(0);
});

test.each([
  [301, true],
  [401, true],
  [403, true],
  [404, true],
  [408, false],
  [425, false],
  [429, false],
  [500, false],
  [503, false],
])("HTTP %i is a rejection: %j", async (status, isRejection) => {
  expect((await failureAfter(status)).isRejection).toBe(isRejection);
});

test("a redirect names its target and says that redirects are not followed", async () => {
  const { message } = await failureAfter(308, { location: "https://other.test/v1/traces" });
  expect(message).toBe(
    "The receiver redirects to https://other.test/v1/traces (HTTP 308). Redirects are not followed. Enter the final address.",
  );
});

test("an error shows the status and the receiver's text", async () => {
  expect((await failureAfter(403, {}, "no such key\n")).message).toBe(
    "The receiver responded with HTTP 403: no such key",
  );
  expect((await failureAfter(502)).message).toBe("The receiver responded with HTTP 502.");
});
