import { Link, useNavigate } from "@tanstack/react-router";
import { CirclePause, CirclePlay, CircleStop, Copy, Ellipsis, Save, Trash2, XCircle } from "lucide-react";
import { useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, buttonLook, IconButton } from "../../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../../../components/overlay/menu.tsx";
import { useProject } from "../../../system/session/index.ts";
import { isGoing, type Run, useRunChanges, type Wish } from "../shared/use-training.ts";
import { StopDialog } from "./stop-dialog.tsx";

const DONE: Readonly<Record<Wish, string>> = {
  pause: "The run pauses after this step",
  resume: "The run resumes from its last checkpoint",
  cancel: "Canceling the run",
  save: "Writing a checkpoint",
};

/** The actions for a run: stop and keep, cancel and discard, pause, resume, duplicate, delete. */
export function RunActions({ run }: { run: Run }) {
  const { can } = useProject();
  const navigate = useNavigate();
  const { stop, wish, remove } = useRunChanges();
  const [dialog, setDialog] = useState<"none" | "stop" | "cancel" | "delete">("none");
  const { trainingRunId, name, status, wanted, canResume } = run;
  if (!can("training:write")) return null;
  const ask = (one: Wish) => wish.mutate({ trainingRunId, wish: one }, { onSuccess: () => toastDone(DONE[one]) });
  const isOn = isGoing(run);
  const isAsked = wanted !== "run";
  // A provider returns no partial model, and chooses when it writes checkpoints.
  const isRemote = run.remote !== null;
  return (
    <>
      {isOn && status !== "queued" && !isRemote && (
        <Button onClick={() => setDialog("stop")} disabled={isAsked || status === "saving"} isBusy={stop.isPending}>
          <CircleStop aria-hidden size={14} /> Stop and keep the model…
        </Button>
      )}
      {canResume && (
        <Button onClick={() => ask("resume")} isBusy={wish.isPending}>
          <CirclePlay aria-hidden size={14} /> Resume
        </Button>
      )}
      <Menu
        align="end"
        trigger={
          <IconButton label="Run actions">
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        {status === "running" && (
          <>
            {!isRemote && (
              <MenuItem icon={<Save size={14} />} onSelect={() => ask("save")}>
                Write checkpoint
              </MenuItem>
            )}
            <MenuItem icon={<CirclePause size={14} />} onSelect={() => ask("pause")} isDisabled={isAsked}>
              Pause
            </MenuItem>
          </>
        )}
        <MenuItem
          icon={<Copy size={14} />}
          onSelect={() => void navigate({ to: "/training/new", search: { from: trainingRunId } })}
        >
          Duplicate…
        </MenuItem>
        <MenuLine />
        <MenuItem
          icon={<XCircle size={14} />}
          onSelect={() => setDialog("cancel")}
          isDanger
          isDisabled={!isOn || wanted === "cancel"}
        >
          Cancel and discard…
        </MenuItem>
        <MenuItem icon={<Trash2 size={14} />} onSelect={() => setDialog("delete")} isDanger isDisabled={isOn}>
          Delete…
        </MenuItem>
      </Menu>
      <Link to="/training/compare" search={{ runs: trainingRunId }} className={buttonLook()}>
        Compare
      </Link>
      {dialog === "stop" && (
        <StopDialog
          run={run}
          isBusy={stop.isPending}
          onStop={(result) =>
            stop.mutate(
              { trainingRunId, result },
              {
                onSuccess: () => {
                  setDialog("none");
                  toastDone("The run stops after this step and saves");
                },
              },
            )
          }
          close={() => setDialog("none")}
        />
      )}
      {dialog === "cancel" && <CancelDialog run={run} close={() => setDialog("none")} />}
      {dialog === "delete" && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          verb="Delete"
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate(trainingRunId, { onSuccess: () => void navigate({ to: "/training" }) })}
          close={() => setDialog("none")}
        >
          This deletes the run's curves, log and checkpoints. A model that the run registered stays in the registry.
        </ConfirmDialog>
      )}
    </>
  );
}

/** Asks before a run ends without a model. */
function CancelDialog({ run: { trainingRunId, name, remote }, close }: { run: Run; close: () => void }) {
  const { wish } = useRunChanges();
  function discard() {
    close();
    toastDone(DONE.cancel);
  }
  return (
    <ConfirmDialog
      title={`Discard ${name}?`}
      verb="Cancel and discard"
      isBusy={wish.isPending}
      onConfirm={() => wish.mutate({ trainingRunId, wish: "cancel" }, { onSuccess: discard })}
      close={close}
    >
      The run ends without a model.{" "}
      {remote === null
        ? "To keep what it has learned so far, choose Stop and keep the model instead. Its checkpoints stay until you delete the run."
        : ""}
    </ConfirmDialog>
  );
}
