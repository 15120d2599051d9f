import { randomBytes } from "node:crypto";
import type { SpanInput } from "@treadle/contract";
import { createClient } from "@treadle/sdk";
import type { RunningTreadle } from "../../setup/start-treadle.ts";

/** Records one span of a finished call in the first project. Returns the id of its trace. */
export async function recordSpan({ url, apiKey }: RunningTreadle, span: Partial<SpanInput>): Promise<string> {
  const traceId = randomBytes(16).toString("hex");
  const whole: SpanInput = {
    traceId,
    spanId: randomBytes(8).toString("hex"),
    name: "chat",
    kind: "generation",
    startTime: new Date().toISOString(),
    durationMs: 420,
    input: [{ role: "user", parts: [{ type: "text", content: "Hello" }] }],
    output: [{ role: "assistant", parts: [{ type: "text", content: "Hello to you" }] }],
    ...span,
  };
  await createClient({ baseUrl: url, apiKey }).call("POST /api/v1/spans", { body: { spans: [whole] } });
  return traceId;
}
