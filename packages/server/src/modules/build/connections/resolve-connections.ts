import { createHash } from "node:crypto";
import type { Connection } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import { createPerProject } from "../../../kernel/per-project.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { SealedSecret, Secrets } from "../../../platform/secrets/port.ts";
import { originOf } from "./check-settings.ts";
import { findPreset, type Quirks } from "./presets.ts";
import { type ConnectionRow, type createConnectionStore, listSomeKeys, type SealedKey } from "./store.ts";

/** A connection ready for use, its keys opened. It stays in this process's memory and goes into no answer and no log. */
export type ResolvedConnection = Omit<Connection, "connectionId" | "keys" | "createdAt" | "updatedAt"> & {
  readonly id: string;
  readonly keys: readonly { readonly id: string; readonly value: string; readonly weight: number }[];
  readonly quirks: Quirks;
  /** The stored key cannot be decrypted. A call without a key would be anonymous, so it is not made. */
  readonly hasUnreadableKeys: boolean;
  /** SHA-256 of everything that shapes an answer, keys left out. */
  readonly configHash: string;
};

/** Other servers' changes are seen after this long. */
const MAX_AGE_MS = 10_000;
const NO_QUIRKS: Quirks = { hasResponses: false, hasStreamUsage: false };

type Deps = {
  readonly store: ReturnType<typeof createConnectionStore>;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
};

export const keyContext = (connectionId: string, baseUrl: string) =>
  `connection-key:${connectionId}:${originOf(baseUrl)}`;

/** The newest stored keys of all projects, sealed. */
export async function listSealedKeys(db: Postgres): Promise<SealedSecret[]> {
  const keys = await listSomeKeys(db);
  return keys.map(({ value, connectionId, baseUrl }) => ({ value, context: keyContext(connectionId, baseUrl) }));
}

/** A project's connections with their keys opened, remembered. */
export function createResolver({ store, secrets, clock, log }: Deps) {
  /** A key that was sealed for another origin, or with another server key, cannot be used. */
  function open(row: ConnectionRow, key: SealedKey) {
    try {
      return [
        { id: key.id, value: secrets.open(key.sealedValue, keyContext(row.id, row.baseUrl)), weight: key.weight },
      ];
    } catch (error) {
      log.error(
        { connectionId: row.id, keyId: key.id, error },
        "a stored provider key cannot be decrypted; enter it again",
      );
      return [];
    }
  }

  return createPerProject<readonly ResolvedConnection[]>({
    clock,
    maxAgeMs: MAX_AGE_MS,
    async load(projectId) {
      const { rows, keys } = await store.list(projectId);
      return rows.map((row) => {
        const { createdAt: _created, updatedAt: _updated, ...settings } = row;
        const sealed = keys.filter(({ connectionId }) => connectionId === row.id);
        const opened = sealed.flatMap((key) => open(row, key));
        return {
          ...settings,
          quirks: findPreset(row.preset)?.quirks ?? NO_QUIRKS,
          configHash: createHash("sha256").update(JSON.stringify(settings)).digest("hex"),
          keys: opened,
          hasUnreadableKeys: opened.length < sealed.length,
        };
      });
    },
  });
}
