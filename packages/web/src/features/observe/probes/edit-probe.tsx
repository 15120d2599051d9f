import { ProbePatch } from "@treadle/contract";
import { type FormEvent, useState } from "react";
import { Failure } from "../../../components/feedback/failure.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { Dialog } from "../../../components/overlay/dialog.tsx";
import { BudgetFields } from "./probe-fields.tsx";
import { type Probe, useUpdateProbe } from "./use-probes.ts";

/** The settings of a probe that can change. */
export function EditProbe({ probe }: { probe: Probe }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>Edit…</Button>
      {isOpen && <EditDialog probe={probe} close={() => setIsOpen(false)} />}
    </>
  );
}

type DialogProps = { probe: Probe; close: () => void };

function EditDialog({ probe, close }: DialogProps) {
  const { form, save } = useEdit({ probe, close });
  return (
    <Dialog title={`Edit ${probe.name}`} close={close}>
      <form onSubmit={(event) => void save(event)} noValidate className="flex flex-col gap-4">
        <BudgetFields
          values={form.values}
          errors={form.errors}
          onChange={(values) => form.set(values)}
          check={() => undefined}
        />
        <Failure text={form.failure} />
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useEdit({ probe, close }: DialogProps) {
  const update = useUpdateProbe();
  const { probeId, setUpBudgetUsd, dailyBudgetUsd, experimentId, severity } = probe;
  const form = useFormState({
    schema: ProbePatch,
    initial: { setUpBudgetUsd, dailyBudgetUsd, experimentId, severity },
  });
  async function save(event: FormEvent) {
    event.preventDefault();
    const isSaved = await form.submit((body) => update.mutateAsync({ probeId, ...body }));
    if (!isSaved) return;
    toastDone("Saved the probe");
    close();
  }
  return { form, save };
}
