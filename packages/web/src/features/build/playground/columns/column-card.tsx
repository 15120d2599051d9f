import { AnswerView } from "../answers/answer-view.tsx";
import { useRun } from "../runs/use-playground.ts";
import { columnName } from "../state/playground-state.ts";
import { ColumnHead, type ColumnProps } from "./column-head.tsx";
import { MessageEditor } from "./message-editor.tsx";

/** One column with its prompt when the columns do not share one, and its answer. */
export function ColumnCard({ isFirst, ...props }: ColumnProps & { isFirst: boolean }) {
  const { column, playground } = props;
  const { state, runs, changeColumn } = playground;
  const [first] = state.columns;
  const run = useRun(runs, playground.keyOf(column));
  const base = useRun(runs, first ? playground.keyOf(first) : "");
  return (
    <section aria-label={columnName(column)} className="card flex min-h-0 min-w-0 snap-start flex-col">
      <header className="border-line border-b">
        <ColumnHead {...props} isRunning={run?.state === "running" || run?.state === "waiting"} />
      </header>
      {!state.isShared && !column.prompt && (
        <div className="max-h-1/2 overflow-y-auto border-line border-b p-3">
          <MessageEditor messages={column.messages} onChange={(messages) => changeColumn({ ...column, messages })} />
        </div>
      )}
      <AnswerView
        run={run}
        model={column.model}
        base={state.isDiff && !isFirst ? base?.text : undefined}
        isOld={run?.askedOf !== undefined && run.askedOf !== playground.askOf(column).askedOf}
        ask={playground.askOf(column)}
      />
    </section>
  );
}
