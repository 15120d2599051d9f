import { formatCount } from "../../../components/text/format.ts";
import type { Probe } from "./use-probes.ts";

const LOOKS: Readonly<Record<Probe["state"] | "disabled", readonly [look: string, word: string]>> = {
  "setting-up": ["text-info", "setting up"],
  watching: ["text-good", "watching"],
  suspected: ["text-warn", "suspected"],
  changed: ["text-bad", "changed"],
  unsuited: ["text-muted", "unsuited"],
  disabled: ["text-muted", "disabled"],
};

/** The state of a probe: a dot and a word. */
export function ProbeState({ probe: { state, isEnabled } }: { probe: Pick<Probe, "state" | "isEnabled"> }) {
  const [look, word] = LOOKS[isEnabled ? state : "disabled"];
  return <span className={`text-sm whitespace-nowrap ${look}`}>● {word}</span>;
}

export const stateWord = (state: Probe["state"]): string => LOOKS[state][1];

/** Evidence grows by factors, so a bar shows its logarithm. */
const shareOf = (evidence: number, threshold: number) =>
  evidence <= 1 ? 0 : Math.min(1, Math.log(evidence) / Math.log(threshold));

export function formatEvidence(evidence: number): string {
  if (evidence >= 1e6) return evidence.toExponential(0).replace("e+", "e");
  return evidence >= 10 ? formatCount(Math.round(evidence)) : evidence.toFixed(1);
}

/** The evidence of a change against its threshold. */
export function EvidenceBar({ probe: { evidence, threshold } }: { probe: Pick<Probe, "evidence" | "threshold"> }) {
  const share = shareOf(evidence, threshold);
  const isOver = evidence >= threshold;
  return (
    <span className="inline-flex items-center gap-2" title={`Evidence ${formatEvidence(evidence)} of ${threshold}`}>
      <span aria-hidden className="h-1.5 w-20 overflow-hidden rounded-full bg-raised">
        <span
          className={`block h-full rounded-full ${isOver ? "bg-bad" : share > 0.5 ? "bg-warn" : "bg-accent"}`}
          style={{ width: `${share * 100}%` }}
        />
      </span>
      <span className="num w-12 text-right">{formatEvidence(evidence)}</span>
    </span>
  );
}
