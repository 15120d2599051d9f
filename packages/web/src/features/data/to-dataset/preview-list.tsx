import type { Item } from "@treadle/contract";
import { explain } from "../../../api.ts";
import { Skeleton } from "../../../components/feedback/states.tsx";
import { formatCount, formatNumberOf } from "../../../components/text/format.ts";
import { expectedText, inputText } from "./item-text.ts";

type ListProps = {
  preview: {
    data: { matching: number; items: readonly Item[]; skipped: number } | undefined;
    error: unknown;
    isFetching: boolean;
  };
  isChosen: boolean;
};

/** A preview of the first items. */
export function PreviewList({ preview, isChosen }: ListProps) {
  const { data, error, isFetching } = preview;
  if (!isChosen) return null;
  if (error)
    return (
      <p role="alert" className="text-bad [overflow-wrap:anywhere]">
        {explain(error)}
      </p>
    );
  if (!data) return <Skeleton className="h-28" />;
  return (
    <section aria-label="Preview" className={`text-sm ${isFetching ? "opacity-60" : ""}`}>
      <p className="num mb-1 text-muted">
        {data.matching >= 100_000
          ? "100,000 or more spans match"
          : `${formatNumberOf(data.matching, "span")} ${data.matching === 1 ? "matches" : "match"}`}
        {data.skipped > 0 && `. ${formatCount(data.skipped)} of the previewed spans have no input and are skipped`}
      </p>
      {data.items.length > 0 && (
        <ul
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled list must be reachable to be scrolled by keyboard.
          tabIndex={0}
          className="max-h-56 divide-y divide-line overflow-y-auto rounded-card border border-line"
        >
          {data.items.map((item) => (
            <li key={item.itemId} className="px-3 py-1.5">
              <p dir="auto" className="line-clamp-1">
                {inputText(item.inputs)}
              </p>
              <p dir="auto" className="line-clamp-1 text-muted">
                → {expectedText(item.expected) || "no expected answer"}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
