import { AppError } from "../../../../kernel/errors.ts";
import type { ChosenGuards } from "../../../build/guards/index.ts";
import type { VariantGuards } from "../stores/stored-input.ts";
import type { EvalDeps } from "./deps.ts";
import type { Ask, Exchange } from "./replay-calls.ts";

/** The guards of a run that compares guards. `chosen` is null for those that apply to every call. */
export type RunGuards = { readonly chosen: ChosenGuards | null };

/** The code of an answer that a guard blocked, and of the error for a request that a guard rejected. */
export const BLOCKED = "content_filter";

const NO_CALL = { traceId: null, spanId: null, latencyMs: 0, costUsd: 0, inputTokens: 0, outputTokens: 0 };

/** Throws `not_found` for a policy that was deleted. */
export async function openVariantGuards(
  openGuards: EvalDeps["openGuards"],
  scope: Parameters<EvalDeps["openGuards"]>[0],
  guards: VariantGuards | undefined,
): Promise<RunGuards | undefined> {
  if (guards === undefined) return undefined;
  return { chosen: guards.kind === "configured" ? null : await openGuards(scope, guards) };
}

/** Where guards are compared, a request that they reject has an answer: an empty one. */
export async function askUnderGuards(ask: Ask, request: Parameters<Ask>[0]): Promise<Exchange> {
  try {
    return await ask(request);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== BLOCKED) throw error;
    const message = { role: "assistant" as const, content: "", refusal: error.message };
    return { ...NO_CALL, choice: { index: 0, message, finish_reason: BLOCKED } };
  }
}
