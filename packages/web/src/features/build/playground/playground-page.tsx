import { FileText, Play, Plus, Share2 } from "lucide-react";
import { useMemo, useState } from "react";
import { printKeys, useKeys } from "../../../components/browser/keys.ts";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox } from "../../../components/form/field.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { useProject } from "../../system/session/index.ts";
import { ColumnCard } from "./columns/column-card.tsx";
import type { Opened } from "./columns/column-head.tsx";
import { MessageEditor } from "./columns/message-editor.tsx";
import { CodeDialog } from "./dialogs/code-dialog.tsx";
import { PromptDialog } from "./dialogs/prompt-dialog.tsx";
import { SavePrompt } from "./dialogs/save-prompt.tsx";
import { ShareDialog } from "./dialogs/share-dialog.tsx";
import { OverBar } from "./over-bar.tsx";
import { InputsPanel } from "./rows/inputs-panel.tsx";
import { RowTable } from "./rows/row-table.tsx";
import { type Playground, useAllRuns, usePlayground } from "./runs/use-playground.ts";
import { useCallableModels } from "./state/playground-data.ts";
import { newColumn } from "./state/playground-state.ts";

/** Models and prompts side by side, on one input or on the rows of a dataset. Every answer is a call like any other: recorded, priced, and linked to its trace. */
export function PlaygroundPage() {
  const models = useCallableModels();
  // Models that only embed cannot chat; their names say so.
  const names = useMemo(
    () => (models.data?.data ?? []).map(({ id }) => id).filter((id) => !/embed|^use-/.test(id)),
    [models.data],
  );
  const playground = usePlayground(names);
  const [opened, open] = useState<Opened>();
  const { state } = playground;
  const cards = models.data?.data ?? [];

  if (models.error && !models.data)
    return (
      <>
        <PageHeader title="Playground" />
        <ErrorState error={models.error} retry={() => models.refetch()} title="The models could not be listed" />
      </>
    );
  return (
    <div className="flex min-h-full flex-col md:h-full">
      <PageHeader
        title="Playground"
        description="Compare prompts and models side by side. Treadle records every answer as a trace."
        action={<PageActions playground={playground} firstModel={names[0] ?? ""} open={open} />}
      />
      <div className="flex min-h-0 grow flex-col gap-3 px-6 pb-6 max-md:px-4">
        <OverBar playground={playground} />
        <Above playground={playground} />
        {models.isPending ? (
          <div className="grid grow grid-cols-2 gap-4">
            <Skeleton className="min-h-80 rounded-card" />
            <Skeleton className="min-h-80 rounded-card" />
          </div>
        ) : state.rows ? (
          <RowTable playground={playground} models={cards} open={open} />
        ) : (
          <div className="grid min-h-80 grow auto-cols-[minmax(340px,1fr)] grid-flow-col gap-4 overflow-x-auto pb-1 max-md:auto-cols-[min(88vw,340px)] max-md:snap-x">
            {state.columns.map((column, index) => (
              <ColumnCard
                key={column.id}
                column={column}
                isFirst={index === 0}
                playground={playground}
                models={cards}
                open={open}
              />
            ))}
          </div>
        )}
      </div>
      {opened && <OpenedDialog opened={opened} playground={playground} close={() => open(undefined)} />}
    </div>
  );
}

/** The shared prompt and the inputs, above the columns. */
function Above({ playground }: { playground: Playground }) {
  const { state } = playground;
  const isUsed = state.columns.some(({ prompt }) => !prompt);
  return (
    <div className="flex flex-col gap-3 empty:hidden md:max-h-[45%] md:shrink-0 md:flex-row">
      {state.isShared && isUsed && (
        <section aria-label="Prompt" className="card min-w-0 p-3 md:grow md:basis-0 md:overflow-y-auto">
          <MessageEditor messages={state.messages} onChange={(messages) => playground.save({ ...state, messages })} />
        </section>
      )}
      <InputsPanel playground={playground} />
    </div>
  );
}

type ActionProps = { playground: Playground; firstModel: string; open: (opened: Opened) => void };

function PageActions({ playground, firstModel, open }: ActionProps) {
  const { state, runs } = playground;
  const { can } = useProject();
  const all = useAllRuns(runs);
  const isRunning = Object.values(all).some((run) => run.state === "running" || run.state === "waiting");
  const ready = state.columns.filter((column) => !playground.problemFor(column));
  const isEmpty = state.rows !== undefined && state.rows !== null && playground.plan.rows.length === 0;
  const runAll = () => playground.run(ready);
  useKeys("Playground", [
    { keys: "mod+enter", label: "Run all", run: runAll },
    { keys: "mod+.", label: "Stop all", run: runs.stopAll },
  ]);
  const rest = state.rows && !isRunning ? playground.rest() : [];
  const total = state.rows ? ready.length * playground.plan.rows.length : 0;
  return (
    <>
      <Checkbox
        label="One prompt for all"
        checked={state.isShared}
        onChange={(event) => playground.setShared(event.target.checked)}
        className="mr-2"
      />
      <Button onClick={() => playground.addColumns([state.columns.at(-1) ?? newColumn(firstModel)])}>
        <Plus aria-hidden size={14} /> Add column
      </Button>
      {can("prompts:read") && (
        <Button onClick={() => open({ kind: "prompt" })}>
          <FileText aria-hidden size={14} /> Add stored prompt
        </Button>
      )}
      <Button onClick={() => open({ kind: "share" })}>
        <Share2 aria-hidden size={14} /> Share
      </Button>
      {rest.length > 0 && rest.length < total && (
        <Button onClick={() => playground.start(rest)} title="Cells that have not run, failed or are outdated">
          Run remaining ({rest.length})
        </Button>
      )}
      {isRunning ? (
        <Button onClick={runs.stopAll}>Stop all</Button>
      ) : (
        <Button kind="primary" disabled={ready.length === 0 || isEmpty} onClick={runAll}>
          <Play aria-hidden size={14} /> Run all <kbd className="text-xs max-md:hidden">{printKeys("mod+enter")}</kbd>
        </Button>
      )}
    </>
  );
}

type OpenedProps = { opened: Opened; playground: Playground; close: () => void };

function OpenedDialog({ opened, playground, close }: OpenedProps) {
  if (opened.kind === "prompt") return <PromptDialog playground={playground} close={close} />;
  if (opened.kind === "share") return <ShareDialog state={playground.state} close={close} />;
  const { column } = opened;
  if (opened.kind === "save") return <SavePrompt playground={playground} column={column} close={close} />;
  return <CodeDialog request={playground.codeOf(column)} close={close} />;
}
