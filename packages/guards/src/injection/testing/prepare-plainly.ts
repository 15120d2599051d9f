import type { View } from "../../finding.ts";
import type { PreparedText, TextView } from "../../prepared-text.ts";

const asView = (view: View, text: string): TextView => ({ view, text, toOriginal: (span) => span });

/** A text that needs no normalization, with parts that are hidden in it. */
export const preparePlainly = (text: string, hidden: Partial<Record<View, string>> = {}): PreparedText => ({
  text,
  normalized: asView("normalized", text),
  hidden: Object.entries(hidden).map(([view, part]) => asView(view as View, part)),
});
