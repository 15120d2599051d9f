import { fdatasyncSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openEngine } from "./open-engine.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-engine-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

let syncs = 0;
const open = () =>
  openEngine({
    folder: join(folder, "postgres"),
    sync(descriptor) {
      syncs++;
      fdatasyncSync(descriptor);
    },
  });

test("every commit is synced to the disk before it is acknowledged", async () => {
  const engine = await open();
  await engine.exec("CREATE TABLE kept (id integer)");
  for (let id = 0; id < 20; id++) {
    const before = syncs;
    await engine.query("INSERT INTO kept VALUES ($1)", [id]);
    expect(syncs).toBeGreaterThan(before);
  }
  const before = syncs;
  await engine.query("SELECT * FROM kept");
  expect(syncs, "reading alone syncs nothing").toBe(before);
  await engine.close();
});

test("opening syncs what recovery has written", async () => {
  const engine = await open();
  syncs = 0;
  await engine.exec("INSERT INTO kept VALUES (100); CHECKPOINT");
  expect(syncs).toBeGreaterThan(1);
  await engine.close();
  syncs = 0;
  await (await open()).close();
  expect(syncs).toBeGreaterThan(0);
});

test("a disk that cannot sync fails the commit", async () => {
  const engine = await openEngine({
    folder: join(folder, "postgres"),
    sync(descriptor) {
      if (isBroken) throw Object.assign(new Error("broken disk"), { code: "EIO" });
      fdatasyncSync(descriptor);
    },
  });
  isBroken = true;
  const message = Buffer.from("Q\0\0\0\0INSERT INTO kept VALUES (200)\0", "latin1");
  message.writeInt32BE(message.length - 1, 1);
  const answers: string[] = [];
  await engine.execProtocolRawStream(message, {
    onRawData: (bytes) => void answers.push(Buffer.from(bytes).toString()),
  });
  expect(answers.join("")).toMatch(/PANIC[\s\S]*could not fsync/);
  expect(answers.join("")).not.toContain("INSERT 0 1");
});
let isBroken = false;

test("a cluster that cannot be opened says why, in PostgreSQL's words", async () => {
  await rm(join(folder, "postgres", "pg_wal"), { recursive: true });
  await expect(open()).rejects.toThrow(/required WAL directory/);
});
