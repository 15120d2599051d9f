import { SearchX, Trash2 } from "lucide-react";
import { EmptyState, Skeleton } from "../../../components/feedback/states.tsx";
import { IconButton } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { FoldedText } from "../../../components/text/folded-text.tsx";
import { formatAgo, formatCount, formatNumberOf, formatPercent } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { messageText, promptText } from "./message-text.ts";
import { type Pair, type usePairs, usePreferenceChanges } from "./use-preferences.ts";

const KIND_WORDS: Readonly<Record<Pair["kind"], string>> = {
  pairwise: "comparison",
  ranking: "ranking",
  correction: "correction",
  regeneration: "regeneration",
  thumbs: "thumbs",
};
const CONFLICT_WORDS: Readonly<Record<NonNullable<Pair["conflict"]>, string>> = {
  contradiction: "the opposite preference exists",
  circle: "circular with two other answers",
  divided: "annotators disagree",
};

type ListProps = {
  list: ReturnType<typeof usePairs>;
  total: number | undefined;
  conflicts: number | undefined;
};

/** The pairs: the preferred answer next to the other one. */
export function PairList({ list, total, conflicts }: ListProps) {
  const items = list.data?.pages.flatMap((page) => page.items);
  if (items?.length === 0)
    return (
      <EmptyState title="No matching pairs" icon={<SearchX size={22} />}>
        Clear the search or the queue filter.
      </EmptyState>
    );
  return (
    <Section
      title="Pairs"
      description={
        total === undefined
          ? undefined
          : `${formatNumberOf(total, "pair")}, ${formatCount(conflicts ?? 0)} in conflict. Conflicting pairs are excluded from training data unless you include them.`
      }
      className={`overflow-hidden ${list.isPlaceholderData ? "opacity-60" : ""}`}
    >
      {items ? (
        <ul className="flex flex-col">
          {items.map((pair) => (
            <PairRow key={pair.pairId} pair={pair} />
          ))}
        </ul>
      ) : (
        <Skeleton className="m-4 h-24" />
      )}
      <MoreRows list={list} />
    </Section>
  );
}

function PairRow({ pair }: { pair: Pair }) {
  const { kind, prompt, conflict, isTie, agreement, votes, annotators, consent, createdAt } = pair;
  const { can } = useProject();
  const { remove } = usePreferenceChanges();
  const all = votes.chosen + votes.rejected + votes.tie;
  return (
    <li className="flex flex-col gap-2 border-line border-b px-4 py-3 last:border-0">
      <div className="flex items-start gap-2">
        <p className="line-clamp-2 min-w-0 grow font-medium [overflow-wrap:anywhere]">{promptText(prompt)}</p>
        {can("annotation:write") && (
          <IconButton
            label="Delete pair"
            size="small"
            disabled={remove.isPending}
            onClick={() => remove.mutate(pair.pairId)}
          >
            <Trash2 size={14} />
          </IconButton>
        )}
      </div>
      <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <Side
          title={isTie ? "Tie" : "Preferred"}
          variant={pair.chosenVariant}
          messages={pair.chosen}
          isBetter={!isTie}
        />
        <Side title={isTie ? "Tie" : "Rejected"} variant={pair.rejectedVariant} messages={pair.rejected} />
      </div>
      <p className="num flex flex-wrap gap-x-3 text-xs text-muted">
        <span>{KIND_WORDS[kind]}</span>
        <span>
          {formatPercent(agreement)} of {formatNumberOf(all, "vote")}
        </span>
        <span>{formatNumberOf(annotators, "person", "people")}</span>
        {pair.margin !== null && <span>margin {pair.margin.toFixed(2)}</span>}
        {!consent && <span>excluded from training</span>}
        <span>{formatAgo(createdAt)}</span>
        {conflict && <span className="font-medium text-warn">{CONFLICT_WORDS[conflict]}</span>}
      </p>
    </li>
  );
}

type SideProps = { title: string; variant: string; messages: Pair["chosen"]; isBetter?: boolean };

const Side = ({ title, variant, messages, isBetter = false }: SideProps) => (
  <div className={`min-w-0 rounded-control border p-2 ${isBetter ? "border-good" : "border-line"}`}>
    <p className="mb-1 text-xs text-muted">
      {title}
      {variant && ` · ${variant}`}
    </p>
    <FoldedText text={messageText(messages)} most={400} />
  </div>
);
