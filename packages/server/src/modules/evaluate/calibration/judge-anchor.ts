import type { Item, ScorerSample } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobRun } from "../../../platform/jobs/port.ts";
import type { AnchorRow } from "./anchor-store.ts";
import type { BoundScorer, CalibrationDeps } from "./deps.ts";
import { facetsOf, makePair, type Reading, valueAt } from "./make-pair.ts";
import { createPairStore, type PairRow } from "./pair-store.ts";

const WIDTH = 4;
const BATCH = 20;
const MOST_ITEMS = 2_000;

type Judging = {
  readonly anchor: AnchorRow;
  readonly calibrationId: string;
  readonly bound: BoundScorer;
  readonly reading: Reading;
};

/** Has the labelled answers judged, all but those that were judged before. */
export async function judgeAll(
  { db, datasets }: Pick<CalibrationDeps, "db" | "datasets">,
  { scope, signal, report }: Pick<JobRun<unknown, unknown>, "scope" | "signal" | "report">,
  judging: Judging,
): Promise<PairRow[]> {
  const store = createPairStore(db);
  const known = new Set((await store.listAll(judging.calibrationId)).map(({ key }) => key));
  const items = await labelled(datasets, { scope, anchor: judging.anchor, signal });
  const missing = items.filter(({ itemId }) => !known.has(itemId));
  for (let at = 0; at < missing.length; at += BATCH) {
    signal.throwIfAborted();
    const batch = missing.slice(at, at + BATCH);
    const rows: PairRow[] = [];
    let next = 0;
    const work = async () => {
      for (let item = batch[next++]; item; item = batch[next++]) rows.push(await judge(item, judging, signal));
    };
    await Promise.all(Array.from({ length: WIDTH }, work));
    await store.add(rows);
    report({ done: known.size + at + batch.length, total: items.length, unit: "answers", message: "Judging" });
  }
  return store.listAll(judging.calibrationId);
}

/** The items of the newest version that have an answer and a label. */
async function labelled(
  datasets: CalibrationDeps["datasets"],
  { scope, anchor, signal }: { scope: Scope; anchor: AnchorRow; signal: AbortSignal },
): Promise<Item[]> {
  const { manifest } = await datasets.openVersion(scope, { datasetId: anchor.datasetId, version: "main" });
  const items: Item[] = [];
  for await (const item of datasets.readItems(scope, manifest, { signal })) {
    const [answer, label] = [valueAt({ ...item }, anchor.outputPath), valueAt({ ...item }, anchor.labelPath)];
    if (answer !== undefined && answer !== null && label !== undefined && label !== null) items.push(item);
    if (items.length >= MOST_ITEMS) break;
  }
  if (items.length > 0) return items;
  throw new AppError("unprocessable", {
    message: `No item of the dataset has both an answer at \`${anchor.outputPath}\` and a label at \`${anchor.labelPath}\`.`,
  });
}

async function judge(item: Item, { anchor, bound, reading, calibrationId }: Judging, signal: AbortSignal) {
  const answer = valueAt({ ...item }, anchor.outputPath);
  const isExpected = anchor.outputPath.startsWith("expected") || anchor.labelPath.startsWith("expected");
  const sample: ScorerSample = {
    input: item.inputs,
    output: textOf(answer),
    // The judge must not see the human label.
    expected: isExpected ? null : item.expected,
    metadata: {},
  };
  const { value, label, reason, state } = await bound.score(sample, { signal });
  const judge = state === "scored" ? { value, label } : { value: null, label: null };
  const human = valueAt({ ...item }, anchor.labelPath);
  const facets = facetsOf(item, anchor.labelPath);
  return makePair(
    calibrationId,
    { key: item.itemId, traceId: null, spanId: null, human, judge, reason, facets },
    reading,
  );
}

function textOf(answer: unknown): string {
  if (typeof answer === "string") return answer;
  if (typeof answer === "object" && answer !== null && "content" in answer && typeof answer.content === "string")
    return answer.content;
  return JSON.stringify(answer);
}
