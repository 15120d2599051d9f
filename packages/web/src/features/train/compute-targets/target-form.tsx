import { ComputeSettings, ComputeTargetInput } from "@treadle/contract";
import { useState } from "react";
import { z } from "zod";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Field, Select, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { SchemaForm } from "../../../components/form/schema-form.tsx";
import { KINDS } from "./kinds.ts";
import { type ComputeTarget, useCreateComputeTarget, useUpdateComputeTarget } from "./use-compute-targets.ts";

type Kind = ComputeTarget["settings"]["kind"];
type Settings = Readonly<Record<string, unknown>>;

/** The schema of the settings that a kind needs in addition to the address, for a generated form. */
const SCHEMAS = new Map<string, unknown>(
  ComputeSettings.options.map((option) => [
    option.shape.kind.value,
    withoutKind(z.toJSONSchema(option, { io: "input" })),
  ]),
);
const KIND_NAMES = ComputeSettings.options.map(({ shape }) => shape.kind.value);

/** Adds or edits a compute target. The token is a secret: it is never stored in a draft and never returned. */
export function TargetForm({ target, close }: { target?: ComputeTarget; close: () => void }) {
  const create = useCreateComputeTarget();
  const update = useUpdateComputeTarget();
  const [kind, setKind] = useState<Kind>(target?.settings.kind ?? "ray");
  const [settings, setSettings] = useState<Settings>(() => settingsOf(target));
  const [token, setToken] = useState("");
  const [folder, setFolder] = useState(target?.folder ?? { here: "", there: "" });
  const form = useFormState({
    schema: ComputeTargetInput.omit({ settings: true, token: true, folder: true }),
    initial: { name: target?.name, url: target?.url },
  });
  const movesAway = target?.hasToken === true && originOf(form.values.url) !== originOf(target.url);
  async function submit() {
    const isSaved = await form.submit((body) => {
      const isSame = folder.here.trim() === "" && folder.there.trim() === "";
      const whole = {
        ...body,
        settings: readSettings({ ...settings, kind }),
        folder: isSame ? null : { here: folder.here.trim(), there: folder.there.trim() },
        ...(token.trim() !== "" && { token: token.trim() }),
      };
      if (!target) return create.mutateAsync(whole);
      return update.mutateAsync({ computeTargetId: target.computeTargetId, body: whole });
    });
    if (!isSaved) return;
    toastDone(target ? `Saved ${form.values.name}` : `Added ${form.values.name}`);
    close();
  }
  return (
    <FormDialog
      title={target ? `Edit ${target.name}` : "Add compute target"}
      form={form}
      verb={target ? "Save" : "Add"}
      onSubmit={submit}
      close={close}
    >
      <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
        <Field label="Name" help="The name to use in run configurations" error={form.errors.name}>
          {(field) => <TextInput {...field} {...form.text("name")} required autoFocus placeholder="gpu-cluster" />}
        </Field>
        <Field label="Kind">
          {(field) => (
            <Select
              {...field}
              value={kind}
              onChange={({ target: { value } }) => {
                setKind(KIND_NAMES.find((name) => name === value) ?? kind);
                setSettings({});
              }}
            >
              {KIND_NAMES.map((name) => (
                <option key={name} value={name}>
                  {KINDS[name].label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Field label="Address" help={KINDS[kind].help} error={form.errors.url}>
        {(field) => (
          <TextInput
            {...field}
            {...form.text("url")}
            type="url"
            required
            placeholder={KINDS[kind].address}
            className="font-mono text-sm"
          />
        )}
      </Field>
      <Field
        label="Token"
        isOptional
        error={form.errors.token}
        help={
          movesAway
            ? "A token is sent only to the host that it was entered for. If you save another host, the token is deleted and you must enter it again."
            : target?.hasToken
              ? "A token is stored. Enter a new one to replace it."
              : "Sent as a bearer token. Stored encrypted and never shown again"
        }
      >
        {(field) => (
          <TextInput
            {...field}
            type="password"
            autoComplete="off"
            value={token}
            onChange={(event) => setToken(event.target.value)}
            className="font-mono text-sm"
          />
        )}
      </Field>
      <FolderFields folder={folder} onChange={setFolder} error={form.errors.folder} />
      <SchemaForm
        key={kind}
        schema={SCHEMAS.get(kind)}
        params={settings}
        onChange={setSettings}
        errors={form.errors.settings ? { python: form.errors.settings } : {}}
      />
    </FormDialog>
  );
}

/** The schema without the kind, which has its own field. */
function withoutKind({ properties, required, ...schema }: z.core.JSONSchema.BaseSchema) {
  const { kind: _, ...others } = properties ?? {};
  return { ...schema, properties: others, required: required?.filter((name) => name !== "kind") };
}

type Folder = { readonly here: string; readonly there: string };
type FolderProps = { folder: Folder; onChange: (folder: Folder) => void; error: string | undefined };

function FolderFields({ folder, onChange, error }: FolderProps) {
  return (
    <fieldset className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <legend className="mb-1 text-sm font-medium">
        Shared folder <span className="ml-1 font-normal text-muted">leave empty if the paths are the same</span>
      </legend>
      <Field label="On this server" error={error}>
        {(field) => (
          <TextInput
            {...field}
            value={folder.here}
            onChange={({ target }) => onChange({ ...folder, here: target.value })}
            placeholder="/srv/treadle"
            className="font-mono text-sm"
          />
        )}
      </Field>
      <Field label="On the cluster">
        {(field) => (
          <TextInput
            {...field}
            value={folder.there}
            onChange={({ target }) => onChange({ ...folder, there: target.value })}
            placeholder="/mnt/shared/treadle"
            className="font-mono text-sm"
          />
        )}
      </Field>
    </fieldset>
  );
}

/** Throws the first validation error as a sentence. */
function readSettings(given: Settings): ComputeSettings {
  const { success, data, error } = ComputeSettings.safeParse(given);
  if (success) return data;
  const [issue] = error.issues;
  throw new Error(`${issue?.path.join(".")}: ${issue?.message}`);
}

function originOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : "";
}

function settingsOf(target: ComputeTarget | undefined): Settings {
  if (!target) return {};
  const { kind: _, ...settings } = target.settings;
  return settings;
}
