import type { Clock } from "../../../../kernel/clock.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../audit/index.ts";
import type { Authentication } from "../sign-in/authenticate.ts";
import { hashOf } from "../sign-in/credentials.ts";
import { saveSignInToken } from "../sign-in/sign-in-tokens.ts";
import { createProjectStore } from "../stores/project-store.ts";
import { createUserStore } from "../stores/user-store.ts";
import { createFirstProject, setBootstrapKey, systemOf } from "./first-project.ts";

type Deps = {
  readonly db: Postgres;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly authentication: Authentication;
};

const SAMPLE_PROJECT = "Demo (sample data)";
const OWNER_TOKEN_HOURS = 24;

/** The initial data of a server. Each step is one transaction, so an interruption leaves no partial data. */
export function createSeed({ db, audit, clock, authentication }: Deps) {
  return {
    /**
     * The first project with its owner, created once, and the bootstrap key from the setting, at every start. `apiKey`
     * is set only if it was just created: it is not stored and cannot be read again.
     */
    async seedFirstProject({ bootstrapKey }: { bootstrapKey?: string }) {
      const now = clock.now();
      const { revoked, ...seeded } = await db.transaction(async (tx) => {
        const store = createProjectStore(tx);
        await store.lockSeeding();
        const known = await store.findFirst();
        const { projectId, apiKey } = known
          ? { projectId: known.projectId, apiKey: null }
          : await createFirstProject(tx, { audit, now }, bootstrapKey === undefined);
        const revoked = await setBootstrapKey(tx, { audit, now, projectId, key: bootstrapKey });
        return { isFirstStart: known === undefined, projectId, apiKey, revoked };
      });
      if (revoked !== undefined) authentication.forgetKey(revoked);
      if (bootstrapKey !== undefined) authentication.forgetKey(hashOf(bootstrapKey));
      return seeded;
    },

    /**
     * The demo project, owned by the first project's owners. Null if there is one, or was one that was removed. `fill`
     * writes its data before the project is visible, so that an interruption leaves no project without data.
     */
    async createSampleProject(fill?: (projectId: string) => Promise<void>): Promise<{ projectId: string } | null> {
      const store = createProjectStore(db);
      const first = await store.findFirst();
      if (!first || (await store.hadSample())) return null;
      const projectId = newId("project", clock.now());
      await fill?.(projectId);
      return db.transaction(async (tx) => {
        const inside = createProjectStore(tx);
        await inside.lockSeeding();
        if (await inside.hadSample()) return null;
        const createdAt = new Date(clock.now());
        await inside.create({ id: projectId, name: SAMPLE_PROJECT, isSample: true, createdAt });
        await inside.copyOwners(first.projectId, projectId, createdAt);
        const details = { name: SAMPLE_PROJECT };
        await audit.record(systemOf(projectId), { action: "project.create", target: projectId, details }, tx);
        return { projectId };
      });
    },

    /** A one-time sign-in token of the first owner, valid for a day; null once they have a password. */
    async newSignInToken(): Promise<string | null> {
      return db.transaction(async (tx) => {
        const store = createProjectStore(tx);
        const first = await store.findFirst();
        const userId = first && (await store.findOwner(first.projectId));
        const owner = userId === undefined ? undefined : await createUserStore(tx).find(userId);
        if (!owner || owner.hasPassword) return null;
        return saveSignInToken(tx, { userId: owner.userId, now: clock.now(), hours: OWNER_TOKEN_HOURS });
      });
    },
  };
}
