import { RouteInput, SEVERITIES } from "@treadle/contract";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Checkbox } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { ChannelChoices } from "./channel-choices.tsx";
import { EscalationFields } from "./escalation-fields.tsx";
import { LabelFields, SeverityFields } from "./matching-fields.tsx";
import { NameField } from "./name-field.tsx";
import { QuietFields } from "./quiet-fields.tsx";
import { type NotificationRoute, useRouteChanges } from "./use-notifications.ts";

const EMPTY = { name: "", severities: [...SEVERITIES], matchers: [], channelIds: [], quiet: null, escalation: null };

type FormProps = { route?: NotificationRoute; close: () => void };

/** Creates or changes a route. */
export function RouteForm({ route, close }: FormProps) {
  const form = useRouteForm({ route, close });
  return (
    <FormDialog
      title={route ? `Edit ${route.name}` : "New route"}
      form={form}
      verb={route ? "Save" : "Create route"}
      onSubmit={form.send}
      close={close}
    >
      <Matching form={form} />
      <Sending form={form} />
      <Switches form={form} />
    </FormDialog>
  );
}

function useRouteForm({ route, close }: FormProps) {
  const { create, update } = useRouteChanges();
  const form = useFormState({ schema: RouteInput, initial: route ? fieldsOf(route) : EMPTY });
  async function send() {
    const isSaved = await form.submit((body) =>
      route ? update.mutateAsync({ routeId: route.routeId, body }) : create.mutateAsync(body),
    );
    if (!isSaved) return;
    toastDone(route ? `Saved ${form.values.name}` : `Created ${form.values.name}`);
    close();
  }
  return { ...form, send };
}
type PartProps = { form: ReturnType<typeof useRouteForm> };

const Matching = ({ form: { values, errors, set } }: PartProps) => (
  <>
    <NameField
      value={values.name ?? ""}
      error={errors.name}
      placeholder="Critical to on-call"
      onChange={(name) => set({ name })}
    />
    <SeverityFields
      severities={values.severities ?? []}
      error={errors.severities}
      onChange={(severities) => set({ severities })}
    />
    <LabelFields matchers={values.matchers ?? []} error={errors.matchers} onChange={(matchers) => set({ matchers })} />
  </>
);

const Sending = ({ form: { values, errors, set } }: PartProps) => (
  <>
    <ChannelChoices label="Channels" chosen={values.channelIds ?? []} onChange={(channelIds) => set({ channelIds })} />
    <QuietFields quiet={values.quiet ?? null} error={errors.quiet} onChange={(quiet) => set({ quiet })} />
    <EscalationFields
      escalation={values.escalation ?? null}
      error={errors.escalation}
      onChange={(escalation) => set({ escalation })}
    />
  </>
);

const Switches = ({ form: { values, set } }: PartProps) => (
  <>
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
  </>
);

const fieldsOf = ({ routeId: _, updatedAt: __, ...rule }: NotificationRoute) => rule;
