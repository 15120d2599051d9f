import { RecordedAnswer, RunInput, type UploadedAnswer, UploadedAnswer as UploadedShape } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { ReplayDeps } from "../stores/deps.ts";
import type { ReplayRow } from "../stores/replay-store.ts";
import { splitBudget, tagOf } from "./experiment-input.ts";

type Place = { readonly version: string; readonly signal: AbortSignal };

const BATCH = 200;
const MOST_RUNS = 200;

/** The run of the recorded answers, scored by the replay's scorers. Gives its id, or null if no item has a recorded answer. */
export async function uploadBaseline(
  deps: ReplayDeps,
  scope: Scope,
  { row, ...place }: Place & { readonly row: ReplayRow },
): Promise<string | null> {
  const { runs } = deps.experiments;
  let run = await findOwn(deps, scope, row);
  if (run !== null && run.status !== "open") return run.runId;
  for await (const answers of batchesOf(deps, scope, { datasetId: row.datasetId, ...place })) {
    run ??= await runs.create(scope, inputOf(row, place.version));
    await runs.addAnswers(scope, run.runId, answers);
  }
  if (run === null) return null;
  await runs.finish(scope, run.runId);
  return run.runId;
}

const inputOf = ({ id, input, datasetId }: ReplayRow, version: string): RunInput =>
  RunInput.parse({
    name: `Recorded answers of ${input.name}`.slice(0, 120),
    datasetId,
    version,
    scorers: input.scorers,
    budget: splitBudget(input).baseline,
    tags: [tagOf(id)],
  });

/** The run that an interrupted preparation has left. */
async function findOwn({ experiments: { runs } }: ReplayDeps, scope: Scope, { id, datasetId }: ReplayRow) {
  const { items } = await runs.list(scope, { datasetId, search: "", limit: MOST_RUNS });
  return items.find(({ tags, origin }) => origin === "uploaded" && tags.includes(tagOf(id))) ?? null;
}

async function* batchesOf(
  { datasets: { whole } }: ReplayDeps,
  scope: Scope,
  { signal, ...at }: Place & { readonly datasetId: string },
): AsyncGenerator<UploadedAnswer[]> {
  const { manifest } = await whole.openVersion(scope, at);
  let batch: UploadedAnswer[] = [];
  for await (const { itemId, metadata } of whole.readItems(scope, manifest, { signal })) {
    const { data: answer } = RecordedAnswer.safeParse(metadata.recordedAnswer);
    if (answer) batch.push(UploadedShape.parse({ itemId, ...answer }));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
