import { type Item, MAIN_BRANCH } from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { AttackItem } from "../attacks/generate-attacks.ts";
import type { RedTeamDeps } from "../stores/deps.ts";

type Storing = {
  readonly datasetId: string;
  readonly items: readonly AttackItem[];
  readonly signal: AbortSignal;
};

/** Commits the attacks as the first version of the run's dataset. A version that is there already is taken. */
export async function storeAttacks(
  { db, datasets: { list, versions, whole } }: RedTeamDeps,
  scope: Scope,
  { datasetId, items, signal }: Storing,
): Promise<string> {
  const { latestVersion } = await list.get(scope, datasetId);
  if (latestVersion !== null) return String(latestVersion);
  const on = { datasetId, branch: MAIN_BRANCH };
  const { revision } = await whole.openDraft(scope, on);
  const manifest = await whole.writeItems(scope, streamOf(items), { signal });
  const summary = `Generated ${countOf(items.length, "request")}`;
  const step = {
    kind: "synthetic" as const,
    summary,
    counts: { added: items.length, changed: 0, removed: 0 },
    recipe: {},
  };
  await db.transaction((tx) => whole.pushStep(scope, { ...on, expectedRevision: revision, step, manifest }, tx));
  const { version } = await versions.commit(scope, on, summary);
  return String(version);
}

async function* streamOf(items: readonly AttackItem[]): AsyncGenerator<Item> {
  for (const item of items) yield { ...item, source: { kind: "synthetic" }, split: null };
}
