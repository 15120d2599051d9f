import { PERMISSIONS } from "@treadle/contract";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../audit/index.ts";
import { makeKey } from "../access/keys-service.ts";
import { hashOf } from "../sign-in/credentials.ts";
import { createKeyStore } from "../stores/key-store.ts";
import { createMemberStore } from "../stores/member-store.ts";
import { createProjectStore } from "../stores/project-store.ts";
import { createUserStore } from "../stores/user-store.ts";

type Seeding = { readonly audit: Audit; readonly now: number };

const FIRST_PROJECT = "My project";
const FIRST_OWNER = { email: "owner@localhost", name: "Owner" };
const BOOTSTRAP_KEY = { id: "key_bootstrap", name: "Bootstrap key", hint: "TREADLE_BOOTSTRAP_KEY" };

/** The server acting for itself. */
export const systemOf = (projectId: string): Scope => ({
  projectId,
  actor: "system",
  userId: null,
  permissions: new Set(PERMISSIONS),
});

/** Makes the first project and its owner, and a key with full rights when `needsKey`. */
export async function createFirstProject(tx: Postgres, { audit, now }: Seeding, needsKey: boolean) {
  const createdAt = new Date(now);
  const [projectId, userId] = [newId("project", now), newId("user", now)];
  const scope = systemOf(projectId);
  await createProjectStore(tx).create({ id: projectId, name: FIRST_PROJECT, isFirst: true, createdAt });
  await createUserStore(tx).create({ id: userId, ...FIRST_OWNER, passwordHash: null, createdAt, lastSeenAt: null });
  await createMemberStore(tx).create({ projectId, userId, role: "owner", createdAt });
  await audit.record(scope, { action: "project.create", target: projectId, details: { name: FIRST_PROJECT } }, tx);
  if (!needsKey) return { projectId, apiKey: null };
  const { key, row } = makeKey(scope, { name: "First key", permissions: PERMISSIONS, now });
  await createKeyStore(tx).create(row);
  await audit.record(scope, { action: "api-key.create", target: row.id, details: { name: row.name } }, tx);
  return { projectId, apiKey: key };
}

type Bootstrap = Seeding & { readonly projectId: string; readonly key: string | undefined };

/**
 * Sets the stored bootstrap key to the setting's key. Without a setting there is none. A key that is already stored
 * under another name is not changed. Returns the hash that is no longer valid, if there is one.
 */
export async function setBootstrapKey(
  tx: Postgres,
  { audit, now, projectId, key }: Bootstrap,
): Promise<string | undefined> {
  const store = createKeyStore(tx);
  const keyHash = key === undefined ? undefined : hashOf(key);
  const known = await store.findHash(BOOTSTRAP_KEY.id);
  if (known === keyHash) return undefined;
  const target = BOOTSTRAP_KEY.id;
  const details = { name: BOOTSTRAP_KEY.name };
  if (known !== undefined) {
    await store.deleteById(target);
    await audit.record(systemOf(projectId), { action: "api-key.revoke", target, details }, tx);
  }
  if (keyHash === undefined || (await store.findByHashes([keyHash])).length > 0) return known;
  const row = {
    ...BOOTSTRAP_KEY,
    projectId,
    keyHash,
    permissions: [...PERMISSIONS],
    createdAt: new Date(now),
    models: null,
    expiresAt: null,
    lastUsedAt: null,
  };
  await store.create(row);
  await audit.record(systemOf(projectId), { action: "api-key.create", target, details }, tx);
  return known;
}
