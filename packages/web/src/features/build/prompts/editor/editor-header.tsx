import { type ReactNode, useEffect } from "react";
import { printKeys, useKeys } from "../../../../components/browser/keys.ts";
import { Button } from "../../../../components/form/button.tsx";
import type { DraftState } from "./use-draft.ts";

type HeaderProps = {
  title: string;
  note: ReactNode;
  state: DraftState;
  isReady: boolean;
  onSave: () => void;
  onDiscard: () => void;
};

/** Stays above the editor: what is written, and the ways out of it. */
export function EditorHeader({ title, note, state, isReady, onSave, onDiscard }: HeaderProps) {
  const problem = Object.values(state.problems)[0];
  useKeys("Prompt", [{ keys: "mod+s", label: "Save", run: () => isReady && !problem && onSave() }]);
  useEffect(() => {
    document.title = `${title} · Treadle`;
  }, [title]);
  return (
    <header className="sticky top-0 z-20 mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b bg-bg px-6 py-3 max-md:px-4">
      <div className="min-w-0 grow basis-60">
        <h1 className="truncate text-lg font-semibold" title={title}>
          {title}
        </h1>
        <p className="truncate text-muted">{note}</p>
      </div>
      <div className="flex items-center gap-2">
        <Button onClick={onDiscard}>{state.isChanged ? "Discard" : "Close"}</Button>
        <Button
          kind="primary"
          disabled={!isReady || problem !== undefined}
          title={problem ?? printKeys("mod+s")}
          onClick={onSave}
        >
          Save…
        </Button>
      </div>
    </header>
  );
}
