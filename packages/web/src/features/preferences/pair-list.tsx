import { SearchX, Trash2 } from "lucide-react";
import { IconButton } from "../../components/button.tsx";
import { FoldedText } from "../../components/folded-text.tsx";
import { formatAgo, formatCount, formatNumberOf, formatPercent } from "../../components/format.ts";
import { MoreRows } from "../../components/more-rows.tsx";
import { Section } from "../../components/page.tsx";
import { EmptyState, Skeleton } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { messageText, promptText } from "./message-text.ts";
import { type Pair, type usePairs, usePreferenceChanges } from "./use-preferences.ts";

const KIND_WORDS: Readonly<Record<Pair["kind"], string>> = {
  pairwise: "compared",
  ranking: "ranked",
  correction: "corrected",
  regeneration: "asked for again",
  thumbs: "judged one by one",
};
const CONFLICT_WORDS: Readonly<Record<NonNullable<Pair["conflict"]>, string>> = {
  contradiction: "elsewhere the other one is preferred",
  circle: "goes round in a circle with two more answers",
  divided: "people are divided",
};

type ListProps = {
  list: ReturnType<typeof usePairs>;
  total: number | undefined;
  conflicts: number | undefined;
};

/** The pairs: the answer that is preferred beside the one that is not. */
export function PairList({ list, total, conflicts }: ListProps) {
  const items = list.data?.pages.flatMap((page) => page.items);
  if (items?.length === 0)
    return (
      <EmptyState title="No pair matches" icon={<SearchX size={22} />}>
        Take the search or the queue away.
      </EmptyState>
    );
  return (
    <Section
      title="Pairs"
      description={
        total === undefined
          ? undefined
          : `${formatNumberOf(total, "pair")}, ${formatCount(conflicts ?? 0)} of them in conflict. Those stay out of training data unless they are let in.`
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
            label="Delete the pair"
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
          title={isTie ? "As good" : "Preferred"}
          variant={pair.chosenVariant}
          messages={pair.chosen}
          isBetter={!isTie}
        />
        <Side title={isTie ? "As good" : "Not preferred"} variant={pair.rejectedVariant} messages={pair.rejected} />
      </div>
      <p className="num flex flex-wrap gap-x-3 text-xs text-muted">
        <span>{KIND_WORDS[kind]}</span>
        <span>
          {formatPercent(agreement)} of {formatNumberOf(all, "vote")}
        </span>
        <span>{formatNumberOf(annotators, "person", "people")}</span>
        {pair.margin !== null && <span>margin {pair.margin.toFixed(2)}</span>}
        {!consent && <span>not for training</span>}
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
