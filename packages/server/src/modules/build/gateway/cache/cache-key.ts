import { createHash } from "node:crypto";
import { isRecord } from "../../../../kernel/is-record.ts";
import { FORWARDED } from "../attempt/build-request.ts";
import { FORMATS } from "../formats/formats.ts";
import { recordsOf } from "../formats/hub/json.ts";
import type { Call } from "../request/read-call.ts";
import type { Plan } from "../resolve/resolve-model.ts";

/** Fields that change how an answer is sent, or to whom, but not its content. */
const WITHOUT_EFFECT = new Set(["stream", "stream_options", "user", "safety_identifier", "metadata"]);
/** Fields that make OpenAI's responses depend on more than the request. */
const STATE = ["previous_response_id", "conversation", "background", "prompt"] as const;
const MAX_ALIASES = 20_000;

/** False for a request whose answer depends on state at the provider, or that has tools which the provider runs. */
export const isCacheable = ({ format, request }: Call): boolean =>
  format !== "responses" ||
  (STATE.every((name) => request[name] === undefined || request[name] === null) &&
    recordsOf(request.tools).every(({ type }) => type === "function"));

/**
 * The key of an answer: SHA-256 over the project, the format, the endpoint and the first target with their settings, the
 * forwarded headers, and the body in canonical JSON. A body that repeats byte for byte is recognised without being canonicalised again.
 */
export function createCacheKeys() {
  const aliases = new Map<string, string>();
  return (call: Call, plan: Plan): string => {
    const config = configOf(plan);
    const headers = FORWARDED.map((name) => call.headers[name]);
    const guards = call.guardedBy === "" ? [] : [call.guardedBy];
    const place = [call.scope.projectId, FORMATS[call.format].path, config, headers];
    const context = `${JSON.stringify([...place, ...guards, ...groundingOf(call)])}\n`;
    const alias = createHash("sha256").update(context).update(call.bytes).digest("base64");
    const existing = aliases.get(alias);
    if (existing) return existing;
    if (aliases.size >= MAX_ALIASES) aliases.clear();
    const key = createHash("sha256")
      .update(context)
      .update(canonical(withoutEffect(call.request)))
      .digest("hex");
    aliases.set(alias, key);
    return key;
  };
}

/** What an answer from a knowledge base also depends on. Users with other principals never share an answer. */
const groundingOf = ({ grounding }: Call): readonly unknown[] =>
  grounding === null
    ? []
    : [`${grounding.knowledgeBaseId}@${grounding.version}`, grounding.principals, grounding.policy];

/** What of the configuration shapes the answer of the first target. */
export const configOf = ({ endpoint, assignment, targets: [first] }: Plan) => [
  endpoint?.configHash,
  assignment?.variant.name,
  first.name,
  first.kind === "http" ? first.connection.configHash : "local",
];

/** The fields of a request that shape the content of its answer. */
export const withoutEffect = (request: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(request).filter(([name]) => !WITHOUT_EFFECT.has(name)));

/** JSON with sorted keys, so that equal values have equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join()}}`;
}
