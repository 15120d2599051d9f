import { sql } from "drizzle-orm";
import { jobs } from "./schema.ts";

/** The database's own clock, so that servers agree on due times. It advances within a transaction. */
export const NOW = sql`clock_timestamp()`;
export const after = (ms: number) => sql`${NOW} + ${ms} * interval '1 millisecond'`;
/** Part of each change that those who watch are to see. */
export const CHANGED = { updatedAt: NOW, revision: sql`${jobs.revision} + 1` };
export const LET_GO = { owner: null, leasedUntil: null };
