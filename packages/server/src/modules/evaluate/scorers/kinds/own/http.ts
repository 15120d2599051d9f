import { z } from "zod";
import { defineKind, failed } from "../../scoring/kind.ts";
import { readResult } from "../../scoring/read-result.ts";

const Params = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .describe("The address that receives a POST with `{ sample }` as JSON."),
  timeMs: z.number().int().min(100).max(120_000).default(10_000),
});
const MOST_BYTES = 1_000_000;
const CONNECT_MS = 5_000;

export const http = defineKind({
  id: "http",
  label: "HTTP scorer",
  group: "http",
  summary:
    "Another server computes the score. It receives the sample and responds with JSON: a number or { value, label, reason }. Private addresses are blocked unless the operator allows them. Redirects are not followed.",
  params: Params,
  output: { type: "number", min: null, max: null, direction: "higher", unit: "" },
  needs: ["http"],
  open:
    ({ url, timeMs }) =>
    async (sample, tools) => {
      const { status, body } = await tools.fetchOutside({
        method: "POST",
        url,
        maxBytes: MOST_BYTES,
        body: JSON.stringify({ sample }),
        headers: { "content-type": "application/json", accept: "application/json" },
        timeouts: { connectMs: Math.min(CONNECT_MS, timeMs), firstByteMs: timeMs, idleMs: timeMs, totalMs: timeMs },
      });
      if (status < 200 || status > 299) return failed(`The scorer responded with HTTP ${status}.`, { status });
      const read = readBody(body);
      return "value" in read ? readResult(read.value) : failed("The scorer's response is not valid JSON.", { status });
    },
});

function readBody(body: Buffer): { value: unknown } | Record<never, never> {
  try {
    return { value: JSON.parse(body.toString("utf8")) };
  } catch {
    return {};
  }
}
