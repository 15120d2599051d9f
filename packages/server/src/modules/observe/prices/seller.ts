import { calcPrice, findProvider } from "@pydantic/genai-prices";

/** The table's names of services, where they differ from ours. */
const TABLE_NAMES: Readonly<Record<string, string>> = { gemini: "google", bedrock: "aws", xai: "x-ai" };
const OUR_NAMES = new Map(Object.entries(TABLE_NAMES).map(([ours, table]) => [table, ours]));
/** Programs that serve a model on the user's own machine, where a list price would be wrong. */
const OWN_MACHINE =
  /(?:^|[^a-z])(?:ollama|v?llm|lm[-_ ]?studio|llama[-_.]?cpp|llamafile|local|localai|localhost|self[-_ ]?hosted|sglang|tgi|mlx|transformers|jan|koboldcpp|custom)(?:$|[^a-z])/;
/** Amazon Bedrock's ids, with or without a region in front. */
const BEDROCK = /^(?:[a-z-]+\.)?(?:ai21|amazon|anthropic|cohere|deepseek|meta|mistral|openai|qwen|writer)\.[a-z]/;
/** Weights that anyone may serve, at any price. */
const OPEN_WEIGHTS = /^(?:gpt-oss|gemma|llama|qwen)/;

/** The table's name of a provider; undefined where it has no price list. It takes a similar name for the same service, and only the same name is. */
export function listOfProvider(provider: string): string | undefined {
  const providerId = TABLE_NAMES[provider] ?? provider;
  return findProvider({ providerId })?.id === providerId ? providerId : undefined;
}

/** A model under the name of the provider that sells it. */
type Sold = { readonly provider: string; readonly model: string };

/**
 * The seller of a model whose provider name has no price list, such as the name of a framework or a proxy. Null for a
 * provider in the table, a server on the user's machine, open weights, and a model without a known seller.
 */
export function sellerOf({ provider, model }: Sold, timestamp: Date): Sold | null {
  if (OWN_MACHINE.test(provider.toLowerCase())) return null;
  if (provider !== "" && listOfProvider(provider) !== undefined) return null;
  if (BEDROCK.test(model)) return { provider: "bedrock", model };
  const slash = model.indexOf("/");
  const vendor = slash > 0 ? model.slice(0, slash) : "";
  if (vendor !== "" && listOfProvider(vendor) !== undefined)
    return { provider: OUR_NAMES.get(vendor) ?? vendor, model: model.slice(slash + 1) };
  if (OPEN_WEIGHTS.test(model)) return null;
  const price = calcPrice({ input_tokens: 0, output_tokens: 0 }, model, { timestamp });
  return price ? { provider: OUR_NAMES.get(price.provider.id) ?? price.provider.id, model } : null;
}
