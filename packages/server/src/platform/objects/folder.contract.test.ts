import { createHash, randomBytes } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFolderObjects } from "./folder.ts";
import type { Objects } from "./port.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-objects-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const hashOf = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");
const files = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

const adapters: { name: string; open(): Promise<Objects> }[] = [
  { name: "folder", open: () => openFolderObjects(folder) },
];

describe.each(adapters)("$name", ({ open }) => {
  let objects: Objects;
  beforeAll(async () => {
    objects = await open();
  });

  test("a stream comes back as it was, under the hash of its content", async () => {
    const content = randomBytes(3_000_000);
    const pieces = [content.subarray(0, 7), content.subarray(7, 2_000_000), content.subarray(2_000_000)];
    const stored = await objects.put(Readable.from(pieces));
    expect(stored).toEqual({ sha256: hashOf(content), sizeBytes: content.length });
    expect(content.equals(await buffer(await objects.get(stored.sha256)))).toBe(true);
  });

  test("a range of the bytes can be read alone", async () => {
    const content = randomBytes(200_000);
    const { sha256 } = await objects.put(content);
    for (const [start, end] of [
      [0, 1],
      [100_000, 199_999],
      [5, 5],
    ] as const) {
      const part = await buffer(await objects.get(sha256, { start, end }));
      expect(part.equals(content.subarray(start, end)), `${start} to ${end}`).toBe(true);
    }
  });

  test("a range comes in pieces too, each of which is there until the next is asked for", async () => {
    const content = randomBytes(1_700_000);
    const { sha256 } = await objects.put(content);
    async function joined(range: { start: number; end: number }) {
      const pieces: Buffer[] = [];
      for await (const piece of objects.lend(sha256, range)) pieces.push(Buffer.from(piece));
      return Buffer.concat(pieces);
    }
    const ranges = [
      { start: 0, end: 1_700_000 },
      { start: 32, end: 1_600_000 },
      { start: 5, end: 5 },
    ];
    // Several at once do not write into each other's pieces, also after one was left halfway.
    for await (const _ of objects.lend(sha256, { start: 0, end: 1_700_000 })) break;
    const all = await Promise.all(ranges.map(joined));
    for (const [place, { start, end }] of ranges.entries())
      expect(all[place]?.equals(content.subarray(start, end)), `${start} to ${end}`).toBe(true);
    await expect(
      objects.lend("0".repeat(64), { start: 0, end: 1 })[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("content is put at a path for programs that read files, also where something lies already", async () => {
    const content = randomBytes(1_000);
    const { sha256 } = await objects.put(content);
    const path = join(folder, "placed");
    await objects.place(sha256, path);
    await objects.place(sha256, path);
    expect(content.equals(await readFile(path))).toBe(true);
    expect((await readdir(folder)).filter((name) => name.startsWith("placed"))).toEqual(["placed"]);
    await objects.delete(sha256);
    expect(content.equals(await readFile(path))).toBe(true);
    await rm(path);
    await expect(objects.place("0".repeat(64), path)).rejects.toMatchObject({ code: "not_found" });
  });

  test("the same content is stored once, by many at once too", async () => {
    const before = await objects.sizeBytes();
    const content = randomBytes(1_000);
    await Promise.all(Array.from({ length: 10 }, () => objects.put(content)));
    expect(await objects.sizeBytes()).toBe(before + 1_000);
  });

  test("nothing is also content", async () => {
    const { sha256, sizeBytes } = await objects.put(new Uint8Array());
    expect(sizeBytes).toBe(0);
    expect(await buffer(await objects.get(sha256))).toHaveLength(0);
  });

  test("what is not stored, or was deleted, is not found", async () => {
    const { sha256 } = await objects.put(Buffer.from("short-lived"));
    expect(await objects.has(sha256)).toBe(true);
    await objects.delete(sha256);
    await objects.delete(sha256);
    expect(await objects.has(sha256)).toBe(false);
    await expect(objects.get(sha256)).rejects.toMatchObject({ code: "not_found" });
  });

  test("only a hash is a name", async () => {
    const outside = join(folder, "outside");
    await writeFile(outside, "secret");
    for (const name of [
      "outside",
      "../outside",
      `${"a".repeat(64)}/../../x`,
      "",
      "A".repeat(64),
      `${"a".repeat(64)}\0`,
    ]) {
      await expect(objects.get(name), name).rejects.toMatchObject({ code: "not_found" });
      await expect(objects.delete(name), name).rejects.toMatchObject({ code: "not_found" });
      expect(await objects.has(name), name).toBe(false);
    }
    await rm(outside);
  });

  test("a stream that breaks leaves nothing", async () => {
    const before = (await files()).length;
    const broken = Readable.from(
      (function* () {
        yield Buffer.from("half");
        throw new Error("gone");
      })(),
    );
    await expect(objects.put(broken)).rejects.toThrow("gone");
    expect(await files()).toHaveLength(before);
  });
});

test("what a crash left half-written is removed at the next start", async () => {
  await writeFile(join(folder, "unfinished", "left"), "half");
  await openFolderObjects(folder);
  expect(await readdir(join(folder, "unfinished"))).toEqual([]);
});

test("a folder that was deleted meanwhile is created again", async () => {
  const objects = await openFolderObjects(folder);
  const content = Buffer.from("twice");
  const { sha256 } = await objects.put(content);
  await rm(join(folder, sha256.slice(0, 2)), { recursive: true });
  await objects.put(content).catch(() => undefined);
  expect(await objects.put(content)).toEqual({ sha256, sizeBytes: 5 });
  expect(content.equals(await buffer(await objects.get(sha256)))).toBe(true);
});

test("only the owner can read", async () => {
  await chmod(folder, 0o700);
  const objects = await openFolderObjects(folder);
  const { sha256 } = await objects.put(Buffer.from("private"));
  expect((await stat(join(folder, sha256.slice(0, 2), sha256))).mode & 0o077).toBe(0);
});
