import { type Permission, PromptInput, PromptVersionInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { systemClock } from "../../../../kernel/clock.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { openTestTraces } from "../../../observe/traces/testing/open-test-traces.ts";
import { createAudit } from "../../../system/audit/index.ts";
import { createComments } from "../../../system/comments/index.ts";
import { createPrompts } from "../index.ts";

const NOW = Date.parse("2026-11-20T12:00:00.000Z");

/** The real module over real stores, at a noon whose every look at the clock is a millisecond later. Open it once for a test file. */
export async function openPrompts() {
  const [postgres, traces] = await Promise.all([openTestPostgres(), openTestTraces(NOW)]);
  let now = NOW;
  const clock = { now: () => now++, elapsed: systemClock.elapsed };
  const audit = createAudit({ db: postgres.db, clock });
  const names = new Map([
    ["user_ada", "Ada"],
    ["user_bob", "Bob"],
  ]);
  const namesOf = async () => names;
  const comments = createComments({
    db: postgres.db,
    audit,
    clock,
    namesOf,
    membersOf: async () => [],
    async mention() {},
  });
  const prompts = createPrompts({
    db: postgres.db,
    columnar: traces.columnar,
    audit,
    clock,
    comments,
    namesOf,
  });
  return {
    prompts,
    comments,
    audit,
    traces,
    /** Two people with a separate project. Ada can move protected labels. */
    async people(): Promise<{ ada: Scope; bob: Scope }> {
      const projectId = newId("proj");
      await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
      return { ada: person(projectId, "ada", ["prompts:protect"]), bob: person(projectId, "bob", []) };
    },
    async close() {
      prompts.close();
      await postgres.close();
      await traces.close();
    },
  };
}
export type OpenPrompts = Awaited<ReturnType<typeof openPrompts>>;

const person = (projectId: string, name: string, permissions: readonly Permission[]): Scope => ({
  projectId,
  actor: `user_${name}`,
  userId: `user_${name}`,
  permissions: new Set(permissions),
});

/** Operations on text prompts for tests, as one person. */
export function writer({ prompts }: Pick<OpenPrompts, "prompts">, scope: () => Scope) {
  const read = async (name: string, choice: object = {}) => (await prompts.read(scope(), name, choice)).prompt;
  return {
    make: (name: string, template: string, more: object = {}) =>
      prompts.versions.createPrompt(scope(), PromptInput.parse({ type: "text", name, template, ...more })),
    add: (name: string, template: string, more: object = {}) =>
      prompts.versions.create(scope(), name, PromptVersionInput.parse({ type: "text", template, ...more })),
    put: (name: string, version: number, expectedVersion?: number) =>
      prompts.labels.put(scope(), { name, label: "production" }, { version, expectedVersion, message: "" }),
    read,
    versionOf: async (name: string, choice: object = {}) => (await read(name, choice)).version,
  };
}
