import {
  Code,
  Copy,
  Ellipsis,
  MessageSquareText,
  Play,
  Save,
  SlidersHorizontal,
  Square,
  Trash2,
  X,
} from "lucide-react";
import { useState } from "react";
import type { Answer } from "../../../../api.ts";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../../../components/overlay/menu.tsx";
import { Popover } from "../../../../components/overlay/popover.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { Playground } from "../runs/use-playground.ts";
import type { ChatColumn } from "../state/playground-state.ts";
import { MessageEditor } from "./message-editor.tsx";
import { ModelChoice } from "./model-choice.tsx";
import { ParameterForm } from "./parameter-form.tsx";
import { PromptLine } from "./prompt-line.tsx";

/** What is open over the page. */
export type Opened =
  | { readonly kind: "prompt" }
  | { readonly kind: "share" }
  | { readonly kind: "code" | "save"; readonly column: ChatColumn };

export type ColumnProps = {
  column: ChatColumn;
  playground: Playground;
  models: Answer<"GET /v1/models">["data"];
  open: (opened: Opened) => void;
};

/** The model of a column with its parameters, its stored prompt, and what can be done with it. */
export function ColumnHead({ column, playground, models, open, isRunning }: ColumnProps & { isRunning: boolean }) {
  const [isTuning, setIsTuning] = useState(false);
  const { state, changeColumn } = playground;
  const problem = playground.problemFor(column);
  const stored = playground.promptOf(column)?.version;
  const trigger = (
    <IconButton label="Parameters" className={isTuning ? "bg-raised text-text" : ""}>
      <SlidersHorizontal size={15} />
    </IconButton>
  );
  return (
    <>
      <div className="flex items-center gap-1 p-2">
        <ModelChoice
          model={column.model}
          models={models}
          own={column.prompt && (stored?.model ? `${stored.model} (from the prompt)` : "from the prompt")}
          onChange={(model) => changeColumn({ ...column, model })}
        />
        <Popover trigger={trigger} label="Parameters" isOpen={isTuning} setIsOpen={setIsTuning} align="end">
          <ParameterForm
            column={column}
            canned={state.canned ?? {}}
            onChange={changeColumn}
            onCanned={(canned) => playground.save({ ...state, canned })}
          />
        </Popover>
        {state.rows && !state.isShared && !column.prompt && <OwnMessages column={column} playground={playground} />}
        <ColumnMenu column={column} playground={playground} open={open} isReady={!problem} />
        {isRunning ? (
          <Button size="small" onClick={() => playground.stopColumn(column)}>
            <Square aria-hidden size={11} className="fill-current" /> Stop
          </Button>
        ) : (
          <Button
            size="small"
            disabled={problem !== undefined}
            title={problem}
            onClick={() => playground.run([column])}
          >
            <Play aria-hidden size={12} /> Run
          </Button>
        )}
      </div>
      {column.prompt && (
        <PromptLine prompt={column.prompt} onChange={(prompt) => changeColumn({ ...column, prompt })} />
      )}
      {problem && column.prompt && <p className="px-3 pb-2 text-xs font-normal text-bad">{problem}</p>}
    </>
  );
}

/** The messages of one column where the table leaves no room for them. */
function OwnMessages({ column, playground }: Pick<ColumnProps, "column" | "playground">) {
  const [isOpen, setIsOpen] = useState(false);
  const trigger = (
    <IconButton label="Column messages">
      <MessageSquareText size={15} />
    </IconButton>
  );
  return (
    <Popover trigger={trigger} label="Messages" isOpen={isOpen} setIsOpen={setIsOpen} align="end">
      <div className="w-140 max-w-full p-4 font-normal">
        <MessageEditor
          messages={column.messages}
          onChange={(messages) => playground.changeColumn({ ...column, messages })}
        />
      </div>
    </Popover>
  );
}

type MenuProps = Pick<ColumnProps, "column" | "playground" | "open"> & { isReady: boolean };

function ColumnMenu({ column, playground, open, isReady }: MenuProps) {
  const { can } = useProject();
  const trigger = (
    <IconButton label="Column actions">
      <Ellipsis size={16} />
    </IconButton>
  );
  const { prompt: _, ...free } = column;
  return (
    <Menu trigger={trigger} align="end">
      <MenuItem icon={<Copy size={14} />} onSelect={() => playground.addColumns([column])}>
        Duplicate
      </MenuItem>
      <MenuItem icon={<Code size={14} />} isDisabled={!isReady} onSelect={() => open({ kind: "code", column })}>
        Show as code
      </MenuItem>
      {can("prompts:write") && (
        <MenuItem icon={<Save size={14} />} isDisabled={!isReady} onSelect={() => open({ kind: "save", column })}>
          Save as prompt version…
        </MenuItem>
      )}
      {column.prompt && (
        <MenuItem icon={<X size={14} />} onSelect={() => playground.changeColumn(free)}>
          Use the column messages instead
        </MenuItem>
      )}
      <MenuLine />
      <MenuItem
        icon={<Trash2 size={14} />}
        isDanger
        isDisabled={playground.state.columns.length === 1}
        onSelect={() => playground.removeColumn(column)}
      >
        Remove column
      </MenuItem>
    </Menu>
  );
}
