import { mkdir, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../../kernel/log.ts";
import type { Range } from "../segments/scan.ts";
import type { Segment } from "../segments/segment.ts";

/**
 * Stores bytes without a valid checksum in separate files, so that a person can inspect them and nothing else is
 * blocked.
 */
export async function openDamage(folder: string, log: Log) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const known = new Set(await readdir(folder));

  return {
    /** How many damaged places were set aside, in all runs. */
    count: () => known.size,
    /** Setting the same place aside again does nothing. */
    async setAside(segment: Pick<Segment, "number" | "id">, { from, to }: Range, bytes: Buffer): Promise<void> {
      const name = `${segment.number}-${segment.id}-${from}.bin`;
      if (known.has(name)) return;
      const file = await open(join(folder, name), "w", 0o600);
      try {
        await file.writeFile(bytes);
        await file.datasync();
      } finally {
        await file.close();
      }
      known.add(name);
      log.error(
        { segment: segment.number, from, bytes: to - from, file: join(folder, name) },
        "moved damaged bytes of the spool to a separate file",
      );
    },
  };
}
export type Damage = Awaited<ReturnType<typeof openDamage>>;
