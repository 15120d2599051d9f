import type { Action, NotScanned } from "@treadle/guards";
import type { ActivePolicy, Place } from "../../guards/index.ts";

/** The findings of one rule and kind in one text. Offsets are places in the text as it arrived, and never its content. */
export type Found = Place & {
  readonly rule: number;
  readonly detector: string;
  readonly kind: string;
  readonly action: Action;
  readonly view: string;
  readonly count: number;
  readonly score: number;
  readonly offsets: readonly (readonly [start: number, end: number])[];
};
export type Missed = Place & { readonly rule: number; readonly reason: NotScanned };

/** What one rule did with the texts of a stage. Times are on the monotonic clock. */
export type Check = {
  readonly rule: number;
  readonly detector: string;
  readonly threshold: number;
  readonly action: Action | "allow";
  /** The number of texts that it read. */
  readonly texts: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
  /** The time in which it computed, or waited for its answer. */
  readonly ms: number;
  readonly found: readonly Found[];
  readonly missed: readonly Missed[];
};

/** An answer that was asked for again was checked too. Its verdict does not count, and neither do blocked passages. */
export type StageName = "request" | "passages" | "first-answer" | "answer";
export type CheckedStage = Pick<Check, "action" | "from" | "to" | "ms"> & {
  readonly stage: StageName;
  readonly checks: readonly Check[];
};

/** The checks of a call under one version of a policy. */
export type GuardedStages = Pick<ActivePolicy, "policyId" | "version"> & {
  readonly stages: readonly CheckedStage[];
  /** The version of a detector; undefined for one that does not exist. */
  readonly versionOf: (detector: string) => number | undefined;
};
