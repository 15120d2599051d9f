import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";
import type { PostgresStore } from "../postgres/port.ts";
import { openTestPostgres } from "../postgres/testing/open-test-postgres.ts";
import { openCheckedSecrets, WrongSecretKeyError } from "./open-checked.ts";
import type { SealedSecret } from "./port.ts";
import { secretKeyChecks } from "./schema.ts";

const root = await mkdtemp(join(tmpdir(), "treadle-checked-"));
const store: PostgresStore = await openTestPostgres();
afterAll(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

let folder: string;
let sealed: SealedSecret[];
beforeEach(async () => {
  await store.db.delete(secretKeyChecks);
  folder = await mkdtemp(join(root, "data-"));
  sealed = [];
});

const newKey = () => randomBytes(32).toString("base64");
const open = ({ key, mayReplaceKey = false }: { key?: string; mayReplaceKey?: boolean } = {}) =>
  openCheckedSecrets({
    db: store.db,
    folder,
    key,
    mayReplaceKey,
    clock: systemClock,
    listSealed: async () => sealed,
  });

test("a first start makes a key, and the next start opens what it sealed", async () => {
  const value = (await open()).seal("sk-secret", "row");
  expect((await open()).open(value, "row")).toBe("sk-secret");
});

test("a missing key refuses the start, and no other key is made in its place", async () => {
  await open();
  await rm(join(folder, "secret.key"));
  await expect(open()).rejects.toThrow(WrongSecretKeyError);
  await expect(open()).rejects.toThrow(/The secret key is missing: .* has no file secret\.key.*Restore secret\.key/);
  expect(await readdir(folder)).toEqual([]);
});

test("another key refuses the start, from the setting and from the file", async () => {
  await open({ key: newKey() });
  await expect(open({ key: newKey() })).rejects.toThrow(/TREADLE_SECRET_KEY is not the key/);
  await open({ mayReplaceKey: true });
  await rm(join(folder, "secret.key"));
  folder = await mkdtemp(join(root, "other-"));
  await expect(open()).rejects.toThrow(/has no file secret\.key/);
});

test("a database from before the check is checked by the secrets that it holds", async () => {
  const key = newKey();
  const [first, second] = [await open({ key }), newKey()];
  sealed = [{ value: first.seal("sk-secret", "row"), context: "row" }];
  await store.db.delete(secretKeyChecks);
  await expect(open({ key: second })).rejects.toThrow(WrongSecretKeyError);
  await expect(open()).rejects.toThrow(/has no file secret\.key/);
  await open({ key });
  sealed = [];
  await expect(open({ key: second })).rejects.toThrow(WrongSecretKeyError);
});

test("a lost key can be replaced on purpose, and the new one is checked from then on", async () => {
  await open({ key: newKey() });
  const replaced = newKey();
  await open({ key: replaced, mayReplaceKey: true });
  await open({ key: replaced });
  await expect(open({ key: newKey() })).rejects.toThrow(WrongSecretKeyError);
});
