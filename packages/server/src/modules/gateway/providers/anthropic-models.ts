/** What a Claude model accepts; the API answers 400 to what it does not. From Anthropic's model and migration pages. */
export type ClaudeTraits = {
  /** `none`: cannot think. `budget`: thinks within a given number of tokens. `adaptive`: decides itself, steered by `effort`. */
  readonly thinking: "none" | "budget" | "adaptive";
  /** Temperature, top_p and top_k are refused from version 4.7 on. */
  readonly takesSampling: boolean;
  /** From 4.1 on, temperature and top_p exclude each other. */
  readonly takesTemperatureWithTopP: boolean;
  /** Output that fits a JSON schema, and strict tools. */
  readonly hasStructuredOutput: boolean;
  readonly maxTokens: number;
};

/** The version in a model's name, in the new order (`claude-opus-4-5-20251101`) or the old (`claude-3-7-sonnet-latest`), also behind a prefix as on Bedrock. */
function versionOf(model: string): number | undefined {
  const found =
    /claude-[a-z]+-(\d+)(?:[-.](\d{1,2}))?(?![\d])/.exec(model) ??
    /claude-(?:instant-)?v?(\d+)(?:[-.](\d{1,2}))?(?![\d])/.exec(model);
  return found ? Number(found[1]) * 100 + Number(found[2] ?? 0) : undefined;
}

/** A name without a version is taken for a current model. */
export function claudeTraits(model: string): ClaudeTraits {
  const version = versionOf(model) ?? 500;
  return {
    thinking: version < 307 ? "none" : version < 406 ? "budget" : "adaptive",
    takesSampling: version < 407,
    takesTemperatureWithTopP: version < 401,
    hasStructuredOutput: version >= 405,
    maxTokens: version < 305 ? 4_096 : 8_192,
  };
}
