import type { DriftFinding, DriftReport, DriftTrigger } from "@treadle/contract";
import type { Clock } from "../../../../../kernel/clock.ts";
import type { Traces } from "../../../../observe/traces/index.ts";
import type { Evals } from "../../../experiments/index.ts";
import type { Embed } from "../../queues/asked-text.ts";
import { type ColumnKind, type ColumnValue, columnValues } from "./column-values.ts";
import { reasonOf } from "./drift-words.ts";
import { type Judged, sampleTimes, timesOf } from "./sample-times.ts";
import { takeUnlike } from "./take-unlike.ts";

export type DriftDeps = {
  readonly picked: Traces["picked"];
  readonly embed: Embed;
  readonly ask: Evals["ask"];
  readonly clock: Clock;
};
type DriftLook = {
  readonly report: DriftReport;
  readonly taken: readonly { readonly judged: Judged; readonly reason: string }[];
};
type Order = { readonly projectId: string; readonly trigger: DriftTrigger; readonly to: number };
type Column = {
  readonly kind: ColumnKind;
  readonly reference: readonly (string | number)[];
  readonly current: readonly (string | number)[];
  /** The index in the window's sample of each current value. */
  readonly places: readonly number[];
};

/** With fewer conversations in a period, a test detects only obvious changes. */
const LEAST = 50;
const LONGEST_TEXT = 2_000;
const TEST_OF = { meaning: "mmd", number: "ks", category: "psi" } as const;

/** Holds the window that ends at `to` (milliseconds since 1970) against the days before it. */
export async function lookForDrift(deps: DriftDeps, order: Order, signal: AbortSignal): Promise<DriftLook> {
  const { projectId, trigger, to } = order;
  const times = timesOf(trigger, to);
  const sampled = await sampleTimes(deps.picked, projectId, { trigger, times });
  const columns = trigger.columns.map((column) => columnOf(column, sampled));
  const enoughColumns = columns.filter(isEnough);
  const answers = await testColumns(deps, { told: enoughColumns, trigger, seed: Math.floor(to / 1_000) }, signal);
  const answerOf = new Map(enoughColumns.map((column, place) => [column, answers[place]]));
  const findings = trigger.columns.map((column, place): DriftFinding => {
    const values = columns[place] ?? EMPTY;
    const answer = answerOf.get(values);
    const [window, reference] = [values.current.length, values.reference.length];
    return {
      column,
      test: TEST_OF[values.kind],
      window,
      reference,
      outcome: !answer || answer.pValue === null ? "too-little" : answer.isDrift ? "drift" : "steady",
      lacks: { window: Math.max(0, LEAST - window), reference: Math.max(0, LEAST - reference) },
      change: answer?.change ?? null,
      pValue: answer?.pValue ?? null,
      adjustedP: answer?.adjustedP ?? null,
    };
  });
  const size = Math.ceil(trigger.share * sampled.current.length);
  const unlike = columns.map((column) => ({ places: column.places, values: answerOf.get(column)?.unlike ?? [] }));
  const takenItems = takeUnlike(unlike, size).flatMap(({ column, place, share }) => {
    const [finding, judged] = [findings[column], sampled.current[place]];
    return finding && judged ? [{ judged, reason: reasonOf(finding, { ...trigger, share }) }] : [];
  });
  const iso = (ms: number) => new Date(ms).toISOString();
  const report = {
    outcome: outcomeOf(findings),
    findings,
    taken: takenItems.length,
    lookedAt: iso(deps.clock.now()),
    referenceFrom: iso(times.referenceFrom),
    from: iso(times.from),
    to: iso(times.to),
  };
  return { report, taken: takenItems };
}

const EMPTY: Column = { kind: "number", reference: [], current: [], places: [] };
const isEnough = ({ reference, current }: Column) => reference.length >= LEAST && current.length >= LEAST;

function outcomeOf(findings: readonly DriftFinding[]): DriftReport["outcome"] {
  if (findings.some(({ outcome }) => outcome === "drift")) return "drift";
  return findings.some(({ outcome }) => outcome === "steady") ? "steady" : "too-little";
}

/** Both periods are read as one, so that a score is compared in the same way in both. */
function columnOf(
  column: DriftTrigger["columns"][number],
  { reference, current }: { reference: readonly Judged[]; current: readonly Judged[] },
): Column {
  const { kind, values } = columnValues(column, [...reference, ...current]);
  const there = (value: ColumnValue) => value !== null;
  const now = values.slice(reference.length);
  return {
    kind,
    reference: values.slice(0, reference.length).filter(there),
    current: now.filter(there),
    places: [...now.keys()].filter((place) => now[place] !== null),
  };
}

type Testing = { readonly told: readonly Column[]; readonly trigger: DriftTrigger; readonly seed: number };

async function testColumns({ embed, ask }: DriftDeps, { told, trigger, seed }: Testing, signal: AbortSignal) {
  if (told.length === 0) return [];
  const columns = [];
  for (const { kind, reference, current } of told) {
    if (kind === "number") columns.push({ kind, reference: reference.map(Number), current: current.map(Number) });
    if (kind === "category") columns.push({ kind, reference: reference.map(String), current: current.map(String) });
    if (kind === "meaning") {
      const texts = [...reference, ...current].map((text) => String(text).slice(0, LONGEST_TEXT));
      const vectors = await embed(texts, signal);
      columns.push({ kind, reference: vectors.slice(0, reference.length), current: vectors.slice(reference.length) });
    }
  }
  const { alpha, leastPsi, leastMmd } = trigger;
  return ask("drift", { columns, alpha, leastPsi, leastMmd, seed });
}
