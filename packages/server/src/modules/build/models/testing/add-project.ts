import { PERMISSIONS } from "@treadle/contract";
import { sql } from "drizzle-orm";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";

/** A separate project for a test, with full permissions. */
export async function addProject(db: Postgres, projectId: string): Promise<Scope> {
  await db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  return { projectId, actor: "system", userId: null, permissions: new Set(PERMISSIONS) };
}
