import { TrainingEvent, type TrainingProgress, type TrainingResult, type TrainingStatus } from "@treadle/contract";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Artifact } from "../stores/deps.ts";
import { createCheckpointStore, createEventStore } from "../stores/event-store.ts";
import { createRunStore, type RunChanges, type RunRow } from "../stores/store.ts";
import { pathBelow } from "./run-folder.ts";
import { saveRows } from "./save-rows.ts";

/** The state of a run from the status that its trainer reports. */
const STATUS: Readonly<Record<string, readonly [status: TrainingStatus, message: string]>> = {
  starting: ["preparing", "Starting the trainer"],
  loading: ["preparing", "Loading the model"],
  tokenising: ["preparing", "Reading the rows"],
  running: ["running", "Training"],
  evaluating: ["running", "Evaluating"],
  saving: ["running", "Saving"],
  exporting: ["saving", "Writing the result"],
};

const MOST_WARNINGS = 50;

/** Reads lines of an event file. An invalid line is reported and skipped, so it does not stop the run. */
export function readEvents(lines: readonly string[]): { events: TrainingEvent[]; warnings: string[] } {
  const events: TrainingEvent[] = [];
  const warnings: string[] = [];
  for (const line of lines) {
    const event = readEvent(line);
    if (event) events.push(event);
    // As JSON, since it may hold what PostgreSQL cannot.
    else warnings.push(`A line in the trainer's events cannot be read: ${JSON.stringify(line.slice(0, 120))}`);
  }
  return { events, warnings };
}

function readEvent(line: string): TrainingEvent | null {
  try {
    // PostgreSQL's JSON has no U+0000, and a model may well say it.
    const { success, data } = TrainingEvent.safeParse(JSON.parse(line.replaceAll("\\u0000", "\\ufffd")));
    return success ? data : null;
  } catch {
    return null;
  }
}

/** The local folder of a run, and the translation of its trainer's paths. */
type Paths = { readonly folder: string; readonly toHere: (path: string) => string };
type Told = { readonly lines: readonly string[]; readonly cursor: number; readonly now: Date } & Paths;

/**
 * Stores a trainer's events in the caller's transaction, and returns the updated row. Known events are not counted
 * twice, and a missing number is reported.
 */
export async function applyEvents(tx: Postgres, row: RunRow, { lines, cursor, now, ...paths }: Told): Promise<RunRow> {
  const { events: read, warnings } = readEvents(lines);
  const events = read.filter(
    ({ seq }, place) => seq > row.lastSeq && read.findIndex((one) => one.seq === seq) === place,
  );
  warnings.push(...gapsIn(events, row.lastSeq));
  await createEventStore(tx).add(row.id, events);
  let changes: RunChanges = { cursor, lastSeq: events.reduce((last, { seq }) => Math.max(last, seq), row.lastSeq) };
  for (const event of events) {
    changes = { ...changes, ...changesOf({ ...row, ...changes }, event, paths) };
    if (event.type === "rows") changes = { ...changes, data: await saveRows(tx, { ...row, ...changes }, event) };
    if (event.type === "checkpoint") await saveCheckpoint(tx, { row, event, now, ...paths });
    if (event.type === "warning") warnings.push(event.message);
  }
  if (warnings.length > 0) changes = { ...changes, warnings: withWarnings(row.warnings, warnings) };
  await createRunStore(tx).update(row.projectId, row.id, changes);
  return { ...row, ...changes };
}

const withWarnings = (known: readonly string[], more: readonly string[]): string[] =>
  [...new Set([...known, ...more])].slice(0, MOST_WARNINGS);

function gapsIn(events: readonly TrainingEvent[], last: number): string[] {
  const gaps: string[] = [];
  let before = last;
  for (const { seq } of events) {
    if (seq > before + 1) gaps.push(`The trainer's events ${before + 1} to ${seq - 1} are missing.`);
    before = Math.max(before, seq);
  }
  return gaps;
}

/** Only reported fields replace known values. */
const known = (values: { readonly [Key in keyof TrainingProgress]?: number | null | undefined }) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));

function changesOf(row: RunRow, event: TrainingEvent, paths: Paths): RunChanges {
  const progressed = (values: Parameters<typeof known>[0]): RunChanges => ({
    progress: { ...row.progress, ...known(values) },
  });
  switch (event.type) {
    case "status": {
      const [status, message] = STATUS[event.status] ?? ["running", ""];
      const told = { status, message: event.message || workWords(event) || message };
      const progress = { ...row.progress, ...known({ step: event.step, totalSteps: event.total_steps }) };
      return { ...told, progress: { ...progress, ...batchesOf(event) } };
    }
    case "heartbeat":
      return progressed({ memoryMb: event.rss_mb });
    case "metrics":
      return { status: "running", message: trainingWords(event), ...progressed(measured(event)) };
    case "eval":
      return {
        message: "Training",
        progress: {
          ...row.progress,
          ...known({ evalLoss: event.eval_loss }),
          ...bestOf(row.progress, event),
          ...NO_BATCHES,
        },
      };
    case "artifact":
      return { artifacts: withArtifact(row.artifacts, event, paths) };
    case "error":
      return { error: { kind: "platform", ...errorOf(event) } };
    case "done":
      return {
        stopReason: event.reason,
        result: resultOf(event),
        ...progressed({
          step: event.step,
          bestStep: event.best_step,
          bestEvalLoss: event.best_eval_loss,
          trainedTokens: event.trained_tokens,
        }),
      };
    case "estimate":
      return progressed({ etaSeconds: leftOf(event.seconds, row.progress), memoryMb: event.memory_mb });
    default:
      return {};
  }
}

const NO_BATCHES = { evalBatches: null, evalTotalBatches: null };
type StatusEvent = Extract<TrainingEvent, { type: "status" }>;

const batchesOf = ({ status, done, total }: StatusEvent) =>
  status === "evaluating" ? { evalBatches: done ?? null, evalTotalBatches: total ?? null } : NO_BATCHES;

/** The current work and its progress, if it takes long enough to be counted. */
function workWords({ status, step, done, total }: StatusEvent): string {
  if (status === "tokenising" && done != null && total != null) return `Reading the rows: ${done} of ${total}`;
  if (status !== "evaluating") return "";
  const what = step === 0 ? "Evaluating the base model" : `Evaluating at step ${step}`;
  return done == null || total == null ? what : `${what}: ${done} of ${total} batches`;
}

function resultOf(event: Extract<TrainingEvent, { type: "done" }>): TrainingResult | null {
  const { model_step: step, model_from: from, model_eval_loss: evalLoss } = event;
  return step == null || from == null ? null : { step, from, evalLoss: evalLoss ?? null };
}

/** With fewer threads than promised, a run is slower than estimated, and the reason is reported. */
const trainingWords = ({ threads }: Extract<TrainingEvent, { type: "metrics" }>) =>
  threads == null
    ? "Training"
    : `Training with ${threads === 1 ? "1 thread" : `${threads} threads`} while requests come in`;

/** The estimated remaining seconds of the whole run. */
const leftOf = (seconds: number | null | undefined, { elapsedSeconds }: TrainingProgress) =>
  seconds == null ? null : Math.max(seconds - (elapsedSeconds ?? 0), 0);

const measured = (event: Extract<TrainingEvent, { type: "metrics" }>) => ({
  step: event.step,
  totalSteps: event.total_steps,
  epoch: event.epoch,
  loss: event.loss,
  tokensPerSecond: event.tokens_per_s,
  memoryMb: event.rss_mb,
  elapsedSeconds: event.elapsed_s,
  etaSeconds: event.eta_s,
  trainedTokens: event.num_tokens,
});

const errorOf = ({ code, message, what_to_do }: Extract<TrainingEvent, { type: "error" }>) => ({
  code,
  message,
  whatToDo: what_to_do ?? "",
});

/** A path outside the run's folder is not one of its results. */
function withArtifact(
  before: readonly Artifact[],
  event: Extract<TrainingEvent, { type: "artifact" }>,
  { folder, toHere }: Paths,
) {
  const path = pathBelow(folder, toHere(event.path));
  if (path === null) return [...before];
  const { kind, files } = event;
  return [...before.filter((one) => one.path !== path), { kind, path, files }];
}

type Saved = Omit<Told, "lines" | "cursor"> & {
  readonly row: RunRow;
  readonly event: Extract<TrainingEvent, { type: "checkpoint" }>;
};

async function saveCheckpoint(tx: Postgres, { row, event, folder, toHere, now }: Saved): Promise<void> {
  const path = pathBelow(folder, toHere(event.path));
  if (path === null) return;
  const { step, files } = event;
  const checkpoint = { evalLoss: event.eval_loss ?? null, isBest: event.is_best ?? false, createdAt: now };
  await createCheckpointStore(tx).save({ runId: row.id, step, path, files, ...checkpoint });
}

type Evaluated = { readonly step: number; readonly eval_loss?: number | null | undefined };

/** The step with the lowest loss so far. Step 0 is the base model and not a result. */
function bestOf({ bestEvalLoss }: RunRow["progress"], { step, eval_loss: loss }: Evaluated) {
  const isBest = typeof loss === "number" && step > 0 && (bestEvalLoss === null || loss < bestEvalLoss);
  return isBest ? { bestStep: step, bestEvalLoss: loss } : {};
}
