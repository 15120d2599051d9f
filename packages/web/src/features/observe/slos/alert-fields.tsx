import { SloAlerts } from "@treadle/contract";
import { Checkbox, Field, TextInput } from "../../../components/form/field.tsx";
import { toLabels } from "../../../components/form/label-rows.ts";
import { LabelsField } from "../../../components/form/labels-field.tsx";
import type { SloFormState } from "./use-slo-form.ts";

const { labels: Labels, runbookUrl: RunbookUrl } = SloAlerts.shape;

/** Whether the SLO has a monitor, and how its notifications are routed. */
export function AlertFields({ form }: { form: SloFormState }) {
  const { isEnabled = true, ...rest } = form.values.alerts ?? {};
  const toggle = (isOn: boolean) =>
    form.set({
      alerts: { ...(isOn ? { ...rest, labels: toLabels(form.labelRows) } : rightOf(rest)), isEnabled: isOn },
    });
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-1">
        <Checkbox
          label="Alert when the budget burns too fast"
          checked={isEnabled}
          onChange={({ target }) => toggle(target.checked)}
        />
        <p className="text-xs text-muted">Creates a monitor with four pairs of windows.</p>
      </div>
      {isEnabled && (
        <>
          <LabelsField rows={form.labelRows} error={labelsErrorOf(form)} onChange={form.setLabels} />
          <RunbookField form={form} />
        </>
      )}
    </div>
  );
}

type Alerts = NonNullable<SloFormState["values"]["alerts"]>;

/** Without wrong values, because a hidden field must not prevent saving. */
const rightOf = ({ labels, runbookUrl }: Alerts): Alerts => ({
  ...(isRight(Labels, labels) && { labels }),
  ...(isRight(RunbookUrl, runbookUrl) && { runbookUrl }),
});

const isRight = (schema: typeof Labels | typeof RunbookUrl, value: unknown) => schema.safeParse(value).success;

/** The error of the rows, or of the labels that the API would refuse. */
const labelsErrorOf = ({ labelsProblem, errors, values: { alerts } }: SloFormState): string | undefined =>
  labelsProblem ?? (errors.alerts && !isRight(Labels, alerts?.labels) ? "Use at most 20 labels." : undefined);

function RunbookField({ form }: { form: SloFormState }) {
  const { alerts = {} } = form.values;
  const isWrong = form.errors.alerts !== undefined && !isRight(RunbookUrl, alerts.runbookUrl);
  return (
    <Field
      label="Runbook"
      isOptional
      help="The address of a page that tells what to do. Notifications link to it."
      error={isWrong ? "Enter an address that begins with https:// or http://." : undefined}
    >
      {(field) => (
        <TextInput
          {...field}
          type="url"
          maxLength={2_000}
          placeholder="https://"
          value={alerts.runbookUrl ?? ""}
          onChange={({ target }) => form.set({ alerts: { ...alerts, runbookUrl: target.value || null } })}
        />
      )}
    </Field>
  );
}
