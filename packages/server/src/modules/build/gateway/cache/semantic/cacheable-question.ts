import { createHash } from "node:crypto";
import type { ChatRequest } from "@treadle/contract";
import { FORWARDED } from "../../attempt/build-request.ts";
import type { Call } from "../../request/read-call.ts";
import type { Plan } from "../../resolve/resolve-model.ts";
import { canonical, configOf, isCacheable, withoutEffect } from "../cache-key.ts";
import { wantsLogprobs } from "../cached-call.ts";

/** A question, and the hash of everything else that shapes its answer. */
export type CacheableQuestion = { readonly namespace: string; readonly text: string };

const MOST_CHARACTERS = 2_000;
/** Above it an answer is meant to vary. */
const HOTTEST = 0.3;
const FORMATS: ReadonlySet<string> = new Set(["chat", "responses", "messages"]);

/** The last user turn of a call. Null for a call whose answer must not be repeated. */
export function cacheableQuestion(call: Call, plan: Plan, isShared: boolean): CacheableQuestion | null {
  if (!FORMATS.has(call.format) || !isCacheable(call) || call.facts.cacheSeconds === 0 || wantsLogprobs(call))
    return null;
  const chat = chatOf(call);
  if (chat === null || typeof chat.temperature !== "number" || chat.temperature > HOTTEST) return null;
  const last = chat.messages.at(-1);
  const text = last?.role === "user" ? plainText(last.content) : "";
  if (text.trim() === "" || text.length > MOST_CHARACTERS || (chat.n ?? 1) > 1) return null;
  return { text, namespace: namespaceOf(call, plan, { chat, isShared }) };
}

type Shape = { readonly chat: ChatRequest; readonly isShared: boolean };

/** The project, the configuration, the system message, the tools, the parameters, the history, and the user. */
function namespaceOf(call: Call, plan: Plan, { chat, isShared }: Shape): string {
  const { scope, format, facts, headers } = call;
  const { messages: _messages, input: _input, ...native } = call.request;
  const asked = { ...chat, messages: [...chat.messages.slice(0, -1), { ...chat.messages.at(-1), content: null }] };
  const parts = [
    scope.projectId,
    format,
    configOf(plan),
    ...(call.guardedBy === "" ? [] : [call.guardedBy]),
    FORWARDED.map((name) => headers[name] ?? null),
    isShared ? null : facts.userId || scope.actor,
    withoutEffect(native),
    withoutEffect(asked),
  ];
  return createHash("sha256").update(canonical(parts)).digest("hex");
}

/** Null for a request that only its own provider understands. */
function chatOf(call: Call): ChatRequest | null {
  try {
    return call.toChat();
  } catch {
    return null;
  }
}

/** The text of a message; empty if it holds anything else. */
function plainText(content: unknown): string {
  if (typeof content === "string") return content;
  const parts: readonly { type?: unknown; text?: unknown }[] = Array.isArray(content) ? content : [];
  const texts = parts.map(({ type, text }) => (type === "text" && typeof text === "string" ? text : null));
  return texts.includes(null) ? "" : texts.join("\n");
}
