import type { Change } from "./change.ts";

/** The head of a column whose numbers have their change behind them. */
export const CHANGE_HEAD = "inline-block pr-16";

type TextProps = {
  change: Change | null;
  /** The number before in words, shown on hover. */
  before?: string | undefined;
  className?: string;
};

/** What became of a number, behind it. It is as wide where there is nothing to say, so that numbers stay under one another. */
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
