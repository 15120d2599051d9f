import type { ProviderId } from "@treadle/contract";
import { anthropic } from "../providers/anthropic/anthropic.ts";
import { bedrock } from "../providers/bedrock/bedrock.ts";
import { gemini } from "../providers/gemini/gemini.ts";
import { openAiCompatible } from "../providers/openai/openai-compatible.ts";
import type { Provider } from "../providers/provider.ts";

const PROVIDERS: Readonly<Record<Exclude<ProviderId, "local">, Provider>> = {
  "openai-compatible": openAiCompatible,
  anthropic,
  gemini,
  bedrock,
};

/** The adapter of a connection's provider. A local model has none, because it is not called over HTTP. */
export function findProvider(id: ProviderId): Provider {
  if (id === "local") throw new Error("a local model is reached in this process, not by a connection");
  return PROVIDERS[id];
}
