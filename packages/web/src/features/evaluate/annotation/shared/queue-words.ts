import type { ITEM_STATUSES, SUGGESTION_RULES } from "@treadle/contract";
import { formatTime } from "../../../../components/text/format.ts";

export const SUGGESTION_WORDS: Readonly<Record<(typeof SUGGESTION_RULES)[number], string>> = {
  never: "never",
  after: "after the own answer",
  before: "before the own answer (influences people)",
};

/** The word and the dot colour of each status. */
export const STATUS_LOOKS: Readonly<Record<(typeof ITEM_STATUSES)[number], { word: string; look: string }>> = {
  open: { word: "open", look: "text-muted" },
  complete: { word: "complete", look: "text-good" },
  disputed: { word: "disputed", look: "text-warn" },
  adjudicated: { word: "settled", look: "text-good" },
  flagged: { word: "flagged", look: "text-bad" },
  removed: { word: "removed", look: "text-muted" },
};

type Ending = { readonly doneAt: string | null; readonly answers: { readonly given: number; readonly wanted: number } };

/** The expected end. A queue with all answers is complete, whatever its pace. */
export function endWords({ doneAt, answers: { given, wanted } }: Ending): string {
  if (wanted > 0 && given >= wanted) return "Complete";
  return doneAt === null ? "Unknown" : formatTime(doneAt);
}
