import { VERDICTS } from "./ab-test-words.tsx";
import type { Finding } from "./use-ab-tests.ts";

type Props = { finding: Finding; scale: number; words: string };

/** An interval around a difference, with the middle line at no difference and the margin as a band. */
export function HarmInterval({ finding: { harm, lowerBound, upperBound, margin, verdict }, scale, words }: Props) {
  if (harm === null || lowerBound === null || upperBound === null || verdict === null) return null;
  const placeOf = (value: number) => 50 + Math.max(-1, Math.min(1, value / scale)) * 50;
  const { fill } = VERDICTS[verdict];
  const band = { left: `${placeOf(-margin)}%`, width: `${placeOf(margin) - placeOf(-margin)}%` };
  const bar = {
    left: `${placeOf(lowerBound)}%`,
    width: `${Math.max(0.5, placeOf(upperBound) - placeOf(lowerBound))}%`,
  };
  return (
    <span role="img" aria-label={`Difference ${words}`} className="relative block h-4 min-w-32">
      <span className="absolute inset-y-0 rounded-sm bg-raised" style={band} />
      <span className="absolute inset-y-0 left-1/2 w-px bg-muted" />
      <span className={`absolute top-1.5 h-1 rounded-full ${fill}`} style={bar} />
      <span
        className={`absolute top-0.5 h-3 w-1 -translate-x-1/2 rounded-full ${fill}`}
        style={{ left: `${placeOf(harm)}%` }}
      />
    </span>
  );
}
