import { TrainingEvent, type TrainingProgress, type TrainingStatus } from "@treadle/contract";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { Artifact } from "./deps.ts";
import { createCheckpointStore, createEventStore } from "./event-store.ts";
import { pathBelow } from "./run-folder.ts";
import { createRunStore, type RunChanges, type RunRow } from "./store.ts";

/** The state of a run while its trainer says that it does something. */
const STATUS: Readonly<Record<string, readonly [status: TrainingStatus, message: string]>> = {
  starting: ["preparing", "Starting the trainer"],
  loading: ["preparing", "Loading the model"],
  tokenising: ["preparing", "Reading the rows"],
  running: ["running", "Training"],
  saving: ["running", "Saving"],
  exporting: ["saving", "Writing the result"],
};

const MOST_WARNINGS = 50;

/** Reads lines of an event file. One that is no event is told and left out, so that it stops nothing. */
export function readEvents(lines: readonly string[]): { events: TrainingEvent[]; warnings: string[] } {
  const events: TrainingEvent[] = [];
  const warnings: string[] = [];
  for (const line of lines) {
    const event = readEvent(line);
    if (event) events.push(event);
    // As JSON, since it may hold what PostgreSQL cannot.
    else warnings.push(`A line of the trainer's events cannot be read: ${JSON.stringify(line.slice(0, 120))}`);
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

/** The folder of a run here, and how a path that its trainer told is called here. */
type Paths = { readonly folder: string; readonly toHere: (path: string) => string };
type Told = { readonly lines: readonly string[]; readonly cursor: number; readonly now: Date } & Paths;

/**
 * Writes down what a trainer told, within the caller's transaction, and gives the row as it is then. What was read before is not
 * counted twice, and a number that is missing is told.
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

/** Only what is told takes the place of what was known. */
const known = (values: { readonly [Key in keyof TrainingProgress]?: number | null | undefined }) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));

function changesOf(row: RunRow, event: TrainingEvent, paths: Paths): RunChanges {
  const progressed = (values: Parameters<typeof known>[0]): RunChanges => ({
    progress: { ...row.progress, ...known(values) },
  });
  switch (event.type) {
    case "status": {
      const [status, message] = STATUS[event.status] ?? ["running", ""];
      const told = { status, message: event.message || message };
      return { ...told, ...progressed({ step: event.step, totalSteps: event.total_steps }) };
    }
    case "heartbeat":
      return progressed({ memoryMb: event.rss_mb });
    case "metrics":
      return { status: "running", message: trainingWords(event), ...progressed(measured(event)) };
    case "eval":
      return progressed({ evalLoss: event.eval_loss });
    case "artifact":
      return { artifacts: withArtifact(row.artifacts, event, paths) };
    case "error":
      return { error: { kind: "platform", ...errorOf(event) } };
    case "done":
      return {
        stopReason: event.reason,
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

/** With fewer threads than promised, a run is slower than was estimated, and people are told why. */
const trainingWords = ({ threads }: Extract<TrainingEvent, { type: "metrics" }>) =>
  threads == null
    ? "Training"
    : `Training with ${threads === 1 ? "1 thread" : `${threads} threads`} while requests come in`;

/** Of the seconds that a whole run is thought to take, those that are still to come. */
const leftOf = (seconds: number | null | undefined, { elapsedSeconds }: TrainingProgress) =>
  seconds == null ? null : Math.max(seconds - (elapsedSeconds ?? 0), 0);

const measured = (event: Extract<TrainingEvent, { type: "metrics" }>) => ({
  ...{ step: event.step, totalSteps: event.total_steps, epoch: event.epoch, loss: event.loss },
  ...{ tokensPerSecond: event.tokens_per_s, memoryMb: event.rss_mb, elapsedSeconds: event.elapsed_s },
  ...{ etaSeconds: event.eta_s, trainedTokens: event.num_tokens },
});

const errorOf = ({ code, message, what_to_do }: Extract<TrainingEvent, { type: "error" }>) => ({
  ...{ code, message, whatToDo: what_to_do ?? "" },
});

/** A path that leads out of the run's folder is none of its results. */
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
  const told = { evalLoss: event.eval_loss ?? null, isBest: event.is_best ?? false, createdAt: now };
  await createCheckpointStore(tx).save({ runId: row.id, step, path, files, ...told });
}
