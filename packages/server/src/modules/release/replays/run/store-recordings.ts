import { type Item, MAIN_BRANCH, type RecordedTraffic, type ReplaySource, type ReplayTraffic } from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { collectItems, countItems } from "../recordings/collect-items.ts";
import type { ReplayDeps } from "../stores/deps.ts";

type Place = { readonly datasetId: string; readonly source: ReplayTraffic; readonly signal: AbortSignal };
export type StoredRecordings = { readonly version: string; readonly recorded: RecordedTraffic };

export const nothingRecorded = ({ kind }: Pick<ReplaySource, "kind">) =>
  new AppError("unprocessable", {
    message:
      kind === "dataset"
        ? "The dataset has no recorded calls: no item has `metadata.recording`. Use the dataset of an earlier replay, or start an experiment."
        : "No recorded call of a model matches. Widen the filter or the time range. Calls of experiments, judges and shadows are not replayed.",
    details: { param: "source" },
  });

/** Commits the recordings of a source as a version of a dataset. A version that is there already is taken. */
export async function storeRecordings(deps: ReplayDeps, scope: Scope, place: Place): Promise<StoredRecordings> {
  const { datasetId, source, signal } = place;
  const { list, versions, whole } = deps.datasets;
  const { latestVersion } = await list.get(scope, datasetId);
  if (latestVersion !== null) {
    const version = String(latestVersion);
    return { version, recorded: await countStored(deps, scope, { datasetId, version, signal }) };
  }
  const { items, recorded } = await collectItems(deps, scope, { source, signal });
  if (items.length === 0) throw nothingRecorded(source);
  const on = { datasetId, branch: MAIN_BRANCH };
  const { revision } = await whole.openDraft(scope, on);
  const manifest = await whole.writeItems(scope, streamOf(items), { signal });
  const summary = `Recorded ${countOf(items.length, "call")}`;
  const step = {
    kind: "traces" as const,
    summary,
    counts: { added: items.length, changed: 0, removed: 0 },
    recipe: { source },
  };
  await deps.db.transaction((tx) => whole.pushStep(scope, { ...on, expectedRevision: revision, step, manifest }, tx));
  const { version } = await versions.commit(scope, on, summary);
  return { version: String(version), recorded };
}

/** What the items of a stored version contain. */
export async function countStored(
  { datasets: { whole } }: Pick<ReplayDeps, "datasets">,
  scope: Scope,
  { signal, ...at }: { readonly datasetId: string; readonly version: string; readonly signal: AbortSignal },
): Promise<RecordedTraffic> {
  const { manifest } = await whole.openVersion(scope, at);
  let sum = countItems([]);
  for await (const item of whole.readItems(scope, manifest, { signal })) sum = plus(sum, countItems([item]));
  return sum;
}

const plus = (one: RecordedTraffic, other: RecordedTraffic): RecordedTraffic => ({
  spans: one.spans + other.spans,
  items: one.items + other.items,
  merged: one.merged + other.merged,
  skipped: one.skipped + other.skipped,
  withTools: one.withTools + other.withTools,
  toolCalls: one.toolCalls + other.toolCalls,
  withInputs: one.withInputs + other.withInputs,
  withoutInputs: one.withoutInputs + other.withoutInputs,
  timeDependent: one.timeDependent + other.timeDependent,
  withAnswer: one.withAnswer + other.withAnswer,
});

async function* streamOf(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
