import type { ProviderPreset } from "@treadle/contract";

/** The features of a service besides plain chat completions, according to its documentation. */
export type Quirks = {
  /** It supports OpenAI's `/responses`, so such a request passes through instead of being translated. */
  readonly hasResponses: boolean;
  /** It takes `stream_options.include_usage`; the others send usage unasked or not at all. */
  readonly hasStreamUsage: boolean;
};
export type Preset = ProviderPreset & { readonly quirks: Quirks };

type Entry = Partial<Omit<Preset, "quirks">> &
  Pick<Preset, "presetId" | "label" | "baseUrl"> & { readonly quirks?: Partial<Quirks> };

const preset = ({ quirks, ...entry }: Entry): Preset => ({
  provider: "openai-compatible",
  needsKey: true,
  keyUrl: null,
  fields: [],
  exampleModels: [],
  ...entry,
  quirks: { hasResponses: false, hasStreamUsage: false, ...quirks },
});

/**
 * The services that need no more than a key. A base URL includes the version, as each service documents it; `{region}` is
 * filled in from the connection, and an empty one is for the user to give.
 */
export const PRESETS: readonly Preset[] = [
  preset({
    presetId: "openai",
    label: "OpenAI",
    baseUrl: "https://api.openai.com/v1",
    keyUrl: "https://platform.openai.com/api-keys",
    exampleModels: ["gpt-5-mini", "gpt-4.1", "gpt-4o-mini", "text-embedding-3-small"],
    quirks: { hasResponses: true, hasStreamUsage: true },
  }),
  preset({
    presetId: "anthropic",
    label: "Anthropic",
    provider: "anthropic",
    baseUrl: "https://api.anthropic.com/v1",
    keyUrl: "https://console.anthropic.com/settings/keys",
    exampleModels: ["claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-1"],
  }),
  preset({
    presetId: "gemini",
    label: "Google Gemini",
    provider: "gemini",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    keyUrl: "https://aistudio.google.com/apikey",
    exampleModels: ["gemini-2.5-flash", "gemini-2.5-pro", "gemini-embedding-001"],
  }),
  preset({
    presetId: "bedrock",
    label: "Amazon Bedrock",
    provider: "bedrock",
    baseUrl: "https://bedrock-runtime.{region}.amazonaws.com",
    keyUrl: "https://console.aws.amazon.com/bedrock/home#/api-keys",
    fields: ["region", "accessKeyId"],
    exampleModels: ["anthropic.claude-sonnet-4-5-20250929-v1:0", "amazon.nova-lite-v1:0"],
  }),
  preset({
    presetId: "azure",
    label: "Azure OpenAI",
    baseUrl: "",
    keyUrl: "https://portal.azure.com",
    fields: ["apiVersion"],
    exampleModels: ["gpt-4o-mini"],
    quirks: { hasResponses: true, hasStreamUsage: true },
  }),
  preset({
    presetId: "groq",
    label: "Groq",
    baseUrl: "https://api.groq.com/openai/v1",
    keyUrl: "https://console.groq.com/keys",
    exampleModels: ["llama-3.3-70b-versatile", "openai/gpt-oss-120b"],
    quirks: { hasStreamUsage: true },
  }),
  preset({
    presetId: "mistral",
    label: "Mistral",
    baseUrl: "https://api.mistral.ai/v1",
    keyUrl: "https://console.mistral.ai/api-keys",
    exampleModels: ["mistral-small-latest", "mistral-large-latest", "mistral-embed"],
  }),
  preset({
    presetId: "together",
    label: "Together AI",
    baseUrl: "https://api.together.xyz/v1",
    keyUrl: "https://api.together.ai/settings/api-keys",
    exampleModels: ["meta-llama/Llama-3.3-70B-Instruct-Turbo"],
  }),
  preset({
    presetId: "deepseek",
    label: "DeepSeek",
    baseUrl: "https://api.deepseek.com/v1",
    keyUrl: "https://platform.deepseek.com/api_keys",
    exampleModels: ["deepseek-chat", "deepseek-reasoner"],
    quirks: { hasStreamUsage: true },
  }),
  preset({
    presetId: "openrouter",
    label: "OpenRouter",
    baseUrl: "https://openrouter.ai/api/v1",
    keyUrl: "https://openrouter.ai/settings/keys",
    exampleModels: ["openai/gpt-4o-mini", "anthropic/claude-sonnet-4.5"],
    quirks: { hasStreamUsage: true },
  }),
  preset({
    presetId: "fireworks",
    label: "Fireworks AI",
    baseUrl: "https://api.fireworks.ai/inference/v1",
    keyUrl: "https://app.fireworks.ai/settings/users/api-keys",
    exampleModels: ["accounts/fireworks/models/llama-v3p3-70b-instruct"],
  }),
  preset({
    presetId: "xai",
    label: "xAI",
    baseUrl: "https://api.x.ai/v1",
    keyUrl: "https://console.x.ai",
    exampleModels: ["grok-4"],
    quirks: { hasStreamUsage: true },
  }),
  preset({
    presetId: "perplexity",
    label: "Perplexity",
    baseUrl: "https://api.perplexity.ai",
    keyUrl: "https://www.perplexity.ai/settings/api",
    exampleModels: ["sonar", "sonar-pro"],
  }),
  preset({
    presetId: "cerebras",
    label: "Cerebras",
    baseUrl: "https://api.cerebras.ai/v1",
    keyUrl: "https://cloud.cerebras.ai",
    exampleModels: ["llama-3.3-70b", "gpt-oss-120b"],
  }),
  preset({
    presetId: "vllm",
    label: "vLLM",
    baseUrl: "http://127.0.0.1:8000/v1",
    needsKey: false,
    quirks: { hasStreamUsage: true },
  }),
  preset({
    presetId: "ollama",
    label: "Ollama",
    baseUrl: "http://127.0.0.1:11434/v1",
    needsKey: false,
    exampleModels: ["llama3.2", "qwen3"],
    quirks: { hasStreamUsage: true },
  }),
  preset({
    presetId: "lmstudio",
    label: "LM Studio",
    baseUrl: "http://127.0.0.1:1234/v1",
    needsKey: false,
    quirks: { hasStreamUsage: true },
  }),
  preset({
    presetId: "openai-compatible",
    label: "Another OpenAI-compatible server",
    baseUrl: "",
    needsKey: false,
  }),
];

const BY_ID = new Map(PRESETS.map((entry) => [entry.presetId, entry]));

export const findPreset = (presetId: string): Preset | undefined => BY_ID.get(presetId);

/** A small fixed set, fit for a metric's label. */
export const PRESET_IDS: readonly string[] = PRESETS.map(({ presetId }) => presetId);
