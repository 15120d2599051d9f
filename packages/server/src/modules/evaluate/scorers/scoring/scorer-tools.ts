import type { ChatRequest, GuardVerdict, guardsApi, Judged, ParsedOf } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { LogprobsRequest, TextLogprobs } from "../../../../platform/inference/port.ts";
import type { OutboundRequest } from "../../../../platform/outbound/port.ts";
import type { Sandbox, SandboxOutcome, SandboxRequest } from "../../../../platform/sandbox/port.ts";

/** An answer of the gateway: the part of it that is read here. */
type Answer = {
  readonly response: {
    readonly model: string;
    readonly choices: readonly { readonly message?: unknown; readonly logprobs?: unknown }[];
  };
  readonly traceId: string;
  readonly spanId: string;
  readonly cost: { readonly tokens: number; readonly costUsd: number | null };
};
export type Complete = (scope: Scope, request: ChatRequest, signal: AbortSignal) => Promise<Answer>;

/** A text, and the question that it answers; null for a text that stands alone. */
export type MeasuredText = Pick<LogprobsRequest, "modelId" | "text"> & { readonly question: string | null };

/** An answer to a conversation, and the reward model of the registry that scores it: `name@alias` or `name@v3`. */
type RewardRequest = {
  readonly model: string;
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly answer: string;
};
/** `model` is the version that scored. */
type RewardScore = { readonly reward: number; readonly tokens: number; readonly model: string };

/** The services for scorers. The composition root passes them in. */
export type ScorerMeans = {
  /** Through the gateway, so that a judge's call is a span and is priced. */
  readonly complete: Complete;
  /** One vector for each text, by the model that ships with the program. */
  readonly embed: (scope: Scope, texts: readonly string[], signal: AbortSignal) => Promise<readonly number[][]>;
  /** How likely a local model finds a text, by the log-probabilities of its tokens. */
  readonly logprobs: (scope: Scope, text: MeasuredText, signal: AbortSignal) => Promise<TextLogprobs>;
  readonly reward: (scope: Scope, request: RewardRequest, signal: AbortSignal) => Promise<RewardScore>;
  readonly readTexts: ReadTexts;
  readonly sandbox: Pick<Sandbox, "run" | "check">;
  readonly fetchOutside: (request: OutboundRequest & { readonly maxBytes: number }) => Promise<Fetched>;
  /** Checks texts as the gateway's guards do. The result has no values. */
  readonly checkGuards: (scope: Scope, check: GuardCheck) => Promise<GuardVerdict>;
};
/** Texts, and a policy or rules to check them by. */
export type GuardCheck = ParsedOf<(typeof guardsApi)["POST /api/v1/guards/check"]>["body"];
type Fetched = { readonly status: number; readonly body: Buffer };

/** Text analyses without a model. */
export type ReadTexts = {
  /** ISO 639; `und` when it has no letters. */
  readonly language: (text: string) => Promise<{ readonly language: string; readonly confidence: number }>;
  /** How many words of each kind of a list of toxic words it holds. */
  readonly toxicWords: (text: string) => ReadonlyMap<string, number>;
};

/** The services for one sample. Usage is counted. */
export type ScorerTools = {
  readonly signal: AbortSignal;
  complete(request: ChatRequest): Promise<Omit<Answer, "cost">>;
  embed(texts: readonly string[]): Promise<readonly number[][]>;
  logprobs(text: MeasuredText): Promise<TextLogprobs>;
  reward(request: RewardRequest): Promise<RewardScore>;
  readonly readTexts: ReadTexts;
  runCode(request: SandboxRequest): Promise<SandboxOutcome>;
  checkGuards(check: GuardCheck): Promise<GuardVerdict>;
  fetchOutside(request: Omit<Parameters<ScorerMeans["fetchOutside"]>[0], "signal">): Promise<Fetched>;
};

export type Spent = Pick<Judged, "costUsd" | "tokens">;

/** The tools for one sample, and what they have cost by now. */
export function openTools(means: ScorerMeans, scope: Scope, signal: AbortSignal) {
  let spent: Spent = { costUsd: 0, tokens: 0 };
  const tools: ScorerTools = {
    signal,
    readTexts: means.readTexts,
    async complete(request) {
      needModels(scope, "A judge asks");
      const { cost, ...answer } = await means.complete(scope, request, signal);
      const costUsd = spent.costUsd === null || cost.costUsd === null ? null : spent.costUsd + cost.costUsd;
      spent = { costUsd, tokens: spent.tokens + cost.tokens };
      return answer;
    },
    embed: (texts) => means.embed(scope, texts, signal),
    async logprobs(text) {
      needModels(scope, "The scorer calls");
      return means.logprobs(scope, text, signal);
    },
    async reward(request) {
      needModels(scope, "The scorer calls");
      return means.reward(scope, request, signal);
    },
    async checkGuards(check) {
      if (canAsk(check)) needModels(scope, "The guard calls");
      return means.checkGuards(scope, check);
    },
    runCode: (request) => means.sandbox.run(request, signal),
    fetchOutside: (request) => means.fetchOutside({ ...request, signal }),
  };
  return { tools, spent: () => spent };
}

/** A policy can ask a model, and so can a rule. */
const canAsk = ({ policyId, rules = [] }: GuardCheck) =>
  policyId !== undefined || rules.some(({ detector }) => ASKING.has(detector));
const ASKING: ReadonlySet<string> = new Set(["moderation", "judge"]);

function needModels({ permissions }: Scope, who: string) {
  if (permissions.has("gateway:use")) return;
  throw new AppError("forbidden", { message: `${who} models, which needs the permission gateway:use.` });
}
