import type { Variant } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { CallGuard } from "../guard/call-guard.ts";
import type { Passage } from "../request/grounding.ts";
import type { Call } from "../request/read-call.ts";
import { addPassages } from "./add-passages.ts";
import { createFindPassages, type Found, type FoundPassage, type KnowledgeBases, questionOf } from "./find-passages.ts";
import { type KnowledgeSettings, knowledgeOf } from "./settings.ts";
import { userTexts } from "./user-turns.ts";

type Deps = { readonly knowledge: KnowledgeBases; readonly clock: Clock };
type Grounded = {
  /** The call before its guards changed it: the search uses its words. */
  readonly shaped: Pick<Call, "request">;
  readonly variant: Variant | null;
  readonly guard: Pick<CallGuard, "passages"> | null;
};

/**
 * Adds the passages of a knowledge base to a call that its guards let through. The search sees what the principals of the call may
 * find, and public documents without any. A passage that a guard blocks is left out. The same call if it uses no knowledge base.
 */
export function createGroundCall({ knowledge, clock }: Deps) {
  const find = createFindPassages(knowledge);

  async function ground(call: Call, settings: KnowledgeSettings, { shaped, guard }: Grounded): Promise<Call> {
    const startedElapsed = clock.elapsed();
    const question = questionOf(userTexts(shaped.request), settings.history);
    const found = await find(call.scope, settings, { question, signal: call.signal });
    const passages = await judge(found, guard);
    const grounded = passages.length === 0 ? call : addPassages(call, passages, settings);
    const query = questionOf(userTexts(call.request), settings.history);
    const times = { startedElapsed, endedElapsed: clock.elapsed() };
    return { ...grounded, grounding: { ...groundingOf(settings, found, passages), query, ...times } };
  }

  return (call: Call, grounded: Grounded): Call | Promise<Call> => {
    const settings = knowledgeOf(call, grounded.variant);
    return settings === null ? call : ground(call, settings, grounded);
  };
}
export type GroundCall = ReturnType<typeof createGroundCall>;

const groundingOf = (
  { knowledgeBaseId, principals, citations, whenNotFound }: KnowledgeSettings,
  { version, contentHash, passages: found }: Found,
  passages: readonly Passage[],
) => ({
  knowledgeBaseId,
  version,
  contentHash,
  principals,
  passages,
  withheld: found.length - passages.length,
  policy: citations,
  whenNotFound,
});

async function judge({ passages }: Found, guard: Grounded["guard"]): Promise<readonly Passage[]> {
  if (!guard) return passages.map((passage, place) => ({ ...passage, number: place + 1, sent: passage.text }));
  const judged = await guard.passages(passages.map(textsOf));
  const quoted = passages.flatMap((passage, place) => {
    const texts = judged[place];
    return texts
      ? [{ ...passage, title: texts.title, headings: texts.headings, text: texts.shown, sent: texts.sent }]
      : [];
  });
  return quoted.map((passage, place) => ({ ...passage, number: place + 1 }));
}

const textsOf = ({ title, headings, text }: FoundPassage) => ({ title, headings, text });
