import { Braces, Plus, Redo2, Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import { explain } from "../../../../api.ts";
import { printKeys, useKeys } from "../../../../components/browser/keys.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { TextInput } from "../../../../components/form/field.tsx";
import { TimeRangePicker } from "../../../../components/time/time-range-picker.tsx";
import type { Dashboard } from "../shared/use-dashboards.ts";
import type { BoardSearch } from "./board-search.ts";
import { JsonDialog } from "./json-dialog.tsx";
import type { DraftState } from "./use-draft.ts";

type HeaderProps = {
  dashboard: Dashboard;
  state: DraftState;
  search: BoardSearch;
  change: (next: BoardSearch, isNewPlace?: boolean) => void;
  onAdd: () => void;
};

/** The name of the dashboard to be changed, and what leads out of the editing. */
export function EditHeader({ dashboard, state, search, change, onAdd }: HeaderProps) {
  const { draft, isChanged, isOutdated, save } = state;
  const leave = () => change({ edit: undefined, chart: undefined }, true);
  const submit = () => {
    if (!isChanged || isOutdated || save.isPending) return;
    save.mutate(draft, {
      onSuccess: () => {
        toastDone(`Saved “${draft.name}”`);
        leave();
      },
    });
  };
  useKeys("Dashboard", [{ keys: "mod+s", label: "Save dashboard", run: submit }]);
  useEffect(() => {
    document.title = `Editing ${draft.name} · Treadle`;
  }, [draft.name]);
  return (
    <header className="sticky top-0 z-20 mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-line border-b bg-bg px-6 py-3 max-md:static max-md:px-4">
      <h1 className="sr-only">Editing {dashboard.name}</h1>
      <div className="flex min-w-60 grow flex-wrap gap-2 max-md:basis-full">
        <TextInput
          aria-label="Name"
          value={draft.name}
          required
          maxLength={120}
          aria-invalid={draft.name.trim() === "" ? true : undefined}
          onChange={({ target }) => state.change({ name: target.value }, "name")}
          className="max-w-70 font-semibold max-md:max-w-none"
        />
        <TextInput
          aria-label="Description"
          placeholder="Description"
          value={draft.description}
          maxLength={2000}
          onChange={({ target }) => state.change({ description: target.value }, "description")}
          className="max-w-120 shrink grow basis-60 max-md:max-w-none"
        />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Steps state={state} isDialogOpen={search.chart !== undefined} />
        <TimeRangePicker
          value={{ range: search.range, from: search.from, to: search.to }}
          onChange={(next) => change(next)}
        />
        <Button onClick={onAdd}>
          <Plus aria-hidden size={14} /> Add chart
        </Button>
        {isChanged ? (
          <>
            <Button
              onClick={async () => {
                await state.discard();
                leave();
              }}
            >
              Discard
            </Button>
            <Button
              kind="primary"
              onClick={submit}
              isBusy={save.isPending}
              disabled={isOutdated || draft.name.trim() === ""}
            >
              Save
            </Button>
          </>
        ) : (
          <Button kind="primary" onClick={leave}>
            Done
          </Button>
        )}
      </div>
      {draft.name.trim() === "" && (
        <p role="alert" className="basis-full text-bad">
          Enter a name for the dashboard.
        </p>
      )}
      {save.error && !isOutdated && (
        <p role="alert" className="basis-full text-bad">
          {explain(save.error)}
        </p>
      )}
    </header>
  );
}

/** Undo and redo of unsaved changes, and the draft as JSON. */
function Steps({ state, isDialogOpen }: { state: DraftState; isDialogOpen: boolean }) {
  const [isJson, setIsJson] = useState(false);
  const isFree = !isDialogOpen && !isJson;
  useKeys("Dashboard", [
    { keys: "mod+z", label: "Undo", run: () => isFree && state.undo() },
    { keys: "mod+shift+z", label: "Redo", run: () => isFree && state.redo() },
  ]);
  return (
    <div className="flex items-center">
      <IconButton label={`Undo (${printKeys("mod+z")})`} disabled={!state.canUndo} onClick={state.undo}>
        <Undo2 size={16} />
      </IconButton>
      <IconButton label={`Redo (${printKeys("mod+shift+z")})`} disabled={!state.canRedo} onClick={state.redo}>
        <Redo2 size={16} />
      </IconButton>
      <IconButton label="Edit as JSON" onClick={() => setIsJson(true)}>
        <Braces size={16} />
      </IconButton>
      {isJson && (
        <JsonDialog draft={state.draft} onApply={(next) => state.change(next)} close={() => setIsJson(false)} />
      )}
    </div>
  );
}
