import { useNavigate } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button } from "../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../../components/overlay/menu.tsx";
import { useProject } from "../../system/session/index.ts";
import { AcceptDialog, DismissDialog } from "./decision-dialogs.tsx";
import { EditDialog } from "./edit-probe.tsx";
import { type Probe, useDeleteProbe, useRunProbe, useUpdateProbe } from "./use-probes.ts";

type Props = { probe: Probe };
type Open = "dismiss" | "accept" | "edit" | "delete" | null;

/** What a person can do with a probe in its state. */
export function ProbeActions({ probe }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  if (!useProject().can("monitors:write")) return null;
  return (
    <>
      {probe.suspicion && <Button onClick={() => setOpen("dismiss")}>Dismiss…</Button>}
      {probe.stage === "daily" && (
        <Button kind={probe.suspicion ? "primary" : "plain"} onClick={() => setOpen("accept")}>
          Accept as reference…
        </Button>
      )}
      <RunButton probe={probe} />
      <MoreMenu probe={probe} open={setOpen} />
      {open === "dismiss" && <DismissDialog probe={probe} close={close} />}
      {open === "accept" && <AcceptDialog probe={probe} close={close} />}
      {open === "edit" && <EditDialog probe={probe} close={close} />}
      {open === "delete" && <DeleteDialog probe={probe} close={close} />}
    </>
  );
}

/** Hidden while calls are made, and for a probe that makes none. */
function RunButton({ probe: { probeId, isEnabled, state, progress, lastError } }: Props) {
  const run = useRunProbe();
  const isWaiting = lastError !== "";
  const isRunning = progress !== null && !isWaiting;
  if (!useProject().can("gateway:use") || !isEnabled || state === "unsuited") return null;
  if (isRunning || (state === "setting-up" && !isWaiting)) return null;
  return (
    <Button
      isBusy={run.isPending}
      onClick={() => void whenDone(run.mutateAsync(probeId), () => toastDone("The run starts"))}
    >
      {isWaiting ? "Try again" : "Run now"}
    </Button>
  );
}

function MoreMenu({ probe: { probeId, isEnabled, state }, open }: Props & { open: (dialog: Open) => void }) {
  const update = useUpdateProbe();
  const done = isEnabled ? "Disabled the probe" : "Enabled the probe";
  const toggle = () => void whenDone(update.mutateAsync({ probeId, isEnabled: !isEnabled }), () => toastDone(done));
  return (
    <Menu
      align="end"
      trigger={
        <Button isBusy={update.isPending}>
          More <ChevronDown aria-hidden size={14} />
        </Button>
      }
    >
      <MenuItem onSelect={() => open("edit")}>Edit…</MenuItem>
      {state !== "unsuited" && <MenuItem onSelect={toggle}>{isEnabled ? "Disable" : "Enable"}</MenuItem>}
      <MenuLine />
      <MenuItem onSelect={() => open("delete")} isDanger>
        Delete…
      </MenuItem>
    </Menu>
  );
}

function DeleteDialog({ probe: { probeId, name }, close }: Props & { close: () => void }) {
  const remove = useDeleteProbe();
  const navigate = useNavigate();
  const onSuccess = () => {
    toastDone(`Deleted ${name}`);
    void navigate({ to: "/probes", search: {} });
  };
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      verb="Delete probe"
      isBusy={remove.isPending}
      onConfirm={() => void whenDone(remove.mutateAsync(probeId), onSuccess)}
      close={close}
    >
      Its prompts, answers and reference are deleted too. Its incidents remain.
    </ConfirmDialog>
  );
}
