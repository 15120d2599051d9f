import type { Draft } from "../page-parts.ts";

const NOTE_LABEL = /^(?:\d{1,3}|[*†‡§¶])[.)]?\s?\p{L}/u;
const SMALL = 0.92;
const LOWER_PART = 0.5;

/** Footnotes below a column follow the text of the whole page, so that they do not cut a sentence that continues in the next column. */
export function moveFootnotes(drafts: readonly Draft[], bodySize: number, pageHeight: number): readonly Draft[] {
  const notes = new Set<Draft>();
  let region = -1;
  for (const draft of drafts) {
    const [line] = draft.lines;
    if (line === undefined || line.isHidden || draft.kind === "table" || line.size > SMALL * bodySize) {
      region = -1;
      continue;
    }
    const isNote = NOTE_LABEL.test(line.text) && line.box.y > LOWER_PART * pageHeight;
    if (!isNote && line.region !== region) continue;
    notes.add(draft);
    region = line.region;
  }
  if (notes.size === 0) return drafts;
  const isHidden = ({ lines }: Draft) => lines[0]?.isHidden === true;
  const shown = drafts.filter((draft) => !isHidden(draft) && !notes.has(draft));
  return [...shown, ...notes, ...drafts.filter(isHidden)];
}
