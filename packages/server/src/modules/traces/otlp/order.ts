import type { ModelPrice } from "@treadle/contract";
import type { EncodedRows } from "../../../platform/spool/port.ts";
import type { SpanRow } from "../span-row.ts";
import type { SetAside } from "./aside-objects.ts";
import type { Share } from "./share.ts";
import type { Told } from "./told.ts";

export type Signal = "traces" | "logs" | "metrics";

/** One request, to be turned into rows. */
export type Order = {
  readonly signal: Signal;
  readonly isProtobuf: boolean;
  readonly projectId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether somebody looks at spans as they come in. */
  readonly isWatched: boolean;
  /** The project's own prices; calls that say no cost are priced by them and by the kept table. */
  readonly prices: readonly ModelPrice[];
  readonly bytes: Uint8Array;
  /** The part of it that is to be read; all of it where there is none. */
  readonly share?: Share | undefined;
};

export type WatchedSpan = {
  readonly row: SpanRow;
  readonly startTime: string;
  /** Its place in the request. */
  readonly index: number;
};

/** What became of a request. */
export type Digest = {
  readonly encoded: readonly EncodedRows[];
  readonly objects: readonly SetAside[];
  readonly watched: readonly WatchedSpan[];
  readonly received: number;
  /** How many of them had come before and are not kept again. */
  readonly repeated: number;
  readonly told: Told;
  /** What is remembered of it: to be given back when it could not be kept. */
  readonly marks: Uint32Array<ArrayBuffer>;
};
