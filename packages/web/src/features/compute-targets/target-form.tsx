import { ComputeSettings, ComputeTargetInput } from "@treadle/contract";
import { useState } from "react";
import { z } from "zod";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Field, Select, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { SchemaForm } from "../../components/schema-form.tsx";
import { toastDone } from "../../components/toast.tsx";
import { KINDS } from "./kinds.ts";
import { type ComputeTarget, useCreateComputeTarget, useUpdateComputeTarget } from "./use-compute-targets.ts";

type Kind = ComputeTarget["settings"]["kind"];
type Settings = Readonly<Record<string, unknown>>;

/** The schema of what a kind needs beside its address, as a form can be made from it. */
const SCHEMAS = new Map<string, unknown>(
  ComputeSettings.options.map((option) => [
    option.shape.kind.value,
    withoutKind(z.toJSONSchema(option, { io: "input" })),
  ]),
);
const KIND_NAMES = ComputeSettings.options.map(({ shape }) => shape.kind.value);

/** Adds a compute target, or changes one. The token is a secret: it is in no draft, and never comes back. */
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
    toastDone(target ? `Saved ${form.values.name}` : `Runs can be sent to ${form.values.name}`);
    close();
  }
  return (
    <Dialog title={target ? `Edit ${target.name}` : "New compute target"} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
          <Field label="Name" help="What a configuration names" error={form.errors.name}>
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
              ? "A token only ever goes to the host it was given for. Saving with another host deletes it; enter it again."
              : target?.hasToken
                ? "One is kept. A new one takes its place."
                : "Sent as a bearer token, kept encrypted, never shown again"
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
        {form.failure && (
          <p role="alert" className="text-bad">
            {form.failure}
          </p>
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            {target ? "Save" : "Add"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** The kind is chosen beside the form. */
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
        Shared folder <span className="ml-1 font-normal text-muted">empty when paths are the same</span>
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

/** Throws what is wrong with the first of them, in a sentence. */
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
