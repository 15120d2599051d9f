import { Code, Copy, Ellipsis, Play, SlidersHorizontal, Square, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Answer } from "../../api.ts";
import { Button, IconButton } from "../../components/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../components/menu.tsx";
import { Popover } from "../../components/popover.tsx";
import { AnswerView } from "./answer-view.tsx";
import { MessageEditor } from "./message-editor.tsx";
import { ModelChoice } from "./model-choice.tsx";
import { ParameterForm } from "./parameter-form.tsx";
import { type ChatColumn, messagesFor, problemOf } from "./playground-state.ts";
import type { Run } from "./run-chat.ts";
import type { Playground } from "./use-playground.ts";

type ColumnProps = {
  column: ChatColumn;
  playground: Playground;
  models: Answer<"GET /v1/models">["data"];
  run: Run | undefined;
  onShowCode: () => void;
};

/** One model with its parameters, its prompt when the columns do not share one, and its answer. */
export function ColumnCard({ column, playground, models, run, onShowCode }: ColumnProps) {
  const [isTuning, setIsTuning] = useState(false);
  const { state, changeColumn } = playground;
  const problem = problemOf(column, messagesFor(state, column));
  const isRunning = run?.state === "running";
  const trigger = (
    <IconButton label="Parameters" className={isTuning ? "bg-raised text-text" : ""}>
      <SlidersHorizontal size={15} />
    </IconButton>
  );
  return (
    <section
      aria-label={column.model || "Column without a model"}
      className="card flex min-h-0 min-w-0 snap-start flex-col"
    >
      <header className="flex items-center gap-1 border-line border-b p-2">
        <ModelChoice model={column.model} models={models} onChange={(model) => changeColumn({ ...column, model })} />
        <Popover trigger={trigger} label="Parameters" isOpen={isTuning} setIsOpen={setIsTuning} align="end">
          <ParameterForm
            parameters={column.parameters}
            extra={column.extra}
            onChange={(parameters) => changeColumn({ ...column, parameters })}
          />
        </Popover>
        <ColumnMenu column={column} playground={playground} onShowCode={problem ? undefined : onShowCode} />
        {isRunning ? (
          <Button size="small" onClick={() => playground.stop(column.id)}>
            <Square aria-hidden size={11} className="fill-current" /> Stop
          </Button>
        ) : (
          <Button
            size="small"
            disabled={problem !== undefined}
            title={problem}
            onClick={() => playground.run([column.id])}
          >
            <Play aria-hidden size={12} /> Run
          </Button>
        )}
      </header>
      {!state.isShared && (
        <div className="max-h-1/2 overflow-y-auto border-line border-b p-3">
          <MessageEditor messages={column.messages} onChange={(messages) => changeColumn({ ...column, messages })} />
        </div>
      )}
      <AnswerView run={run} model={column.model} />
    </section>
  );
}

function ColumnMenu({
  column,
  playground,
  onShowCode,
}: {
  column: ChatColumn;
  playground: Playground;
  onShowCode: (() => void) | undefined;
}) {
  const trigger = (
    <IconButton label="More for this column">
      <Ellipsis size={16} />
    </IconButton>
  );
  return (
    <Menu trigger={trigger} align="end">
      <MenuItem icon={<Copy size={14} />} onSelect={() => playground.addColumn(column)}>
        Duplicate
      </MenuItem>
      <MenuItem icon={<Code size={14} />} isDisabled={!onShowCode} onSelect={() => onShowCode?.()}>
        Show as code
      </MenuItem>
      <MenuLine />
      <MenuItem
        icon={<Trash2 size={14} />}
        isDanger
        isDisabled={playground.state.columns.length === 1}
        onSelect={() => playground.removeColumn(column.id)}
      >
        Remove the column
      </MenuItem>
    </Menu>
  );
}
