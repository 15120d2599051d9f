// Makes packages/server/src/platform/postgres/pglite/template.tar.zst, an empty cluster of the installed PGlite.
// Run it after every upgrade of @electric-sql/pglite: node scripts/make-postgres-template.ts
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, zstdCompressSync } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";

const target = new URL("../packages/server/src/platform/postgres/pglite/template.tar.zst", import.meta.url);
const folder = await mkdtemp(join(tmpdir(), "treadle-template-"));
try {
  const first = await PGlite.create({ dataDir: folder });
  await first.close();
  // Opened again, so that what is dumped is a cluster that has been shut down cleanly.
  const engine = await PGlite.create({ dataDir: folder });
  await engine.exec("CHECKPOINT");
  const tar = Buffer.from(await (await engine.dumpDataDir("none")).arrayBuffer());
  await engine.close();
  // The three databases of a new cluster are nearly equal, 8 MB apart: a window that spans them makes the file a quarter.
  const params = { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_windowLog]: 25 };
  const template = zstdCompressSync(tar, { params });
  await writeFile(target, template);
  console.log(`wrote ${template.length} bytes to ${fileURLToPath(target)}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
