import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createModelFolders } from "./model-folders.ts";

let folder = "";
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "treadle-folders-")));
  for (const name of ["open", "open/below", "closed", "open-too"]) await mkdir(join(folder, name));
  for (const name of ["open/below/a.gguf", "closed/secret.gguf", "open-too/b.gguf"])
    await writeFile(join(folder, name), "x");
  await symlink(join(folder, "closed"), join(folder, "open/out"));
  await symlink(join(folder, "closed/secret.gguf"), join(folder, "open/secret.gguf"));
  await symlink(join(folder, "open/below"), join(folder, "open/in"));
  await symlink(join(folder, "open"), join(folder, "alias"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const messageOf = (allowed: readonly string[], path: string) =>
  createModelFolders(allowed)
    .locate(path)
    .then(
      () => "allowed",
      (error: Error) => error.message.replaceAll(path, "PATH"),
    );

describe("a path on the server", () => {
  test("is refused when no folder is allowed", async () => {
    expect(await messageOf([], join(folder, "open/below/a.gguf"))).toContain("does not read model files");
  });

  test("is allowed below a listed folder, with its links resolved", async () => {
    const { locate } = createModelFolders([join(folder, "open")]);
    const file = join(folder, "open/below/a.gguf");
    expect(await locate(file)).toBe(file);
    expect(await locate(join(folder, "open/in/a.gguf"))).toBe(file);
    expect(await locate(join(folder, "open"))).toBe(join(folder, "open"));
  });

  test("is allowed when the listed folder is itself a link", async () => {
    const { locate } = createModelFolders([join(folder, "alias")]);
    expect(await locate(join(folder, "alias/below/a.gguf"))).toBe(join(folder, "open/below/a.gguf"));
  });

  test("gets the same answer whether it is missing, outside, or reached through a link or `..`", async () => {
    const open = join(folder, "open");
    const paths = [
      join(folder, "closed/secret.gguf"),
      join(folder, "closed/missing.gguf"),
      join(folder, "open-too/b.gguf"),
      join(open, "missing.gguf"),
      join(open, "secret.gguf"),
      join(open, "out/secret.gguf"),
      `${open}/../closed/secret.gguf`,
      `${open}/below/../../closed/secret.gguf`,
      "/etc/hostname",
    ];
    const messages = await Promise.all(paths.map((path) => messageOf([open], path)));
    expect(new Set(messages).size).toBe(1);
    expect(messages[0]).toContain("There is no model at PATH in the folders that this server may read");
  });
});
