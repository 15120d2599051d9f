import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ModelImportInput } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { writeTinyModel } from "../../../../platform/inference/testing/tiny-model.ts";
import { openTestRegistry } from "../testing/open-registry.ts";

let opened: Awaited<ReturnType<typeof openTestRegistry>>;
let registry: typeof opened.registry;
let scope: Scope;
beforeAll(async () => {
  opened = await openTestRegistry();
  registry = opened.registry;
  scope = await opened.newScope();
});
afterAll(() => opened.close());

const bring = async (source: string, leaveOut: boolean) => {
  const { jobId } = await registry.imports.start(scope, ModelImportInput.parse({ name: "stolen", source, leaveOut }));
  return opened.ended(scope, jobId);
};

test("a model at a path outside the allowed folders is refused, and the error names no file there", async () => {
  const outside = await mkdtemp(join(tmpdir(), "treadle-outside-"));
  await writeTinyModel(join(outside, "model.gguf"));
  await writeFile(join(outside, "password.json"), "{}");
  await symlink(outside, join(opened.folder, "link"));
  try {
    for (const source of [outside, join(outside, "model.gguf"), join(opened.folder, "link")]) {
      for (const leaveOut of [true, false])
        await expect(bring(source, leaveOut)).rejects.toThrow(/^There is no model at/);
      const error = await registry.imports.scan(scope, source, AbortSignal.timeout(5_000)).catch(String);
      expect(error).toContain("There is no model at");
      expect(error).not.toContain("password.json");
    }
    expect((await registry.models.list(scope, { search: "", limit: 10 })).items).toEqual([]);
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
});
