import { MARK_LOOKS } from "../shared/action-badge.tsx";
import { ACTION_WORDS, kindWords, viewWords } from "../shared/guard-words.ts";
import { scoreWords } from "../shared/score-words.ts";
import type { CheckedText } from "../shared/use-guards.ts";
import { type MarkedPart, markedParts } from "./marked-parts.ts";

type TextProps = { text: string } & Pick<CheckedText, "findings">;

/** A text with its findings highlighted in place. What each one is shows on hover and to screen readers. */
export const MarkedText = ({ text, findings }: TextProps) => (
  <p
    dir="auto"
    className="max-h-72 overflow-y-auto rounded-control border border-line px-2.5 py-1.5 leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]"
  >
    {markedParts(text, findings).map((part) => (
      <Part key={part.start} part={part} />
    ))}
  </p>
);

function Part({ part: { text, findings, action } }: { part: MarkedPart }) {
  if (action === undefined) return text;
  const words = findings.map(
    (finding) =>
      `${kindWords(finding.kind, finding.detector)}: ${ACTION_WORDS[finding.action].label.toLowerCase()}, score ${scoreWords(finding.score)}, ${viewWords(finding.view)}`,
  );
  return (
    <mark title={words.join("\n")} className={`rounded-[3px] px-0.5 ${MARK_LOOKS[action]}`}>
      {isInvisible(text) ? <span className="font-mono text-xs">{codesOf(text)}</span> : text}
      <span className="sr-only"> ({words.join("; ")})</span>
    </mark>
  );
}

/** Zero-width and other characters that leave no mark. */
const isInvisible = (text: string) => /^(?:\p{Cf}|\p{Variation_Selector})+$/u.test(text);

const MOST_CODES = 8;

function codesOf(text: string): string {
  const codes = [...text].map((sign) => `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`);
  const rest = codes.length - MOST_CODES;
  return codes.slice(0, MOST_CODES).join(" ") + (rest > 0 ? ` and ${rest} more` : "");
}
