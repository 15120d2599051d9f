import { useState } from "react";

const LINES = 24;
const CHARACTERS = 2_400;

/** Text as it is; a long one is folded and says how much is hidden. */
export function FoldedText({ text, className = "" }: { text: string; className?: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const cut = isWhole ? text.length : foldAt(text);
  const hidden = text.slice(cut);
  const lines = hidden.split("\n").length - 1;
  return (
    <>
      <div className={`break-words whitespace-pre-wrap [overflow-wrap:anywhere] ${className}`}>
        {text.slice(0, cut)}
      </div>
      {(hidden !== "" || (isWhole && foldAt(text) < text.length)) && (
        <button
          type="button"
          aria-expanded={isWhole}
          onClick={() => setIsWhole(!isWhole)}
          className="mt-1 text-xs font-medium text-accent hover:underline"
        >
          {isWhole
            ? "Show less"
            : lines > 1
              ? `Show ${lines.toLocaleString("en")} more lines`
              : `Show ${hidden.length.toLocaleString("en")} more characters`}
        </button>
      )}
    </>
  );
}

/** Where a text is folded: after so many lines or characters, unless almost nothing would be hidden. */
export function foldAt(text: string): number {
  let end = -1;
  for (let line = 0; line < LINES; line += 1) {
    end = text.indexOf("\n", end + 1);
    if (end < 0) break;
  }
  const at = Math.min(end < 0 ? text.length : end, CHARACTERS);
  return text.length - at < 160 ? text.length : at;
}
