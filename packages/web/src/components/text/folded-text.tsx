import { useState } from "react";
import { formatCount } from "./format.ts";

const LINES = 24;
const CHARACTERS = 2_400;
/** The number of characters one click adds; showing megabytes in one step would block the page. */
const STEP = 100_000;

type TextProps = { text: string; className?: string /** The number of characters shown initially. */; most?: number };

/** Text as it is, each paragraph in its own direction; long text is collapsed and shows how much is hidden. */
export function FoldedText({ text, className = "", most = CHARACTERS }: TextProps) {
  const folded = foldAt(text, most);
  const [shown, setShown] = useState(0);
  const cut = Math.min(text.length, Math.max(shown, folded));
  return (
    <>
      <div className={`break-words whitespace-pre-wrap [overflow-wrap:anywhere] [unicode-bidi:plaintext] ${className}`}>
        {text.slice(0, cut)}
      </div>
      {folded < text.length && (
        <div className="mt-1 flex flex-wrap gap-x-3 text-xs font-medium text-accent">
          {cut < text.length && (
            <button
              type="button"
              aria-expanded={false}
              onClick={() => setShown(cut + STEP)}
              className="hover:underline"
            >
              {wordsFor(text, cut)}
            </button>
          )}
          {cut > folded && (
            <button type="button" aria-expanded onClick={() => setShown(0)} className="hover:underline">
              Show less
            </button>
          )}
        </div>
      )}
    </>
  );
}

/** The part after `cut` that one click reveals. */
function wordsFor(text: string, cut: number): string {
  const rest = text.length - cut;
  if (rest > STEP) return `Show ${formatCount(STEP)} of ${formatCount(rest)} more characters`;
  const lines = text.slice(cut).split("\n").length - 1;
  return lines > 1 ? `Show ${formatCount(lines)} more lines` : `Show ${formatCount(rest)} more characters`;
}

/** Where a text is cut: after a number of lines or characters, unless almost nothing would be hidden. */
export function foldAt(text: string, most = CHARACTERS): number {
  let end = -1;
  for (let line = 0; line < LINES; line += 1) {
    end = text.indexOf("\n", end + 1);
    if (end < 0) break;
  }
  const at = Math.min(end < 0 ? text.length : end, most);
  return text.length - at < 160 ? text.length : at;
}
