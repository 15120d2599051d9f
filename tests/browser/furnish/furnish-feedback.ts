import { randomBytes } from "node:crypto";
import { createClient } from "@treadle/sdk";
import type { RunningTreadle } from "../../setup/start-treadle.ts";
import { recordSpan } from "./record-span.ts";

const WORDS = "It does not say at what time, and the page of the order says Tuesday.";

/**
 * Records scores of every type, and feedback of every kind on a trace, on its session, and on a trace that does not
 * exist. Returns the id of the first trace.
 */
export async function furnishFeedback(treadle: RunningTreadle): Promise<string> {
  const { call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const spanId = randomBytes(8).toString("hex");
  const traceId = await recordSpan(treadle, { spanId, name: "chat support", sessionId: "s-1" });
  await recordSpan(treadle, { name: "chat support", sessionId: "s-1" });
  const tone = [{ label: "kind", value: 1 }, { label: "neutral", value: 0.5 }, { label: "rude" }];
  for (const body of [
    { name: "helpful", type: "boolean" as const, description: "Whether the answer helped whoever asked." },
    { name: "stars", type: "number" as const, min: 1, max: 5 },
    { name: "tone", type: "category" as const, isHigherBetter: null, categories: tone },
  ])
    await call("POST /api/v1/score-configs", { body });
  const target = { traceId, spanId };
  const given = ["ada", "bob", "carol", "dan", "eve", "frank"].map((userId, at) => ({
    target: at % 3 ? target : { traceId },
    userId,
    name: at % 2 ? "helpful" : "stars",
    value: at % 2 ? at > 2 : at + 1,
    comment: at % 2 ? `${WORDS} `.repeat(at) : "",
  }));
  const items = [
    ...given,
    { target, userId: "hans", correction: { text: "On Tuesday between 9 and 12.", sources: ["order-17"] } },
    { target, userId: "ida", signal: "edited", signalDetail: { distance: 0.31 } },
    { target: { traceId: randomBytes(16).toString("hex") }, userId: "kim", name: "tone", value: "rude" },
    { target: { sessionId: "s-1" }, userId: "leo", name: "solved", value: true, comment: "<b>Solved</b>, thanks" },
  ];
  const { refused } = await call("POST /api/v1/feedback/batch", { body: { items } });
  if (refused > 0) throw new Error(`${refused} pieces of feedback were refused`);
  return traceId;
}
