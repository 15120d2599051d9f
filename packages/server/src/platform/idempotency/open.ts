import { createHash } from "node:crypto";
import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";
import type { Postgres } from "../postgres/port.ts";
import type { Secrets } from "../secrets/port.ts";
import { createClaims } from "./claims.ts";
import { inProgress, keyReused, outcomeUnknown } from "./conflicts.ts";
import type { Claim, IdempotencyKeys, KeyedRequest, StoredResponse } from "./port.ts";
import { createIdempotencyStore, type KeyRow } from "./store.ts";

type Deps = { readonly db: Postgres; readonly secrets: Secrets; readonly clock: Clock; readonly log: Log };

type OpenIdempotencyKeys = IdempotencyKeys & {
  /** Deletes expired rows. A timer calls it. */
  sweep(): Promise<void>;
  close(): Promise<void>;
};

const SWEEP_INTERVAL_MS = 10 * 60_000;

const hashOf = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
};
/** The key is not stored. As a part of the fingerprint it makes the hash of a short body hard to guess. */
const rowOf = ({ projectId, actor, operation, key, url, body }: KeyedRequest) => ({
  id: hashOf(projectId, actor, operation, key),
  projectId,
  fingerprint: hashOf(key, url, body),
});
const contextOf = (id: string) => `idempotency-key:${id}`;

/**
 * Opens the store of idempotency keys. Responses are encrypted, since some contain a secret that is shown once. Exactly one process
 * uses the database, so a row without a response that no claim of this process owns is a request that was interrupted.
 */
export function openIdempotencyKeys({ db, secrets, clock, log }: Deps): OpenIdempotencyKeys {
  const store = createIdempotencyStore(db);
  const claims = createClaims({ store, clock, log, seal: (body, id) => secrets.seal(body, contextOf(id)) });
  let sweeping = Promise.resolve();

  /** The row, read again if it had no response, since the request may have ended in the meantime. */
  async function find(id: string): Promise<KeyRow | undefined> {
    const row = await store.find(id);
    return row?.response === null && !claims.isRunning(row) ? store.find(id) : row;
  }

  function responseOf(row: KeyRow): StoredResponse {
    const { id, status, response } = row;
    if (status === null || response === null) throw claims.isRunning(row) ? inProgress() : outcomeUnknown();
    try {
      return { status, body: secrets.open(response, contextOf(id)) };
    } catch {
      throw outcomeUnknown();
    }
  }

  async function begin(request: KeyedRequest): Promise<StoredResponse | Claim> {
    const row = rowOf(request);
    const claim = await claims.claim(row);
    if (claim) return claim;
    const earlier = await find(row.id);
    // The earlier request has just failed and released the key.
    if (!earlier) throw inProgress();
    if (await claims.deleteReleased(earlier)) return begin(request);
    if (earlier.fingerprint !== row.fingerprint) throw keyReused();
    return responseOf(earlier);
  }

  async function sweep(): Promise<void> {
    try {
      await store.deleteExpired(new Date(clock.now()));
    } catch (error) {
      log.warn({ error }, "expired idempotency keys could not be deleted");
    }
  }
  const timer = setInterval(() => {
    sweeping = sweep();
  }, SWEEP_INTERVAL_MS).unref();

  return {
    begin,
    sweep,
    async close() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
