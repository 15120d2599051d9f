import type { ChatRequest, ProbeEvaluation } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { Announce } from "../../../system/notifications/index.ts";
import type { IncidentNotes, IncidentSink } from "../../incidents/index.ts";
import type { FirstToken } from "./probe-values.ts";

/** An answer of the probed model. */
export type ModelAnswer = {
  readonly text: string;
  /** The log-probabilities of the first token by token; null without them. */
  readonly logprobs: FirstToken | null;
  /** Whether the model reasoned before it answered. */
  readonly isReasoned: boolean;
  /** Null if the price is unknown. */
  readonly costUsd: number | null;
};
/** Calls the model through the gateway, in the environment `probe`. Throws `AppError`. */
export type AskModel = (scope: Scope, request: ChatRequest, signal: AbortSignal) => Promise<ModelAnswer>;
type Volume = { readonly model: string; readonly inputTokens: number; readonly outputTokens: number };
/** The cost of so many tokens; null if the price is unknown. Throws `not_found` for an unknown model. */
export type PriceOf = (projectId: string, volume: Volume) => Promise<number | null>;

/** Repeats a pinned experiment after a confirmed change, and compares it item by item. */
export type Evaluations = {
  /** Throws `not_found`. */
  check(scope: Scope, experimentId: string): Promise<void>;
  /** Another start with the same key gives the evaluation of the first, also after a crash. */
  start(
    scope: Scope,
    order: { readonly experimentId: string; readonly name: string; readonly key: string },
  ): Promise<ProbeEvaluation>;
  /** The evaluation as it is now. */
  follow(scope: Scope, evaluation: ProbeEvaluation): Promise<ProbeEvaluation>;
};

export type ProbeDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly jobs: Pick<Jobs, "register" | "send" | "list" | "cancel">;
  readonly audit: Pick<Audit, "record">;
  readonly ask: AskModel;
  readonly priceOf: PriceOf;
  /** Whether a name is that of an endpoint, which can send calls to several models. */
  readonly isEndpoint: (projectId: string, name: string) => Promise<boolean>;
  readonly evaluations: Evaluations;
  readonly incidents: IncidentSink & IncidentNotes;
  readonly announce: Announce;
  readonly clock: Clock;
  readonly log: Log;
};
