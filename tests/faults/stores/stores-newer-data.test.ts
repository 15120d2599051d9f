import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { openColumnar } from "../../../packages/server/src/platform/columnar/open.ts";
import { MigrationRefusedError } from "../../../packages/server/src/platform/migrations/plan.ts";
import { openPostgres } from "../../../packages/server/src/platform/postgres/open.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-faults-newer-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a database that a newer program has migrated is refused, unharmed", async () => {
  const path = join(folder, "postgres");
  const store = await openPostgres({ folder: path });
  await store.db.execute(
    sql`INSERT INTO schema_migrations (name, checksum, program) VALUES ('9999-future', 'x', '99.0.0')`,
  );
  await store.close();
  const refused = openPostgres({ folder: path }).catch((error: unknown) => error);
  expect(await refused).toBeInstanceOf(MigrationRefusedError);
  expect(String(await refused)).toMatch(/newer than this program.*"9999-future".*Install version 99\.0\.0 or newer/s);
});

test("a columnar store that a newer program has migrated is refused, unharmed", async () => {
  const path = join(folder, "columnar");
  const store = await openColumnar({ folder: path });
  await store.insert("schema_migrations", [{ name: "9999-future", checksum: "x", program: "99.0.0" }]);
  await store.close();
  await expect(openColumnar({ folder: path })).rejects.toThrow(/Install version 99\.0\.0 or newer/);
});
