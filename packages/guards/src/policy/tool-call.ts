import type { CallFacts } from "../detector.ts";
import type { LateFinding } from "./late.ts";

/** A tool that a model wants to call. */
export type ToolCalled = {
  readonly name: string;
  /** JSON, or the text of a tool that takes text. */
  readonly arguments: string;
};
/** Judges whole calls of tools instead of texts. */
export type CallDetector<Options = undefined> = {
  readonly name: string;
  readonly version: number;
  find(called: ToolCalled, options: Options, call?: CallFacts): readonly LateFinding[];
};
export type CallDetectors = ReadonlyMap<string, CallDetector<unknown>>;
