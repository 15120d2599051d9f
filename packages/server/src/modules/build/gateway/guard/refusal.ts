import { type Refusal, readLanguages, refusalIn } from "@treadle/guards";
import { usageOf } from "../formats/hub/chunks.ts";
import type { ChatResponse } from "../formats/hub/hub.ts";
import type { Call } from "../request/read-call.ts";
import { factsOf } from "../resolve/routing/request-facts.ts";
import type { CallLanguage } from "./call-language.ts";
import { FILTERED } from "./guard-message.ts";

type Deps = { readonly language: Pick<CallLanguage, "find">; readonly call: Call };

/** The text of a policy's refusal in the language of a call. It is looked for once, and only when it is needed. */
export function createRefusalText(refusal: Refusal, deps: Deps): () => Promise<string> {
  let finding: Promise<string> | null = null;
  return () => {
    finding ??= textFor(refusal, deps);
    return finding;
  };
}

async function textFor(refusal: Refusal, { call, language }: Deps): Promise<string> {
  if (Object.keys(refusal.texts).length === 0) return refusal.text;
  const spoken = await language.find();
  const accepted = readLanguages(factsOf(call).header("accept-language") ?? "");
  return refusalIn(refusal, spoken === "" ? accepted : [spoken, ...accepted]);
}

/** An answer that refuses, for a request that was never sent. */
export const refusedResponse = ({ spanId, startedAt, request }: Call, text: string): ChatResponse => ({
  id: `chatcmpl-${spanId}`,
  object: "chat.completion",
  created: Math.floor(startedAt / 1_000),
  model: request.model,
  choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: FILTERED }],
  usage: usageOf({ input: 0, output: 0 }),
});
