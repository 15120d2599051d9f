import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { createClient, type RequestFor } from "@treadle/sdk";
import type { RunningTreadle } from "../../setup/start-treadle.ts";

const HOUR_MS = 3_600_000;
const SHOP = [
  "Where is my parcel",
  "I want to send the shoes back",
  "Can I pay by card",
  "My order came without a lamp",
];
const NEW = [
  "How do I bake a sourdough bread",
  "Which flour makes a good pizza dough",
  "How long must yeast dough rise",
];

/** Records questions that drift on the newest day, and creates a queue with a drift rule. Returns the queue's id. */
export async function furnishDrift({ url, apiKey }: Pick<RunningTreadle, "url" | "apiKey">): Promise<string> {
  const { call } = createClient({ baseUrl: url, apiKey });
  const send = (texts: readonly string[], count: number, hoursAgo: number) =>
    call("POST /api/v1/spans", {
      body: {
        spans: Array.from({ length: count }, (_, at) => ({
          traceId: randomBytes(16).toString("hex"),
          spanId: randomBytes(8).toString("hex"),
          durationMs: 5,
          name: "drifting",
          kind: "generation" as const,
          responseModel: at % 3 === 0 ? "shop-1" : "shop-2",
          startTime: new Date(Date.now() - hoursAgo * HOUR_MS).toISOString(),
          input: [{ role: "user", parts: [{ type: "text", content: `${texts[at % texts.length]}, order ${at}?` }] }],
          output: [{ role: "assistant", parts: [{ type: "text", content: "Let me look that up for you." }] }],
        })),
      },
    });
  await send(SHOP, 70, 60);
  await send(SHOP, 50, 6);
  await send(NEW, 30, 6);
  // A new rule runs immediately, so the spans must be stored first.
  for (let sent = 0; sent < 150; ) {
    await setTimeout(200);
    sent = (await call("GET /api/v1/spans", { query: { filter: "name:drifting", limit: 200 } })).items.length;
  }
  const { queueId } = await call("POST /api/v1/annotation-queues", {
    body: { name: "What is new", questions: [{ type: "binary", key: "good", title: "Is it good?" }] },
  });
  const trigger: RequestFor<"POST /api/v1/annotation-queues/:queueId/rules">["body"]["trigger"] = {
    kind: "drift",
    filter: "name:drifting",
    share: 0.2,
    columns: [{ of: "question" }, { of: "length" }, { of: "category", by: "model" }, { of: "score", score: "helpful" }],
  };
  await call("POST /api/v1/annotation-queues/:queueId/rules", {
    params: { queueId },
    body: { name: "Drift of questions", trigger },
  });
  return queueId;
}
