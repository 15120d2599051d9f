import { RouteInput } from "@treadle/contract";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Checkbox, Field, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { SEVERITY_NAMES } from "./channel-words.ts";
import { ChannelChoices, EscalationFields, QuietFields } from "./route-fields.tsx";
import { type NotificationRoute, useRouteChanges } from "./use-notifications.ts";

const SEVERITIES = ["info", "warning", "critical"] as const;
const NO_MATCHER = { label: "", isNot: false, value: "" };
const EMPTY = { name: "", severities: [...SEVERITIES], matchers: [], channelIds: [], quiet: null, escalation: null };

/** Creates or changes a route. */
export function RouteForm({ route, close }: { route?: NotificationRoute; close: () => void }) {
  const { create, update } = useRouteChanges();
  const form = useFormState({ schema: RouteInput, initial: route ? fieldsOf(route) : EMPTY });
  const { values, errors, set } = form;
  const severities = values.severities ?? [];
  const matchers = values.matchers ?? [];
  async function submit() {
    const isSaved = await form.submit((body) =>
      route ? update.mutateAsync({ routeId: route.routeId, body }) : create.mutateAsync(body),
    );
    if (!isSaved) return;
    toastDone(route ? `Saved ${values.name}` : `Created ${values.name}`);
    close();
  }
  return (
    <FormDialog
      title={route ? `Edit ${route.name}` : "New route"}
      form={form}
      verb={route ? "Save" : "Create route"}
      onSubmit={submit}
      close={close}
    >
      <Field label="Name" error={errors.name}>
        {(field) => (
          <TextInput
            {...field}
            value={values.name ?? ""}
            required
            autoFocus
            maxLength={120}
            placeholder="Critical to on-call"
            onChange={({ target }) => set({ name: target.value })}
          />
        )}
      </Field>
      <fieldset>
        <legend className="mb-1 text-sm font-medium">Severities</legend>
        <div className="flex flex-wrap gap-x-5 gap-y-2">
          {SEVERITIES.map((severity) => (
            <Checkbox
              key={severity}
              label={SEVERITY_NAMES[severity]}
              checked={severities.includes(severity)}
              onChange={({ target }) =>
                set({
                  severities: SEVERITIES.filter((one) =>
                    one === severity ? target.checked : severities.includes(one),
                  ),
                })
              }
            />
          ))}
        </div>
        {errors.severities && <p className="mt-1 text-xs text-bad">Choose at least one severity.</p>}
      </fieldset>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">Labels</legend>
        <p className="text-xs text-muted">All must match. In values, * stands for any text.</p>
        <RowEditor
          rows={matchers}
          onChange={(rows) => set({ matchers: [...rows] })}
          blank={NO_MATCHER}
          addLabel="Add label"
          removeLabel={({ label }) => `Remove ${label || "label"}`}
          note={errors.matchers && <p className="text-xs text-bad">{errors.matchers}</p>}
        >
          {(row, change) => <MatcherRow row={row} change={change} />}
        </RowEditor>
      </fieldset>
      <ChannelChoices
        label="Channels"
        chosen={values.channelIds ?? []}
        onChange={(channelIds) => set({ channelIds })}
      />
      <QuietFields quiet={values.quiet ?? null} error={errors.quiet} onChange={(quiet) => set({ quiet })} />
      <EscalationFields
        escalation={values.escalation ?? null}
        error={errors.escalation}
        onChange={(escalation) => set({ escalation })}
      />
      <Checkbox
        label="Continue with the next routes"
        checked={values.continues ?? false}
        onChange={({ target }) => set({ continues: target.checked })}
      />
      <Checkbox
        label="Enabled"
        checked={values.isEnabled ?? true}
        onChange={({ target }) => set({ isEnabled: target.checked })}
      />
    </FormDialog>
  );
}

type Matcher = { label: string; isNot?: boolean | undefined; value: string };

function MatcherRow({ row, change }: { row: Matcher; change: (row: Matcher) => void }) {
  return (
    <>
      <TextInput
        aria-label="Label"
        value={row.label}
        placeholder="team"
        onChange={({ target }) => change({ ...row, label: target.value })}
      />
      <select
        aria-label="Comparison"
        value={row.isNot ? "not" : "is"}
        onChange={({ target }) => change({ ...row, isNot: target.value === "not" })}
        className="control shrink-0"
      >
        <option value="is">is</option>
        <option value="not">is not</option>
      </select>
      <TextInput
        aria-label="Value"
        value={row.value}
        placeholder="search"
        onChange={({ target }) => change({ ...row, value: target.value })}
      />
    </>
  );
}

const fieldsOf = ({ routeId: _, updatedAt: __, ...rule }: NotificationRoute) => rule;
