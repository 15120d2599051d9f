import type { CallDetectors, Detectors, LateDetectors, PreparedText } from "@treadle/guards";
import type { ReadElsewhere } from "./texts/text-reader.ts";

/** The detectors of this server. Higher modules and packages have them, and `areas/` passes them in. */
export type GuardRegistry = {
  readonly detectors: Detectors;
  /** Those that judge calls of tools. None if nothing is given. */
  readonly calls?: CallDetectors;
  /** Those that ask a service or a model and answer later. None if nothing is given. */
  readonly late?: LateRegistry;
  /** Reads long texts in other threads. Without it, all texts are read where they are judged. */
  readonly readElsewhere?: ReadElsewhere;
  /** Reads a text once for all detectors. */
  readonly prepare: (text: string) => PreparedText;
  /** The score from which a finding counts if its rule does not say. */
  readonly thresholdOf: (detector: string) => number;
  /** The options of a detector, with defaults. Throws an error that says what is wrong with them. */
  readonly readOptions: (detector: string, options: Readonly<Record<string, unknown>>) => unknown;
};

export type LateRegistry = {
  readonly names: ReadonlySet<string>;
  /** The detectors for calls of a project. */
  readonly of: (projectId: string) => LateDetectors;
};
