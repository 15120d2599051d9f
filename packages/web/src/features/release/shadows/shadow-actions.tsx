import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { useProject } from "../../system/session/index.ts";
import { type Shadow, type ShadowVerb, useShadowAct, useShadowExperiment } from "./use-shadows.ts";

type Props = { shadow: Shadow };

/** What a person can do with a shadow in its state. */
export function ShadowActions({ shadow }: Props) {
  const { can } = useProject();
  const canChange = can("endpoints:write");
  const canCopy = can("experiments:write") && can("datasets:write") && can("traces:content");
  return (
    <>
      {canCopy && shadow.counts.answered > 0 && <CopyPairs shadow={shadow} />}
      {canChange && shadow.state === "running" && <Act shadow={shadow} verb="pause" label="Pause" done="Paused" />}
      {canChange && shadow.state === "paused" && <Act shadow={shadow} verb="resume" label="Resume" done="Resumed" />}
      {canChange && shadow.state !== "ended" && <EndButton shadow={shadow} />}
    </>
  );
}

/** Sends the pairs to an experiment; then the link to the comparison takes the button's place. */
function CopyPairs({ shadow: { shadowId } }: Props) {
  const copy = useShadowExperiment();
  if (copy.data)
    return (
      <Link
        to="/experiments/compare"
        search={{ base: copy.data.primaryRunId, heads: copy.data.candidateRunId }}
        className={buttonLook("primary")}
      >
        Open comparison
      </Link>
    );
  return (
    <Button
      isBusy={copy.isPending}
      onClick={() =>
        copy.mutate(shadowId, {
          onSuccess: ({ pairs }) => toastDone(`Copied ${pairs} pairs to a dataset and two runs`),
        })
      }
    >
      Compare in an experiment
    </Button>
  );
}

type ActProps = Props & { verb: ShadowVerb; label: string; done: string };

function Act({ shadow, verb, label, done }: ActProps) {
  const act = useShadowAct(verb);
  return (
    <Button
      isBusy={act.isPending}
      onClick={() => void whenDone(act.mutateAsync(shadow.shadowId), () => toastDone(`${done} the shadow`))}
    >
      {label}
    </Button>
  );
}

function EndButton({ shadow }: Props) {
  const act = useShadowAct("end");
  const [isAsking, setIsAsking] = useState(false);
  const close = () => setIsAsking(false);
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>End…</Button>
      {isAsking && (
        <ConfirmDialog
          title="End this shadow?"
          verb="End shadow"
          isBusy={act.isPending}
          onConfirm={() =>
            void whenDone(act.mutateAsync(shadow.shadowId), () => toastDone("Ended the shadow")).then(close)
          }
          close={close}
        >
          Requests in its queue are dropped. Its pairs and results remain.
        </ConfirmDialog>
      )}
    </>
  );
}
