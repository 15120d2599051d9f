import type { ApiKey, Permission } from "@treadle/contract";
import { PERMISSIONS, SERVER_PERMISSIONS } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId, newSecret } from "../../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../audit/index.ts";
import type { Authentication } from "../sign-in/authenticate.ts";
import { hashOf } from "../sign-in/credentials.ts";
import { createKeyStore } from "../stores/key-store.ts";
import { createProjectStore } from "../stores/project-store.ts";

type Deps = {
  readonly db: Postgres;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly authentication: Authentication;
};

type NewKey = {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly models?: readonly string[] | null;
  readonly expiresAt?: string | null;
};

/** A new key: the part that is shown once, and the stored part. */
export function makeKey(
  scope: Scope,
  { name, permissions, models = null, expiresAt = null, now }: NewKey & { readonly now: number },
) {
  const key = newSecret("tr");
  const row = {
    id: newId("key", now),
    projectId: scope.projectId,
    name,
    keyHash: hashOf(key),
    hint: `${key.slice(0, 7)}…${key.slice(-4)}`,
    permissions: [...permissions],
    models: models && [...models],
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    createdAt: new Date(now),
    lastUsedAt: null,
  };
  return { key, row };
}

/** A key has at most its creator's permissions. A request for more is rejected, not reduced. */
function rightsOf(scope: Scope, asked: readonly Permission[] | undefined, isFirst: boolean): Permission[] {
  const ofServer = SERVER_PERMISSIONS.filter((permission) => !isFirst && asked?.includes(permission));
  if (ofServer.length > 0) {
    const message = `Only keys of the server's first project can have ${ofServer.join(", ")}. Leave this permission out, or create the key in that project.`;
    throw new AppError("forbidden", { message, details: { lacking: ofServer } });
  }
  const isOfServer = (permission: Permission) => SERVER_PERMISSIONS.some((one) => one === permission);
  if (!asked)
    return PERMISSIONS.filter(
      (permission) => scope.permissions.has(permission) && (isFirst || !isOfServer(permission)),
    );
  const lacking = asked.filter((permission) => !scope.permissions.has(permission));
  if (lacking.length === 0) return PERMISSIONS.filter((permission) => asked.includes(permission));
  const message = `You cannot give a key permissions that you do not have: ${lacking.join(", ")}.`;
  throw new AppError("forbidden", { message, details: { lacking } });
}

/** A key that is restricted to models creates only keys with the same restriction, or a stricter one. */
function modelsOf({ models: own }: Scope, asked: readonly string[] | null | undefined): readonly string[] | null {
  if (own === undefined) return asked ?? null;
  const other = asked?.find((pattern) => !own.includes(pattern));
  if (other === undefined && asked !== null) return asked ?? own;
  const message = `Your own API key is restricted to models, so the new key can only have some of these: ${own.join(", ")}.`;
  throw new AppError("forbidden", { message, details: { param: "models" } });
}

function checkExpiry(expiresAt: string | null | undefined, now: number): void {
  if (!expiresAt || Date.parse(expiresAt) > now) return;
  throw new AppError("invalid_request", {
    message: "`expiresAt` is in the past. Send a later time, or leave it out.",
    details: { param: "expiresAt" },
  });
}

export function createKeys({ db, audit, clock, authentication }: Deps) {
  const isFirst = async ({ projectId }: Scope) => (await createProjectStore(db).find(projectId))?.isFirst ?? false;
  return {
    async list(scope: Scope, page: { limit: number; cursor?: string }) {
      const after = page.cursor === undefined ? null : fromTimeCursor(page.cursor);
      const rows = await createKeyStore(db).list(scope.projectId, { limit: page.limit + 1, after });
      return toPage<ApiKey>(rows, page.limit, ({ createdAt, apiKeyId }) => [createdAt, apiKeyId]);
    },

    /** The key itself is in this answer and nowhere else, ever. */
    async create(scope: Scope, input: Partial<NewKey> & { readonly name: string }): Promise<ApiKey & { key: string }> {
      const permissions = rightsOf(scope, input.permissions, await isFirst(scope));
      const models = modelsOf(scope, input.models);
      checkExpiry(input.expiresAt, clock.now());
      const { key, row } = makeKey(scope, { ...input, permissions, models, now: clock.now() });
      const created = await db.transaction(async (tx) => {
        const apiKey = await createKeyStore(tx).create(row);
        await audit.record(
          scope,
          { action: "api-key.create", target: row.id, details: { ...input, permissions, models } },
          tx,
        );
        return apiKey;
      });
      authentication.forgetKey(row.keyHash);
      return { ...created, key };
    },

    /** The key stops working with this call's answer. */
    async revoke(scope: Scope, apiKeyId: string): Promise<void> {
      const keyHash = await db.transaction(async (tx) => {
        const store = createKeyStore(tx);
        const hash = await store.findHash(apiKeyId);
        const name = await store.delete(scope.projectId, apiKeyId);
        if (name === undefined) throw notFound("API key", apiKeyId);
        await audit.record(scope, { action: "api-key.revoke", target: apiKeyId, details: { name } }, tx);
        return hash;
      });
      if (keyHash !== undefined) authentication.forgetKey(keyHash);
    },
  };
}
