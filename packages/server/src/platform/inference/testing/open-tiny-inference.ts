import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "../../../kernel/log.ts";
import { createInference } from "../open.ts";
import { writeTinyModel } from "./tiny-model.ts";

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
type Options = Partial<Parameters<typeof createInference>[0]>;

/** The real engine with the tiny model registered as `tiny`, in a separate folder. */
export async function openTinyInference(options: Options = {}) {
  const folder = await mkdtemp(join(tmpdir(), "treadle-inference-"));
  const inference = createInference({ memoryBudgetBytes: 2 ** 30, parallel: 2, threads: 1, log: silent, ...options });
  const path = join(folder, "tiny.gguf");
  await writeTinyModel(path);
  const facts = await inference.inspect(path);
  inference.register({ id: "tiny", path, ...facts });
  return {
    inference,
    folder,
    path,
    facts,
    async close() {
      await inference.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
