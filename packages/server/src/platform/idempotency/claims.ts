import { randomUUID } from "node:crypto";
import { IDEMPOTENCY_HOURS } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";
import type { Claim, StoredResponse } from "./port.ts";
import type { IdempotencyStore, KeyRow } from "./store.ts";

type Deps = {
  readonly store: IdempotencyStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Encrypts the body of a response for the row with this id. */
  readonly seal: (body: string, id: string) => string;
};

const STORED_MS = IDEMPOTENCY_HOURS * 3_600_000;

/** The claims of this process, each with an owner of its row. */
export function createClaims({ store, clock, log, seal }: Deps) {
  /** Owners of the claims whose requests run. */
  const running = new Set<string>();
  /** Owners of free rows that could not be deleted. */
  const released = new Set<string>();

  async function end(owner: string, write: Promise<void>): Promise<boolean> {
    try {
      await write;
      return true;
    } catch (error) {
      log.warn({ error }, "the row of an idempotency key could not be changed");
      return false;
    } finally {
      running.delete(owner);
    }
  }
  const claimOf = (id: string, owner: string): Claim => ({
    async store({ status, body }: StoredResponse) {
      await end(owner, store.saveResponse({ id, owner, status, response: seal(body, id) }));
    },
    async release() {
      if (!(await end(owner, store.delete({ id, owner })))) released.add(owner);
    },
  });

  return {
    /** Null when the key has a row already. */
    async claim(key: Pick<KeyRow, "id" | "projectId" | "fingerprint">): Promise<Claim | null> {
      const owner = randomUUID();
      const now = clock.now();
      running.add(owner);
      try {
        const isOwn = await store.claim({ ...key, owner, expiresAt: new Date(now + STORED_MS) }, new Date(now));
        if (isOwn) return claimOf(key.id, owner);
      } catch (error) {
        // The row may have been written before the connection was lost.
        released.add(owner);
        running.delete(owner);
        throw error;
      }
      running.delete(owner);
      return null;
    },

    isRunning: ({ owner }: KeyRow): boolean => running.has(owner),

    /** Deletes a row that should not exist any more. False for any other row. */
    async deleteReleased(row: KeyRow): Promise<boolean> {
      if (!released.has(row.owner)) return false;
      await store.delete(row);
      released.delete(row.owner);
      return true;
    },
  };
}
