import { Play, RotateCcw, Square } from "lucide-react";
import { IconButton } from "../../../../components/form/button.tsx";
import { formatCount, formatDuration, formatMoney } from "../../../../components/text/format.ts";
import type { Run } from "../runs/run-chat.ts";
import { type Playground, useRun } from "../runs/use-playground.ts";
import type { ChatColumn } from "../state/playground-state.ts";
import type { Row } from "../state/row-inputs.ts";
import { AnswerText } from "./answer-text.tsx";

type CellProps = {
  row: Row;
  column: ChatColumn;
  playground: Playground;
  isFirst: boolean;
  /** Whether the tab key comes here. */
  isStart: boolean;
  open: () => void;
};

/** The answer of one column to one row. Enter opens it, `r` runs it again, the arrow keys move on. */
export function RowCell({ row, column, playground, isFirst, isStart, open }: CellProps) {
  const { state, runs } = playground;
  const [first] = state.columns;
  const ask = playground.askOf(column, row);
  const run = useRun(runs, ask.key);
  const base = useRun(runs, first ? playground.keyOf(first, row) : "");
  const problem = playground.problemFor(column);
  const isOpen = run?.state === "running" || run?.state === "waiting";
  const again = () => !problem && playground.start([ask]);
  return (
    <td
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the cell of a grid takes the focus and keys.
      role="gridcell"
      tabIndex={isStart ? 0 : -1}
      aria-busy={isOpen}
      onClick={(event) => event.target instanceof Element && !event.target.closest("button,summary,a") && open()}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === "Enter") {
          // Or the same key would press the button that gets the focus.
          event.preventDefault();
          open();
        }
        if (event.key === "r" && !event.metaKey && !event.ctrlKey) again();
      }}
      className="group/cell relative cursor-pointer border-line border-r border-b p-3 align-top last:border-r-0 hover:bg-raised/50 focus-visible:-outline-offset-2"
    >
      <div className="max-h-44 min-h-5 overflow-hidden [mask-image:linear-gradient(to_bottom,black_140px,transparent_176px)]">
        {run ? (
          <AnswerText run={run} base={state.isDiff && !isFirst ? base?.text : undefined} />
        ) : (
          <span className="text-muted">not run</span>
        )}
      </div>
      {run && <CellNumbers run={run} isOld={run.askedOf !== undefined && run.askedOf !== ask.askedOf} />}
      <span className="absolute top-1 right-1 rounded-control bg-panel group-focus-within/cell:opacity-100 group-hover/cell:opacity-100 md:opacity-0">
        {isOpen ? (
          <IconButton size="small" label="Stop this cell" onClick={() => runs.stop(ask.key)}>
            <Square size={11} className="fill-current" />
          </IconButton>
        ) : (
          <IconButton
            size="small"
            label={run ? "Run this cell again" : "Run this cell"}
            disabled={problem !== undefined}
            onClick={again}
          >
            {run ? <RotateCcw size={13} /> : <Play size={13} />}
          </IconButton>
        )}
      </span>
    </td>
  );
}

function CellNumbers({ run, isOld }: { run: Run; isOld: boolean }) {
  if (run.state === "running" || run.state === "waiting") return null;
  const numbers = [
    run.durationMs !== undefined && formatDuration(run.durationMs),
    run.inputTokens !== undefined && `${formatCount(run.inputTokens)} → ${formatCount(run.outputTokens ?? 0)}`,
    typeof run.costUsd === "number" && formatMoney(run.costUsd),
    run.finish === "length" && "cut off at max tokens",
    isOld && "outdated",
  ].filter((number) => number !== false);
  return (
    <p className="num mt-1.5 flex flex-wrap gap-x-2 text-xs text-muted">
      {run.problems && <Validity problems={run.problems} />}
      {numbers.join(" · ")}
    </p>
  );
}

/** Whether an answer matches the requested JSON. */
export function Validity({ problems }: { problems: readonly string[] }) {
  return problems.length === 0 ? (
    <span className="text-good">✓ valid JSON</span>
  ) : (
    <span className="text-bad" title={problems.join("\n")}>
      ✗ {problems[0]}
      {problems.length > 1 && `, and ${problems.length - 1} more`}
    </span>
  );
}
