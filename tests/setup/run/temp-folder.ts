import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeMigratedCluster } from "../../../packages/server/src/platform/postgres/testing/migrated-cluster.ts";
import { buildServer, root } from "../../../scripts/set-up.mjs";

let folder = "";

/**
 * Builds the server that tests start, migrates a database that tests copy, and creates one temporary folder for the
 * workers of a run. They inherit it as TMPDIR, so their files are removed with it.
 */
export async function setup(): Promise<void> {
  buildServer();
  const { folder: cluster, tar } = await makeMigratedCluster(join(root, "node_modules", ".cache", "treadle-cluster"));
  process.env.TREADLE_TEST_CLUSTER = cluster;
  process.env.TREADLE_TEST_CLUSTER_TAR = tar;
  folder = mkdtempSync(join(tmpdir(), "treadle-tests-"));
  // PostgreSQL runs as another user and must reach its folder inside.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
