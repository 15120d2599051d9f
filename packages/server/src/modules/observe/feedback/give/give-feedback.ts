import type { FeedbackReceipt } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { EncodedRows } from "../../../../platform/spool/port.ts";
import { toFeedbackRow, toRetractionRow } from "../slots/feedback-row.ts";
import type { FeedbackDeps } from "../stores/deps.ts";
import { createAppendTogether } from "./append-together.ts";
import { createPrepare, type Fresh, type Given, type PrepareDeps, type Ready } from "./prepare-feedback.ts";

export type Outcome = { readonly receipt: FeedbackReceipt } | { readonly error: AppError };

type Deps = PrepareDeps & Pick<FeedbackDeps, "spool" | "onThumbsDown"> & { readonly nextVersion: () => number };

const TABLE = "feedback";

/** Sequence numbers of feedback: microseconds, unique within a process. */
export function createVersions(clock: Clock) {
  let last = 0;
  return () => {
    last = Math.max(last + 1, clock.now() * 1_000);
    return last;
  };
}

/** Stores feedback. The response comes once it is on disk; concurrent entries share one write. */
export function createGiving(deps: Deps) {
  const { lately, nextVersion, onThumbsDown } = deps;
  const append = createAppendTogether(deps.spool, TABLE);
  const prepare = createPrepare(deps);
  const prepareOne = async (projectId: string, given: Given) => prepare(projectId, given);

  const lineOf = (projectId: string, fresh: Fresh) => JSON.stringify(toFeedbackRow(projectId, fresh, nextVersion()));

  function noteKept(projectId: string, { entry, facts, held }: Fresh, group: readonly EncodedRows[]): void {
    if (entry) entry.settle({ facts });
    else lately.note(facts.feedbackId, group);
    if (held.kind === "boolean" && held.value === 0) onThumbsDown(projectId, facts);
  }

  /** The usual case: feedback without a key that replaces nothing. */
  async function keepOne(projectId: string, fresh: Fresh, receipt: FeedbackReceipt): Promise<FeedbackReceipt> {
    noteKept(projectId, fresh, await append([lineOf(projectId, fresh)]));
    return receipt;
  }

  async function finish(projectId: string, { fresh, kept, receipt }: Ready): Promise<FeedbackReceipt> {
    if (fresh) await keep(projectId, [fresh]);
    else await kept;
    return receipt;
  }

  function keepReady(projectId: string, ready: Ready): Promise<FeedbackReceipt> {
    const { fresh, receipt } = ready;
    if (fresh && !fresh.entry && !fresh.replaced) return keepOne(projectId, fresh, receipt);
    return finish(projectId, ready);
  }

  async function keep(projectId: string, fresh: readonly Fresh[]): Promise<void> {
    const lines: string[] = [];
    for (const { replaced } of fresh)
      if (replaced) lines.push(JSON.stringify(toRetractionRow(projectId, replaced, nextVersion())));
    for (const each of fresh) lines.push(lineOf(projectId, each));
    if (lines.length === 0) return;
    const group = await append(lines).catch((error: unknown) => {
      giveUp(fresh, error);
      throw error;
    });
    for (const each of fresh) noteKept(projectId, each, group);
  }

  return {
    /** Rejects with what is wrong with it. Not `async` itself, which is a promise less for each. */
    giveOne(projectId: string, given: Given): Promise<FeedbackReceipt> {
      try {
        const prepared = prepare(projectId, given);
        if (prepared instanceof Promise) return prepared.then((ready) => keepReady(projectId, ready));
        return keepReady(projectId, prepared);
      } catch (error) {
        return Promise.reject(error);
      }
    },

    /** One outcome for each; what is wrong with one does not hold up the others. */
    async giveAll(projectId: string, given: readonly (Given | AppError)[]): Promise<Outcome[]> {
      const prepared = await Promise.allSettled(
        given.map((each) => (each instanceof AppError ? each : prepareOne(projectId, each).catch(toRefusal))),
      );
      const ready = prepared.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      const fresh = ready.flatMap((each) => (!(each instanceof AppError) && each.fresh ? [each.fresh] : []));
      const broken = prepared.find((each) => each.status === "rejected");
      if (broken) {
        giveUp(fresh, broken.reason);
        throw broken.reason;
      }
      await keep(projectId, fresh);
      return Promise.all(ready.map(toOutcome));
    },
  };
}

function giveUp(fresh: readonly Fresh[], error: unknown): void {
  for (const { entry } of fresh) entry?.settle({ error });
}

/** Only what the giver did wrong is an outcome; anything else ends the whole call. */
function toRefusal(error: unknown): AppError {
  if (error instanceof AppError && error.status < 500) return error;
  throw error;
}

async function toOutcome(ready: Ready | AppError): Promise<Outcome> {
  if (ready instanceof AppError) return { error: ready };
  try {
    await ready.kept;
    return { receipt: ready.receipt };
  } catch (error) {
    return { error: toRefusal(error) };
  }
}
