import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox } from "../../../components/form/field.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { useProject } from "../../system/session/index.ts";
import { EditProbe } from "./edit-probe.tsx";
import { type Probe, useAcceptReference, useDeleteProbe, useDismissSuspicion, useUpdateProbe } from "./use-probes.ts";

type Props = { probe: Probe };

/** What a person can do with a probe in its state. */
export function ProbeActions({ probe }: Props) {
  if (!useProject().can("monitors:write")) return null;
  return (
    <>
      {probe.suspicion && <DismissButton probe={probe} />}
      {probe.stage === "daily" && <AcceptButton probe={probe} />}
      <EditProbe probe={probe} />
      <EnableButton probe={probe} />
      <DeleteButton probe={probe} />
    </>
  );
}

function DismissButton({ probe: { probeId } }: Props) {
  const dismiss = useDismissSuspicion();
  return (
    <Button
      isBusy={dismiss.isPending}
      onClick={() => dismiss.mutate(probeId, { onSuccess: () => toastDone("Dismissed the suspicion") })}
    >
      Dismiss
    </Button>
  );
}

function AcceptButton({ probe }: Props) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Button kind={probe.suspicion ? "primary" : "plain"} onClick={() => setIsAsking(true)}>
        Accept as reference…
      </Button>
      {isAsking && <AcceptDialog probe={probe} close={() => setIsAsking(false)} />}
    </>
  );
}

function AcceptDialog({ probe: { probeId }, close }: Props & { close: () => void }) {
  const accept = useAcceptReference();
  const [selectsPrompts, setSelectsPrompts] = useState(false);
  const onSuccess = () => toastDone("The next runs collect a new reference");
  return (
    <ConfirmDialog
      title="Accept the model as it is now?"
      verb="Accept"
      isBusy={accept.isPending}
      onConfirm={() => accept.mutate({ probeId, selectsPrompts }, { onSuccess, onSettled: close })}
      close={close}
    >
      <p className="mb-3">
        The evidence starts again, an open incident is resolved, and the next runs collect a new reference. Use it after
        a change that you know.
      </p>
      <Checkbox
        label="Choose the prompts again, as in the set-up"
        checked={selectsPrompts}
        onChange={({ target }) => setSelectsPrompts(target.checked)}
      />
    </ConfirmDialog>
  );
}

function EnableButton({ probe: { probeId, isEnabled, state } }: Props) {
  const update = useUpdateProbe();
  if (state === "unsuited") return null;
  const done = isEnabled ? "Disabled the probe" : "Enabled the probe";
  return (
    <Button
      isBusy={update.isPending}
      onClick={() => update.mutate({ probeId, isEnabled: !isEnabled }, { onSuccess: () => toastDone(done) })}
    >
      {isEnabled ? "Disable" : "Enable"}
    </Button>
  );
}

function DeleteButton({ probe: { probeId, name } }: Props) {
  const remove = useDeleteProbe();
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const onSuccess = () => {
    toastDone(`Deleted ${name}`);
    void navigate({ to: "/probes", search: {} });
  };
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>Delete…</Button>
      {isAsking && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          verb="Delete probe"
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate(probeId, { onSuccess })}
          close={() => setIsAsking(false)}
        >
          Its prompts, answers and reference are deleted too. Its incidents remain.
        </ConfirmDialog>
      )}
    </>
  );
}
