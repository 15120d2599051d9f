import { SPAN_DIMENSIONS, type SpanDimension } from "@treadle/contract";

/** The model that answered, or the requested model if none did. */
export const MODEL_SQL = "if(response_model != '', response_model, request_model)";

/** The dimensions that a change is divided by, in the order in which equal segments are named. Tags come last. */
export const ownDimensions: Readonly<Record<string, string>> = {
  model: MODEL_SQL,
  release: "release",
  promptVersion: "if(prompt_name = '', '', concat(prompt_name, '@', prompt_version))",
  endpoint: "endpoint",
  variant: "variant",
  rollout: "rollout_id",
  provider: "provider",
  environment: "environment",
  service: "service",
  name: "name",
  kind: "kind",
  guardPolicy: "guard_policy",
  guardAction: "guard_action",
  guardLanguage: "guard_language",
  user: "user_id",
  errorType: "error_type",
};
export const DIMENSION_ORDER: readonly string[] = [...Object.keys(ownDimensions), "tag"];

const isKnown = (name: string): name is SpanDimension => Object.hasOwn(SPAN_DIMENSIONS, name);
/** A dimension in a sentence, such as `prompt version`. */
export const wordOf = (name: string): string => (isKnown(name) ? SPAN_DIMENSIONS[name].toLowerCase() : name);
