import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button } from "../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { useProject } from "../../system/session/index.ts";
import { type DriftWatch, useDeleteWatch, useRunWatch, useUpdateWatch } from "./use-drift.ts";

const route = getRouteApi("/shell/drift/$driftWatchId");

/** What a person can do with a watch. */
export function WatchActions({ watch }: { watch: DriftWatch }) {
  const { driftWatchId, isEnabled, status } = watch;
  const { day } = route.useSearch();
  const run = useRunWatch(driftWatchId);
  const update = useUpdateWatch(driftWatchId);
  const [isAsking, setIsAsking] = useState(false);
  if (!useProject().can("monitors:write")) return null;
  const started = () => toastDone(`The comparison of ${day ?? "yesterday"} has started`);
  const toggled = () => toastDone(isEnabled ? "Paused the daily runs" : "Resumed the daily runs");
  return (
    <>
      <Button
        kind="primary"
        isBusy={run.isPending || status === "running"}
        onClick={() => void whenDone(run.mutateAsync(day), started)}
      >
        {day === undefined ? "Run now" : `Run ${day}`}
      </Button>
      <Button
        isBusy={update.isPending}
        onClick={() => void whenDone(update.mutateAsync({ isEnabled: !isEnabled }), toggled)}
      >
        {isEnabled ? "Pause" : "Resume"}
      </Button>
      <Button onClick={() => setIsAsking(true)}>Delete…</Button>
      {isAsking && <DeleteDialog watch={watch} close={() => setIsAsking(false)} />}
    </>
  );
}

function DeleteDialog({ watch: { driftWatchId, name }, close }: { watch: DriftWatch; close: () => void }) {
  const remove = useDeleteWatch(driftWatchId);
  const navigate = useNavigate();
  const onSuccess = () => {
    toastDone(`Deleted ${name}`);
    void navigate({ to: "/drift" });
  };
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      verb="Delete drift watch"
      isBusy={remove.isPending}
      onConfirm={() => void whenDone(remove.mutateAsync(), onSuccess)}
      close={close}
    >
      Its days, references and investigations are deleted too. The traces are not changed.
    </ConfirmDialog>
  );
}
