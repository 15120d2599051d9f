import type { ApiKey, Permission } from "@treadle/contract";
import { PERMISSIONS } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId, newSecret } from "../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../kernel/pages.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { Audit } from "../audit/index.ts";
import type { Authentication } from "./authenticate.ts";
import { hashOf } from "./credentials.ts";
import { createKeyStore } from "./key-store.ts";

type Deps = {
  readonly db: Postgres;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly authentication: Authentication;
};

/** A new key: what is shown once, and what is kept of it. */
export function makeKey(
  scope: Scope,
  { name, permissions, now }: { name: string; permissions: readonly Permission[]; now: number },
) {
  const key = newSecret("tr");
  const row = {
    id: newId("key", now),
    projectId: scope.projectId,
    name,
    keyHash: hashOf(key),
    hint: `${key.slice(0, 7)}…${key.slice(-4)}`,
    permissions: [...permissions],
    createdAt: new Date(now),
    lastUsedAt: null,
  };
  return { key, row };
}

/** A key has at most the rights of who makes it; asking for one that they lack is refused, not narrowed. */
function rightsOf(scope: Scope, asked: readonly Permission[] | undefined): Permission[] {
  if (!asked) return PERMISSIONS.filter((permission) => scope.permissions.has(permission));
  const lacking = asked.filter((permission) => !scope.permissions.has(permission));
  if (lacking.length === 0) return PERMISSIONS.filter((permission) => asked.includes(permission));
  const message = `You cannot give a key what you do not have yourself: ${lacking.join(", ")}.`;
  throw new AppError("forbidden", { message, details: { lacking } });
}

export function createKeys({ db, audit, clock, authentication }: Deps) {
  return {
    async list(scope: Scope, page: { limit: number; cursor?: string }) {
      const after = page.cursor === undefined ? null : fromTimeCursor(page.cursor);
      const rows = await createKeyStore(db).list(scope.projectId, { limit: page.limit + 1, after });
      return toPage<ApiKey>(rows, page.limit, ({ createdAt, id }) => [createdAt, id]);
    },

    /** The key itself is in this answer and nowhere else, ever. */
    async create(
      scope: Scope,
      input: { name: string; permissions?: readonly Permission[] },
    ): Promise<ApiKey & { key: string }> {
      const permissions = rightsOf(scope, input.permissions);
      const { key, row } = makeKey(scope, { name: input.name, permissions, now: clock.now() });
      const created = await db.transaction(async (tx) => {
        const apiKey = await createKeyStore(tx).create(row);
        await audit.record(
          scope,
          { action: "api-key.create", target: row.id, details: { name: input.name, permissions } },
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
