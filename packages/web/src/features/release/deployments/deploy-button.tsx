import { useNavigate } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import { type FormEvent, useState } from "react";
import { explain } from "../../../api.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { useProject } from "../../system/session/index.ts";
import { type Deployment, useDeploy, type VersionOf } from "./use-deployments.ts";

/** Deploys a model version by rollouts. Shown to users who may change models. */
export function DeployButton({ model, version }: VersionOf) {
  const { can } = useProject();
  const [isOpen, setOpen] = useState(false);
  if (!can("models:write")) return null;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        <Rocket aria-hidden size={12} /> Deploy
      </Button>
      {isOpen && <DeployDialog model={model} version={version} close={() => setOpen(false)} />}
    </>
  );
}

function DeployDialog({ model, version, close }: VersionOf & { close: () => void }) {
  const { deploy, send } = useDeployAndShow({ model, version }, close);
  const [values, setValues] = useState<Values>({ alias: "production", reason: "" });
  function submit(event: FormEvent) {
    event.preventDefault();
    send(values);
  }
  return (
    <Dialog
      title={`Deploy version ${version} of ${model}`}
      description="Starts a rollout on each endpoint that uses the alias. The alias moves when all of them are promoted."
      close={close}
      width="narrow"
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <DeployFields values={values} onChange={setValues} />
        <Failure text={deploy.error ? explain(deploy.error) : undefined} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={deploy.isPending}>
            Deploy
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type Values = { alias: string; reason: string };

/** Deploys, then opens the rollout if there is one. */
function useDeployAndShow({ model, version }: VersionOf, close: () => void) {
  const deploy = useDeploy();
  const navigate = useNavigate();
  function show({ alias, rollouts: [first, ...others] }: Deployment) {
    close();
    if (!first) return toastDone(`${alias} now points to version ${version}`);
    toastDone(others.length === 0 ? "Started the rollout" : `Started ${others.length + 1} rollouts`);
    if (others.length === 0) void navigate({ to: "/rollouts/$rolloutId", params: { rolloutId: first.rolloutId } });
  }
  const send = ({ alias, reason }: Values) =>
    deploy.mutate({ model, version, alias: alias.trim(), reason }, { onSuccess: show });
  return { deploy, send };
}

const DeployFields = ({ values, onChange }: { values: Values; onChange: (next: Values) => void }) => (
  <>
    <Field label="Alias" help="If no endpoint uses it, it moves immediately.">
      {(field) => (
        <TextInput
          {...field}
          value={values.alias}
          maxLength={60}
          required
          onChange={({ target }) => onChange({ ...values, alias: target.value })}
          className="font-mono text-sm"
        />
      )}
    </Field>
    <Field label="Reason" isOptional>
      {(field) => (
        <TextInput
          {...field}
          value={values.reason}
          maxLength={2_000}
          onChange={({ target }) => onChange({ ...values, reason: target.value })}
        />
      )}
    </Field>
  </>
);
