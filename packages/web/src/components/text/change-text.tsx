import type { Change } from "./change.ts";

/** The header of a column whose numbers show a change. */
export const CHANGE_HEAD = "inline-block pr-16";

type TextProps = {
  change: Change | null;
  /** The previous number as text, shown on hover. */
  before?: string | undefined;
  className?: string;
};

/** The change of a number, shown after it. The width is fixed, so that numbers stay aligned. */
export function ChangeText({ change, before, className = "" }: TextProps) {
  return (
    <span
      title={before}
      className={`ml-2 inline-block w-14 shrink-0 text-left text-xs ${
        change?.verdict === "worse" ? "text-bad" : change?.verdict ? "text-good" : "text-muted"
      } ${className}`}
    >
      {change && (
        <>
          <span aria-hidden>{change.text.replace("= unchanged", "=")}</span>
          <span className="sr-only">
            {change.words} than before{change.verdict && `, ${change.verdict}`}
          </span>
        </>
      )}
    </span>
  );
}
