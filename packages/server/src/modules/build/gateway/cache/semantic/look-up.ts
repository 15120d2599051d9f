import type { CacheMatch } from "../../answer/cache-match.ts";
import type { Call } from "../../request/read-call.ts";
import type { Plan } from "../../resolve/resolve-model.ts";
import { type CachedAnswer, toAnswer } from "../answer-cache.ts";
import { cacheableQuestion } from "./cacheable-question.ts";
import type { SemanticCacheDeps } from "./deps.ts";
import type { EntryStore } from "./entry-store.ts";
import type { AskedQuestion, Match, MatchFinder } from "./find-match.ts";
import type { createLoadedEntries } from "./loaded-entries.ts";
import type { Measure, MeasuredEndpoint } from "./measure.ts";

/** What the semantic cache has for a call. */
export type Lookup = {
  readonly endpoint: MeasuredEndpoint;
  readonly question: AskedQuestion;
  /** The stored answer that fits; null for none. */
  readonly found: { readonly match: Match; readonly answer: CachedAnswer; readonly isServed: boolean } | null;
};
type Deps = Pick<SemanticCacheDeps, "clock" | "log" | "texts"> & {
  readonly store: Pick<EntryStore, "findAnswer">;
  readonly index: Pick<ReturnType<typeof createLoadedEntries>, "remove">;
  readonly finder: MatchFinder;
  readonly measure: Measure;
};

/** Looks for the answer of a call. A failure costs a hit and is logged, but the call still runs. */
export function createLookUp(deps: Deps) {
  /** Null when the call takes no part in the cache. */
  return async (call: Call, plan: Plan): Promise<Lookup | null> => {
    const { endpoint } = plan;
    if (!endpoint?.semanticCache) return null;
    const { endpointId, configHash, semanticCache } = endpoint;
    try {
      return await lookUp(call, plan, { deps, endpoint: { endpointId, configHash, semanticCache } });
    } catch (error) {
      deps.log.warn({ error, endpointId }, "the semantic cache could not be read");
      return null;
    }
  };
}

type Means = { readonly deps: Deps; readonly endpoint: MeasuredEndpoint };

async function lookUp(call: Call, plan: Plan, { deps, endpoint }: Means): Promise<Lookup | null> {
  const { projectId } = call.scope;
  const question = cacheableQuestion(call, plan, endpoint.semanticCache.isShared);
  if (question === null || deps.texts.hasPrivate(question.text)) return null;
  const { state } = await deps.measure.find(projectId, endpoint);
  if (state === "stopped") return null;
  const asked = deps.finder.ask(projectId, question);
  return { endpoint, question: asked, found: await findAnswer(projectId, asked, { deps, endpoint }) };
}

async function findAnswer(projectId: string, question: AskedQuestion, { deps, endpoint }: Means) {
  const { clock, store, index, finder, measure } = deps;
  const match = await finder.find(projectId, question, endpoint.semanticCache.threshold);
  if (match === null) return null;
  const answer = toAnswer(await store.findAnswer(projectId, match.entry.id, new Date(clock.now())));
  if (answer === null) {
    // Another server or a person deleted it.
    index.remove(question.namespace, match.entry);
    return null;
  }
  const state = await measure.find(projectId, endpoint);
  return { match, answer, isServed: !measure.isChecked(state) };
}

export const toCacheMatch = ({ match, isServed }: NonNullable<Lookup["found"]>): CacheMatch => ({
  kind: match.kind,
  similarity: match.similarity,
  source: match.entry.source,
  isServed,
});
