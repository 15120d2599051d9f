import { readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RejectedBatchError } from "../columnar/port.ts";
import { createSpoolBench } from "./testing/memory-store.ts";

let bench: Awaited<ReturnType<typeof createSpoolBench>>;
beforeEach(async () => {
  bench = await createSpoolBench();
});
afterEach(() => bench.remove());

const away = () => new Error("connection refused");
const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => ({ id: from + index }));
const ids = (found: readonly unknown[] = bench.store.rows) =>
  found.map((row) => (row as { id: number }).id).sort((a, b) => a - b);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const segments = async () => (await readdir(bench.folder)).filter((name) => name.endsWith(".log")).sort();
const until = async (isTrue: () => boolean) => {
  const deadline = Date.now() + 10_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error("it did not happen within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

test("rows appended by many at once are stored exactly once, and the files go away", async () => {
  const spool = await bench.open({ limits: { segmentBytes: 2_000 } });
  await Promise.all(numbers(100).map((index) => spool.append("spans", rows(index * 3, index * 3 + 3))));
  await spool.flush();
  expect(ids()).toEqual(numbers(300));
  expect(spool.status()).toMatchObject({
    state: "ok",
    pendingRows: 0,
    pendingBytes: 0,
    keptRows: 300,
    deliveredRows: 300,
    oldestPendingSeconds: null,
  });
  await spool.close();
  expect((await segments()).length).toBeLessThanOrEqual(1);
});

test("what was appended outlives the process, though it was never delivered", async () => {
  bench.store.failWith(away);
  const first = await bench.open({ limits: { closeMs: 1 } });
  await first.append("spans", rows(0, 10));
  await first.append("scores", rows(10, 12));
  await first.close();
  bench.store.failWith(null);
  const second = await bench.open();
  expect(second.status().pendingRows).toBe(12);
  await second.flush();
  expect(ids()).toEqual(numbers(12));
  expect(bench.store.batches.map(({ table }) => table)).toEqual(["spans", "scores"]);
  await second.close();
});

test("rows that are encoded already, of several tables in one append, are stored exactly once, also after a restart", async () => {
  const encode = (table: string, from: number, to: number) => ({
    table,
    lines: Buffer.from(
      rows(from, to)
        .map((row) => JSON.stringify(row))
        .join("\n"),
    ),
    rows: to - from,
  });
  bench.store.failWith(away);
  const first = await bench.open({ limits: { closeMs: 1 } });
  await first.appendLines([
    encode("spans", 0, 4),
    encode("scores", 4, 5),
    encode("nothing", 5, 5),
    encode("spans", 5, 9),
  ]);
  await first.append("spans", rows(9, 10));
  expect(first.status()).toMatchObject({ keptRows: 10, pendingRows: 10 });
  await first.close();
  bench.store.failWith(null);
  const second = await bench.open();
  await second.flush();
  expect(ids()).toEqual(numbers(10));
  expect(bench.store.batches.map(({ table }) => table)).toEqual(["spans", "scores"]);
  await second.close();
});

test("at the cap rows that are encoded already are refused whole, with a time to wait", async () => {
  bench.store.failWith(away);
  const spool = await bench.open({ capBytes: 1, limits: { closeMs: 1 } });
  const lines = Buffer.from('{"id":1}');
  await spool.appendLines([{ table: "spans", lines, rows: 1 }]);
  const refused = spool.appendLines([{ table: "spans", lines, rows: 1 }]);
  await expect(refused).rejects.toMatchObject({ code: "overloaded", retryAfterSeconds: 10 });
  expect(spool.status().keptRows).toBe(1);
  await spool.close();
});

test("a batch whose answer was lost is delivered again under the same token, and stored once", async () => {
  let isLost = true;
  bench.store.failWith(null, () => (isLost ? away() : null));
  const first = await bench.open({ limits: { closeMs: 1 } });
  await first.append("spans", rows(0, 5));
  await until(() => bench.store.batches.length > 0);
  // More arrives before the second try: it must not join the batch.
  await first.append("spans", rows(5, 8));
  await first.close();
  isLost = false;
  const second = await bench.open();
  await second.flush();
  expect(ids()).toEqual(numbers(8));
  const firstToken = bench.store.batches[0]?.token;
  expect(bench.store.batches.filter(({ token }) => token === firstToken).length).toBeGreaterThan(1);
  await second.close();
});

test("while the store is unavailable, appending continues, and the state shows it until the store is back", async () => {
  bench.store.failWith(away);
  const spool = await bench.open();
  await spool.append("spans", rows(0, 3));
  await until(() => spool.status().state === "degraded");
  expect(spool.status().message).toContain("connection refused");
  await spool.append("spans", rows(3, 6));
  bench.store.failWith(null);
  await spool.flush();
  expect(spool.status().state).toBe("ok");
  expect(ids()).toEqual(numbers(6));
  await spool.close();
});

test("invalid rows are isolated: all others are stored, and the invalid ones are listed, replayed once fixed, or deleted", async () => {
  const isBad = (line: string) => /"id":(7|8|93)\b/.test(line);
  const refuse = (lines: readonly string[]) =>
    lines.some(isBad) ? new RejectedBatchError("cannot parse the value of column x") : null;
  bench.store.failWith(refuse);
  const spool = await bench.open();
  await spool.append("spans", rows(0, 100));
  await spool.flush();
  expect(ids()).toEqual(numbers(100).filter((id) => ![7, 8, 93].includes(id)));
  const [refused] = await spool.listRefused();
  expect(refused).toMatchObject({ table: "spans", rows: 3, attempts: 1, error: "cannot parse the value of column x" });
  expect(spool.status()).toMatchObject({ undeliverableRows: 3, state: "ok" });
  const id = refused?.id ?? "";
  await expect(spool.replayRefused(id)).rejects.toMatchObject({ code: "unprocessable" });
  expect(await spool.listRefused()).toMatchObject([{ rows: 3, attempts: 2 }]);
  await spool.close();

  bench.store.failWith(null);
  const again = await bench.open();
  expect(await again.listRefused()).toMatchObject([{ id, rows: 3, attempts: 2 }]);
  expect(await again.replayRefused(id)).toEqual({ rows: 3 });
  expect(ids()).toEqual(numbers(100));
  expect(await again.listRefused()).toEqual([]);
  await expect(again.deleteRefused(id)).rejects.toMatchObject({ code: "not_found" });
  await expect(again.replayRefused("../position")).rejects.toMatchObject({ code: "not_found" });
  await again.close();
});

test("a deleted undeliverable batch is gone from disk", async () => {
  bench.store.failWith(() => new RejectedBatchError("never"));
  const spool = await bench.open();
  await spool.append("spans", rows(0, 2));
  await spool.flush();
  for (const { id } of await spool.listRefused()) await spool.deleteRefused(id);
  expect(await readdir(join(bench.folder, "undeliverable"))).toEqual([]);
  expect(spool.status().undeliverableRows).toBe(0);
  await spool.close();
});

test("at the cap appends are refused with a time to wait, pushes are counted as dropped, and both work again after delivery", async () => {
  bench.store.failWith(away);
  const spool = await bench.open({ capBytes: 3_000 });
  const append = async () => {
    for (let count = 0; ; count++) await spool.append("spans", [{ id: count, text: "x".repeat(200) }]);
  };
  await expect(append()).rejects.toMatchObject({ code: "overloaded", retryAfterSeconds: expect.any(Number) });
  const pendingRows = spool.status().pendingRows;
  spool.push("spans", { id: -1 });
  expect(spool.status()).toMatchObject({ droppedRows: 1, state: "degraded" });
  bench.store.failWith(null);
  await spool.flush();
  expect(ids()).toEqual(numbers(pendingRows));
  await spool.append("spans", [{ id: pendingRows }]);
  await spool.flush();
  expect(ids()).toEqual(numbers(pendingRows + 1));
  await spool.close();
});

test("on a full disk appends are refused and the state is degraded; it recovers by itself", async () => {
  let freeBytes = 0;
  const spool = await bench.open({ diskSpace: async () => ({ freeBytes, totalBytes: 1e9 }) });
  await expect(spool.append("spans", rows(0, 1))).rejects.toMatchObject({ code: "insufficient_storage" });
  spool.push("spans", { id: 5 });
  expect(spool.status()).toMatchObject({ state: "degraded", droppedRows: 1 });
  freeBytes = 1e9;
  await until(() => spool.status().state === "ok");
  await spool.append("spans", rows(0, 1));
  await spool.flush();
  expect(ids()).toEqual([0]);
  await spool.close();
});

test("pushed rows are encoded later and stored; what JSON cannot hold is dropped alone", async () => {
  const spool = await bench.open();
  let encoded = 0;
  const lazy = (id: number) => ({
    toJSON() {
      encoded += 1;
      return { id };
    },
  });
  for (const id of numbers(1_200)) spool.push("spans", lazy(id));
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  spool.push("spans", cyclic);
  await spool.flush();
  expect(ids()).toEqual(numbers(1_200));
  expect(encoded).toBe(1_200);
  expect(spool.status()).toMatchObject({ droppedRows: 1, keptRows: 1_200 });
  await spool.close();
});

test("an append with a row that JSON cannot hold is refused whole", async () => {
  const spool = await bench.open();
  await expect(spool.append("spans", [{ id: 1 }, { id: 2n }])).rejects.toMatchObject({ code: "invalid_request" });
  await spool.flush();
  expect(ids()).toEqual([]);
  await spool.close();
});

test("whatever the order of appends, outages, lost answers and restarts: every row is stored exactly once", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("append" as const), count: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ kind: fc.constantFrom("away", "losing answers", "well", "restart", "wait") }),
  );
  const run = async (steps: readonly { readonly kind: string; readonly count?: number }[]) => {
    const mine = await createSpoolBench();
    const open = () => mine.open({ limits: { delayMs: 2, rows: 20, segmentBytes: 1_000, closeMs: 0 } });
    let spool = await open();
    let sent = 0;
    for (const { kind, count = 0 } of steps) {
      if (kind === "append") await spool.append("spans", rows(sent, sent + count));
      if (kind === "away") mine.store.failWith(away);
      if (kind === "losing answers") mine.store.failWith(null, away);
      if (kind === "well") mine.store.failWith(null);
      if (kind === "wait") await new Promise((resolve) => setTimeout(resolve, 8));
      if (kind === "restart") {
        await spool.close();
        spool = await open();
      }
      sent += count;
    }
    mine.store.failWith(null);
    await spool.flush();
    await spool.close();
    await mine.remove();
    expect(ids(mine.store.rows)).toEqual(numbers(sent));
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 15 }), run), { numRuns: 40 });
});

test("a wall clock that jumps back an hour holds nothing up", async () => {
  let offsetMs = 0;
  const spool = await bench.open({ clock: { now: () => Date.now() - offsetMs, elapsed: () => performance.now() } });
  await spool.append("spans", rows(0, 1));
  offsetMs = 3_600_000;
  await spool.append("spans", rows(1, 2));
  await until(() => bench.store.rows.length === 2);
  await spool.close();
  const again = await bench.open();
  await again.append("spans", rows(2, 3));
  await until(() => bench.store.rows.length === 3);
  await again.close();
});

test("a closed spool takes nothing, and has kept what was pushed before", async () => {
  const spool = await bench.open();
  spool.push("spans", { id: 0 });
  await spool.close();
  await expect(spool.append("spans", rows(1, 2))).rejects.toMatchObject({ code: "unavailable" });
  expect(ids()).toEqual([0]);
});

test("a torn end is cut off with a line in the log, and the next rows follow", async () => {
  bench.store.failWith(away);
  const first = await bench.open({ limits: { closeMs: 1 } });
  await first.append("spans", rows(0, 4));
  await first.append("spans", rows(4, 6));
  await first.close();
  const [name = ""] = await segments();
  const path = join(bench.folder, name);
  await truncate(path, (await stat(path)).size - 3);
  bench.store.failWith(null);
  const second = await bench.open();
  expect(bench.lines.some(({ level, message }) => level === "warn" && message.includes("incomplete end"))).toBe(true);
  await second.append("spans", rows(6, 7));
  await second.flush();
  expect(ids()).toEqual([0, 1, 2, 3, 6]);
  await second.close();
});

test("a spool whose file is cut off at any byte opens, delivers every whole record, and takes new ones", async () => {
  bench.store.failWith(away);
  const first = await bench.open({ limits: { closeMs: 1 } });
  for (const id of [0, 1]) await first.append("spans", [{ id }]);
  await first.close();
  const [name = ""] = await segments();
  const path = join(bench.folder, name);
  const content = await readFile(path);
  const recordBytes = (content.length - 24) / 2;
  bench.store.failWith(null);
  for (let length = 0; length <= content.length; length++) {
    const cut = await createSpoolBench();
    await writeFile(join(cut.folder, name), content.subarray(0, length));
    const spool = await cut.open();
    await spool.append("spans", [{ id: 9 }]);
    await spool.close();
    const whole = Math.max(0, Math.floor((length - 24) / recordBytes));
    expect(ids(cut.store.rows)).toEqual([...numbers(whole), 9]);
    await cut.remove();
  }
});

test("damage in the middle costs one record: its bytes are set aside and counted, all others are stored", async () => {
  bench.store.failWith(away);
  const first = await bench.open({ limits: { closeMs: 1 } });
  for (const id of numbers(5)) await first.append("spans", [{ id, text: "y".repeat(50) }]);
  await first.close();
  const [name = ""] = await segments();
  const path = join(bench.folder, name);
  const content = await readFile(path);
  content.write("XX", content.indexOf('"id":2'));
  await writeFile(path, content);
  bench.store.failWith(null);
  const second = await bench.open();
  await second.flush();
  expect(ids()).toEqual([0, 1, 3, 4]);
  expect(second.status()).toMatchObject({ damagedPlaces: 1, pendingRows: 0 });
  const [kept = ""] = await readdir(join(bench.folder, "damaged"));
  expect(await readFile(join(bench.folder, "damaged", kept), "utf8")).toContain('XX":2'.slice(2));
  await second.close();
});

test("both position slots destroyed: everything left is delivered, nothing crashes", async () => {
  bench.store.failWith(away);
  const first = await bench.open({ limits: { closeMs: 1 } });
  await first.append("spans", rows(0, 4));
  await first.close();
  await writeFile(join(bench.folder, "position"), Buffer.alloc(8_192, 0xab));
  bench.store.failWith(null);
  const second = await bench.open();
  await second.flush();
  expect(ids()).toEqual([0, 1, 2, 3]);
  await second.close();
});

test("batches hold at most the configured rows", async () => {
  bench.store.failWith(away);
  const spool = await bench.open({ limits: { rows: 1_000 } });
  await spool.append("spans", rows(0, 4_321));
  bench.store.failWith(null);
  await spool.flush();
  expect(ids()).toEqual(numbers(4_321));
  expect(Math.max(...bench.store.batches.map((batch) => batch.rows))).toBeLessThanOrEqual(1_000);
  await spool.close();
});

test("a row longer than a batch goes out alone", async () => {
  const spool = await bench.open({ limits: { bytes: 1_000 } });
  await spool.append("spans", [{ id: 0, text: "z".repeat(50_000) }]);
  await spool.append("spans", rows(1, 3));
  await spool.flush();
  expect(ids()).toEqual([0, 1, 2]);
  await spool.close();
});
