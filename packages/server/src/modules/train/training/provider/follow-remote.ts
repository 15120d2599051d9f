import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../../../kernel/errors.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { applyEvents } from "../job/apply-events.ts";
import { folderOf } from "../job/run-folder.ts";
import { type Remote, TRAINING_TIMING, type TrainingDeps } from "../stores/deps.ts";
import { createRunStore, type RunRow } from "../stores/store.ts";
import { waitAfter } from "./backoff.ts";
import { isPassing, type ProviderClient, type ProviderJob } from "./provider-client.ts";
import { endOf, toldBy } from "./provider-events.ts";

/** The time since the provider's last response, and the number of requests since. */
type Trouble = { readonly since: number; readonly tries: number };

type Following = {
  readonly row: RunRow;
  readonly remote: Remote & { readonly jobId: string };
  readonly client: ProviderClient;
  readonly signal: AbortSignal;
  /** Hears of the row after each change. Within the transaction that makes it. */
  readonly onChange: (row: RunRow, tx: Postgres) => Promise<void>;
};

/**
 * Polls a provider's job until it has ended, stores its events, and forwards user actions. A temporarily unavailable
 * provider does not stop the run: the job continues there. Throws permanent errors, and on an abort.
 */
export async function followRemote(deps: TrainingDeps, following: Following): Promise<ProviderJob> {
  const { clock, timing = TRAINING_TIMING } = deps;
  const { client, signal } = following;
  const asked = createRemoteAsked(deps, following);
  let row = following.row;
  let trouble: Trouble | null = null as Trouble | null;
  for (;;) {
    signal.throwIfAborted();
    row = (await createRunStore(deps.db).find(row.projectId, row.id)) ?? row;
    try {
      await asked.follow(row.wanted);
      const job = await look(deps, { ...following, row, client });
      trouble = null;
      if (endOf(job) !== null) return job;
      if (asked.isGivenUp()) return { ...job, status: "cancelled" };
      await waitWatching(deps, { row, signal, ms: timing.providerMs });
    } catch (error) {
      if (!(error instanceof AppError) || !isPassing(error)) throw error;
      trouble = { since: trouble?.since ?? clock.elapsed(), tries: (trouble?.tries ?? 0) + 1 };
      if (clock.elapsed() - trouble.since > timing.providerLostMs) throw lostFor(timing.providerLostMs, error);
      const ms = waitAfter(error, trouble.tries, timing.providerWaitMs);
      const message = `${error.message} The job continues at the provider. Retrying in ${Math.ceil(ms / 1_000)} s`;
      await createRunStore(deps.db).move(row, ["preparing", "running", "saving"], { message });
      await waitWatching(deps, { row, signal, ms });
    }
  }
}

const lostFor = (ms: number, cause: AppError) =>
  new AppError("provider_failed", {
    message: `The provider has not responded for ${Math.round(ms / 60_000)} minutes. ${cause.message}`,
    cause,
  });

/** One poll. Its events and the new position are stored together, so nothing is lost or counted twice. */
async function look(deps: TrainingDeps, { row, remote: first, client, onChange }: Following): Promise<ProviderJob> {
  const { db, clock, folder } = deps;
  const remote = { ...first, ...row.remote };
  // In this order, because all events of a job are available before its end is visible.
  const job = await client.job(first.jobId);
  const events = await client.events(first.jobId, remote.lastEvent).catch(ifMissing);
  const checkpoints = await client.checkpoints(first.jobId).catch(ifMissing);
  const now = clock.now() / 1_000;
  const { told, remote: next } = toldBy({ job, events, checkpoints, now, step: row.progress.step ?? 0 }, remote);
  const lines = told.map((event, place) =>
    JSON.stringify({ v: 1, job: row.id, seq: row.lastSeq + 1 + place, ...event }),
  );
  await db.transaction(async (tx) => {
    const place = { lines, cursor: row.cursor, folder: folderOf(folder, row.id), now: new Date(clock.now()), toHere };
    const applied = await applyEvents(tx, row, place);
    // After a time of trouble the message would else stay what it was.
    const message = lines.length === 0 ? messageOf(job) : applied.message;
    await createRunStore(tx).update(row.projectId, row.id, { remote: next, message });
    await onChange({ ...applied, message }, tx);
  });
  return job;
}

const toHere = (path: string) => path;
const messageOf = ({ status }: ProviderJob) => `The provider reports: ${status.replaceAll("_", " ")}`;

/** Not every provider that has jobs has their events and checkpoints too. */
function ifMissing(error: unknown): [] {
  if (error instanceof AppError && error.code === "not_found") return [];
  throw error;
}

type Waiting = { readonly row: RunRow; readonly signal: AbortSignal; readonly ms: number };

/** Waits, but no longer than until a user action on the run. */
async function waitWatching({ db, clock, timing = TRAINING_TIMING }: TrainingDeps, { row, signal, ms }: Waiting) {
  const until = clock.elapsed() + ms;
  for (;;) {
    const left = until - clock.elapsed();
    if (left <= 0) return;
    await delay(Math.min(left, timing.turnMs), undefined, { signal });
    const now = await createRunStore(db).find(row.projectId, row.id);
    if (now?.wanted !== row.wanted) return;
  }
}

/** Passes on what people want of a run, once each. */
function createRemoteAsked({ db }: TrainingDeps, { row, remote, client }: Following) {
  let last: RunRow["wanted"] = "run";
  let isGivenUp = false;
  const warn = async (message: string, changes: Partial<Pick<RunRow, "wanted">> = {}) => {
    const { warnings } = (await createRunStore(db).find(row.projectId, row.id)) ?? row;
    await createRunStore(db).update(row.projectId, row.id, { warnings: [...warnings, message], ...changes });
  };
  return {
    /** Whether it is to be cancelled and the provider will not. */
    isGivenUp: () => isGivenUp,
    async follow(wanted: RunRow["wanted"]): Promise<void> {
      if (wanted === last) return;
      if (wanted === "cancel" || wanted === "pause") {
        const refusal = await client.tell(remote.jobId, wanted).then(() => null, ifRefused);
        if (refusal !== null && wanted === "cancel") {
          isGivenUp = true;
          await warn(`${refusal} The job may continue and cost money. Check it at the provider.`);
        }
        if (refusal !== null && wanted === "pause") {
          await warn(`The job could not be paused and continues. ${refusal}`, { wanted: "run" });
          last = "run";
          return;
        }
      }
      last = wanted;
    },
  };
}

/** The provider's permanent rejection. Temporary errors are thrown and retried. */
function ifRefused(error: unknown): string {
  if (error instanceof AppError && !isPassing(error)) return error.message;
  throw error;
}
