import type { FeedbackReceipt } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import { createAppendTogether } from "./append-together.ts";
import type { FeedbackDeps } from "./deps.ts";
import { toFeedbackRow, toRetractionRow } from "./feedback-row.ts";
import { createPrepare, type Given, type PrepareDeps, type Ready } from "./prepare-feedback.ts";

export type Outcome = { readonly receipt: FeedbackReceipt } | { readonly error: AppError };

type Deps = PrepareDeps & Pick<FeedbackDeps, "spool"> & { readonly nextVersion: () => number };

const TABLE = "feedback";

/** Numbers that grow with every piece of feedback: microseconds, and never the same twice in a process. */
export function createVersions(clock: Clock) {
  let last = 0;
  return () => {
    last = Math.max(last + 1, clock.now() * 1_000);
    return last;
  };
}

/** Keeps feedback. It is answered once it is on disk, all that came together in one write. */
export function createGiving(deps: Deps) {
  const { lately, nextVersion } = deps;
  const append = createAppendTogether(deps.spool, TABLE);
  const prepare = createPrepare(deps);

  return async function give(projectId: string, given: readonly (Given | AppError)[]): Promise<Outcome[]> {
    const prepared = await Promise.allSettled(
      given.map(async (each) => (each instanceof AppError ? each : prepare(projectId, each).catch(toRefusal))),
    );
    const ready = prepared.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const fresh = ready.flatMap((each) => (!(each instanceof AppError) && each.fresh ? [each.fresh] : []));
    const giveUp = (error: unknown) => {
      for (const { entry } of fresh) entry?.settle({ error });
    };
    const broken = prepared.find((each) => each.status === "rejected");
    if (broken) {
      giveUp(broken.reason);
      throw broken.reason;
    }
    const rows = fresh.flatMap(({ facts, held, input, consent, replaced, hash }) => [
      ...(replaced ? [toRetractionRow(projectId, replaced, nextVersion())] : []),
      toFeedbackRow(projectId, { facts, held, input, consent, hash, version: nextVersion() }),
    ]);
    try {
      if (rows.length > 0) await append(rows);
      for (const { entry, facts } of fresh) {
        if (entry) entry.settle({ facts });
        else lately.note(projectId, facts);
      }
    } catch (error) {
      giveUp(error);
      throw error;
    }
    return Promise.all(ready.map(toOutcome));
  };
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
