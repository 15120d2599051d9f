import { Play, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Checkbox } from "../../components/field.tsx";
import { printKeys, useKeys } from "../../components/keys.ts";
import { PageHeader } from "../../components/page.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { CodeDialog } from "./code-dialog.tsx";
import { ColumnCard } from "./column-card.tsx";
import { MessageEditor } from "./message-editor.tsx";
import { type ChatColumn, messagesFor, newColumn, problemOf, requestOf } from "./playground-state.ts";
import { useCallableModels, usePlayground } from "./use-playground.ts";

/** Models side by side on the same prompt. Every answer is a call like any other: recorded, priced, and linked to its trace. */
export function PlaygroundPage() {
  const models = useCallableModels();
  // Models that only embed cannot chat; their names say so.
  const names = useMemo(
    () => (models.data?.data ?? []).map(({ id }) => id).filter((id) => !/embed|^use-/.test(id)),
    [models.data],
  );
  const playground = usePlayground(names);
  const [shownCode, setShownCode] = useState<ChatColumn>();
  const { state, runs } = playground;
  const ready = state.columns.filter((column) => !problemOf(column, messagesFor(state, column)));
  const isRunning = state.columns.some(({ id }) => runs[id]?.state === "running");
  const runAll = () => playground.run(ready.map(({ id }) => id));
  const stopAll = () => state.columns.map(({ id }) => playground.stop(id));
  useKeys("Playground", [
    { keys: "mod+enter", label: "Run all columns", run: runAll },
    { keys: "mod+.", label: "Stop all columns", run: stopAll },
  ]);

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
        description="The same prompt on several models. Every answer is recorded as a trace."
        action={
          <>
            <Checkbox
              label="One prompt for all"
              checked={state.isShared}
              onChange={(event) => playground.setShared(event.target.checked)}
              className="mr-2"
            />
            <Button onClick={() => playground.addColumn(state.columns.at(-1) ?? newColumn(names[0] ?? ""))}>
              <Plus aria-hidden size={14} /> Column
            </Button>
            {isRunning ? (
              <Button onClick={stopAll}>Stop all</Button>
            ) : (
              <Button kind="primary" disabled={ready.length === 0} onClick={runAll}>
                <Play aria-hidden size={14} /> Run all{" "}
                <kbd className="text-xs max-md:hidden">{printKeys("mod+enter")}</kbd>
              </Button>
            )}
          </>
        }
      />
      <div className="flex min-h-0 grow flex-col gap-4 px-6 pb-6 max-md:px-4">
        {state.isShared && (
          <section aria-label="Prompt" className="card p-3 md:max-h-[45%] md:shrink-0 md:overflow-y-auto">
            <MessageEditor messages={state.messages} onChange={(messages) => playground.save({ ...state, messages })} />
          </section>
        )}
        <div className="grid min-h-80 grow auto-cols-[minmax(340px,1fr)] grid-flow-col gap-4 overflow-x-auto pb-1 max-md:auto-cols-[min(88vw,340px)] max-md:snap-x">
          {models.isPending
            ? [0, 1].map((column) => <Skeleton key={column} className="min-h-80 rounded-card" />)
            : state.columns.map((column) => (
                <ColumnCard
                  key={column.id}
                  column={column}
                  playground={playground}
                  models={models.data.data}
                  run={runs[column.id]}
                  onShowCode={() => setShownCode(column)}
                />
              ))}
        </div>
      </div>
      {shownCode && (
        <CodeDialog
          request={requestOf(shownCode, messagesFor(state, shownCode))}
          close={() => setShownCode(undefined)}
        />
      )}
    </div>
  );
}
