import type { Scope } from "../../../../kernel/scope.ts";

/** The incident, as the evidence needs it. */
export type Case = {
  readonly incidentId: string;
  readonly filter: string | null;
  readonly measure: string | null;
  readonly from: Date;
  readonly to: Date;
};

export type Subject = { readonly scope: Scope; readonly subject: Case; readonly signal: AbortSignal };
