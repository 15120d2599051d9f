import { useState } from "react";
import { explain } from "../../../api.ts";
import { SecretOnce } from "../../../components/feedback/secret-once.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Checkbox, Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { Dialog } from "../../../components/overlay/dialog.tsx";
import { ChannelFields } from "./channel-fields.tsx";
import { draftOf, readDraft } from "./channel-target.ts";
import { KIND_NAMES, KINDS } from "./channel-words.ts";
import { type Channel, useChannelChanges } from "./use-notifications.ts";

const DEFAULT_PER_MINUTE = 10;

/** Creates or changes a channel. Secrets never come back, so their fields are empty. */
export function ChannelForm({ channel, close }: { channel?: Channel; close: () => void }) {
  const form = useChannelForm(channel, close);
  const { values, set, draft, change, errors, created } = form;
  if (created !== undefined)
    return (
      <Dialog title="Signing secret" close={close}>
        <SecretOnce label="Signing secret" value={created} close={close}>
          Enter this secret at the receiver, which uses it to check signatures. It is not shown again.
        </SecretOnce>
      </Dialog>
    );
  return (
    <FormDialog
      title={channel ? `Edit ${channel.name}` : "New channel"}
      form={form}
      verb={channel ? "Save" : "Create channel"}
      onSubmit={form.submit}
      close={close}
    >
      <Field label="Kind">
        {(field) => (
          <Select
            {...field}
            value={draft.kind}
            disabled={channel !== undefined}
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
      <Field label="Name" error={errors.name}>
        {(field) => (
          <TextInput
            {...field}
            value={values.name}
            required
            autoFocus
            maxLength={120}
            placeholder="On-call"
            onChange={({ target }) => set({ name: target.value })}
          />
        )}
      </Field>
      <ChannelFields draft={draft} errors={errors} change={change} isStored={channel !== undefined} />
      {draft.kind !== "pagerduty" && (
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
      )}
      <Checkbox
        label="Enabled"
        checked={values.isEnabled}
        onChange={({ target }) => set({ isEnabled: target.checked })}
      />
    </FormDialog>
  );
}

function useChannelForm(channel: Channel | undefined, close: () => void) {
  const { create, update } = useChannelChanges();
  const [values, setValues] = useState({
    name: channel?.name ?? "",
    perMinute: String(channel?.perMinute ?? DEFAULT_PER_MINUTE),
    isEnabled: channel?.isEnabled ?? true,
  });
  const [draft, setDraft] = useState(() => draftOf(channel?.settings));
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [created, setCreated] = useState<string>();
  const error = create.error ?? update.error;

  async function submit() {
    const read = readDraft(draft);
    const perMinute = Number(values.perMinute);
    const isCount = Number.isInteger(perMinute) && perMinute >= 1 && perMinute <= 60;
    const problems = {
      ...("errors" in read && read.errors),
      ...(!isCount && { perMinute: "must be a whole number from 1 to 60" }),
    };
    setErrors(problems);
    if ("errors" in read || !isCount) return;
    const body = { ...values, perMinute, target: read.target };
    const saved = channel
      ? await update.mutateAsync({ channelId: channel.channelId, body }).catch(() => undefined)
      : await create.mutateAsync(body).catch(() => undefined);
    if (saved === undefined) return;
    toastDone(channel ? `Saved ${values.name}` : `Created ${values.name}. Add it to a route, and send a test message.`);
    if ("secret" in saved && typeof saved.secret === "string") setCreated(saved.secret);
    else close();
  }
  return {
    values,
    draft,
    errors,
    created,
    failure: error ? explain(error) : undefined,
    isBusy: create.isPending || update.isPending,
    set: (changes: Partial<typeof values>) => setValues((old) => ({ ...old, ...changes })),
    change: (changes: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...changes })),
    submit,
  };
}
