import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { useProject } from "../../system/session/index.ts";
import { type Rollout, type RolloutVerb, useDeleteDraft, useRolloutAct } from "./use-rollouts.ts";

type Props = { rollout: Rollout };

/** What a person can do with a rollout in its state. */
export function RolloutActions({ rollout }: Props) {
  const { state, reason } = rollout;
  if (!useProject().can("endpoints:write")) return null;
  if (state === "draft") return <DraftActions rollout={rollout} />;
  if (state !== "running" && state !== "holding" && state !== "paused") return null;
  const isApproval = state === "holding" && reason === "approval";
  return (
    <>
      {isApproval && <Act rollout={rollout} verb="approve" label="Approve stage" isPrimary done="Approved the stage" />}
      {state !== "running" && !isApproval && (
        <Act rollout={rollout} verb="resume" label="Resume" isPrimary done="The stage begins again" />
      )}
      {state !== "paused" && <Act rollout={rollout} verb="pause" label="Pause" done="Paused the rollout" />}
      <EndActions rollout={rollout} />
    </>
  );
}

/** The actions that end the rollout. */
const EndActions = ({ rollout }: Props) => (
  <>
    <Asked
      rollout={rollout}
      verb="promote"
      label="Promote…"
      title={`Promote ${rollout.candidate} now?`}
      done={`Promoted ${rollout.candidate}`}
    >
      <strong>{rollout.candidate}</strong> gets the weight of {rollout.control}, whatever the evidence shows. This ends
      the rollout.
    </Asked>
    <Asked
      rollout={rollout}
      verb="roll-back"
      label="Roll back…"
      title={`Roll ${rollout.candidate} back?`}
      done={`Rolled back ${rollout.candidate}`}
    >
      New requests go to the other variants immediately. Running requests finish. This ends the rollout.
    </Asked>
  </>
);

function DraftActions({ rollout }: Props) {
  const { rolloutId, candidate, stages } = rollout;
  const remove = useDeleteDraft();
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const share = `${(stages[0]?.share ?? 0) * 100}%`;
  return (
    <>
      <Act rollout={rollout} verb="start" label="Start" isPrimary done={`${candidate} gets ${share} of the units`} />
      <Link to="/rollouts/new" search={{ draft: rolloutId }} className={buttonLook()}>
        Edit
      </Link>
      <Button onClick={() => setIsAsking(true)}>Delete…</Button>
      {isAsking && (
        <ConfirmDialog
          title="Delete this draft?"
          verb="Delete draft"
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate(rolloutId, { onSuccess: () => void navigate({ to: "/rollouts" }) })}
          close={() => setIsAsking(false)}
        >
          The endpoint and its variants are not changed.
        </ConfirmDialog>
      )}
    </>
  );
}

type ActProps = Props & { verb: RolloutVerb; label: string; done: string; isPrimary?: boolean };

function Act({ rollout, verb, label, done, isPrimary = false }: ActProps) {
  const act = useRolloutAct(verb);
  return (
    <Button
      kind={isPrimary ? "primary" : "plain"}
      isBusy={act.isPending}
      onClick={() => void whenDone(act.mutateAsync(rollout.rolloutId), () => toastDone(done))}
    >
      {label}
    </Button>
  );
}

type AskedProps = ActProps & { title: string; children: ReactNode };

/** The same for what cannot be undone. */
function Asked({ rollout, verb, label, done, title, children }: AskedProps) {
  const act = useRolloutAct(verb);
  const [isAsking, setIsAsking] = useState(false);
  const close = () => setIsAsking(false);
  return (
    <>
      <Button kind={verb === "roll-back" ? "danger" : "plain"} onClick={() => setIsAsking(true)}>
        {label}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={title}
          verb={label.replace("…", "")}
          isBusy={act.isPending}
          onConfirm={() => void whenDone(act.mutateAsync(rollout.rolloutId), () => toastDone(done)).then(close)}
          close={close}
        >
          {children}
        </ConfirmDialog>
      )}
    </>
  );
}
