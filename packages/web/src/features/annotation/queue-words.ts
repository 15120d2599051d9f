import type { ITEM_STATUSES, SUGGESTION_RULES } from "@treadle/contract";

export const SUGGESTION_WORDS: Readonly<Record<(typeof SUGGESTION_RULES)[number], string>> = {
  never: "never",
  after: "after one's own",
  before: "before one's own, which sways people",
};

/** How a status is shown: a word, and the colour of its dot. */
export const STATUS_LOOKS: Readonly<Record<(typeof ITEM_STATUSES)[number], { word: string; look: string }>> = {
  open: { word: "open", look: "text-muted" },
  complete: { word: "complete", look: "text-good" },
  disputed: { word: "disputed", look: "text-warn" },
  adjudicated: { word: "settled", look: "text-good" },
  flagged: { word: "flagged", look: "text-bad" },
  removed: { word: "removed", look: "text-muted" },
};
