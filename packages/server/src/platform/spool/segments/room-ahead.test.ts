import { cp, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSpoolBench } from "../testing/memory-store.ts";
import { createRoomAhead } from "./room-ahead.ts";

let bench: Awaited<ReturnType<typeof createSpoolBench>>;
beforeEach(async () => {
  bench = await createSpoolBench();
});
afterEach(() => bench.remove());

const KIB = 1024;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const idsIn = (rows: readonly unknown[]) => rows.map((row) => (row as { id: number }).id).sort((a, b) => a - b);
const awayForGood = () => bench.store.failWith(() => new Error("connection refused"));
const segmentPath = async () => {
  const [name = ""] = (await readdir(bench.folder)).filter((file) => file.endsWith(".log"));
  return join(bench.folder, name);
};

test("a segment is longer than its records while it grows, and as long as them once it is closed", async () => {
  awayForGood();
  const spool = await bench.open({ limits: { closeMs: 1 } });
  for (const id of numbers(20)) await spool.append("spans", [{ id, text: "x".repeat(KIB) }]);
  const path = await segmentPath();
  const written = 24 + spool.status().pendingBytes;
  await expect.poll(async () => (await stat(path)).size).toBeGreaterThanOrEqual(written + 32 * KIB);
  expect((await readFile(path)).subarray(written).every((byte) => byte === 0)).toBe(true);
  await spool.close();
  expect((await stat(path)).size).toBe(written);
});

test("zeros never come over a record, however small and however fast the records are", async () => {
  awayForGood();
  const spool = await bench.open({ limits: { segmentBytes: 2_048 * KIB, closeMs: 1 } });
  const text = "y".repeat(3 * KIB);
  for (const round of numbers(60))
    await Promise.all(
      numbers(25).map((each) =>
        spool.append("spans", [{ id: round * 25 + each, text: text.slice(0, ((round * 7 + each) % 31) * 100) }]),
      ),
    );
  // Files left by a process that ends here.
  const left = await createSpoolBench();
  await cp(bench.folder, left.folder, { recursive: true });
  const again = await left.open();
  await again.flush();
  expect(idsIn(left.store.rows)).toEqual(numbers(1_500));
  expect(again.status()).toMatchObject({ damagedPlaces: 0, undeliverableRows: 0 });
  expect(left.lines.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
  await again.close();
  await left.remove();
  await spool.close();
});

test("of a file that ends in zeros at any byte every whole record is delivered, and only a torn one is spoken of", async () => {
  awayForGood();
  const spool = await bench.open({ limits: { closeMs: 1 } });
  for (const id of [0, 1]) await spool.append("spans", [{ id }]);
  await spool.close();
  const path = await segmentPath();
  const content = await readFile(path);
  const recordBytes = (content.length - 24) / 2;
  for (let length = 24; length <= content.length; length++) {
    const cut = await createSpoolBench();
    await writeFile(
      join(cut.folder, path.slice(bench.folder.length + 1)),
      Buffer.concat([content.subarray(0, length), Buffer.alloc(64 * KIB)]),
    );
    const again = await cut.open();
    await again.append("spans", [{ id: 9 }]);
    await again.flush();
    const whole = Math.floor((length - 24) / recordBytes);
    expect(idsIn(cut.store.rows)).toEqual([...numbers(whole), 9]);
    expect(again.status().damagedPlaces).toBe(0);
    const spoken = cut.lines.some(({ message }) => message.includes("incomplete end"));
    // A first record of which nothing is whole goes with its file.
    expect(spoken).toBe(whole > 0 && (length - 24) % recordBytes > 0);
    await again.close();
    await cut.remove();
  }
});

test("where no zeros can be written there are none, and no error is reported", async () => {
  const room = createRoomAhead({ path: join(bench.folder, "nothing", "there"), end: 24, mostBytes: 1_024 * KIB });
  room.wrote(100, 76);
  await room.clear();
  room.wrote(200, 100);
  await expect(room.clear(1_024 * KIB)).resolves.toBeUndefined();
});

test("large groups get no room, nor small ones soon after, and none is made beyond the end of a segment", async () => {
  const folder = await mkdtemp(join(tmpdir(), "treadle-room-"));
  const path = join(folder, "segment");
  await (await open(path, "w")).close();
  const room = createRoomAhead({ path, end: 0, mostBytes: 1_100 * KIB });
  const sizeAfter = async (end: number, bytes: number) => {
    room.wrote(end, bytes);
    await room.clear();
    return (await stat(path)).size;
  };
  expect(await sizeAfter(10, 300 * KIB)).toBe(0);
  expect(await sizeAfter(60 * KIB, 10)).toBe(0);
  expect(await sizeAfter(1_024 * KIB, 10)).toBe(0);
  expect(await sizeAfter(1_024 * KIB + 10, 10)).toBe(1_100 * KIB);
  await rm(folder, { recursive: true, force: true });
});
