import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openSecrets } from "./open.ts";
import { openTestSecrets } from "./testing/open-test-secrets.ts";

const folder = await mkdtemp(join(tmpdir(), "treadle-secrets-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a sealed value opens again, after a restart too, and says nothing of what it holds", async () => {
  const sealed = (await openTestSecrets({ folder })).seal("sk-secret-ü", "key_1");
  expect(sealed).not.toContain("secret");
  expect((await openTestSecrets({ folder })).open(sealed, "key_1")).toBe("sk-secret-ü");
});

test("the same value is sealed differently each time", async () => {
  const secrets = await openTestSecrets({ folder });
  expect(secrets.seal("same", "row")).not.toBe(secrets.seal("same", "row"));
});

test("a value that was moved to another row, changed, cut or made up does not open", async () => {
  const secrets = await openTestSecrets({ folder });
  const sealed = secrets.seal("sk-secret", "key_1");
  const flipped = `${sealed.slice(0, -2)}${sealed.endsWith("AA") ? "BB" : "AA"}`;
  expect(() => secrets.open(sealed, "key_2")).toThrow(/cannot be decrypted/);
  for (const wrong of [flipped, sealed.slice(0, 30), sealed.slice(3), "", "v1.", "v1.AAAA"]) {
    expect(() => secrets.open(wrong, "key_1"), wrong).toThrow();
  }
});

test("another key gives a message that says what to bring back", async () => {
  const sealed = (await openTestSecrets({ folder })).seal("sk-secret", "key_1");
  const other = await openTestSecrets({ folder, key: randomBytes(32).toString("base64url") });
  expect(() => other.open(sealed, "key_1")).toThrow(/TREADLE_SECRET_KEY/);
});

test("the key file is created once, for its owner only, and concurrent starts use the same file", async () => {
  const fresh = await mkdtemp(join(folder, "fresh-"));
  const opened = await Promise.all(Array.from({ length: 8 }, () => openTestSecrets({ folder: fresh })));
  expect((await stat(join(fresh, "secret.key"))).mode & 0o777).toBe(0o600);
  const [first, ...others] = opened;
  for (const other of others) expect(other.open(first?.seal("x", "row") ?? "", "row")).toBe("x");
});

test("a key file that is cut short is refused rather than replaced", async () => {
  const cut = await mkdtemp(join(folder, "cut-"));
  await writeFile(join(cut, "secret.key"), "c2hvcnQ=");
  await expect(openTestSecrets({ folder: cut })).rejects.toThrow(/secret\.key does not contain 32 bytes/);
  expect(await readFile(join(cut, "secret.key"), "utf8")).toBe("c2hvcnQ=");
});

test("where no key may be made, none is", async () => {
  const empty = await mkdtemp(join(folder, "empty-"));
  expect(await openSecrets({ folder: empty, mayMakeKey: false })).toBeNull();
  await expect(readFile(join(empty, "secret.key"))).rejects.toMatchObject({ code: "ENOENT" });
});
