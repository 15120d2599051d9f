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

/** The form of a policy: its draft, and the problems of its fields. `key` names the policy in the browser's storage. */
export function usePolicyForm(key: string, initial: PolicyDraft) {
  const state = useDraft(key, initial);
  const { draft } = state;
  const { input, problems } = useMemo(() => checkDraft(draft), [draft]);
  const [isTried, setIsTried] = useState(false);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState(NONE);
  const [failure, setFailure] = useState<string>();
  const shown = useMemo(() => {
    const visible = Object.entries(problems).filter(([path]) => isTried || touched.has(path));
    return { ...Object.fromEntries(visible), ...refused };
  }, [problems, isTried, touched, refused]);
  const forget = () => {
    setRefused(NONE);
    setFailure(undefined);
  };
  return {
    ...state,
    /** What is sent; undefined while a field is wrong. */
    input,
    failure,
    change(next: Partial<PolicyDraft>) {
      forget();
      state.change(next);
    },
    discard() {
      forget();
      setIsTried(false);
      setTouched(new Set());
      state.discard();
    },
    /** The problem of a field, once the user has left it or has tried to save. */
    errorAt: (path: string): string | undefined => shown[path],
    hasErrorBelow: (path: string) => Object.keys(shown).some((one) => one === path || one.startsWith(`${path}.`)),
    /** How many fields stop the form from being saved. */
    problemCount: isTried ? Object.keys(problems).length : 0,
    touch: (path: string) => setTouched((old) => new Set([...old, path])),
    /** Sends the form if it is complete. Problems are shown at their fields. */
    async submit(send: (body: PolicyInput) => Promise<unknown>): Promise<boolean> {
      setIsTried(true);
      forget();
      if (!input) return false;
      try {
        await send(input);
        setIsTried(false);
        return true;
      } catch (error) {
        setRefused(serverProblems(error));
        setFailure(explain(error));
        return false;
      }
    },
  };
}
export type PolicyForm = ReturnType<typeof usePolicyForm>;
