import { PROBE_THRESHOLD } from "@treadle/contract";
import { nextEvidence } from "@treadle/metrics";
import type { Detectors } from "../stores/probe-values.ts";

export const NO_EVIDENCE: Detectors = { counts: 0, logprobs: null };

type Factors = { readonly counts: number | null; readonly logprobs: number | null };

/** The detectors after a run. A run without a comparison changes nothing. */
export const addFactors = (before: Detectors, { counts, logprobs }: Factors): Detectors => ({
  counts: counts === null ? before.counts : nextEvidence(before.counts, counts),
  logprobs: logprobs === null ? before.logprobs : nextEvidence(before.logprobs ?? 0, logprobs),
});

/** The mean of the detectors: an e-detector again, so the rate of false alarms is the same. */
export const evidenceOf = ({ counts, logprobs }: Detectors): number =>
  logprobs === null ? counts : counts / 2 + logprobs / 2;

export const isSuspicious = (detectors: Detectors): boolean => evidenceOf(detectors) >= PROBE_THRESHOLD;
/** A suspicion that was not confirmed ends when most of its evidence is gone. */
export const isOver = (detectors: Detectors): boolean => evidenceOf(detectors) < PROBE_THRESHOLD / 10;
