import { z } from "zod";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { type AnchorRow, createAnchorStore } from "./anchor-store.ts";
import { bindStored } from "./calibrate.ts";
import { CHECK_KIND } from "./check-anchor.ts";
import type { CalibrationDeps } from "./deps.ts";

export const WATCH_KIND: JobKind<object, null> = { name: "anchor-watch", payload: z.object({}), state: z.null() };
/** Sends a check of an anchor set, and notes of which judge and when. */
export async function sendCheck(
  { jobs, clock }: Pick<CalibrationDeps, "jobs" | "clock">,
  scope: Scope,
  { tx, anchor, signature }: { tx: Postgres; anchor: AnchorRow; signature: string },
): Promise<string> {
  const { id, name } = anchor;
  const order = { kind: CHECK_KIND, payload: { anchorId: id }, title: `Check a judge on ${name}` };
  const jobId = await jobs.send(tx, scope, { ...order, subject: id, key: id });
  const changes = { checkedSignature: signature, checkedAt: new Date(clock.now()), jobId, lastError: "" };
  await createAnchorStore(tx).update(scope.projectId, id, changes);
  return jobId;
}

/** Looks for judges that have changed since their anchor sets were judged, or that are due. */
export function watchAnchors(deps: CalibrationDeps): JobHandler<object, null> {
  const { db, clock } = deps;
  const anchors = createAnchorStore(db);

  async function look(scope: Scope, anchor: AnchorRow): Promise<void> {
    const { signature } = await bindStored(deps, scope, { scorer: anchor.scorerId });
    const dueAt =
      anchor.everyDays === null
        ? Number.POSITIVE_INFINITY
        : (anchor.checkedAt?.getTime() ?? 0) + anchor.everyDays * DAY_MS;
    if (signature === anchor.checkedSignature && clock.now() < dueAt) return;
    await db.transaction((tx) => sendCheck(deps, scope, { tx, anchor, signature }));
  }

  return {
    async run({ scope, signal }) {
      for (const anchor of await anchors.list(scope.projectId)) {
        signal.throwIfAborted();
        if (!anchor.isEnabled) continue;
        try {
          await look(scope, anchor);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          await anchors.update(scope.projectId, anchor.id, { lastError: error.message.slice(0, 2_000) });
        }
      }
      return null;
    },
  };
}
