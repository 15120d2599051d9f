import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openColumnar } from "../open.ts";
import type { Columnar } from "../port.ts";

/**
 * A migrated columnar store for one test file. The engine serves one folder per process, so open it once, before all
 * tests, and keep tests apart by their project's id.
 */
export async function openTestColumnar(): Promise<Columnar> {
  const folder = await mkdtemp(join(tmpdir(), "treadle-columnar-"));
  const columnar = await openColumnar({ folder });
  return {
    ...columnar,
    async close() {
      await columnar.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
