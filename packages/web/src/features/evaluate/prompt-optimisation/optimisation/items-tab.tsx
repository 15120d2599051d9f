import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { EmptyState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../../components/table/row-keys.ts";
import { formatCount } from "../../../../components/text/format.ts";
import { differenceWords } from "../../experiments/index.ts";
import { formatValue } from "../../scorers/index.ts";
import type { Optimisation } from "../shared/use-optimisations.ts";

type Turned = NonNullable<Optimisation["test"]>["items"][number];
const SIDES = ["lost", "won"] as const;
const PAGE = 50;

/** Test items with a different score: the ones that the best prompt lost, and the ones that it won. */
export function ItemsTab({ optimisation }: { optimisation: Optimisation }) {
  const { test, output, status } = optimisation;
  const [chosen, setChosen] = useState<(typeof SIDES)[number]>();
  const [shown, setShown] = useState(PAGE);
  const box = useRowKeys("Items");
  if (!test)
    return (
      <EmptyState title="No test results yet">
        {status === "done"
          ? "No prompt was better than the first one, so there was no final test."
          : "At the end, the best prompt answers items that were not used before."}
      </EmptyState>
    );
  const sign = output.direction === "lower" ? -1 : 1;
  const isLost = ({ before, after }: Turned) => sign * (after - before) < 0;
  const lost = test.items.filter(isLost);
  const won = test.items.filter((one) => !isLost(one)).toReversed();
  const side = chosen ?? (lost.length > 0 ? "lost" : "won");
  const rows = side === "lost" ? lost : won;
  const same = test.comparison.items - test.items.length;
  const words = { lost: `Lost (${formatCount(lost.length)})`, won: `Won (${formatCount(won.length)})` };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Choice label="Items" names={SIDES} words={words} chosen={side} onChoose={setChosen} />
        <span className="num text-muted">{formatCount(same)} items unchanged</span>
      </div>
      {rows.length === 0 ? (
        <EmptyState title={side === "lost" ? "No items lost" : "No items won"}>
          The best prompt scores the same as the first one or {side === "lost" ? "better" : "worse"} on all test items.
        </EmptyState>
      ) : (
        <div ref={box} className="card overflow-hidden">
          <PlainTable
            label={side === "lost" ? "Lost items" : "Won items"}
            columns={columnsFor(optimisation)}
            rows={rows.slice(0, shown)}
            idOf={({ itemId }) => itemId}
          />
          {rows.length > shown && (
            <div className="border-line border-t px-4 py-2">
              <Button size="small" onClick={() => setShown(shown + PAGE)}>
                Load more
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

const columnsFor = ({ output, dataset }: Optimisation): readonly PlainColumn<Turned>[] => [
  {
    id: "item",
    header: "Item",
    className: "w-full",
    cell: ({ itemId }) => (
      <Link
        to="/datasets/$datasetId"
        params={{ datasetId: dataset.datasetId }}
        search={{ at: dataset.root, open: itemId }}
        data-row
        className="[overflow-wrap:anywhere] hover:underline"
      >
        {itemId}
      </Link>
    ),
  },
  { id: "before", header: "First prompt", isNumber: true, cell: ({ before }) => formatValue(before, output, true) },
  { id: "after", header: "Best prompt", isNumber: true, cell: ({ after }) => formatValue(after, output, true) },
  ...(output.type === "boolean" ? [] : [changeColumn(output)]),
];

const changeColumn = (output: Optimisation["output"]): PlainColumn<Turned> => ({
  id: "change",
  header: "Change",
  isNumber: true,
  isWide: true,
  cell: ({ before, after }) => differenceWords(after - before, output),
});
