import { useMemo } from "react";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { useProject } from "../../../system/session/index.ts";
import { contentOf, type Draft, isSameContent } from "../shared/prompt-draft.ts";

/** The draft of a prompt that this browser stores ("" for a new prompt). Null if there is none. */
export function useKeptDraft(name: string) {
  const { id } = useProject();
  return useStored<Draft | null>(`prompt-draft.${id}.${name}`, null);
}

/** The unsaved changes. They are stored in this browser, so leaving the page loses nothing. */
export function useDraft(name: string, initial: Draft) {
  const [kept, keep] = useKeptDraft(name);
  const draft = kept ?? initial;
  const reading = useMemo(() => contentOf(draft), [draft]);
  return {
    draft,
    content: "content" in reading ? reading.content : undefined,
    problems: "problems" in reading ? reading.problems : {},
    isChanged: kept !== null,
    change(next: Partial<Draft>) {
      const after = { ...draft, ...next };
      // A draft of the same content is none, so that taking everything back leaves nothing to save.
      keep(after.base === initial.base && isSameDraft(after, initial) ? null : after);
    },
    discard: () => keep(null),
  };
}
export type DraftState = ReturnType<typeof useDraft>;

function isSameDraft(a: Draft, b: Draft): boolean {
  const [one, other] = [contentOf(a), contentOf(b)];
  return "content" in one && "content" in other && isSameContent(one.content, other.content);
}
