import type { Call } from "../../request/read-call.ts";
import type { SentAnswer } from "../cached-call.ts";
import { isEqualAnswer } from "./compare-answers.ts";
import type { SemanticCacheDeps } from "./deps.ts";
import { createEntryStore } from "./entry-store.ts";
import { createMatchFinder } from "./find-match.ts";
import { textOfAnswer } from "./is-reusable.ts";
import { createLoadedEntries } from "./loaded-entries.ts";
import { createLookUp, type Lookup } from "./look-up.ts";
import { createMeasure } from "./measure.ts";
import { createSaver, toResponseCore } from "./save-answer.ts";
import { createStatusPage } from "./status.ts";
import { type BadAnswer, createUseStore, type UseRow } from "./use-store.ts";

/**
 * Repeats answers of questions that mean the same, for endpoints that turn it on. It serves only after a measurement of
 * how often it would be wrong, and stops when that is too often.
 */
export function createSemanticCache(deps: SemanticCacheDeps) {
  const store = createEntryStore(deps.db);
  const uses = createUseStore(deps.db);
  const index = createLoadedEntries({ store, clock: deps.clock });
  const finder = createMatchFinder({ ...deps, index });
  const measure = createMeasure(deps);
  const save = createSaver({ ...deps, store, index });
  const settle = createSettlement(deps, { measure, save });
  return {
    lookUp: createLookUp({ ...deps, store, index, finder, measure }),
    ...settle,
    ...createStatusPage({ ...deps, store, uses, index, measure }),

    /** After a bad answer: deletes the entry that it came from. Never throws. */
    async evict(projectId: string, bad: BadAnswer): Promise<void> {
      try {
        await uses.evict(projectId, { ...bad, responseId: toResponseCore(bad.responseId) });
      } catch (error) {
        deps.log.warn({ error }, "an entry of the semantic cache could not be evicted");
      }
    },
  };
}
export type SemanticCaches = ReturnType<typeof createSemanticCache>;

type Parts = { readonly measure: ReturnType<typeof createMeasure>; readonly save: ReturnType<typeof createSaver> };

/** What follows once the caller has the answer. Nothing here fails a call. */
function createSettlement({ clock, log, embed }: SemanticCacheDeps, { measure, save }: Parts) {
  async function check(call: Call, { endpoint, found }: Lookup, sent: SentAnswer): Promise<void> {
    const fresh = sent.result.response;
    if (found === null || fresh === null || sent.result.status !== "ok") return;
    const { projectId } = call.scope;
    const cached = found.answer.response ? textOfAnswer(found.answer.response) : "";
    const isEqual = await isEqualAnswer(embed, projectId, [cached, textOfAnswer(fresh)]);
    await measure.check(projectId, endpoint, useOf(call, endpoint.endpointId, { found, isFalse: !isEqual, clock }));
  }
  const complain = (error: unknown) => log.warn({ error }, "an answer could not be stored in the semantic cache");

  return {
    /** Counts a hit. */
    noteHit(call: Call, { endpoint, found }: Lookup): void {
      if (found === null) return;
      const use = useOf(call, endpoint.endpointId, { found, isFalse: null, clock });
      void measure.hit(call.scope.projectId, use).catch(complain);
    },

    /** Compares a match with the model's answer, and stores the model's answer. */
    noteAnswer(call: Call, lookup: Lookup, sent: SentAnswer): void {
      if (sent.result.status !== "ok") return;
      void check(call, lookup, sent)
        .then(() => save(call, lookup, sent))
        .catch(complain);
    },
  };
}

type UseFacts = {
  readonly found: NonNullable<Lookup["found"]>;
  readonly isFalse: boolean | null;
  readonly clock: SemanticCacheDeps["clock"];
};
const useOf = ({ scope, traceId, spanId }: Call, endpointId: string, { found, isFalse, clock }: UseFacts): UseRow => ({
  projectId: scope.projectId,
  traceId,
  spanId,
  endpointId,
  entryId: found.match.entry.id,
  sourceTraceId: found.match.entry.source.traceId,
  kind: found.match.kind,
  similarity: found.match.similarity,
  isFalse,
  createdAt: new Date(clock.now()),
});
