import type { GateDecision } from "@treadle/contract";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createRunStore, type RunRow } from "../stores/run-store.ts";
import { createValueStore } from "../stores/summary-store.ts";

type Flaky = GateDecision["flaky"][number];

const LAST_RUNS = 10;
const LEAST_RUNS = 3;
const MOST_SHOWN = 200;

/**
 * Items with changing results for the same code: repeats of the head, and the last runs of the base's branch with the
 * same configuration. Runs are compared only with runs of the same commit, because a change can change an item's
 * result.
 */
export async function findFlaky(
  db: Postgres,
  { head, base, share }: { head: RunRow; base: RunRow | null; share: number },
): Promise<Flaky[]> {
  const past = base?.suite && base.branch ? await listPast(db, { base, head, branch: base.branch }) : [];
  const flaky: Flaky[] = [];
  for (const { key, signature, output } of head.scorers) {
    if (output.type !== "boolean") continue;
    const isScoredAlike = ({ scorers }: RunRow) =>
      scorers.some((one) => one.key === key && one.signature === signature);
    const groups = [
      ...(head.repeats > 1 ? [[head]] : []),
      ...groupByCode(past.filter(isScoredAlike)).filter(({ length }) => length >= LEAST_RUNS),
    ];
    for (const { itemId, disagreeing, answers } of await disagreements(db, groups, key))
      if (disagreeing > 0 && disagreeing / answers >= share)
        flaky.push({ itemId, scorer: key, share: disagreeing / answers, answers });
  }
  return flaky.sort((a, b) => b.share - a.share || (a.itemId < b.itemId ? -1 : 1)).slice(0, MOST_SHOWN);
}

/** The number of answers to each item that differ from the majority of their group. */
async function disagreements(db: Postgres, groups: readonly (readonly RunRow[])[], key: string) {
  const byItem = new Map<string, { disagreeing: number; answers: number }>();
  for (const group of groups) {
    const runIds = group.map(({ id }) => id);
    for (const { itemId, passes, answers } of await createValueStore(db).passes(runIds, key)) {
      const sum = byItem.get(itemId) ?? { disagreeing: 0, answers: 0 };
      const disagreeing = sum.disagreeing + Math.min(passes, answers - passes);
      byItem.set(itemId, { disagreeing, answers: sum.answers + answers });
    }
  }
  return [...byItem].map(([itemId, sum]) => ({ itemId, ...sum }));
}

/**
 * Runs by commit and named versions. A run by Treadle is identified by its variant, with or without a commit. An upload
 * has no other identity.
 */
function groupByCode(runs: readonly RunRow[]): readonly (readonly RunRow[])[] {
  const known = runs.filter(({ variant, source }) => variant !== null || source.commit !== null);
  const codeOf = ({ source, versions }: RunRow) => JSON.stringify([source.commit, Object.entries(versions).sort()]);
  return [...Map.groupBy(known, codeOf).values()];
}

type Past = { readonly base: RunRow; readonly head: RunRow; readonly branch: string };

/** The last runs over the same items by the same variant; a prompt that was another one makes no item flaky. */
async function listPast(db: Postgres, { base, head, branch }: Past): Promise<RunRow[]> {
  const filter = { suite: base.suite ?? "", branch, status: "done" as const, search: "" };
  const rows = await createRunStore(db).list(base.projectId, filter, { limit: LAST_RUNS, after: null });
  const variant = JSON.stringify(base.variant);
  return rows.filter((row) => row.id !== head.id && row.root === base.root && JSON.stringify(row.variant) === variant);
}
