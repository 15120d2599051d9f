import { createHash } from "node:crypto";
import { type Call, WIRES } from "./call.ts";
import { FORWARDED } from "./http-backend.ts";
import type { Plan } from "./resolve-model.ts";
import { isRecord, recordsOf } from "./wires/json.ts";

/** What changes how an answer is sent, or who it is for, but not what it says. */
const WITHOUT_EFFECT = new Set(["stream", "stream_options", "user", "safety_identifier", "metadata"]);
/** What makes OpenAI's responses depend on more than the request. */
const STATE = ["previous_response_id", "conversation", "background", "prompt"] as const;
const MOST_ALIASES = 20_000;

/** False for requests whose answer depends on what the provider keeps, or that hold tools it runs itself. */
export const isCacheable = ({ wire, request }: Call): boolean =>
  wire !== "responses" ||
  (STATE.every((name) => request[name] === undefined || request[name] === null) &&
    recordsOf(request.tools).every(({ type }) => type === "function"));

/**
 * The name an answer is kept under: SHA-256 over the project, the shape, the endpoint and who of it is asked first with
 * all their settings, the headers that are passed on, and the body in one spelling. Bodies that are the same byte for byte are recognised without being spelled again.
 */
export function createCacheKeys() {
  const aliases = new Map<string, string>();
  return (call: Call, { endpoint, candidates: [first] }: Plan): string => {
    const config = [endpoint?.configHash, first.name, first.kind === "http" ? first.connection.configHash : "local"];
    const headers = FORWARDED.map((name) => call.headers[name]);
    const place = `${JSON.stringify([call.scope.projectId, WIRES[call.wire].path, config, headers])}\n`;
    const alias = createHash("sha256").update(place).update(call.bytes).digest("base64");
    const known = aliases.get(alias);
    if (known) return known;
    if (aliases.size >= MOST_ALIASES) aliases.clear();
    const kept = Object.fromEntries(Object.entries(call.request).filter(([name]) => !WITHOUT_EFFECT.has(name)));
    const key = createHash("sha256").update(place).update(canonical(kept)).digest("hex");
    aliases.set(alias, key);
    return key;
  };
}

/** JSON with the keys of every object in order, so that two spellings of one value are one text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join()}}`;
}
