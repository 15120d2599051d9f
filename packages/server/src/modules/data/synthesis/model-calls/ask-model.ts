import type { ChatRequest, SynthesisInput, SynthesisSpent } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Completion } from "../../../build/gateway/index.ts";

export type Complete = (scope: Scope, request: ChatRequest, signal: AbortSignal) => Promise<Completion>;
export type BudgetStop = "budget-usd" | "budget-tokens" | "price-unknown";

/** The result of a request: an answer, nothing because the budget is used up, or nothing because the call failed. */
export type Asked =
  | { readonly kind: "answer"; readonly text: string; readonly toolCalls: readonly unknown[] }
  | { readonly kind: "stopped"; readonly stop: BudgetStop }
  | { readonly kind: "failed"; readonly error: AppError };
export type NotAnswered = Exclude<Asked, { kind: "answer" }>;

export type Question = {
  readonly model: string;
  readonly messages: ChatRequest["messages"];
  readonly temperature: number;
  readonly tools?: readonly object[];
  /** The JSON schema that the answer should keep to, for models that can be held to one. */
  readonly schema?: Readonly<Record<string, unknown>>;
};
export type Ask = (question: Question) => Promise<Asked>;

type Deps = { readonly complete: Complete; readonly scope: Scope; readonly signal: AbortSignal };
type Asking = Pick<SynthesisInput, "budget" | "maxOutputTokens" | "isStructured">;

/** A mistake that every further call would make too. */
const FATAL: ReadonlySet<string> = new Set(["not_found", "forbidden", "unauthorized", "cancelled"]);
export const NOTHING_SPENT: SynthesisSpent = { calls: 0, tokens: 0, usd: 0, unpricedCalls: 0 };

/** Calls models through the gateway within a budget, in addition to earlier spending. */
export function createAsk({ complete, scope, signal }: Deps, input: Asking, before: SynthesisSpent = NOTHING_SPENT) {
  const { budget, maxOutputTokens, isStructured } = input;
  let spent = before;
  let running = 0;
  const dearest = { tokens: 0, usd: 0 };

  /** Why another call must not start. Running calls are assumed to cost as much as the most expensive call. */
  function reached(): BudgetStop | null {
    const calls = running + 1;
    if (budget.usd !== null && spent.unpricedCalls > 0) return "price-unknown";
    if (budget.usd !== null && spent.usd + calls * dearest.usd > budget.usd) return "budget-usd";
    if (spent.tokens >= budget.tokens || spent.tokens + calls * dearest.tokens > budget.tokens) return "budget-tokens";
    return null;
  }
  function count({ tokens, costUsd }: Completion["cost"]): void {
    spent = {
      calls: spent.calls + 1,
      tokens: spent.tokens + tokens,
      usd: spent.usd + (costUsd ?? 0),
      unpricedCalls: spent.unpricedCalls + (costUsd === null ? 1 : 0),
    };
    dearest.tokens = Math.max(dearest.tokens, tokens);
    dearest.usd = Math.max(dearest.usd, costUsd ?? 0);
  }

  async function ask({ schema, tools, messages, ...question }: Question): Promise<Asked> {
    signal.throwIfAborted();
    const stop = reached();
    if (stop) return { kind: "stopped", stop };
    running++;
    try {
      const request: ChatRequest = {
        ...question,
        messages,
        max_tokens: maxOutputTokens,
        ...(tools && tools.length > 0 && { tools: tools.map((tool) => ({ ...tool })) }),
        ...(schema && isStructured && { response_format: formatOf(schema) }),
      };
      const { response, cost } = await complete(scope, request, signal);
      count(cost);
      const message = response.choices[0]?.message;
      return { kind: "answer", text: textOf(message?.content), toolCalls: message?.tool_calls ?? [] };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError) || FATAL.has(error.code)) throw error;
      return { kind: "failed", error };
    } finally {
      running--;
    }
  }
  return { ask, spent: () => spent };
}

const formatOf = (schema: object) => ({ type: "json_schema", json_schema: { name: "answer", schema } });

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (typeof part?.text === "string" ? part.text : "")).join("");
}
