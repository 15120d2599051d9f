import { openPostgres } from "../open.ts";
import type { PostgresStore } from "../port.ts";

/** A migrated database of its own, in memory, for one test file: open it before all tests and close it after them. */
export function openTestPostgres(): Promise<PostgresStore> {
  return openPostgres({ folder: null });
}
