/** Names of providers in the conventions and in frameworks, where they are not those that Treadle's connections have. */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "azure.ai.openai": "azure",
    "azure.ai.inference": "azure",
    "az.ai.openai": "azure",
    "az.ai.inference": "azure",
    "azure-openai": "azure",
    azure_openai: "azure",
    azureopenai: "azure",
    "aws.bedrock": "bedrock",
    "amazon-bedrock": "bedrock",
    amazon_bedrock: "bedrock",
    aws: "bedrock",
    "gcp.gemini": "gemini",
    "gcp.gen_ai": "gemini",
    "gcp.vertex_ai": "vertex",
    "google.vertex": "vertex",
    vertex_ai: "vertex",
    vertexai: "vertex",
    google: "gemini",
    google_genai: "gemini",
    mistral_ai: "mistral",
    mistralai: "mistral",
    x_ai: "xai",
    "x-ai": "xai",
    together_ai: "together",
    togetherai: "together",
    fireworks_ai: "fireworks",
    perplexity_ai: "perplexity",
  }),
);
/** The provider derived from a model's name, if the sender does not name one. */
const MODELS: readonly (readonly [pattern: RegExp, provider: string])[] = [
  [/^(?:gpt-|chatgpt-|o[1-9](?:-|$)|text-embedding-|davinci|babbage|whisper-|tts-)/, "openai"],
  [/^claude-/, "anthropic"],
  [/^(?:gemini-|gemma-)/, "gemini"],
  [/^(?:mistral-|ministral-|codestral-|magistral-|pixtral-)/, "mistral"],
  [/^deepseek-/, "deepseek"],
  [/^grok-/, "xai"],
];

/** A provider as Treadle names it. The AI SDK adds the interface behind a point (`openai.responses`). */
export function toProvider(name: string): string {
  const given = name.toLowerCase();
  const known = NAMES.get(given);
  if (known !== undefined) return known;
  for (let end = given.lastIndexOf("."); end > 0; end = given.lastIndexOf(".", end - 1)) {
    const head = given.slice(0, end);
    if (NAMES.has(head) || !head.includes(".")) return NAMES.get(head) ?? head;
  }
  return given;
}

/** Empty if the name does not show it. */
export const providerOfModel = (model: string): string => MODELS.find(([pattern]) => pattern.test(model))?.[1] ?? "";
