import type { IdempotencyKeys } from "../port.ts";

/** For a server whose requests carry no `Idempotency-Key`. */
export const NO_KEYS: IdempotencyKeys = {
  begin: () => Promise.reject(new Error("this server has no store of idempotency keys")),
};
