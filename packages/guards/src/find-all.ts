import type { Detector } from "./detector.ts";
import type { Finding } from "./finding.ts";
import { withoutOverlaps } from "./patterns/without-overlaps.ts";
import type { PreparedText } from "./prepared-text.ts";

/** A detector with its options. */
export type BoundDetector = Pick<Detector, "name" | "version" | "isDeterministic" | "need"> & {
  find(text: PreparedText): readonly Finding[];
};

export const bindDetector = <Options>(detector: Detector<Options>, options: Options): BoundDetector => ({
  name: detector.name,
  version: detector.version,
  isDeterministic: detector.isDeterministic,
  need: detector.need,
  find: (text) => detector.find(text, options),
});

/**
 * What detectors find in a text, in order and without overlaps, so that it can be replaced. The earlier detector owns a
 * place. A policy that acts on a detector reads that detector's own findings: another one may own their place here.
 */
export const findAll = (text: PreparedText, detectors: readonly BoundDetector[]): Finding[] =>
  settleFindings(detectors.map((detector) => detector.find(text)));

/** Joins the findings of several detectors, the most important detector first. */
export function settleFindings(lists: readonly (readonly Finding[])[]): Finding[] {
  const ranked = lists.flatMap((findings, rank) => findings.map((finding) => ({ ...finding, rank })));
  return withoutOverlaps(ranked).map(({ rank: _, ...finding }) => finding);
}
