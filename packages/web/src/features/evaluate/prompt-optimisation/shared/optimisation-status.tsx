import type { Listed } from "./use-optimisations.ts";

const LOOKS: Readonly<Record<Listed["status"], { look: string; word: string }>> = {
  queued: { look: "text-muted", word: "queued" },
  running: { look: "text-info", word: "running" },
  done: { look: "text-good", word: "succeeded" },
  failed: { look: "text-bad", word: "failed" },
  cancelled: { look: "text-warn", word: "canceled" },
};

/** The status of an optimisation: a dot and a word. */
export const OptimisationStatus = ({ status }: Pick<Listed, "status">) => (
  <span className={`text-sm whitespace-nowrap ${LOOKS[status].look}`}>● {LOOKS[status].word}</span>
);
