import { setTimeout as delay } from "node:timers/promises";
import type { LaunchPlace } from "../../platform/launch/port.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { applyEvents } from "./apply-events.ts";
import { TRAINING_TIMING, type TrainingDeps } from "./deps.ts";
import { CONTROL_FILE, EVENTS_FILE } from "./prepare-run.ts";
import { createRunStore, type RunRow } from "./store.ts";

/** How a process ended: by itself with a code, or because nothing was heard of it, or it was not there at all. */
export type Ending =
  | { readonly kind: "ended"; readonly exitCode: number | null }
  | { readonly kind: "silent" }
  | { readonly kind: "unknown" };

type Following = {
  readonly place: LaunchPlace;
  readonly signal: AbortSignal;
  /** Hears of the row after each change. Within the transaction that makes it. */
  readonly onChange: (row: RunRow, tx: Postgres) => Promise<void>;
};

/**
 * Reads what a trainer tells until its process has ended, and does to it what is asked meanwhile. When the signal is aborted it
 * throws and leaves the process alone, so that whoever follows next goes on where this one stopped.
 */
export async function followRun(deps: TrainingDeps, first: RunRow, following: Following): Promise<Ending> {
  const { launcher, clock } = deps;
  const { place, signal } = following;
  const { lookMs, lostMs } = deps.timing ?? TRAINING_TIMING;
  let row = first;
  let heardAt = clock.elapsed();
  const asked = createAsked(deps, place);
  for (;;) {
    signal.throwIfAborted();
    // In this order: what a process told before its end is there once its end is seen.
    const state = await launcher.poll(place);
    const read = await readAll(deps, row, following);
    if (read.cursor !== row.cursor) heardAt = clock.elapsed();
    row = read;
    if (state.kind === "ended") return state;
    if (state.kind === "unknown") return { kind: "unknown" };
    await asked.follow(row.wanted);
    // By a clock that never jumps: the one on the wall may be set meanwhile.
    if (clock.elapsed() - heardAt > lostMs && !asked.isEnding()) {
      await launcher.stop(place, { graceMs: 0 });
      return { kind: "silent" };
    }
    await delay(lookMs, undefined, { signal });
  }
}

/** All lines that are there, each batch with its place in one transaction: none is lost and none counts twice. */
async function readAll(
  { db, launcher, clock }: TrainingDeps,
  first: RunRow,
  { place, onChange }: Following,
): Promise<RunRow> {
  let row = { ...first, ...((await createRunStore(db).find(first.projectId, first.id)) ?? {}) };
  for (;;) {
    const { lines, cursor } = await launcher.tail(place, EVENTS_FILE, row.cursor);
    if (cursor === row.cursor) return row;
    row = await db.transaction(async (tx) => {
      const now = new Date(clock.now());
      const next = await applyEvents(tx, row, { lines, cursor, folder: place.folder, now });
      await onChange(next, tx);
      return next;
    });
  }
}

/** Passes on what people want of a run, once each. */
function createAsked({ launcher, log, timing = TRAINING_TIMING }: TrainingDeps, place: LaunchPlace) {
  let last: RunRow["wanted"] = "run";
  let isEnding = false;
  function end(graceMs: number): void {
    isEnding = true;
    // Not waited for: what it tells while it ends is read meanwhile.
    launcher
      .stop(place, { graceMs })
      .catch((error: unknown) => log.error({ error }, "a training run could not be ended"));
  }
  return {
    isEnding: () => isEnding,
    async follow(wanted: RunRow["wanted"]): Promise<void> {
      if (wanted === last) return;
      last = wanted;
      if (wanted === "stop") await launcher.tell(place, CONTROL_FILE, JSON.stringify({ cmd: "stop" }));
      if (wanted === "pause") end(timing.pauseGraceMs);
      if (wanted === "cancel") end(timing.cancelGraceMs);
    },
  };
}
