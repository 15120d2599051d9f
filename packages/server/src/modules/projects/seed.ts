import type { Clock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { Audit } from "../audit/index.ts";
import type { Authentication } from "./authenticate.ts";
import { hashOf } from "./credentials.ts";
import { createFirstProject, setBootstrapKey, systemOf } from "./first-project.ts";
import { createProjectStore } from "./project-store.ts";
import { saveSignInToken } from "./sign-in-tokens.ts";
import { createUserStore } from "./user-store.ts";

type Deps = {
  readonly db: Postgres;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly authentication: Authentication;
};

const SAMPLE_PROJECT = "Demo (sample data)";
const OWNER_TOKEN_HOURS = 24;

/** What a server makes before anybody has signed in. Each step is one transaction, so a stop leaves nothing half made. */
export function createSeed({ db, audit, clock, authentication }: Deps) {
  return {
    /**
     * The first project with its owner, made once, and the bootstrap key as the setting says, at every start. `apiKey` is
     * set only when it was made just now: it is not kept and cannot be read again.
     */
    async seedFirstProject({ bootstrapKey }: { bootstrapKey?: string }) {
      const now = clock.now();
      const { revoked, ...seeded } = await db.transaction(async (tx) => {
        const store = createProjectStore(tx);
        await store.lockSeeding();
        const known = await store.findFirst(false);
        const { projectId, apiKey } = known
          ? { projectId: known.id, apiKey: null }
          : await createFirstProject(tx, { audit, now }, bootstrapKey === undefined);
        const revoked = await setBootstrapKey(tx, { audit, now, projectId, key: bootstrapKey });
        return { isFirstStart: known === undefined, projectId, apiKey, revoked };
      });
      if (revoked !== undefined) authentication.forgetKey(revoked);
      if (bootstrapKey !== undefined) authentication.forgetKey(hashOf(bootstrapKey));
      return seeded;
    },

    /**
     * The demo project, with the first project's owners as its own; null when there is one. `fill` writes its data before
     * anybody can see the project, so that a stop in between leaves no project without data.
     */
    async createSampleProject(fill?: (projectId: string) => Promise<void>): Promise<{ projectId: string } | null> {
      const store = createProjectStore(db);
      const first = await store.findFirst(false);
      if (!first || (await store.findFirst(true))) return null;
      const projectId = newId("project", clock.now());
      await fill?.(projectId);
      return db.transaction(async (tx) => {
        const inside = createProjectStore(tx);
        await inside.lockSeeding();
        if (await inside.findFirst(true)) return null;
        const createdAt = new Date(clock.now());
        await inside.create({ id: projectId, name: SAMPLE_PROJECT, isSample: true, createdAt });
        await inside.copyOwners(first.id, projectId, createdAt);
        const details = { name: SAMPLE_PROJECT };
        await audit.record(systemOf(projectId), { action: "project.create", target: projectId, details }, tx);
        return { projectId };
      });
    },

    /** A one-time sign-in token of the first owner, valid for a day; null once they have a password. */
    async newSignInToken(): Promise<string | null> {
      return db.transaction(async (tx) => {
        const store = createProjectStore(tx);
        const first = await store.findFirst(false);
        const userId = first && (await store.findOwner(first.id));
        const owner = userId === undefined ? undefined : await createUserStore(tx).find(userId);
        if (!owner || owner.hasPassword) return null;
        return saveSignInToken(tx, { userId: owner.id, now: clock.now(), hours: OWNER_TOKEN_HOURS });
      });
    },
  };
}
