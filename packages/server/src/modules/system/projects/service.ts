import type { Project } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../audit/index.ts";
import { createKeys } from "./access/keys-service.ts";
import { createMembers } from "./access/members-service.ts";
import { createPeople } from "./access/people.ts";
import { createSeed } from "./lifecycle/seed.ts";
import { createAccount } from "./sign-in/account-service.ts";
import { createAuthenticate } from "./sign-in/authenticate.ts";
import { createPasswordCheck } from "./sign-in/password-check.ts";
import { createPasswords } from "./sign-in/passwords.ts";
import { createSessions } from "./sign-in/sessions-service.ts";
import { createActorStore } from "./stores/actor-store.ts";
import { createMemberStore } from "./stores/member-store.ts";
import { createProjectStore } from "./stores/project-store.ts";

export type ProjectsDeps = {
  readonly db: Postgres;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly isHttps?: boolean;
};

/** Projects, and who may do what in them: API keys, people and their sessions. */
export function createProjects({ db, audit, clock, isHttps = false }: ProjectsDeps) {
  const authentication = createAuthenticate({ db, clock });
  const passwords = createPasswords();
  const checkPassword = createPasswordCheck({ db, clock, passwords });
  const deps = { db, audit, clock, authentication };
  return {
    authenticate: authentication.authenticate,
    authentication,
    keys: createKeys(deps),
    members: createMembers(deps),
    sessions: createSessions({ ...deps, checkPassword, isHttps }),
    account: createAccount({ ...deps, passwords, checkPassword }),
    ...createSeed(deps),

    /** The names of people and API keys by their ids; those that are gone have none. */
    async namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>> {
      if (actors.length === 0) return new Map();
      const names = await createActorStore(db).listNames(projectId, [...new Set(actors)]);
      return new Map(names.map(({ id, name }) => [id, name]));
    },

    peopleOf: createPeople(audit),

    /** The projects that the caller is in. */
    async list({ userId, projectId }: Scope): Promise<{ items: Project[] }> {
      const store = createProjectStore(db);
      if (userId !== null) return { items: await store.listOf(userId) };
      const own = await store.find(projectId);
      return { items: own ? [own] : [] };
    },

    isMember: async (projectId: string, userId: string) =>
      (await createMemberStore(db).find(projectId, userId)) !== undefined,

    /** Whether a project takes changes: it exists, and is neither archived nor deleted. */
    isActive: async (projectId: string) => (await createProjectStore(db).find(projectId))?.state === "active",
  };
}
export type Projects = ReturnType<typeof createProjects>;
