import type { ChatRequest, Span } from "@treadle/contract";
import type { ResolvedEndpoint } from "../../endpoints/index.ts";
import type { ChatResponse } from "../formats/hub/hub.ts";
import type { MirrorOf } from "./mirror-of.ts";
import type { Call } from "./read-call.ts";

/** A call whose caller has its whole answer, or its error. */
export type AnsweredCall = {
  /** The request as it arrived, before its variant shaped it. */
  readonly call: Call;
  readonly endpoint: ResolvedEndpoint;
  readonly span: Span;
  readonly response: ChatResponse | null;
  /** Whether another target than the first one answered. */
  readonly isFallback: boolean;
};

/** Who wants to see the answered calls of an endpoint. */
export type Mirrors = {
  /** Undefined for an endpoint without a shadow. */
  find(endpointId: string): ((answered: AnsweredCall) => void) | undefined;
};

/** A request to repeat with another variant. */
export type MirrorOrder = MirrorOf & {
  readonly projectId: string;
  readonly request: ChatRequest;
  readonly environment: string;
  readonly signal: AbortSignal;
};
