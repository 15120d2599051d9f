import type { DiffItem } from "@treadle/contract";
import { Equal } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { expectedText, inputText } from "../../to-dataset/index.ts";
import { changesBetween } from "../shared/field-changes.ts";
import { FieldDiff } from "../shared/field-diff.tsx";
import type { useDiff } from "./use-versions.ts";

const LOOKS = {
  added: { sign: "+", word: "Added", look: "text-good", edge: "border-l-good" },
  removed: { sign: "−", word: "Removed", look: "text-bad", edge: "border-l-bad" },
  changed: { sign: "~", word: "Changed", look: "text-info", edge: "border-l-info" },
} as const;

/** Items that differ, each with its changed values. */
export function DiffList({ diff, emptyWords }: { diff: ReturnType<typeof useDiff>; emptyWords: string }) {
  if (diff.error && !diff.data)
    return <ErrorState error={diff.error} retry={() => diff.refetch()} title="The comparison failed" />;
  if (!diff.data) return <Skeleton className="h-60 rounded-card" />;
  const items = diff.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return (
      <EmptyState title="No differences" icon={<Equal size={22} />}>
        {emptyWords}
      </EmptyState>
    );
  return (
    <div className={`card overflow-hidden ${diff.isPlaceholderData ? "opacity-60" : ""}`}>
      <ul aria-label="Differences" className="divide-y divide-line">
        {items.map((item) => (
          <DiffRow key={`${item.kind} ${item.itemId}`} item={item} />
        ))}
      </ul>
      <MoreRows list={diff} />
    </div>
  );
}

function DiffRow({ item }: { item: DiffItem }) {
  const { sign, word, look, edge } = LOOKS[item.kind];
  const body = item.after ?? item.before;
  const changes = item.fields.flatMap(({ field, before, after }) => changesBetween(before, after, field));
  return (
    <li className={`flex flex-col gap-1 border-l-2 px-4 py-2.5 ${edge}`}>
      <p className="flex flex-wrap items-baseline gap-x-2 text-xs">
        <span className={`font-medium ${look}`}>
          <span aria-hidden>{sign} </span>
          {word}
        </span>
        <code className="truncate text-xs text-muted">{item.itemId}</code>
        {body?.split && <span className="text-muted">{body.split}</span>}
      </p>
      {body && item.kind === "changed" && (
        <p dir="auto" className="line-clamp-1 text-muted">
          {inputText(body.inputs)}
        </p>
      )}
      {item.kind === "changed" ? (
        <FieldDiff changes={changes} />
      ) : (
        body && (
          <>
            <FoldedText text={inputText(body.inputs) || "(empty)"} most={320} />
            {expectedText(body.expected) !== "" && (
              <FoldedText text={`→ ${expectedText(body.expected)}`} most={240} className="text-muted" />
            )}
          </>
        )
      )}
    </li>
  );
}
