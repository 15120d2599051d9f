import { DriftWatchPatch } from "@treadle/contract";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { lastWeek, NO_REFERENCE, type ReferenceDraft, ReferenceField, toSource } from "./reference-field.tsx";
import { type DriftWatch, useSetReference } from "./use-drift.ts";

type Props = { watch: DriftWatch; close: () => void };

/** Sets the next version of a watch's reference. */
export function ReferenceForm({ watch: { driftWatchId, reference }, close }: Props) {
  const setReference = useSetReference(driftWatchId);
  const [draft, setDraft] = useState<ReferenceDraft>(NO_REFERENCE);
  const form = useFormState({ schema: DriftWatchPatch, initial: {} });
  async function submit() {
    const source = toSource(draft) ?? lastWeek(Date.now());
    if (!(await form.submit(() => setReference.mutateAsync(source)))) return;
    toastDone(`Version ${reference.version + 1} is the reference. Its texts are read now.`);
    close();
  }
  return (
    <FormDialog
      title="Change the reference"
      description="Later runs compare with the new version. Earlier days retain their results, and do not confirm a change against it."
      form={form}
      verb="Change reference"
      onSubmit={submit}
      close={close}
    >
      <ReferenceField value={draft} onChange={setDraft} error={form.errors.reference} />
    </FormDialog>
  );
}
