import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FeedbackInput, type FeedbackInput as Input } from "@treadle/contract";
import { sql } from "drizzle-orm";
import type { z } from "zod";
import type { Scope } from "../../../../kernel/scope.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { openTestSecrets } from "../../../../platform/secrets/testing/open-test-secrets.ts";
import { openTestTraces } from "../../traces/testing/open-test-traces.ts";
import { createFeedback } from "../service.ts";

export const NOW = Date.parse("2026-11-26T10:00:00.000Z");

/** Feedback over a real spool and real stores, with a clock that a test can move. Open it once for a test file. */
export async function openTestFeedback() {
  const world = await openTestTraces(NOW);
  const { db, ...postgres } = await openTestPostgres();
  const time = { now: NOW, elapsed: 0 };
  const clock = { now: () => time.now, elapsed: () => time.elapsed };
  const folder = await mkdtemp(join(tmpdir(), "treadle-feedback-"));
  const secrets = await openTestSecrets({ folder, key: randomBytes(32).toString("base64") });
  const sent: string[] = [];
  const thumbsDown: string[] = [];
  const create = () =>
    createFeedback({
      db,
      columnar: world.columnar,
      spool: world.spool,
      secrets,
      jobs: {
        register: () => undefined,
        send: async (_tx, scope, { kind }) => {
          sent.push(`${scope.projectId} ${kind.name}`);
          return "job_a";
        },
      },
      audit: { record: async () => undefined },
      clock,
      redactorFor: () => null,
      isDeleted: world.traces.isDeleted,
      onThumbsDown: (_projectId, place) => void thumbsDown.push(place.spanId),
      isProjectActive: async () => true,
      namesOf: async () => new Map([["user_ada", "Ada"]]),
    });
  const feedback = create();
  let projects = 0;

  return {
    ...world,
    feedback,
    /** As another process sees it: nothing is remembered. */
    create,
    time,
    sent,
    /** The spans that got a thumbs down. */
    thumbsDown,
    async newScope(actor = "key_a"): Promise<Scope> {
      projects += 1;
      const projectId = `prj_feedback_${projects}`;
      await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'A', now())`);
      return { projectId, actor, userId: actor.startsWith("user_") ? actor : null, permissions: new Set() };
    },
    /** Gives feedback; it can be read when this ends. */
    async give(scope: Scope, input: z.input<typeof FeedbackInput>) {
      const receipt = await feedback.give(scope, read(input));
      await world.spool.flush();
      time.now += 10;
      return receipt;
    },
    list: async (scope: Scope, query: Partial<Parameters<typeof feedback.list>[1]> = {}) =>
      (await feedback.list(scope, { limit: 50, ...query })).items,
    async close() {
      await rm(folder, { recursive: true, force: true });
      await world.close();
      await postgres.close();
    },
  };
}

/** Feedback as the contract reads it. */
export const read = (input: z.input<typeof FeedbackInput>): Input => FeedbackInput.parse(input);
