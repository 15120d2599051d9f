import { type Client, createClient } from "../../packages/sdk/src/index.ts";
import { type ScriptedProvider, startScriptedProvider } from "../setup/scripted-provider.ts";
import { openSharedTreadle } from "../setup/shared-treadle.ts";
import type { RunningTreadle } from "../setup/start-treadle.ts";

export const LOCAL_MODEL = "smollm2-135m-instruct";
export const LOCAL_EMBEDDINGS = "use-lite-en";
const PULL_MS = 300_000;

export type World = {
  readonly treadle: RunningTreadle;
  readonly provider: ScriptedProvider;
  readonly call: Client["call"];
  /** A key that can read but cannot call models. */
  readonly weakKey: string;
  close(): Promise<void>;
};

/** A real server with the real default model, and a scripted provider behind the connection `scripted`. */
export async function openWorld({ withLocalModel = true, env = {} } = {}): Promise<World> {
  const provider = await startScriptedProvider();
  const treadle = await openSharedTreadle({ ...(withLocalModel && { TREADLE_DEFAULT_MODEL: LOCAL_MODEL }), ...env });
  const { call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  await call("POST /api/v1/connections", {
    body: {
      slug: "scripted",
      preset: "vllm",
      baseUrl: provider.baseUrl,
      models: ["echo-1"],
      maxRetries: 0,
      keys: [{ value: "sk-scripted-secret" }],
    },
  });
  const weak = await call("POST /api/v1/api-keys", { body: { name: "reader", permissions: ["traces:read"] } });
  if (withLocalModel) await pulled(call);
  return {
    treadle,
    provider,
    call,
    weakKey: weak.key,
    async close() {
      await treadle.stop();
      await provider.close();
    },
  };
}

async function pulled(call: World["call"]) {
  const deadline = Date.now() + PULL_MS;
  while (Date.now() < deadline) {
    const { items } = await call("GET /api/v1/models");
    const model = items.find((candidate) => candidate.modelId === LOCAL_MODEL);
    if (model?.state === "ready" || model?.state === "loaded") return;
    if (model?.state === "failed") throw new Error(`the default model could not be pulled: ${model.error}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("the default model was not pulled in time");
}
