import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { AddressFields, CREATE, FoldedSettings, ModelsField, NameFields } from "./connection-fields.tsx";
import { type KeyInput, KeysField } from "./keys-field.tsx";
import { type Connection, type Preset, useCreateConnection, useUpdateConnection } from "./use-connections.ts";

type FormProps = { preset: Preset; connection?: Connection; taken: readonly string[]; close: () => void };

/** Makes a connection to a service, or changes one. The form is judged by the contract's own schema. */
export function ConnectionForm({ preset, connection, taken, close }: FormProps) {
  const create = useCreateConnection();
  const update = useUpdateConnection();
  const form = useFormState({
    schema: CREATE,
    initial: connection ? fieldsOf(connection) : startOf(preset, taken),
    // Keys are not among the values, so the draft holds no secret.
    draft: `connection.${connection?.connectionId ?? preset.presetId}`,
  });
  const [keys, setKeys] = useState<readonly KeyInput[]>(connection ? [] : [{ value: "", weight: 1 }]);
  const stored = connection?.keys ?? [];
  const movesAway = originOf(form.values.baseUrl) !== originOf(connection?.baseUrl);

  async function submit() {
    const given = keys.filter(({ value }) => value !== "");
    const isSaved = await form.submit((body) => {
      const all = { ...body, ...(given.length > 0 && { keys: [...given] }) };
      if (!connection) return create.mutateAsync(all);
      const { slug: _, preset: __, ...change } = all;
      return update.mutateAsync({ connectionId: connection.connectionId, body: change });
    });
    if (!isSaved) return;
    toastDone(connection ? `Saved ${form.values.name}` : `Connected ${form.values.name}`);
    close();
  }
  return (
    <FormDialog
      title={connection ? `Edit ${connection.name}` : `Connect ${preset.label}`}
      form={form}
      verb={connection ? "Save" : "Connect"}
      onSubmit={submit}
      close={close}
      onCancel={() => {
        form.discard();
        close();
      }}
    >
      <NameFields form={form} isNew={connection === undefined} />
      <KeysField keys={keys} onChange={setKeys} stored={stored} preset={preset} error={form.errors.keys} />
      <AddressFields form={form} preset={preset} lostKeys={movesAway ? stored : []} />
      <ModelsField form={form} preset={preset} />
      <FoldedSettings form={form} />
    </FormDialog>
  );
}

function originOf(url: string | undefined): string {
  try {
    return new URL(url ?? "").origin;
  } catch {
    return "";
  }
}

/** The initial values of a new connection: the preset's values and an unused slug. */
function startOf(preset: Preset, taken: readonly string[]) {
  let slug = preset.presetId;
  for (let number = 2; taken.includes(slug); number += 1) slug = `${preset.presetId}-${number}`;
  return {
    slug,
    name: slug === preset.presetId ? preset.label : `${preset.label} ${slug.split("-").at(-1)}`,
    preset: preset.presetId,
    // An address with a gap in it is filled in by the server; one that is missing must be given.
    baseUrl: isWhole(preset.baseUrl) ? preset.baseUrl : undefined,
    isEnabled: true,
  };
}

const isWhole = (url: string) => url !== "" && !url.includes("{");

function fieldsOf({
  slug,
  name,
  preset,
  baseUrl,
  models,
  region,
  apiVersion,
  accessKeyId,
  headers,
  timeouts,
  maxRetries,
  cacheTtlSeconds,
  isEnabled,
}: Connection) {
  return {
    slug,
    name,
    preset,
    baseUrl,
    models,
    region,
    apiVersion,
    accessKeyId,
    headers,
    timeouts,
    maxRetries,
    cacheTtlSeconds,
    isEnabled,
  };
}
