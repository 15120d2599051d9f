import { type KnowledgeBase, KnowledgeBaseInput, type KnowledgeDocument, KnowledgeSearch } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import type { Knowledge } from "../service.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;
type Current = {
  readonly db: PostgresStore["db"];
  readonly scope: Scope;
  readonly knowledge: Knowledge;
};

/** The job of a base does not wait for more uploads. */
async function makeDue(db: PostgresStore["db"], baseId: string): Promise<void> {
  await db.execute(sql`UPDATE jobs SET run_at = now() WHERE status = 'queued' AND subject = ${baseId}`);
}

/** The short forms that tests share. */
export const createActions = (current: () => Current) => ({ ...createWrites(current), ...createReads(current) });

function createWrites(current: () => Current) {
  return {
    async create(input: object = {}): Promise<string> {
      const { knowledge, scope } = current();
      const body = KnowledgeBaseInput.parse({ name: newId("kb"), ...input });
      return (await knowledge.create(scope, body)).knowledgeBaseId;
    },

    /** Uploads files by their names, and gives their documents. */
    async upload(baseId: string, files: Files, more: { principals?: string[]; title?: string } = {}) {
      const { knowledge, scope } = current();
      const documents: Record<string, KnowledgeDocument> = {};
      for (const [name, content] of Object.entries(files)) {
        const file = { query: { name, ...more }, bytes: Buffer.from(content), mediaType: "" };
        documents[name] = await knowledge.upload(scope, baseId, file);
      }
      return (name: string) => documents[name]?.documentId ?? "";
    },
  };
}

function createReads(current: () => Current) {
  return {
    makeDue: (baseId: string) => makeDue(current().db, baseId),

    /** Runs the job of a base now, and gives the base when the job has ended. A job that failed for good is in it. */
    async index(baseId: string): Promise<KnowledgeBase> {
      const { db, knowledge, scope } = current();
      await makeDue(db, baseId);
      await expect
        .poll(async () => (await knowledge.get(scope, baseId)).job?.state ?? "done", { timeout: 20_000, interval: 10 })
        .toMatch(/done|failed|cancelled/);
      return knowledge.get(scope, baseId);
    },

    search(baseId: string, query: string, more: object = {}) {
      const { knowledge, scope } = current();
      const request = KnowledgeSearch.parse({ query, ...more });
      return knowledge.search(scope, baseId, { request, signal: new AbortController().signal });
    },

    jobOf: async (baseId: string) => {
      const { db } = current();
      const { rows } = await db.execute<{ status: string; failures: number; error: { message: string } | null }>(
        sql`SELECT status, failures, error FROM jobs WHERE subject = ${baseId} ORDER BY created_at DESC, id DESC LIMIT 1`,
      );
      return rows[0];
    },
  };
}
