import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readMigrations } from "../../migrations/plan.ts";
import { openPostgres } from "../open.ts";
import { openEngine } from "../pglite/open-engine.ts";

/** Bytes that decide what the migrated cluster holds, besides the migrations. */
const SOURCES = [new URL("../pglite/template.tar.zst", import.meta.url), new URL("../migrate.ts", import.meta.url)];

/** A migrated, empty cluster of the embedded database: its folder, and the same as a tar. */
export type MigratedCluster = { readonly folder: string; readonly tar: string };

/** Makes a migrated cluster below `parent`, unless one from the same sources exists. Removes those from other sources. */
export async function makeMigratedCluster(parent: string): Promise<MigratedCluster> {
  const home = join(parent, await markOf());
  const made = clusterIn(home);
  if (existsSync(home)) return made;
  await rm(parent, { recursive: true, force: true });
  const unfinished = `${home}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  const { folder, tar } = clusterIn(unfinished);
  await (await openPostgres({ folder })).close();
  // A cluster that was shut down and opened again needs no recovery.
  const engine = await openEngine({ folder });
  await engine.exec("CHECKPOINT");
  await writeFile(tar, Buffer.from(await (await engine.dumpDataDir("none")).arrayBuffer()));
  await engine.close();
  await rename(unfinished, home);
  return made;
}

const clusterIn = (home: string): MigratedCluster => ({
  folder: join(home, "cluster"),
  tar: join(home, "cluster.tar"),
});

async function markOf(): Promise<string> {
  const hash = createHash("sha256");
  for (const { name, checksum } of await readMigrations(new URL("../migrations/", import.meta.url)))
    hash.update(`${name} ${checksum}\n`);
  for (const source of SOURCES) hash.update(await readFile(source));
  return hash.digest("hex").slice(0, 16);
}
