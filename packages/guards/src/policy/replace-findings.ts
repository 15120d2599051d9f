import type { Span } from "../finding.ts";
import { markOf } from "./masks.ts";
import type { Action } from "./policy.ts";
import type { JudgedFinding } from "./verdict.ts";

type Replacing = {
  /** The placeholder for a masked value. */
  placeholderOf(kind: string, value: string): string;
};
type Edit = Span & { readonly kind: string; readonly action: Action; readonly replacement?: string | undefined };

const CHANGING: ReadonlySet<Action> = new Set(["mask", "redact", "block"]);

/** A text with the findings replaced whose action changes it. `offset` is the place of the text in the text of the findings. */
export function replaceFindings(
  text: string,
  findings: readonly JudgedFinding[],
  { masks, offset = 0 }: { readonly masks: Replacing; readonly offset?: number },
): string {
  const edits = toEdits(findings);
  if (edits.length === 0) return text;
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end, kind, action, replacement } of edits) {
    const value = text.slice(start - offset, end - offset);
    pieces.push(text.slice(from, start - offset));
    pieces.push(replacement ?? (action === "mask" ? masks.placeholderOf(kind, value) : `[${markOf(kind)}]`));
    from = end - offset;
  }
  return pieces.join("") + text.slice(from);
}

/** Findings that overlap become one edit, which has the kind and the action of the strongest, and then the earliest, of them. */
function toEdits(findings: readonly JudgedFinding[]): readonly Edit[] {
  const edits: Edit[] = [];
  for (const { start, end, kind, action, replacement } of inOrder(findings)) {
    if (!CHANGING.has(action)) continue;
    const last = edits.at(-1);
    if (!last || start >= last.end) edits.push({ start, end, kind, action, replacement });
    else edits[edits.length - 1] = join(last, { start, end, kind, action });
  }
  return edits;
}

function join(earlier: Edit, later: Edit): Edit {
  const stronger = rankOf(later.action) > rankOf(earlier.action) ? later : earlier;
  // A repair of one place says nothing about a larger one.
  return { ...stronger, start: earlier.start, end: Math.max(earlier.end, later.end), replacement: undefined };
}

const rankOf = (action: Action) => (action === "mask" ? 0 : action === "redact" ? 1 : 2);

/** By place, then the longer one first, then by rule. */
export const inOrder = (findings: readonly JudgedFinding[]): readonly JudgedFinding[] =>
  findings.toSorted((one, two) => one.start - two.start || two.end - one.end || one.rule - two.rule);
