import { SPAN_KINDS, SPAN_STATUSES, type SpanValueField } from "../span-kinds.ts";

export type FilterField = {
  readonly name: string;
  readonly aliases: readonly string[];
  /** `score` compares as a number, or as the score's word when the value is none. */
  readonly kind: "text" | "number" | "duration" | "money" | "choice" | "score";
  /** Whether a point and a key follow, as in `metadata.tenant`. */
  readonly isKeyed: boolean;
  /** The key may be left out. */
  readonly isKeyOptional?: boolean;
  readonly description: string;
  /** The values of a choice. */
  readonly choices?: readonly string[];
  /** The field of `GET /api/v1/span-values` that knows its values, or for a keyed field its keys. */
  readonly values?: SpanValueField;
};

type Kind = FilterField["kind"];
type More = Partial<Pick<FilterField, "aliases" | "isKeyed" | "choices" | "values">>;

const field = <const Name extends string>(
  name: Name,
  [kind, description]: readonly [Kind, string],
  more: More = {},
) => ({
  name,
  kind,
  description,
  isKeyed: false,
  aliases: [],
  ...more,
});

/** What a filter can ask for. Names and aliases are matched without regard to case. */
export const FILTER_FIELDS = [
  field("model", ["text", "The model that was asked for, or the one that answered."], { values: "model" }),
  field("provider", ["text", "Who served the model."], { values: "provider" }),
  field("endpoint", ["text", "The endpoint the call went through."], { values: "endpoint" }),
  field("variant", ["text", "The variant of the endpoint."]),
  field("rollout", ["text", "The rollout the call was part of."], { aliases: ["rolloutId"] }),
  field("guard", ["text", "The strongest action of its guards, such as block; allow without a finding."]),
  field("guardPolicy", ["text", "The guard policy and its version: POLICY_ID@3."]),
  field("guardLanguage", ["text", "The language of the last user message, such as de, in calls with guards."]),
  field("kind", ["choice", "What sort of step it is."], { aliases: ["type"], choices: SPAN_KINDS }),
  field("status", ["choice", "How it ended."], { choices: SPAN_STATUSES }),
  field("user", ["text", "The user it was done for."], { aliases: ["userId", "user_id"], values: "userId" }),
  field("session", ["text", "The session it belongs to."], {
    aliases: ["sessionId", "session_id"],
    values: "sessionId",
  }),
  field("tag", ["text", "One of its tags."], { aliases: ["tags"], values: "tag" }),
  field("name", ["text", "The step's name."], { values: "name" }),
  field("service", ["text", "The program that made it."], { values: "service" }),
  field("environment", ["text", "Where that program runs, such as production."], {
    aliases: ["env"],
    values: "environment",
  }),
  field("release", ["text", "The program's version."], { aliases: ["version"], values: "release" }),
  field("prompt", ["text", "The name of the prompt that was used."], { aliases: ["promptName"], values: "prompt" }),
  field("promptVersion", ["text", "The version of that prompt."]),
  field("error", ["text", "The type of its error."], { aliases: ["errorType"], values: "errorType" }),
  field("trace", ["text", "The id of its trace."], { aliases: ["traceId", "trace_id"] }),
  field("span", ["text", "Its own id."], { aliases: ["spanId", "span_id"] }),
  field("traceName", ["text", "The name its sender gave to the trace."], { values: "traceName" }),
  field("scope", ["text", "The library that recorded it."], { aliases: ["scopeName"] }),
  field("dialect", ["text", "How its sender writes such steps."], { values: "dialect" }),
  field("latency", ["duration", "How long it took: 300ms, 2s, 1.5m."], { aliases: ["duration", "durationMs"] }),
  field("ttft", ["duration", "The time to the first token."], { aliases: ["timeToFirstToken"] }),
  field("cost", ["money", "What it cost, in US dollars."], { aliases: ["costUsd"] }),
  field("tokens", ["number", "Tokens in and out together."], { aliases: ["totalTokens"] }),
  field("inputTokens", ["number", "Tokens that went in."], { aliases: ["promptTokens"] }),
  field("outputTokens", ["number", "Tokens that came out."], { aliases: ["completionTokens"] }),
  field("cachedTokens", ["number", "Tokens that the provider had in its cache."], { aliases: ["cachedInputTokens"] }),
  field("reasoningTokens", ["number", "Tokens spent on reasoning."]),
  field("score", ["score", "A score by its name: score.helpful<0.5, score.tone:rude."], {
    isKeyed: true,
    values: "scoreName",
  }),
  field("metadata", ["text", "A value of its metadata: metadata.tenant:acme."], {
    aliases: ["meta"],
    isKeyed: true,
    values: "metadataKey",
  }),
  field("attr", ["text", "An attribute as its sender named it: attr.http.route:/x."], {
    aliases: ["attribute", "attributes"],
    isKeyed: true,
    values: "attributeKey",
  }),
  field("has", ["choice", "What it has at all."], {
    choices: ["error", "input", "output", "cost", "score", "user", "session", "tag", "parent", "ttft"],
  }),
  field("is", ["choice", "What it is."], { choices: ["root", "cached", "sample"] }),
] as const satisfies readonly FilterField[];

export type FilterFieldName = (typeof FILTER_FIELDS)[number]["name"];

const BY_NAME: ReadonlyMap<string, FilterField & { readonly name: FilterFieldName }> = new Map(
  FILTER_FIELDS.flatMap((each) => [each.name, ...each.aliases].map((name) => [name.toLowerCase(), each] as const)),
);

/** What a filter can ask for of one sort of thing. */
export type FilterLanguage<Name extends string> = {
  readonly fields: readonly (FilterField & { readonly name: Name })[];
  /** The field of this name or alias, in any case. */
  find(name: string): (FilterField & { readonly name: Name }) | undefined;
  /** How to filter by values without a separate field. */
  readonly hint: string;
  /** The same with a key, such as `attr.name.key`. */
  readonly keyed: (name: string) => string;
};

/** The field of this name or alias, in any case. */
export const findFilterField = (name: string) => BY_NAME.get(name.toLowerCase());

export const SPAN_FILTERS: FilterLanguage<FilterFieldName> = {
  fields: FILTER_FIELDS,
  find: findFilterField,
  hint: "For an attribute write attr.KEY:value; to look for the text, put it in quotes.",
  keyed: (name) => `for an attribute, attr.${name}`,
};
