import type { ProviderId } from "@treadle/contract";
import { anthropic } from "./anthropic.ts";
import { bedrock } from "./bedrock.ts";
import { gemini } from "./gemini.ts";
import { openAiCompatible } from "./openai-compatible.ts";
import type { Provider } from "./provider.ts";

const PROVIDERS: Readonly<Record<Exclude<ProviderId, "local">, Provider>> = {
  "openai-compatible": openAiCompatible,
  anthropic,
  gemini,
  bedrock,
};

/** The adapter of a connection's provider. A model of this machine has none: it is not asked over HTTP. */
export function findProvider(id: ProviderId): Provider {
  if (id === "local") throw new Error("a local model is reached in this process, not by a connection");
  return PROVIDERS[id];
}
