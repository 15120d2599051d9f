import type { AlertLabels, Severity } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";

/** What found the incident. One source has at most one open incident per series. */
export type IncidentSource = {
  readonly kind: "monitor" | "probe" | "live-rule";
  readonly id: string;
  readonly name: string;
  /** Empty if the source has one series. */
  readonly series: string;
};

/** The facts of an incident at the time it opens. */
export type IncidentOpening = {
  readonly source: IncidentSource;
  readonly severity: Severity;
  readonly title: string;
  /** What happened, with the value and how sure it is. */
  readonly text: string;
  /** The affected time range so far. */
  readonly from: Date;
  readonly at: Date;
  /** The affected spans in the filter language. Null if the source has no filter. */
  readonly filter: string | null;
  /** A measure of Explore. Null if the source has none. */
  readonly measure: string | null;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly labels: AlertLabels;
  readonly runbookUrl: string | null;
  /** An incident that was resolved within this time is reopened. */
  readonly reopenWithinMs: number;
  /** A muted source opens incidents without notices. */
  readonly isMuted: boolean;
};

/** What modules that find incidents call, in the transaction of their own transition. */
export type IncidentSink = {
  /**
   * Opens an incident and announces it. An open incident of the source and series gets the new severity if it is higher. Gives
   * the incident's id.
   */
  open(tx: Postgres, scope: Scope, opening: IncidentOpening): Promise<string>;
  /** Resolves the open incident of the source and series, and announces it. Does nothing if there is none. */
  recover(
    tx: Postgres,
    scope: Scope,
    recovery: { readonly source: IncidentSource; readonly at: Date; readonly text: string; readonly isMuted: boolean },
  ): Promise<void>;
};

/** What a source learns about its open incident later. */
export type IncidentNotes = {
  /** Adds evidence to the timeline of the open incident of the source and series. Does nothing if there is none. */
  note(
    tx: Postgres,
    scope: Scope,
    note: { readonly source: IncidentSource; readonly at: Date; readonly text: string; readonly path: string },
  ): Promise<void>;
};
