import type { ChatRequest, ShadowAnswer } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import { type AnsweredCall, hashUnit, runsTools, unitOf, unitsOf } from "../../../build/gateway/index.ts";
import { readAnswer } from "../pairs/read-answer.ts";
import type { Plan } from "../stores/plan.ts";
import type { DropReason, SkipReason } from "./counts.ts";

/** A request that waits to be mirrored. */
export type Waiting = {
  readonly requestId: string;
  readonly at: number;
  readonly request: ChatRequest;
  readonly environment: string;
  readonly endpoint: string;
  readonly primary: ShadowAnswer;
};

const SPREAD = 2 ** 32;

/** Whether the share has chosen a call. The shadow's id is the salt, so that each shadow has its own sample. */
export function isSampled(shadowId: string, { share, sampleBy }: Plan, { call, endpoint }: AnsweredCall): boolean {
  // A person's calls come from the playground, and embeddings have no answer to compare.
  if (call.scope.userId !== null || call.format === "embeddings") return false;
  if (share === 1) return true;
  const unit = sampleBy === "unit" ? unitOf(endpoint, unitsOf(call)) : "";
  return hashUnit(shadowId, unit || call.spanId) / SPREAD < share;
}

/** Why a call has nothing to compare the candidate with; null if it has. */
export function whySkipped(
  { candidate, mirrorsFailures }: Plan,
  { span, isFallback }: AnsweredCall,
): SkipReason | null {
  if (span.isCacheHit) return "cache";
  if (span.status === "cancelled" || (span.status !== "ok" && !mirrorsFailures)) return "failed";
  if (isFallback) return "fallback";
  return span.variant === candidate ? "candidate" : null;
}

/** The request in the shape that every provider is asked in, or why it cannot be repeated. */
export function toWaiting({ call, endpoint, span, response }: AnsweredCall): Waiting | DropReason {
  if (runsTools(call.request)) return "unsafe";
  const request = toChat(call);
  if (request === null) return "untranslatable";
  return {
    requestId: call.requestId,
    at: call.startedAt,
    request,
    environment: call.facts.environment,
    endpoint: endpoint.name,
    primary: readAnswer(span, response, span.variant),
  };
}

/** The inputs of a variant's prompt stay: the candidate fills its own prompt with them. */
function toChat({ toChat: translate, request: { prompt } }: AnsweredCall["call"]): ChatRequest | null {
  try {
    return { ...translate(), ...(isRecord(prompt) && { prompt }) } as ChatRequest;
  } catch {
    return null;
  }
}
