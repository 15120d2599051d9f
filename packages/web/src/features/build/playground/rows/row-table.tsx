import { Database } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { ProgressBar } from "../../../../components/feedback/progress-bar.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { buttonLook } from "../../../../components/form/button.tsx";
import { ScrollBox } from "../../../../components/layout/scroll-box.tsx";
import { formatCount, formatDuration, formatMoney, formatNumberOf } from "../../../../components/text/format.ts";
import { expectedText, inputText } from "../../../data/to-dataset/index.ts";
import { RowCell } from "../answers/row-cell.tsx";
import { ColumnHead, type ColumnProps } from "../columns/column-head.tsx";
import { totalsOf } from "../runs/column-totals.ts";
import { type Playground, useAllRuns } from "../runs/use-playground.ts";
import { type ChatColumn, columnName } from "../state/playground-state.ts";
import type { Row } from "../state/row-inputs.ts";
import { CellDialog } from "./cell-dialog.tsx";

type TableProps = Pick<ColumnProps, "playground" | "models" | "open">;

/** The rows of a dataset down, the columns across, an answer in each cell. */
export function RowTable({ playground, models, open }: TableProps) {
  const { state, rowsAnswer } = playground;
  const [shown, show] = useState<{ row: Row; column: ChatColumn }>();
  const { rows, error, isPending, refetch } = rowsAnswer;
  if (error) return <ErrorState error={error} retry={() => refetch()} title="The rows could not be loaded" />;
  if (isPending) return <Skeleton className="min-h-80 grow rounded-card" />;
  if (rows.length === 0)
    return (
      <EmptyState
        title="This version has no rows"
        icon={<Database size={22} />}
        action={
          <a href={`/datasets/${state.rows?.datasetId ?? ""}`} className={buttonLook()}>
            Open the dataset
          </a>
        }
      >
        Choose another version or dataset, or add items to this one.
      </EmptyState>
    );
  return (
    <>
      <Progress playground={playground} />
      <ScrollBox label="Answers by row" className="card min-h-80 grow">
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are moved through with the arrow keys is a grid.
          role="grid"
          aria-label="Answers"
          onKeyDown={moveFocus}
          className="w-full border-separate border-spacing-0"
        >
          <thead className="sticky top-0 z-2 bg-panel">
            <tr>
              <th
                scope="col"
                className="sticky left-0 z-1 min-w-60 border-line border-r border-b bg-panel p-3 text-left align-top max-md:static max-md:min-w-44"
              >
                Row
              </th>
              {state.columns.map((column) => (
                <ColumnTop key={column.id} column={column} playground={playground} models={models} open={open} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={row.itemId}>
                <RowName row={row} />
                {state.columns.map((column, place) => (
                  <RowCell
                    key={column.id}
                    row={row}
                    column={column}
                    playground={playground}
                    isFirst={place === 0}
                    isStart={index === 0 && place === 0}
                    open={() => show({ row, column })}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {shown && <CellDialog {...shown} playground={playground} show={show} close={() => show(undefined)} />}
    </>
  );
}

/** The arrow keys move between cells, as in a spreadsheet. */
function moveFocus(event: KeyboardEvent<HTMLTableElement>) {
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowDown: [1, 0],
    ArrowUp: [-1, 0],
    ArrowRight: [0, 1],
    ArrowLeft: [0, -1],
  };
  const step = steps[event.key];
  const { target } = event;
  if (!step || !(target instanceof HTMLTableCellElement)) return;
  const row = target.parentElement;
  if (!(row instanceof HTMLTableRowElement)) return;
  const body = row.parentElement;
  const next = body?.children[row.sectionRowIndex + step[0]];
  const cell = next instanceof HTMLTableRowElement ? next.cells[target.cellIndex + step[1]] : undefined;
  if (cell?.tagName !== "TD") return;
  event.preventDefault();
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function RowName({ row }: { row: Row }) {
  const expected = expectedText(row.expected);
  return (
    <th
      scope="row"
      className="sticky left-0 z-1 max-w-80 min-w-60 border-line border-r border-b bg-panel p-3 text-left align-top font-normal max-md:static max-md:min-w-44"
    >
      <div className="num text-xs text-muted">{formatCount(row.position + 1)}</div>
      <div dir="auto" className="line-clamp-5 text-left [overflow-wrap:anywhere]" title={inputText(row.inputs)}>
        {inputText(row.inputs)}
      </div>
      {expected !== "" && (
        <div className="mt-1 line-clamp-3 text-xs text-muted [overflow-wrap:anywhere]" title={expected}>
          expected: {expected}
        </div>
      )}
    </th>
  );
}

/** The controls of a column over what its answers come to. */
function ColumnTop(props: ColumnProps) {
  const { column, playground } = props;
  const all = useAllRuns(playground.runs);
  const runs = playground.rowsAnswer.rows.map((row) => all[playground.keyOf(column, row)]);
  const totals = totalsOf(runs);
  const isRunning = runs.some((run) => run?.state === "running" || run?.state === "waiting");
  const notes = [
    totals.done > 0 && `${formatCount(totals.inputTokens)} → ${formatCount(totals.outputTokens)} tokens`,
    totals.costUsd !== null &&
      `${formatMoney(totals.costUsd)}${totals.unpriced > 0 ? `, ${totals.unpriced} without a price` : ""}`,
    totals.medianMs !== null && `median ${formatDuration(totals.medianMs)}`,
    totals.checked > 0 && `${totals.checked - totals.invalid} of ${totals.checked} valid`,
    totals.failed > 0 && `${totals.failed} failed`,
  ].filter((note) => note !== false);
  return (
    <th
      scope="col"
      aria-label={columnName(column)}
      className="min-w-80 border-line border-r border-b text-left align-top last:border-r-0 max-md:min-w-70"
    >
      <ColumnHead {...props} isRunning={isRunning} />
      <p className="num px-3 pb-2 text-xs font-normal text-muted">
        {totals.done} of {runs.length} done{notes.map((note) => ` · ${note}`)}
      </p>
    </th>
  );
}

/** Progress of a run over all rows. */
function Progress({ playground }: { playground: Playground }) {
  const all = useAllRuns(playground.runs);
  const { state, rowsAnswer } = playground;
  const runs = rowsAnswer.rows.flatMap((row) => state.columns.map((column) => all[playground.keyOf(column, row)]));
  const open = runs.filter((run) => run?.state === "running" || run?.state === "waiting").length;
  if (open === 0) return null;
  const ended = runs.filter((run) => run && run.state !== "running" && run.state !== "waiting").length;
  return (
    <div className="flex items-center gap-3 text-xs text-muted">
      <ProgressBar label="Finished cells" value={ended / (ended + open)} className="grow" />
      <span className="num" role="status">
        {ended} of {formatNumberOf(ended + open, "cell")}
      </span>
    </div>
  );
}
