import type { MonitorInput } from "@treadle/contract";
import { useEffect, useState } from "react";
import { readDraft, writeDraft } from "../../../../components/form/form-state.ts";
import { checkDraft, type FieldErrors, type FieldName, plainMessage, refusedFields } from "./check-draft.ts";
import type { MonitorDraft } from "./monitor-draft.ts";

type FormOptions = {
  initial: MonitorDraft;
  /** Where the unfinished form is stored in this tab. */
  storeKey: string;
  /** Sends the complete form. */
  save: (body: MonitorInput) => Promise<unknown>;
};

/**
 * The state of the form: its fields, their errors, and the error of the last attempt to save. `replace` fills it with a
 * template, `submit` returns whether it was saved.
 */
export function useMonitorForm({ initial, storeKey, save }: FormOptions) {
  const [draft, setDraft] = useStoredDraft(initial, storeKey);
  const [version, setVersion] = useState(0);
  const shown = useShownErrors(draft);
  const { send, ...sending } = useSending(save, shown.refuse);
  return {
    draft,
    errors: shown.errors,
    touch: shown.touch,
    ...sending,
    /** Changes with each template, so that fields with own state are rendered again. */
    version,
    set(next: Partial<MonitorDraft>) {
      setDraft((old) => ({ ...old, ...next }));
      shown.forget(Object.keys(next));
    },
    replace(next: MonitorDraft) {
      setDraft(next);
      setVersion((old) => old + 1);
      shown.reset();
    },
    discard: () => writeDraft(storeKey, undefined),
    async submit(): Promise<boolean> {
      shown.showAll();
      const isSaved = await send(checkDraft(draft).body);
      if (isSaved) writeDraft(storeKey, undefined);
      return isSaved;
    },
  };
}
export type MonitorForm = ReturnType<typeof useMonitorForm>;

/** The fields, stored in this tab once they differ from what the form was opened with. */
function useStoredDraft(initial: MonitorDraft, storeKey: string) {
  const [draft, setDraft] = useState<MonitorDraft>(() => ({ ...initial, ...readDraft<MonitorDraft>(storeKey) }));
  const [opened] = useState(draft);
  useEffect(() => {
    if (draft !== opened) writeDraft(storeKey, draft);
  }, [storeKey, draft, opened]);
  return [draft, setDraft] as const;
}

const NONE: ReadonlySet<string> = new Set();

/** An error is shown once its field was left or the form was submitted. Errors of the server disappear with a change. */
function useShownErrors(draft: MonitorDraft) {
  const [touched, setTouched] = useState(NONE);
  const [isTried, setIsTried] = useState(false);
  const [refused, setRefused] = useState<FieldErrors>({});
  const found = Object.entries({ ...refused, ...checkDraft(draft).errors });
  return {
    errors: Object.fromEntries(found.filter(([name]) => isTried || touched.has(name))) as FieldErrors,
    touch: (...names: FieldName[]) => setTouched((old) => new Set([...old, ...names])),
    refuse: setRefused,
    forget: (names: readonly string[]) =>
      setRefused((old) => Object.fromEntries(Object.entries(old).filter(([name]) => !names.includes(name)))),
    showAll: () => setIsTried(true),
    reset() {
      setTouched(NONE);
      setIsTried(false);
      setRefused({});
    },
  };
}

function useSending(save: FormOptions["save"], refuse: (errors: FieldErrors) => void) {
  const [failure, setFailure] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  async function send(body: MonitorInput | undefined): Promise<boolean> {
    if (!body) return false;
    setIsBusy(true);
    setFailure(undefined);
    try {
      await save(body);
      return true;
    } catch (error) {
      refuse(refusedFields(error));
      setFailure(plainMessage(error));
      return false;
    } finally {
      setIsBusy(false);
    }
  }
  return { failure, isBusy, send };
}
