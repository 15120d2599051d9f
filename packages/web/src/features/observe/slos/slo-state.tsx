import type { SloStatus } from "./use-slos.ts";

const STATES: Readonly<Record<SloStatus["state"], { look: string; sign: string; word: string }>> = {
  ok: { look: "text-good", sign: "●", word: "Within budget" },
  "at-risk": { look: "text-warn", sign: "▲", word: "Over budget, too few requests to be certain" },
  burning: { look: "text-bad", sign: "▲", word: "Burning too fast" },
  exhausted: { look: "text-bad", sign: "■", word: "Budget used up" },
  "no-data": { look: "text-muted", sign: "○", word: "No data" },
};

/** The state of an SLO: a sign and a word. */
export function SloState({ status: { state } }: { status: Pick<SloStatus, "state"> }) {
  const { look, sign, word } = STATES[state];
  return (
    <span className={`text-sm ${look}`}>
      <span aria-hidden>{sign}</span> {word}
    </span>
  );
}
