import type { PreferenceKind, PreferenceLeaderboard } from "@treadle/contract";
import { notFound } from "../../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createCollecting } from "./collect.ts";
import type { PreferenceDeps } from "./deps.ts";
import { createPairListStore, type PairQuery } from "./pair-list-store.ts";
import { toEvidence, toPreferencePair } from "./pair-row.ts";
import { createPairStore } from "./pair-store.ts";
import type { QueuePair } from "./pairs-of-queue.ts";
import { rankVariants } from "./rank-variants.ts";

type Which = { readonly queueId?: string | undefined; readonly kind?: PreferenceKind | undefined };
type Listing = Which & Pick<PairQuery, "conflict" | "search"> & { limit: number; cursor?: string | undefined };

const queryOf = ({ kind, ...which }: Which & Pick<PairQuery, "conflict" | "search">): PairQuery => ({
  ...which,
  ...(kind && { kinds: [kind] }),
});

/** Pairs of answers of which one is preferred, and who wins them. */
export function createPreferences(deps: PreferenceDeps) {
  const { db, ask, audit } = deps;
  const lists = createPairListStore(db);

  return {
    collect: createCollecting(deps),

    async list(scope: Scope, { limit, cursor, ...which }: Listing) {
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await lists.list(scope.projectId, queryOf(which), { limit: limit + 1, before });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      const counts = await lists.count(scope.projectId, queryOf(which));
      return { ...page, items: page.items.map(toPreferencePair), ...counts };
    },

    async delete(scope: Scope, pairId: string): Promise<void> {
      await db.transaction(async (tx) => {
        if (!(await createPairStore(tx).delete(scope.projectId, pairId))) throw notFound("preference", pairId);
        await audit.record(scope, { action: "preferences.delete", target: pairId }, tx);
      });
    },

    async leaderboard(scope: Scope, which: Which): Promise<PreferenceLeaderboard> {
      const pairs: QueuePair[] = [];
      for await (const row of lists.readAll(scope.projectId, queryOf(which)))
        pairs.push({ ...toEvidence(row, new Map()), leftWins: row.leftWins, rightWins: row.rightWins });
      return rankVariants(pairs, ask);
    },
  };
}
export type Preferences = ReturnType<typeof createPreferences>;
