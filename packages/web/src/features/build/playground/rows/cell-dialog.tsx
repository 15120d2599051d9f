import { ChevronDown, ChevronUp } from "lucide-react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { JsonView } from "../../../../components/content/json-tree.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { AnswerView } from "../answers/answer-view.tsx";
import { type Playground, useRun } from "../runs/use-playground.ts";
import { type ChatColumn, columnName } from "../state/playground-state.ts";
import type { Row } from "../state/row-inputs.ts";

type DialogProps = {
  row: Row;
  column: ChatColumn;
  playground: Playground;
  show: (cell: { row: Row; column: ChatColumn }) => void;
  close: () => void;
};

/** One cell in full: the input, the expected answer, and the answer. */
export function CellDialog({ row, column, playground, show, close }: DialogProps) {
  const { state, runs, rowsAnswer } = playground;
  const ask = playground.askOf(column, row);
  const [first] = state.columns;
  const run = useRun(runs, ask.key);
  const base = useRun(runs, first ? playground.keyOf(first, row) : "");
  const place = rowsAnswer.rows.indexOf(row);
  const move = (by: number) => {
    const next = rowsAnswer.rows[place + by];
    if (next) show({ row: next, column });
  };
  useKeys("Open cell", [
    { keys: "mod+arrowdown", label: "Next row", run: () => move(1) },
    { keys: "mod+arrowup", label: "Previous row", run: () => move(-1) },
  ]);
  return (
    <Dialog title={`Row ${formatCount(row.position + 1)}`} description={columnName(column)} close={close} width="full">
      <div className="mb-3 flex gap-1">
        <IconButton label="Previous row" disabled={place <= 0} onClick={() => move(-1)}>
          <ChevronUp size={16} />
        </IconButton>
        <IconButton label="Next row" disabled={place >= rowsAnswer.rows.length - 1} onClick={() => move(1)}>
          <ChevronDown size={16} />
        </IconButton>
      </div>
      <div className="grid gap-4 md:grid-cols-2">
        <section aria-label="Row" className="flex min-w-0 flex-col gap-3">
          <Part title="Inputs" value={row.inputs} />
          {row.expected !== null && <Part title="Expected" value={row.expected} />}
        </section>
        <section aria-label="Answer" className="card flex min-w-0 flex-col self-start">
          <AnswerView
            run={run}
            model={column.model}
            base={state.isDiff && first?.id !== column.id ? base?.text : undefined}
            isOld={run?.askedOf !== undefined && run.askedOf !== ask.askedOf}
            ask={ask}
          />
        </section>
      </div>
    </Dialog>
  );
}

function Part({ title, value }: { title: string; value: unknown }) {
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-xs text-muted">{title}</h3>
      {typeof value === "string" ? (
        <p className="break-words whitespace-pre-wrap">{value}</p>
      ) : (
        <JsonView value={value} label={title} />
      )}
    </div>
  );
}
