/** The parameters that a Claude model accepts; the API rejects others with 400. From Anthropic's model and migration pages. */
export type ClaudeTraits = {
  /** `none`: no thinking. `budget`: thinks within a number of tokens. `adaptive`: decides itself, guided by `effort`. */
  readonly thinking: "none" | "budget" | "adaptive";
  /** Version 4.7 and later reject temperature, top_p and top_k. */
  readonly takesSampling: boolean;
  /** From version 4.1, temperature and top_p exclude each other. */
  readonly takesTemperatureWithTopP: boolean;
  /** Output that matches a JSON schema, and strict tools. */
  readonly hasStructuredOutput: boolean;
  readonly maxTokens: number;
};

/** The version in a model's name, in the new order (`claude-opus-4-5-20251101`) or the old (`claude-3-7-sonnet-latest`), also behind a prefix as on Bedrock. */
function versionOf(model: string): number | undefined {
  const version =
    /claude-[a-z]+-(\d+)(?:[-.](\d{1,2}))?(?![\d])/.exec(model) ??
    /claude-(?:instant-)?v?(\d+)(?:[-.](\d{1,2}))?(?![\d])/.exec(model);
  return version ? Number(version[1]) * 100 + Number(version[2] ?? 0) : undefined;
}

/** A name without a version counts as a current model. */
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
