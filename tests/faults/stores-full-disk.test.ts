import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { start, withSmallDisk } from "./stores-run.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-faults-disk-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const before = withSmallDisk(folder, 160);

test.runIf(before)(
  "on a full disk nothing is lost, reading goes on, and room lets writing go on without a restart",
  async () => {
    const child = start("fill", folder, { before: before ?? [] });
    await child.ended;
    expect(child.lines).toEqual([
      {
        failures: {
          object: expect.objectContaining({
            name: "AppError",
            codes: expect.arrayContaining(["insufficient_storage"]),
          }),
          columnar: expect.objectContaining({ name: "Error" }),
          postgres: expect.objectContaining({ codes: ["53100"] }),
        },
        whileFull: expect.anything(),
        after: expect.objectContaining({ hasObject: true }),
      },
    ]);
    const [{ whileFull, after } = {}] = child.lines;
    expect(whileFull).toMatchObject({ objectBytes: 0 });
    for (const state of [whileFull, after]) {
      const { acknowledged, counts } = state as { acknowledged: { postgres: number }; counts: object };
      expect(acknowledged.postgres).toBeGreaterThan(0);
      expect(counts).toEqual(acknowledged);
    }
  },
  240_000,
);
