import { useMemo, useRef, useState } from "react";
import { explain } from "../../../../api.ts";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { useProject } from "../../../system/session/index.ts";
import { isSameDraft, type PolicyDraft, type RuleDraft } from "../shared/policy-draft.ts";
import { checkDraft, type Problems, serverProblems } from "../shared/policy-problems.ts";
import type { PolicyInput } from "../shared/use-guards.ts";

/** The unsaved changes of a policy. They are stored in this browser, so leaving the page loses nothing. */
function useDraft(key: string, initial: PolicyDraft) {
  const { id } = useProject();
  const [kept, keep] = useStored<PolicyDraft | null>(`guard-draft.${id}.${key}`, null);
  const latest = useRef(initial);
  latest.current = kept ?? initial;
  function change(next: Partial<PolicyDraft>) {
    const after = { ...latest.current, ...next };
    latest.current = after;
    // If everything is taken back, there is nothing to save.
    keep(isSameDraft(after, initial) ? null : after);
  }
  return {
    draft: latest.current,
    isChanged: kept !== null,
    change,
    /** Puts a removed rule back in its place. */
    putBack: (rule: RuleDraft, place: number) => change({ rules: latest.current.rules.toSpliced(place, 0, rule) }),
    discard: () => keep(null),
  };
}

const NONE: Problems = {};

/** The problems that are shown: of fields that were left, of all fields once saving was tried, and from the server. */
function useProblems(problems: Problems) {
  const [isTried, setIsTried] = useState(false);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState(NONE);
  const shown = useMemo(() => {
    const isTouched = (path: string) => [...touched].some((one) => path === one || path.startsWith(`${one}.`));
    const visible = Object.entries(problems).filter(([path]) => isTried || isTouched(path));
    return { ...Object.fromEntries(visible), ...refused };
  }, [problems, isTried, touched, refused]);
  return {
    shown,
    count: isTried ? Object.keys(problems).length : 0,
    try: () => setIsTried(true),
    refuse: setRefused,
    touch: (path: string) => setTouched((old) => new Set([...old, path])),
    reset() {
      setIsTried(false);
      setTouched(new Set());
      setRefused(NONE);
    },
  };
}

/** Sends the form. A failure is shown above it, and at its field if there is one. */
function useSubmit(input: PolicyInput | undefined, marks: ReturnType<typeof useProblems>) {
  const [failure, setFailure] = useState<string>();
  function forget() {
    marks.refuse(NONE);
    setFailure(undefined);
  }
  async function submit(send: (body: PolicyInput) => Promise<unknown>): Promise<boolean> {
    marks.try();
    forget();
    if (!input) return false;
    try {
      await send(input);
      marks.reset();
      return true;
    } catch (error) {
      marks.refuse(serverProblems(error));
      setFailure(explain(error));
      return false;
    }
  }
  return { failure, forget, submit };
}

/** The form of a policy: its draft, and the problems of its fields. `key` names the policy in the browser's storage. */
export function usePolicyForm(key: string, initial: PolicyDraft) {
  const state = useDraft(key, initial);
  const { input, problems } = useMemo(() => checkDraft(state.draft), [state.draft]);
  const marks = useProblems(problems);
  const { failure, forget, submit } = useSubmit(input, marks);
  return {
    ...state,
    failure,
    submit,
    touch: marks.touch,
    /** How many fields stop the form from being saved. */
    problemCount: marks.count,
    change(next: Partial<PolicyDraft>) {
      forget();
      state.change(next);
    },
    discard() {
      forget();
      marks.reset();
      state.discard();
    },
    errorAt: (path: string): string | undefined => marks.shown[path],
    /** The first problem of a field or of its parts, for a field that is edited as a whole. */
    errorWithin: (path: string): string | undefined =>
      Object.entries(marks.shown).find(([one]) => one === path || one.startsWith(`${path}.`))?.[1],
    hasErrorBelow: (path: string) => Object.keys(marks.shown).some((one) => one === path || one.startsWith(`${path}.`)),
  };
}
export type PolicyForm = ReturnType<typeof usePolicyForm>;
