import type { Project } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { notFound } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { Audit } from "../audit/index.ts";
import { createAccount } from "./account-service.ts";
import { createActorStore } from "./actor-store.ts";
import { createAuthenticate } from "./authenticate.ts";
import { createKeys } from "./keys-service.ts";
import { createMembers } from "./members-service.ts";
import { createPasswordCheck } from "./password-check.ts";
import { createPasswords } from "./passwords.ts";
import { createProjectStore } from "./project-store.ts";
import { createSeed } from "./seed.ts";
import { createSessions } from "./sessions-service.ts";

type Deps = { readonly db: Postgres; readonly audit: Audit; readonly clock: Clock; readonly isHttps?: boolean };

/** Projects, and who may do what in them: API keys, people and their sessions. */
export function createProjects({ db, audit, clock, isHttps = false }: Deps) {
  const authentication = createAuthenticate({ db, clock });
  const passwords = createPasswords();
  const checkPassword = createPasswordCheck({ db, clock, passwords });
  const deps = { db, audit, clock, authentication };
  return {
    authenticate: authentication.authenticate,
    keys: createKeys(deps),
    members: createMembers(deps),
    sessions: createSessions({ ...deps, checkPassword, isHttps }),
    account: createAccount({ ...deps, passwords, checkPassword }),
    ...createSeed(deps),

    /** The names of people and API keys by their ids; those that are gone have none. */
    async namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>> {
      if (actors.length === 0) return new Map();
      const found = await createActorStore(db).listNames(projectId, [...new Set(actors)]);
      return new Map(found.map(({ id, name }) => [id, name]));
    },

    async list({ userId, projectId }: Scope): Promise<{ items: Project[] }> {
      const store = createProjectStore(db);
      if (userId !== null) return { items: await store.listOf(userId) };
      const own = await store.find(projectId);
      return { items: own ? [own] : [] };
    },

    async rename(scope: Scope, projectId: string, name: string): Promise<Project> {
      if (projectId !== scope.projectId) throw notFound("project", projectId);
      return db.transaction(async (tx) => {
        const renamed = await createProjectStore(tx).rename(projectId, name);
        if (!renamed) throw notFound("project", projectId);
        await audit.record(scope, { action: "project.update", target: projectId, details: { name } }, tx);
        return renamed;
      });
    },
  };
}
export type Projects = ReturnType<typeof createProjects>;
