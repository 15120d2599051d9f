import { type DriftVerdict, FEWEST_DRIFT_TEXTS } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Comparison } from "../analysis/compare-sides.ts";
import { describeChange } from "../analysis/describe-change.ts";
import type { DriftItem } from "../analysis/drift-item.ts";
import type { DriftDeps } from "../stores/deps.ts";
import { createRunStore } from "../stores/run-store.ts";
import type { StoredExample, StoredResult } from "../stores/stored-result.ts";
import { createVectorStore } from "../stores/vector-store.ts";
import type { WatchRow } from "../stores/watch-store.ts";
import { confirm, verdictOf } from "./confirm.ts";
import { shiftDay, startOf } from "./days.ts";
import { type Embedding, type EmbedProgress, embedItems } from "./embed-items.ts";
import { loadReference, type Reference } from "./load-reference.ts";
import { type Sample, takeSample } from "./take-sample.ts";

/** Fewer sessions or traces than this have no verdict: their texts are too alike. */
const FEWEST_UNITS = 20;
const WEEK_DAYS = 7;

export type DayResult = {
  readonly referenceVersion: number;
  readonly verdict: DriftVerdict;
  readonly result: StoredResult;
};
type Given = {
  readonly scope: Scope;
  readonly watch: WatchRow;
  readonly day: string;
  readonly signal: AbortSignal;
  readonly report: (progress: { done?: number; total?: number; unit?: string; message?: string }) => void;
};

/** Compares the texts of a day with the reference of its watch. */
export async function compareDay(deps: DriftDeps, given: Given): Promise<DayResult> {
  const { watch, day, signal, report } = given;
  const startedAt = deps.clock.elapsed();
  const progress = createProgress(report);
  report({ done: 0, unit: "texts", message: "Reading the reference" });
  const reference = await loadReference(deps, given, { signal, progress });
  report({ message: `Reading the texts of ${day}` });
  const sample = await takeSample(deps, watch, { ...boundsOf(day, 1), signal });
  const missing = missingOf({ reference, sample, day });
  const found =
    missing === null && "side" in reference
      ? await compareTexts(deps, given, { reference, sample, progress })
      : { ...EMPTY, summary: [missing ?? "The reference has no texts."] };
  const counts = { matching: sample.matching, currentTexts: sample.items.length, embeddedTexts: progress.embedded() };
  const referenceTexts = "side" in reference ? reference.side.items.length : reference.texts;
  const durationMs = Math.round(deps.clock.elapsed() - startedAt);
  const verdict = missing === null ? verdictOf(found.signals) : "not-enough-data";
  return { referenceVersion: reference.version, verdict, result: { ...found, ...counts, referenceTexts, durationMs } };
}

/** Reports the embedded texts of all that the steps of a run expect. */
function createProgress(report: Given["report"]) {
  let [total, embedded] = [0, 0];
  return {
    expect(texts: number) {
      total += texts;
      report({ done: embedded, total });
    },
    add(texts: number) {
      embedded += texts;
      report({ done: embedded, total });
    },
    embedded: () => embedded,
  };
}

type Found = Omit<StoredResult, "matching" | "currentTexts" | "embeddedTexts" | "referenceTexts" | "durationMs">;
type Read = {
  readonly reference: Reference;
  readonly sample: Sample;
  readonly progress: EmbedProgress;
};

async function compareTexts(deps: DriftDeps, given: Given, { reference, sample, progress }: Read): Promise<Found> {
  const { watch, signal, report } = given;
  const stored = createVectorStore(deps.db);
  report({ message: "Embedding the texts" });
  const embedding = { signal, progress, known: await stored.findVectors(watch.projectId, watch.id) };
  const current = await embedItems(deps, sample.items, embedding);
  const week = await takeWeek(deps, given, embedding);
  await stored.storeVectors(watch.projectId, watch.id, week ? [week, current] : [current]);
  report({ message: "Comparing the texts" });
  const { side, model } = reference;
  const compared = await deps.thread.ask("compare", { reference: side, current, model, week });
  const signals = await confirmSignals(deps, given, { compared, reference });
  const explanations = [...compared.explanations];
  return {
    signals,
    explanations,
    clusters: [...compared.clusters],
    words: [...compared.words],
    summary: describeChange({ signals, explanations }),
    currentExamples: toExamples(compared.currentExamples, sample.items),
    referenceExamples: toExamples(compared.referenceExamples, side.items),
  };
}

const EMPTY = {
  signals: [],
  explanations: [],
  clusters: [],
  words: [],
  currentExamples: [],
  referenceExamples: [],
} satisfies Partial<Found>;

/** The `days` that end with a day. */
export function boundsOf(day: string, days: number) {
  const to = new Date(startOf(day).getTime() + DAY_MS);
  return { from: new Date(to.getTime() - days * DAY_MS), to };
}

type Sides = {
  readonly reference: Awaited<ReturnType<typeof loadReference>>;
  readonly sample: Sample;
  readonly day: string;
};

/** What is missing for a comparison, in a sentence. Null if there is enough. */
function missingOf({ reference, sample, day }: Sides): string | null {
  if (!("side" in reference))
    return `The reference has ${countTexts(reference.texts)}, and a comparison needs at least ${FEWEST_DRIFT_TEXTS}.`;
  const { items } = sample;
  if (items.length < FEWEST_DRIFT_TEXTS)
    return `${day} has ${countTexts(items.length)}, and a comparison needs at least ${FEWEST_DRIFT_TEXTS}.`;
  const units = Math.min(unitsIn(items), unitsIn(reference.side.items));
  return units >= FEWEST_UNITS
    ? null
    : `The texts come from ${units} sessions, and a comparison needs at least ${FEWEST_UNITS} on each side.`;
}

const countTexts = (texts: number) => `${texts} ${texts === 1 ? "text" : "texts"}`;
const unitsIn = (items: readonly DriftItem[]) => new Set(items.map(({ unit }) => unit)).size;

/** The week before the day, with vectors. Null if it has too few texts. */
async function takeWeek(deps: DriftDeps, { watch, day, signal }: Given, embedding: Embedding) {
  const { items } = await takeSample(deps, watch, { ...boundsOf(shiftDay(day, -1), WEEK_DAYS), signal });
  if (items.length < FEWEST_DRIFT_TEXTS || unitsIn(items) < FEWEST_UNITS) return null;
  return embedItems(deps, items, embedding);
}

type Compared = { readonly compared: Comparison; readonly reference: Reference };

/** Days that were compared with another reference do not confirm. */
async function confirmSignals({ db }: DriftDeps, { watch, day }: Given, { compared, reference }: Compared) {
  const earlier = await createRunStore(db).listRuns(watch.projectId, watch.id, { limit: 2, before: day });
  const isNear = (other: string) => other >= shiftDay(day, -2);
  return confirm(
    compared.signals,
    earlier
      .filter((run) => isNear(run.day) && run.referenceVersion === reference.version)
      .map((run) => ({ day: run.day, signals: run.result?.signals ?? [] })),
  );
}

const toExamples = (extremes: Comparison["currentExamples"], items: readonly DriftItem[]): readonly StoredExample[] =>
  extremes.flatMap(({ at, score }) => {
    const item = items[at];
    if (!item) return [];
    const { traceId, spanId, user: userId, text } = item;
    return [{ traceId, spanId, userId, score, text: traceId === null ? text : "" }];
  });
