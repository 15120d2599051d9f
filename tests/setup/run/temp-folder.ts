import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
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
  await waitForNeeds();
  folder = mkdtempSync(join(tmpdir(), "treadle-tests-"));
  // PostgreSQL runs as another user and must reach its folder inside.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
}

/** Files whose existence shows that a program that tests need is installed, separated by colons. `.ci/run` installs some in the background. */
const NEEDS = (process.env.TREADLE_TEST_NEEDS ?? "").split(":").filter((path) => path !== "");
const LONGEST_WAIT_MS = 20 * 60_000;

async function waitForNeeds(): Promise<void> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  while (!NEEDS.every((path) => existsSync(path))) {
    if (Date.now() > deadline)
      throw new Error(`The tests need ${NEEDS.join(" and ")}, and the installation did not end.`);
    await delay(1_000);
  }
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
