import type { ModelPrice } from "@treadle/contract";
import type { EncodedRows } from "../../../../../platform/spool/port.ts";
import type { PrivacyRules } from "../../../redaction/index.ts";
import type { SpanRow } from "../../rows/span-row.ts";
import type { Share } from "../decode/shard.ts";
import type { SetAside } from "./aside-objects.ts";
import type { RejectionReport } from "./rejection-report.ts";

export type Signal = "traces" | "logs" | "metrics";

/** One request, to be turned into rows. */
export type Order = {
  /** `spans` are spans of the contract, as a list in JSON. */
  readonly signal: Signal | "spans";
  readonly isProtobuf: boolean;
  readonly projectId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether there are watchers of new spans. */
  readonly isWatched: boolean;
  /** The project's own prices; calls that say no cost are priced by them and by the kept table. */
  readonly prices: readonly ModelPrice[];
  /** What is removed before anything is stored; null if nothing is. */
  readonly privacy: PrivacyRules | null;
  readonly bytes: Uint8Array;
  /** The part to read. All of it by default. */
  readonly share?: Share | undefined;
};

export type WatchedSpan = {
  readonly row: SpanRow;
  readonly startTime: string;
  /** Its place in the request. */
  readonly index: number;
};

/** The result of a request. */
export type Digest = {
  readonly encoded: readonly EncodedRows[];
  readonly objects: readonly SetAside[];
  readonly watched: readonly WatchedSpan[];
  readonly received: number;
  /** How many of them had come before and are not kept again. */
  readonly repeated: number;
  readonly told: RejectionReport;
  /** The memory of the order, to be removed if it could not be stored. */
  readonly marks: Uint32Array<ArrayBuffer>;
};
