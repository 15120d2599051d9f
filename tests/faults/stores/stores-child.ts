// A process to kill, to starve and to lock out. It prints its progress as one JSON object per line.
import { createHash, randomBytes } from "node:crypto";
import { rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { openColumnar } from "../../../packages/server/src/platform/columnar/open.ts";
import { lockDataFolder } from "../../../packages/server/src/platform/data-folder/lock.ts";
import type { Migration } from "../../../packages/server/src/platform/migrations/plan.ts";
import { openFolderObjects } from "../../../packages/server/src/platform/objects/folder.ts";
import { migratePostgres } from "../../../packages/server/src/platform/postgres/migrate.ts";
import { openPostgres } from "../../../packages/server/src/platform/postgres/open.ts";
import { openPglite } from "../../../packages/server/src/platform/postgres/pglite/open-pglite.ts";

const printLine = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const [, , scenario, path] = process.argv;

/** Locks the folder and holds the lock. */
async function hold(folder: string) {
  await lockDataFolder(folder);
  printLine({ locked: true });
  setInterval(() => {}, 1_000);
}

/** Writes to both databases until it is killed, and reports each acknowledged row. */
async function write(folder: string) {
  const postgres = await openPostgres({ folder: join(folder, "postgres") });
  const columnar = await openColumnar({ folder: join(folder, "columnar") });
  await postgres.db.execute(sql`CREATE TABLE IF NOT EXISTS kept (id text PRIMARY KEY)`);
  printLine({ opened: true });
  for (let round = 0; ; round++) {
    const ids = Array.from({ length: 20 }, (_, index) => `${process.pid}-${round}-${index}`);
    await postgres.db.transaction(async (tx) => {
      for (const id of ids) await tx.execute(sql`INSERT INTO kept VALUES (${id})`);
    });
    printLine({ postgres: ids });
    const rows = ids.map((id) => ({ project_id: "kept", span_id: id, start_time: "1790000000" }));
    const token = `${process.pid}-${round}`;
    await columnar.insert("spans", rows, { token });
    await columnar.insert("spans", rows, { token });
    printLine({ columnar: ids });
  }
}

const step = (number: number): Migration => {
  const text = `CREATE TABLE step_${number} (id integer); INSERT INTO step_${number} SELECT generate_series(1, 30000);`;
  return { name: `000${number}-step`, sql: text, checksum: createHash("sha256").update(text).digest("hex") };
};

/** Runs five slow migration steps. */
async function migrate(folder: string) {
  const { pool, close } = await openPglite({ folder: join(folder, "postgres") });
  printLine({ opened: true });
  await migratePostgres(pool, [1, 2, 3, 4, 5].map(step));
  const counts: number[] = [];
  for (const number of [1, 2, 3, 4, 5]) {
    const { rows } = await pool.query(`SELECT count(*)::int AS n FROM step_${number}`);
    counts.push(rows[0].n);
  }
  await close();
  printLine({ migrated: counts });
}

async function untilFailure(work: () => Promise<void>) {
  for (let tries = 0; tries < 2_000; tries++) {
    try {
      await work();
    } catch (error) {
      return error;
    }
  }
  return "never failed";
}

/** Fills the disk, and continues when space is free again. */
async function fill(folder: string) {
  const postgres = await openPostgres({ folder: join(folder, "postgres") });
  const columnar = await openColumnar({ folder: join(folder, "columnar") });
  const objects = await openFolderObjects(join(folder, "objects"));
  await postgres.db.execute(sql`CREATE TABLE kept (id integer PRIMARY KEY, filler text)`);
  const { bavail, bsize } = await statfs(folder);
  const ballast = join(folder, "ballast");
  await writeFile(ballast, Buffer.alloc(bavail * bsize - 6_000_000));
  const acknowledged = { postgres: 0, columnar: 0 };
  const insertRow = async () => {
    const filler = randomBytes(6_000).toString("base64");
    await postgres.db.execute(sql`INSERT INTO kept VALUES (${acknowledged.postgres}, ${filler})`);
    acknowledged.postgres++;
  };
  const insertSpans = async () => {
    const rows = Array.from({ length: 200 }, (_, index) => ({
      project_id: "kept",
      span_id: `${acknowledged.columnar}-${index}`,
      start_time: "1790000000",
      input: createHash("sha512").update(`${acknowledged.columnar}-${index}`).digest("hex"),
    }));
    await columnar.insert("spans", rows, { token: `batch-${acknowledged.columnar}` });
    acknowledged.columnar += rows.length;
  };
  const counts = async () => {
    const { rows } = await postgres.db.execute(sql`SELECT count(*)::int AS n FROM kept`);
    const query = { sql: "SELECT toUInt32(count()) AS n FROM spans", params: {}, row: z.object({ n: z.number() }) };
    return { postgres: rows[0]?.n, columnar: (await columnar.select(query))[0]?.n };
  };
  const large = Buffer.alloc(20_000_000, "x");
  const objectFailure = await untilFailure(async () => void (await objects.put(large)));
  const columnarFailure = await untilFailure(insertSpans);
  const postgresFailure = await untilFailure(insertRow);
  const whileFull = {
    acknowledged: { ...acknowledged },
    counts: await counts(),
    objectBytes: await objects.sizeBytes(),
  };
  await rm(ballast);
  await insertRow();
  await insertSpans();
  const { sha256 } = await objects.put(large);
  printLine({
    failures: {
      object: describe(objectFailure),
      columnar: describe(columnarFailure),
      postgres: describe(postgresFailure),
    },
    whileFull,
    after: { acknowledged, counts: await counts(), hasObject: await objects.has(sha256) },
  });
  await columnar.close();
  await postgres.close();
}

const describe = (error: unknown) => {
  if (!(error instanceof Error)) return { name: String(error) };
  const codes = [error, error.cause].flatMap((each) =>
    each instanceof Error && "code" in each ? [String(each.code)] : [],
  );
  return { name: error.name, codes, message: error.message.slice(0, 300) };
};

/** Writes until a file reaches its size limit. */
async function outgrow(folder: string) {
  const postgres = await openPostgres({ folder: join(folder, "postgres") });
  const objects = await openFolderObjects(join(folder, "objects"));
  const object = await objects.put(Buffer.alloc(40_000_000)).catch((error: unknown) => error);
  await postgres.db.execute(sql`CREATE TABLE large (id integer, filler text)`);
  await postgres.db.execute(sql`ALTER TABLE large ALTER COLUMN filler SET STORAGE PLAIN`);
  let acknowledged = 0;
  const failure = await untilFailure(async () => {
    const filler = "x".repeat(7_000);
    await postgres.db.execute(sql`INSERT INTO large SELECT generate_series(1, 50), ${filler}`);
    acknowledged += 50;
  });
  const { rows } = await postgres.db.execute(sql`SELECT count(*)::int AS n FROM large`);
  await postgres.db.execute(sql`CREATE TABLE small (id integer)`);
  printLine({
    failures: { object: describe(object), postgres: describe(failure) },
    objectBytes: await objects.sizeBytes(),
    isWhole: acknowledged > 0 && rows[0]?.n === acknowledged,
  });
  await postgres.close();
}

const scenarios: Readonly<Record<string, (folder: string) => Promise<void>>> = { hold, write, migrate, fill, outgrow };
const run = scenarios[scenario ?? ""];
if (!run || path === undefined) throw new Error(`usage: stores-child.ts ${Object.keys(scenarios).join("|")} FOLDER`);
try {
  await run(path);
} catch (error) {
  printLine({ failed: describe(error) });
  process.exitCode = 1;
}
