import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildServer } from "../../../scripts/set-up.mjs";

let folder = "";

/**
 * Builds the server that tests start, and creates one temporary folder for the workers of a run. They inherit it as
 * TMPDIR, so their files are removed with it.
 */
export function setup(): void {
  buildServer();
  folder = mkdtempSync(join(tmpdir(), "treadle-tests-"));
  // PostgreSQL runs as another user and must reach its folder inside.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
