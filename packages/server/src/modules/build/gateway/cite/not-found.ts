import { usageOf } from "../formats/hub/chunks.ts";
import type { ChatResponse } from "../formats/hub/hub.ts";
import type { Grounding } from "../request/grounding.ts";
import type { Call } from "../request/read-call.ts";
import { knowledgeOf } from "./describe-grounding.ts";

/** The answer to a call for which no passage was found. No model gave it. */
export const notFoundResponse = (
  { spanId, startedAt, request }: Pick<Call, "spanId" | "startedAt" | "request">,
  grounding: Grounding,
): ChatResponse => ({
  id: `chatcmpl-${spanId}`,
  object: "chat.completion",
  created: Math.floor(startedAt / 1_000),
  model: request.model,
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: grounding.whenNotFound, annotations: [] },
      finish_reason: "stop",
    },
  ],
  usage: usageOf({ input: 0, output: 0 }),
  knowledge: knowledgeOf(grounding),
});
