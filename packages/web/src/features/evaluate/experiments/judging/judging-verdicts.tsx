import { PAIR_OUTCOMES } from "@treadle/contract";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { TextCell } from "../../../../components/table/cells.tsx";
import { FilterSelect } from "../../../../components/table/filter-bar.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import type { VerdictSearch } from "../shared/experiment-search.ts";
import { type Judging, type PairVerdict, useVerdicts } from "./use-judgings.ts";
import { VerdictView } from "./verdict-view.tsx";

type ListProps = { judging: Judging; search: VerdictSearch; change: (next: VerdictSearch) => void };

const OUTCOME_WORDS: Readonly<Record<(typeof PAIR_OUTCOMES)[number], string>> = {
  win: "Run won",
  tie: "Tied",
  loss: "Base won",
  inconsistent: "Changed with the order",
  failed: "Failed",
};
const keyOf = ({ base, head, itemId }: PairVerdict) => `${base} ${head} ${itemId}`;

/** All verdicts, filtered by pair and outcome. Each opens with both answers and the judge's responses. */
export function JudgingVerdicts({ judging, search, change }: ListProps) {
  const list = useVerdicts(judging, search);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const nameOf = (id: string) => judging.runs.find(({ runId }) => runId === id)?.name ?? id;
  const open = rows?.find((row) => keyOf(row) === search.open);
  return (
    <Section
      title="Verdicts"
      className="overflow-hidden"
      action={<Filters judging={judging} search={search} change={change} nameOf={nameOf} />}
    >
      {list.error && !rows ? (
        <ErrorState error={list.error} retry={() => list.refetch()} title="The verdicts could not be loaded" />
      ) : rows?.length === 0 ? (
        <EmptyState title="No matching verdicts">Remove a filter.</EmptyState>
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
          description={`${nameOf(open.head)} compared with ${nameOf(open.base)}`}
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
          all="All pairs"
          value={search.pair}
          options={pairs.map(({ base, head }) => ({
            value: `${base},${head}`,
            name: `${nameOf(head)} compared with ${nameOf(base)}`,
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
  { id: "winner", header: "Better answer", cell: (row) => <Winner row={row} nameOf={nameOf} /> },
  {
    id: "reason",
    header: "Reason",
    className: "w-full min-w-40",
    cell: ({ reason }) => <span className="line-clamp-2 [overflow-wrap:anywhere]">{reason || "–"}</span>,
  },
  {
    id: "base",
    header: "Base answer",
    isWide: true,
    className: "max-w-60",
    cell: ({ baseOutput }) => <Cut text={baseOutput} />,
  },
  {
    id: "head",
    header: "Run answer",
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
    ? "equal answers"
    : isConsistent === false
      ? "changed with the order"
      : isCached
        ? "from an earlier comparison"
        : "";
  return (
    <span className="flex flex-col whitespace-nowrap">
      {winner === "tie" ? <span className="text-muted">tie</span> : nameOf(winner === "head" ? row.head : row.base)}
      {note && <span className="text-xs text-muted">{note}</span>}
    </span>
  );
}
