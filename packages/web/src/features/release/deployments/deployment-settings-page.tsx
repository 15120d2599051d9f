import type { FormEvent } from "react";
import { useState } from "react";
import { explain } from "../../../api.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { useProject } from "../../system/session/index.ts";
import { GuardrailsField, LimitFields, MonitorsField, type RolloutBody, StagesField } from "../rollouts/index.ts";
import { type DeploymentSettings, useDeploymentSettings, useSaveDeploymentSettings } from "./use-deployments.ts";

/** Whether aliases move by rollouts, and the stages and guardrails of these rollouts. */
export function DeploymentSettingsPage() {
  const project = useProject();
  const settings = useDeploymentSettings();
  if (settings.error && !settings.data) return <ErrorState error={settings.error} retry={() => settings.refetch()} />;
  if (!settings.data) return <Skeleton className="h-64 rounded-card" />;
  return <SettingsForm key={project.id} settings={settings.data} canWrite={project.can("projects:write")} />;
}

type FormProps = { settings: DeploymentSettings; canWrite: boolean };

function SettingsForm({ settings, canWrite }: FormProps) {
  const save = useSaveDeploymentSettings();
  const [isRequired, setRequired] = useState(settings.rolloutOnAlias === "required");
  const [template, setTemplate] = useState<Template>(settings.template);
  function submit(event: FormEvent) {
    event.preventDefault();
    const rolloutOnAlias = isRequired ? "required" : "off";
    save.mutate({ rolloutOnAlias, template }, { onSuccess: () => toastDone("Saved the deployment settings") });
  }
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!canWrite} className="flex min-w-0 flex-col gap-4">
        <AliasSection isRequired={isRequired} onChange={setRequired} canWrite={canWrite} />
        <TemplateSection template={template} onChange={(next) => setTemplate({ ...template, ...next })} />
        <Failure text={save.error ? explain(save.error) : undefined} />
        {canWrite && (
          <Button type="submit" kind="primary" isBusy={save.isPending} className="self-start">
            Save
          </Button>
        )}
      </fieldset>
    </form>
  );
}

type AliasProps = { isRequired: boolean; onChange: (next: boolean) => void; canWrite: boolean };

const AliasSection = ({ isRequired, onChange, canWrite }: AliasProps) => (
  <Section title="Aliases">
    <div className="flex flex-col gap-1 px-4 pb-4">
      <Checkbox
        label="Require a rollout when an alias moves"
        checked={isRequired}
        onChange={({ target }) => onChange(target.checked)}
      />
      <p className="text-xs text-muted">
        Applies to aliases that endpoints use. The alias moves when the rollout on each endpoint is promoted.
        {!canWrite && " You need permission to edit the project to change this."}
      </p>
    </div>
  </Section>
);

type Template = Pick<
  RolloutBody,
  "stages" | "guardrails" | "monitors" | "unit" | "alpha" | "maxDays" | "onInconclusive"
>;
type TemplateProps = { template: Template; onChange: (next: Partial<Template>) => void };

const TemplateSection = ({ template, onChange }: TemplateProps) => (
  <Section title="Rollout template" description="Used by each rollout that a deployment starts.">
    <div className="flex flex-col gap-5 px-4 pb-4">
      <StagesField stages={template.stages} error={undefined} onChange={(stages) => onChange({ stages })} />
      <GuardrailsField
        guardrails={template.guardrails}
        error={undefined}
        onChange={(guardrails) => onChange({ guardrails })}
      />
      <MonitorsField
        monitors={template.monitors ?? []}
        error={undefined}
        onChange={(monitors) => onChange({ monitors })}
      />
    </div>
    <LimitFields values={template} errors={{}} onChange={onChange} />
  </Section>
);
