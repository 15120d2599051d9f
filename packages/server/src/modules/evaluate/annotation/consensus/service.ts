import type { Consensus } from "@treadle/contract";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { cautionOf } from "./caution.ts";
import { type ConsensusDeps, createConsensusFinder, type Wanted } from "./find-consensus.ts";
import { createPublishing, type PublishingDeps } from "./publish.ts";

type Deps = ConsensusDeps &
  Omit<PublishingDeps, "find"> & {
    namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
  };
type Page = Wanted & { readonly limit: number; readonly cursor?: string | undefined };

/** One truth out of several people's answers. */
export function createConsensus({ namesOf, ...deps }: Deps) {
  const find = createConsensusFinder(deps);

  return {
    publish: createPublishing({ ...deps, find }),

    async get(scope: Scope, queueId: string, { limit, cursor, question, method }: Page): Promise<Consensus> {
      const { items, raters } = await find(scope, queueId, { question, method });
      const [confidence, itemId] = cursor === undefined ? [-1, ""] : fromCursor(cursor, 2);
      const after = items.filter(
        (item) =>
          item.confidence > Number(confidence) ||
          (item.confidence === Number(confidence) && item.itemId > String(itemId)),
      );
      const page = toPage(after, limit, (item) => [item.confidence, item.itemId]);
      const names = await namesOf(
        scope.projectId,
        raters.map(({ rater }) => rater),
      );
      const sum = items.reduce((all, one) => all + one.confidence, 0);
      return {
        nextCursor: page.nextCursor,
        items: page.items.map(({ from: _, ...item }) => item),
        method,
        question,
        total: items.length,
        settled: items.filter(({ isSettled }) => isSettled).length,
        undecided: items.filter(({ value }) => value === null).length,
        meanConfidence: items.length === 0 ? null : sum / items.length,
        caution: cautionOf({
          method,
          raters: raters.length,
          votes: items.filter(({ isSettled }) => !isSettled).map(({ votes }) => votes),
        }),
        raters: raters.map(({ rater, ...rest }) => ({
          annotator: { actorId: rater, name: names.get(rater) ?? rater },
          ...rest,
        })),
      };
    },
  };
}
export type ConsensusService = ReturnType<typeof createConsensus>;
