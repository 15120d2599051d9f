import { type ReactNode, useEffect } from "react";
import { printKeys, useKeys } from "../../../../components/browser/keys.ts";
import { Button } from "../../../../components/form/button.tsx";
import { BackLink } from "../../../../components/layout/page.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import type { PolicyForm } from "./use-policy-form.ts";

type HeaderProps = {
  title: string;
  note: ReactNode;
  form: PolicyForm;
  isBusy: boolean;
  /** Undefined for users who cannot change policies. */
  onSave: (() => void) | undefined;
  onDiscard: () => void;
  /** A new policy can be saved as the template has it. */
  isNew?: boolean;
  menu?: ReactNode;
};

/** Stays above the editor: the policy, and the ways out of it. */
export function EditorHeader({ title, note, menu, ...actions }: HeaderProps) {
  useEffect(() => {
    document.title = `${title} · Treadle`;
  }, [title]);
  return (
    <header className="sticky top-0 z-20 flex flex-wrap items-end gap-x-4 gap-y-2 border-line border-b bg-bg px-6 py-3 max-md:px-4">
      <div className="min-w-0 grow basis-60">
        <BackLink to="/guards" label="Guards" />
        <h1 className="truncate text-xl font-semibold tracking-tight" title={title}>
          {title}
        </h1>
        <p className="text-muted">{note}</p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {actions.onSave && <SaveActions {...actions} onSave={actions.onSave} />}
        {menu}
      </div>
    </header>
  );
}

type ActionsProps = Omit<HeaderProps, "title" | "note" | "menu" | "onSave"> & { onSave: () => void };

function SaveActions({ form, isBusy, onSave, onDiscard, isNew = false }: ActionsProps) {
  const isReady = isNew || form.isChanged;
  useKeys("Guard policy", isReady ? [{ keys: "mod+s", label: "Save", run: onSave }] : []);
  return (
    <>
      {form.problemCount > 0 && (
        <span role="status" className="text-bad">
          {formatNumberOf(form.problemCount, "field needs", "fields need")} a change
        </span>
      )}
      {isReady && <Button onClick={onDiscard}>{isNew ? "Cancel" : "Discard"}</Button>}
      <Button kind="primary" disabled={!isReady} isBusy={isBusy} title={printKeys("mod+s")} onClick={onSave}>
        {isNew ? "Create policy" : "Save"}
      </Button>
    </>
  );
}
