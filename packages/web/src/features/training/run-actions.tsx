import { Link, useNavigate } from "@tanstack/react-router";
import { CirclePause, CirclePlay, CircleStop, Copy, Ellipsis, Save, Trash2, XCircle } from "lucide-react";
import { useState } from "react";
import { Button, buttonLook, IconButton } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../components/menu.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { isGoing, type Run, useRunChanges, type Wish } from "./use-training.ts";

const DONE: Readonly<Record<Wish, string>> = {
  stop: "It stops after this step and saves",
  pause: "It pauses after this step",
  resume: "It goes on from its last checkpoint",
  cancel: "It is being broken off",
  save: "A checkpoint is being written",
};

/** What can be done with a run: stop and save, pause, go on, run again changed, delete. */
export function RunActions({ run }: { run: Run }) {
  const { can } = useProject();
  const navigate = useNavigate();
  const { wish, remove } = useRunChanges();
  const [dialog, setDialog] = useState<"none" | "cancel" | "delete">("none");
  const { trainingRunId, name, status, wanted, canResume } = run;
  if (!can("training:write")) return null;
  const ask = (one: Wish) => wish.mutate({ trainingRunId, wish: one }, { onSuccess: () => toastDone(DONE[one]) });
  const isOn = isGoing(run);
  const isAsked = wanted !== "run";
  // A provider gives nothing of half a run, and writes its checkpoints when it likes.
  const isRemote = run.remote !== null;
  return (
    <>
      {isOn && status !== "queued" && !isRemote && (
        <Button onClick={() => ask("stop")} disabled={isAsked || status === "saving"} isBusy={wish.isPending}>
          <CircleStop aria-hidden size={14} /> Stop and save
        </Button>
      )}
      {canResume && (
        <Button onClick={() => ask("resume")} isBusy={wish.isPending}>
          <CirclePlay aria-hidden size={14} /> Go on
        </Button>
      )}
      <Menu
        align="end"
        trigger={
          <IconButton label="More for this run">
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        {status === "running" && (
          <>
            {!isRemote && (
              <MenuItem icon={<Save size={14} />} onSelect={() => ask("save")}>
                Write a checkpoint now
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
          Run again, changed…
        </MenuItem>
        <MenuLine />
        <MenuItem
          icon={<XCircle size={14} />}
          onSelect={() => setDialog("cancel")}
          isDanger
          isDisabled={!isOn || wanted === "cancel"}
        >
          Break it off…
        </MenuItem>
        <MenuItem icon={<Trash2 size={14} />} onSelect={() => setDialog("delete")} isDanger isDisabled={isOn}>
          Delete…
        </MenuItem>
      </Menu>
      <Link to="/training/compare" search={{ runs: trainingRunId }} className={buttonLook()}>
        Compare
      </Link>
      {dialog === "cancel" && (
        <ConfirmDialog
          title={`Break ${name} off?`}
          verb="Break it off"
          isBusy={wish.isPending}
          onConfirm={() => wish.mutate({ trainingRunId, wish: "cancel" }, { onSuccess: () => setDialog("none") })}
          close={() => setDialog("none")}
        >
          It gives no model. {isRemote ? "" : "To keep what it has learnt, stop and save it instead."}
        </ConfirmDialog>
      )}
      {dialog === "delete" && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          verb="Delete"
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate(trainingRunId, { onSuccess: () => void navigate({ to: "/training" }) })}
          close={() => setDialog("none")}
        >
          Its curves, its log and its checkpoints go. A model that it gave stays in the registry.
        </ConfirmDialog>
      )}
    </>
  );
}
