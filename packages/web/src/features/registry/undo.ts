import { useEffect } from "react";
import { explain } from "../../api.ts";
import { useKeys } from "../../components/keys.ts";
import { toastDone, toastFailed } from "../../components/toast.tsx";

let last: (() => void) | undefined;

/** Says what was done. The notice takes it back, and so does ⌘Z while the page is open. */
export function tellUndoable(words: string, takeBack: () => Promise<unknown>): void {
  const run = () => {
    if (last === run) last = undefined;
    takeBack().catch((error: unknown) => toastFailed("It was not taken back", explain(error)));
  };
  last = run;
  toastDone(words, { label: "Undo", run });
}

/** Lets ⌘Z take back the last change of the page that is open. */
export function useUndoKey(): void {
  useKeys("Changes", [{ keys: "mod+z", label: "Take the last change back", run: () => last?.() }]);
  useEffect(() => {
    return () => {
      last = undefined;
    };
  }, []);
}
