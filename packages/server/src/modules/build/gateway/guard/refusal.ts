import { type Refusal, readLanguages, refusalIn } from "@treadle/guards";
import { usageOf } from "../formats/hub/chunks.ts";
import type { ChatResponse } from "../formats/hub/hub.ts";
import type { Call } from "../request/read-call.ts";
import type { DetectLanguage } from "../resolve/routing/match-rules.ts";
import { factsOf } from "../resolve/routing/request-facts.ts";
import { FILTERED } from "./guard-message.ts";

type Deps = { readonly detectLanguage: DetectLanguage; readonly call: Call };

/** A guess about a language is uncertain below this, and for texts with fewer letters. */
const LEAST_CONFIDENCE = 0.5;
const LEAST_LETTERS = 10;

/** The text of a policy's refusal in the language of a call. It is looked for once, and only when it is needed. */
export function createRefusalText(refusal: Refusal, deps: Deps): () => Promise<string> {
  let finding: Promise<string> | null = null;
  return () => {
    finding ??= textFor(refusal, deps);
    return finding;
  };
}

async function textFor(refusal: Refusal, { call, detectLanguage }: Deps): Promise<string> {
  if (Object.keys(refusal.texts).length === 0) return refusal.text;
  const facts = factsOf(call);
  // A call is answered even if the language cannot be detected.
  const spoken = await languageOf(facts.lastUserText(), detectLanguage).catch(() => []);
  return refusalIn(refusal, [...spoken, ...readLanguages(facts.header("accept-language") ?? "")]);
}

async function languageOf(text: string, detectLanguage: DetectLanguage): Promise<readonly string[]> {
  if ((text.match(/\p{L}/gu)?.length ?? 0) < LEAST_LETTERS) return [];
  const { language, confidence } = await detectLanguage(text);
  return confidence >= LEAST_CONFIDENCE ? [language] : [];
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
