import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { Select } from "../../../components/form/field.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { useProject } from "../../system/session/index.ts";
import { type AbTest, useDeleteTest, usePickWinner, useTestAct } from "./use-ab-tests.ts";

type Props = { test: AbTest };

/** What a person can do with a test in its state. */
export function AbTestActions({ test }: Props) {
  const { state } = test;
  if (!useProject().can("endpoints:write")) return null;
  if (state === "draft") return <DraftActions test={test} />;
  if (state === "decided") return null;
  return (
    <>
      <PickWinner test={test} />
      {state === "running" && <Stop test={test} />}
    </>
  );
}

function Stop({ test: { abTestId, endpoint } }: Props) {
  const stop = useTestAct("stop");
  const [isAsking, setIsAsking] = useState(false);
  const close = () => setIsAsking(false);
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>Stop…</Button>
      {isAsking && (
        <ConfirmDialog
          title="Stop this test?"
          verb="Stop"
          isBusy={stop.isPending}
          onConfirm={() => void whenDone(stop.mutateAsync(abTestId), () => toastDone("Stopped the test")).then(close)}
          close={close}
        >
          The weights of {endpoint} divide the traffic again. The report remains, and you can still pick the winner.
        </ConfirmDialog>
      )}
    </>
  );
}

function PickWinner({ test }: Props) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Button kind="primary" onClick={() => setIsAsking(true)}>
        Pick winner…
      </Button>
      {isAsking && <WinnerDialog test={test} close={() => setIsAsking(false)} />}
    </>
  );
}

type DialogProps = Props & { close: () => void };

function WinnerDialog({ test: { abTestId, arms }, close }: DialogProps) {
  const pick = usePickWinner();
  const [variant, setVariant] = useState(arms[0]?.variant ?? "");
  const confirm = () =>
    void whenDone(pick.mutateAsync({ abTestId, variant }), () => toastDone(`Picked ${variant}`)).then(close);
  return (
    <ConfirmDialog title="Pick the winner" verb="Pick winner" isBusy={pick.isPending} onConfirm={confirm} close={close}>
      <Select aria-label="Winner" value={variant} onChange={({ target }) => setVariant(target.value)}>
        {arms.map((arm) => (
          <option key={arm.variant} value={arm.variant}>
            {arm.variant}
          </option>
        ))}
      </Select>
      <p className="mt-3">
        <strong>{variant}</strong> gets the weight of all variants of the test, and the others get 0. This ends the
        test.
      </p>
    </ConfirmDialog>
  );
}

function DraftActions({ test }: Props) {
  const { abTestId } = test;
  const start = useTestAct("start");
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Button
        kind="primary"
        isBusy={start.isPending}
        onClick={() => void whenDone(start.mutateAsync(abTestId), () => toastDone("The test divides the traffic now"))}
      >
        Start
      </Button>
      <Link to="/ab-tests/new" search={{ draft: abTestId }} className={buttonLook()}>
        Edit
      </Link>
      <Button onClick={() => setIsAsking(true)}>Delete…</Button>
      {isAsking && <DeleteDialog test={test} close={() => setIsAsking(false)} />}
    </>
  );
}

function DeleteDialog({ test: { abTestId }, close }: DialogProps) {
  const remove = useDeleteTest();
  const navigate = useNavigate();
  return (
    <ConfirmDialog
      title="Delete this draft?"
      verb="Delete draft"
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate(abTestId, { onSuccess: () => void navigate({ to: "/ab-tests" }) })}
      close={close}
    >
      The endpoint and its variants are not changed.
    </ConfirmDialog>
  );
}
