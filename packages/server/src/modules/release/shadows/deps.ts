import type { Endpoint } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { RunDeps } from "./run/deps.ts";
import type { ShadowData } from "./to-experiment.ts";

type Volume = { readonly model: string; readonly inputTokens: number; readonly outputTokens: number };

export type ShadowDeps = RunDeps & {
  readonly endpoints: { get(scope: Scope, endpointId: string): Promise<Endpoint> };
  /** The cost of so many tokens; null if the price is unknown. */
  readonly priceOf: (projectId: string, volume: Volume) => Promise<number | null>;
  readonly audit: Pick<Audit, "record">;
  readonly data: ShadowData;
};
