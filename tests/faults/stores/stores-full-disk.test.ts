import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { start, withSmallDisk, withSmallFiles } from "./stores-run.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-faults-disk-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
// Mounting needs rights that not every account has. Without them, the second test still covers part of this.
const before = withSmallDisk(folder, 160);

if (before)
  test("on a full disk nothing is lost, reads continue, and free space resumes writes without a restart", async () => {
    const child = start("fill", folder, { before });
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
  }, 240_000);

test("a file that may not grow fails what needs it, and nothing else", async () => {
  const child = start("outgrow", join(folder, "outgrow"), { before: withSmallFiles(20) });
  await child.ended;
  expect(child.lines).toEqual([
    {
      failures: {
        object: expect.objectContaining({ name: "AppError", codes: expect.arrayContaining(["insufficient_storage"]) }),
        postgres: expect.objectContaining({ name: "Error" }),
      },
      objectBytes: 0,
      isWhole: true,
    },
  ]);
}, 120_000);
