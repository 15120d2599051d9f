import { PAIR_OUTCOMES } from "@treadle/contract";
import { TextCell } from "../../components/cells.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { FilterSelect } from "../../components/filter-bar.tsx";
import { MoreRows } from "../../components/more-rows.tsx";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import type { VerdictSearch } from "./experiment-search.ts";
import { type Judging, type PairVerdict, useVerdicts } from "./use-judgings.ts";
import { VerdictView } from "./verdict-view.tsx";

type ListProps = { judging: Judging; search: VerdictSearch; change: (next: VerdictSearch) => void };

const OUTCOME_WORDS: Readonly<Record<(typeof PAIR_OUTCOMES)[number], string>> = {
  win: "Head won",
  tie: "Tied",
  loss: "Base won",
  inconsistent: "Changed with the order",
  failed: "Failed",
};
const keyOf = ({ base, head, itemId }: PairVerdict) => `${base} ${head} ${itemId}`;

/** Every verdict, narrowed to a pair and an outcome; each opens with both answers and the judge's own words. */
export function JudgingVerdicts({ judging, search, change }: ListProps) {
  const list = useVerdicts(judging, search);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const nameOf = (id: string) => judging.runs.find(({ runId }) => runId === id)?.name ?? id;
  const open = rows?.find((row) => keyOf(row) === search.open);
  return (
    <Section title="Verdicts" className="overflow-hidden" action={<Filters {...{ judging, search, change, nameOf }} />}>
      {list.error && !rows ? (
        <ErrorState error={list.error} retry={() => list.refetch()} title="The verdicts could not be loaded" />
      ) : rows?.length === 0 ? (
        <EmptyState title="No verdict is like that">Take a filter away.</EmptyState>
      ) : (
        <div className={list.isPlaceholderData ? "opacity-60" : ""}>
          <PlainTable
            label="Verdicts"
            columns={columnsFor(nameOf)}
            rows={rows}
            idOf={keyOf}
            onOpen={(row) => change({ open: keyOf(row) })}
          />
          <MoreRows list={list} />
        </div>
      )}
      {open && (
        <Dialog
          title={`Item ${open.itemId}`}
          width="full"
          description={`${nameOf(open.head)} against ${nameOf(open.base)}`}
          close={() => change({ open: undefined })}
        >
          <VerdictView verdict={open} nameOf={nameOf} />
        </Dialog>
      )}
    </Section>
  );
}

function Filters({ judging, search, change, nameOf }: ListProps & { nameOf: (id: string) => string }) {
  const pairs = judging.result?.pairs ?? [];
  return (
    <div className="flex flex-wrap items-center gap-2">
      {pairs.length > 1 && (
        <FilterSelect
          label="Pair of runs"
          all="Every pair"
          value={search.pair}
          options={pairs.map(({ base, head }) => ({
            value: `${base},${head}`,
            name: `${nameOf(head)} against ${nameOf(base)}`,
          }))}
          onChange={(pair) => change({ pair })}
        />
      )}
      <FilterSelect
        label="Outcome"
        all="Any outcome"
        value={search.outcome}
        options={PAIR_OUTCOMES.map((value) => ({ value, name: OUTCOME_WORDS[value] }))}
        onChange={(outcome) => change({ outcome })}
      />
    </div>
  );
}

const columnsFor = (nameOf: (id: string) => string): readonly PlainColumn<PairVerdict>[] => [
  {
    id: "item",
    header: "Item",
    className: "min-w-28",
    cell: ({ itemId }) => (
      <button type="button" className="text-left font-medium [overflow-wrap:anywhere] hover:underline">
        {itemId}
      </button>
    ),
  },
  { id: "winner", header: "Better", cell: (row) => <Winner row={row} nameOf={nameOf} /> },
  {
    id: "reason",
    header: "Why",
    className: "w-full min-w-40",
    cell: ({ reason }) => <span className="line-clamp-2 [overflow-wrap:anywhere]">{reason || "–"}</span>,
  },
  {
    id: "base",
    header: "Base's answer",
    isWide: true,
    className: "max-w-60",
    cell: ({ baseOutput }) => <Cut text={baseOutput} />,
  },
  {
    id: "head",
    header: "Head's answer",
    isWide: true,
    className: "max-w-60",
    cell: ({ headOutput }) => <Cut text={headOutput} />,
  },
];

const Cut = ({ text }: { text: string | null }) => (
  <span className="flex max-w-60">
    <TextCell text={text ?? ""} />
  </span>
);

function Winner({ row, nameOf }: { row: PairVerdict; nameOf: (id: string) => string }) {
  const { winner, state, isConsistent, isSame, isCached } = row;
  if (state !== "scored") return <span className={state === "failed" ? "text-bad" : "text-warn"}>{state}</span>;
  const note = isSame
    ? "the same"
    : isConsistent === false
      ? "changed with the order"
      : isCached
        ? "judged before"
        : "";
  return (
    <span className="flex flex-col whitespace-nowrap">
      {winner === "tie" ? <span className="text-muted">tie</span> : nameOf(winner === "head" ? row.head : row.base)}
      {note && <span className="text-xs text-muted">{note}</span>}
    </span>
  );
}
