import type { Call } from "../request/read-call.ts";
import type { DetectLanguage } from "../resolve/routing/match-rules.ts";
import { factsOf } from "../resolve/routing/request-facts.ts";

type Deps = { readonly detectLanguage: DetectLanguage; readonly call: Call };

/** A guess about a language is uncertain below this, and for texts with fewer letters. */
const LEAST_CONFIDENCE = 0.5;
const LEAST_LETTERS = 10;
/** The beginning of a message is enough, and the time grows with the text. */
const MOST_CHARACTERS = 200;

/** The language of the last user message of a call, which is detected once and only when it is needed. */
export function createCallLanguage({ call, detectLanguage }: Deps) {
  let finding: Promise<string> | null = null;
  let found = "";
  async function detect(): Promise<string> {
    const text = factsOf(call).lastUserText().slice(0, MOST_CHARACTERS);
    if ((text.match(/\p{L}/gu)?.length ?? 0) < LEAST_LETTERS) return "";
    const { language, confidence } = await detectLanguage(text);
    if (confidence >= LEAST_CONFIDENCE) found = language;
    return found;
  }
  return {
    /** Empty for an uncertain one. A call is answered even if the language cannot be detected. */
    find(): Promise<string> {
      finding ??= detect().catch(() => "");
      return finding;
    },
    /** The language if it was found already; empty otherwise. */
    found: () => found,
  };
}
export type CallLanguage = ReturnType<typeof createCallLanguage>;
