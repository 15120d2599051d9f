import { useEffect } from "react";
import { explain } from "../../../../api.ts";
import { useKeys } from "../../../../components/browser/keys.ts";
import { toastDone, toastFailed } from "../../../../components/feedback/toast.tsx";

let last: (() => void) | undefined;

/** Shows a toast with an Undo button. ⌘Z works too while the page is open. */
export function tellUndoable(words: string, takeBack: () => Promise<unknown>): void {
  const run = () => {
    if (last === run) last = undefined;
    takeBack().catch((error: unknown) => toastFailed("The change was not undone", explain(error)));
  };
  last = run;
  toastDone(words, { label: "Undo", run });
}

/** Lets ⌘Z undo the last change made on the open page. */
export function useUndoKey(): void {
  useKeys("Changes", [{ keys: "mod+z", label: "Undo last change", run: () => last?.() }]);
  useEffect(() => {
    return () => {
      last = undefined;
    };
  }, []);
}
