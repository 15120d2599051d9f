import type { GateDecision } from "@treadle/contract";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { createRunStore, type RunRow } from "../run-store.ts";
import { createValueStore } from "../summary-store.ts";

type Flaky = GateDecision["flaky"][number];

const LAST_RUNS = 10;
const LEAST_RUNS = 3;
const MOST_SHOWN = 200;

/** Items whose answers pass now and fail then on the same code: repeats of the head, and the last runs of the base's branch that answered as it did. */
export async function findFlaky(
  db: Postgres,
  { head, base, share }: { head: RunRow; base: RunRow | null; share: number },
): Promise<Flaky[]> {
  const past = base?.suite && base.branch ? await listPast(db, { base, head, branch: base.branch }) : [];
  const flaky: Flaky[] = [];
  for (const { key, output } of head.scorers) {
    if (output.type !== "boolean") continue;
    const own = head.repeats > 1 ? await createValueStore(db).passes([head.id], key) : [];
    for (const { itemId, passes, answers } of [...own, ...(await createValueStore(db).passes(past, key))]) {
      const disagreeing = Math.min(passes, answers - passes) / answers;
      const isKnown = flaky.some((one) => one.itemId === itemId && one.scorer === key);
      if (disagreeing > 0 && disagreeing >= share && !isKnown)
        flaky.push({ itemId, scorer: key, share: disagreeing, answers });
    }
  }
  return flaky.sort((a, b) => b.share - a.share || (a.itemId < b.itemId ? -1 : 1)).slice(0, MOST_SHOWN);
}

type Past = { readonly base: RunRow; readonly head: RunRow; readonly branch: string };

/** A change that was asked about, or a prompt that was another one, makes no item flaky; two runs that disagree are too few to say. */
async function listPast(db: Postgres, { base, head, branch }: Past): Promise<string[]> {
  const filter = { suite: base.suite ?? "", branch, status: "done" as const, search: "" };
  const rows = await createRunStore(db).list(base.projectId, filter, { limit: LAST_RUNS, after: null });
  const variant = JSON.stringify(base.variant);
  const alike = rows.filter(
    (row) => row.id !== head.id && row.root === base.root && JSON.stringify(row.variant) === variant,
  );
  return alike.length >= LEAST_RUNS ? alike.map(({ id }) => id) : [];
}
