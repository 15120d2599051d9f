import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../../../kernel/errors.ts";
import type { LaunchPlace, LaunchState } from "../../../../platform/launch/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { applyEvents } from "../job/apply-events.ts";
import { CONTROL_FILE, EVENTS_FILE, THREADS_FILE } from "../job/run-folder.ts";
import { TRAINING_TIMING, type TrainingDeps } from "../stores/deps.ts";
import { createRunStore, type RunRow } from "../stores/store.ts";
import type { RunPlace } from "../trainer/run-place.ts";
import { createTrainingThrottle } from "./throttle-training.ts";

/** How a process ended: with an exit code, without a response, or without ever existing. */
export type Ending =
  | { readonly kind: "ended"; readonly exitCode: number | null; readonly message?: string }
  | { readonly kind: "silent" }
  | { readonly kind: "unknown" };

type Following = {
  readonly at: RunPlace;
  readonly place: LaunchPlace;
  readonly signal: AbortSignal;
  /** Hears of the row after each change. Within the transaction that makes it. */
  readonly onChange: (row: RunRow, tx: Postgres) => Promise<void>;
};

/**
 * Reads a trainer's events until its process has ended, and forwards user actions to it. On an abort, it throws and
 * does not stop the process, so that the next follower continues from there.
 */
export async function followRun(deps: TrainingDeps, first: RunRow, following: Following): Promise<Ending> {
  const { clock } = deps;
  const { at, place, signal } = following;
  const { lookMs, lostMs, awayMs } = deps.timing ?? TRAINING_TIMING;
  let row = first;
  let heardAt = clock.elapsed();
  const asked = createAsked(deps, following);
  const look = createLooking(deps, following);
  const giveWay = createWay(deps, following);
  for (;;) {
    signal.throwIfAborted();
    // In this order, because all events are written before the end is visible.
    const state = await look();
    const read = await readAll(deps, row, following);
    // By a clock that never jumps: the one on the wall may be set meanwhile.
    if (read.cursor !== row.cursor || state.kind === "waiting") heardAt = clock.elapsed();
    row = read;
    if (state.kind === "ended") return state;
    if (state.kind === "unknown") return { kind: "unknown" };
    // A stop before the start: the cluster ends it when its turn comes.
    if (state.kind === "waiting" && asked.hasEnded()) return { kind: "ended", exitCode: null };
    if ("message" in state) await tellWait(deps, row, state.message);
    await asked.follow(row);
    await giveWay();
    const silentMs = clock.elapsed() - heardAt;
    if (state.kind === "away" && silentMs > awayMs) throw state.error;
    if (state.kind === "running" && silentMs > lostMs && !asked.isEnding()) {
      await at.launcher.stop(place, { graceMs: 0 });
      return { kind: "silent" };
    }
    await delay(lookMs, undefined, { signal });
  }
}

type Away = { readonly kind: "away"; readonly message: string; readonly error: AppError };

/**
 * The state of a process. A cluster is polled less often than files, and a missing response says nothing about the
 * process.
 */
function createLooking({ clock, timing = TRAINING_TIMING }: TrainingDeps, { at, place }: Following) {
  let last: { readonly state: LaunchState | Away; readonly at: number } | undefined;
  return async (): Promise<LaunchState | Away> => {
    const isFresh = last !== undefined && clock.elapsed() - last.at < timing.clusterMs;
    if (!at.isHere && isFresh && last) return last.state;
    const state = await at.launcher.poll(place).catch(toAway);
    last = { state, at: clock.elapsed() };
    return state;
  };
}

function toAway(error: unknown): Away {
  if (!(error instanceof AppError)) throw error;
  return { kind: "away", message: error.message, error };
}

async function tellWait({ db }: TrainingDeps, row: RunRow, message: string): Promise<void> {
  if (row.message !== message) await createRunStore(db).move(row, ["preparing", "running"], { message });
}

/** All lines that are there, each batch with its place in one transaction: none is lost and none counts twice. */
async function readAll(
  { db, clock }: TrainingDeps,
  first: RunRow,
  { at: { launcher, toHere }, place, onChange }: Following,
): Promise<RunRow> {
  let row = { ...first, ...((await createRunStore(db).find(first.projectId, first.id)) ?? {}) };
  for (;;) {
    const { lines, cursor } = await launcher.tail(place, EVENTS_FILE, row.cursor);
    if (cursor === row.cursor) return row;
    row = await db.transaction(async (tx) => {
      const now = new Date(clock.now());
      const next = await applyEvents(tx, row, { lines, cursor, folder: place.folder, toHere, now });
      await onChange(next, tx);
      return next;
    });
  }
}

/** Passes on what people want of a run, once each; what could not be passed on is tried again. */
function createAsked({ log, timing = TRAINING_TIMING }: TrainingDeps, { at: { launcher }, place }: Following) {
  let last: RunRow["wanted"] = "run";
  let ending: "no" | "asked" | "done" = "no";
  function end(graceMs: number): void {
    ending = "asked";
    // Not awaited, so that events during the stop are read.
    launcher.stop(place, { graceMs }).then(
      () => {
        ending = "done";
      },
      (error: unknown) => {
        ending = "no";
        last = "run";
        log.error({ error }, "a training run could not be ended");
      },
    );
  }
  return {
    isEnding: () => ending !== "no",
    hasEnded: () => ending === "done",
    async follow({ wanted, wantedResult }: Pick<RunRow, "wanted" | "wantedResult">): Promise<void> {
      if (wanted === last) return;
      last = wanted;
      const result = wantedResult === null ? {} : { result: wantedResult };
      if (wanted === "stop") await launcher.tell(place, CONTROL_FILE, JSON.stringify({ cmd: "stop", ...result }));
      if (wanted === "pause") end(timing.pauseGraceMs);
      if (wanted === "cancel") end(timing.cancelGraceMs);
    },
  };
}

/** Writes the number of threads for a local run each time it changes. A new follower starts by writing it. */
function createWay({ clock, requestsSoFar }: TrainingDeps, { at, place }: Following): () => Promise<void> {
  const { launcher, threads: most, fewestThreads: fewest } = at;
  if (fewest === most) return async () => undefined;
  const way = createTrainingThrottle({ clock, requestsSoFar, most, fewest });
  let reportedStep: number | undefined;
  return async () => {
    const threads = way.look();
    if (threads === reportedStep) return;
    await launcher.tell(place, THREADS_FILE, JSON.stringify({ threads }));
    reportedStep = threads;
  };
}
