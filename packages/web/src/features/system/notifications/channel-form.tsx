import { SecretOnce } from "../../../components/feedback/secret-once.tsx";
import { Checkbox, Field, NumberInput, Select } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { Dialog } from "../../../components/overlay/dialog.tsx";
import { ChannelFields } from "./channel-fields.tsx";
import { draftOf } from "./channel-target.ts";
import { KIND_NAMES, KINDS } from "./channel-words.ts";
import { NameField } from "./name-field.tsx";
import { useChannelForm } from "./use-channel-form.ts";
import type { Channel } from "./use-notifications.ts";

type FormProps = { channel?: Channel; close: () => void };
type PartProps = { form: ReturnType<typeof useChannelForm>; isStored: boolean };

/** Creates or changes a channel. Secrets never come back, so their fields are empty. */
export function ChannelForm({ channel, close }: FormProps) {
  const form = useChannelForm(channel, close);
  const { values, set, draft, change, errors, created } = form;
  const isStored = channel !== undefined;
  if (created !== undefined) return <CreatedSecret secret={created} close={close} />;
  return (
    <FormDialog
      title={channel ? `Edit ${channel.name}` : "New channel"}
      form={form}
      verb={channel ? "Save" : "Create channel"}
      onSubmit={form.submit}
      close={close}
    >
      <KindAndName form={form} isStored={isStored} />
      <ChannelFields draft={draft} errors={errors} change={change} isStored={isStored} />
      {draft.kind !== "pagerduty" && <PerMinute form={form} />}
      <Checkbox
        label="Enabled"
        checked={values.isEnabled}
        onChange={({ target }) => set({ isEnabled: target.checked })}
      />
    </FormDialog>
  );
}

const CreatedSecret = ({ secret, close }: { secret: string; close: () => void }) => (
  <Dialog title="Signing secret" close={close}>
    <SecretOnce label="Signing secret" value={secret} close={close}>
      Enter this secret at the receiver, which uses it to check signatures. It is not shown again.
    </SecretOnce>
  </Dialog>
);

function KindAndName({ form: { draft, change, values, errors, set }, isStored }: PartProps) {
  return (
    <>
      <Field label="Kind">
        {(field) => (
          <Select
            {...field}
            value={draft.kind}
            disabled={isStored}
            onChange={({ target }) => change({ ...draftOf(undefined), kind: target.value as (typeof KINDS)[number] })}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {KIND_NAMES[kind]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <NameField value={values.name} error={errors.name} placeholder="On-call" onChange={(name) => set({ name })} />
    </>
  );
}

const PerMinute = ({ form: { values, errors, set } }: Pick<PartProps, "form">) => (
  <Field label="Messages per minute" help="The rest becomes one summary." error={errors.perMinute}>
    {(field) => (
      <NumberInput
        {...field}
        value={values.perMinute}
        min={1}
        max={60}
        step={1}
        className="max-w-24"
        onChange={({ target }) => set({ perMinute: target.value })}
      />
    )}
  </Field>
);
