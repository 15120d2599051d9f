import { connectionsApi } from "@treadle/contract";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Checkbox, Field, TextArea, TextInput } from "../../components/field.tsx";
import { helpOf, useFormState } from "../../components/form-state.ts";
import { toastDone } from "../../components/toast.tsx";
import { AdvancedFields } from "./advanced-fields.tsx";
import { type KeyInput, KeysField } from "./keys-field.tsx";
import { type Connection, type Preset, useCreateConnection, useUpdateConnection } from "./use-connections.ts";

const CREATE = connectionsApi["POST /api/v1/connections"].body;

/** What some services need besides a key. */
const EXTRA_FIELDS = {
  region: { label: "Region", help: "Where the models run", example: "eu-central-1" },
  apiVersion: { label: "API version", help: "Empty for the version in the base URL", example: "2024-10-21" },
  accessKeyId: { label: "Access key id", help: "Of an AWS key pair; empty for a Bedrock API key", example: "AKIA…" },
} as const;

type FormProps = { preset: Preset; connection?: Connection; taken: readonly string[]; close: () => void };

/** Makes a connection to a service, or changes one. The form is judged by the contract's own schema. */
export function ConnectionForm({ preset, connection, taken, close }: FormProps) {
  const create = useCreateConnection();
  const update = useUpdateConnection();
  const form = useFormState({
    schema: CREATE,
    initial: connection ? fieldsOf(connection) : startOf(preset, taken),
    // Keys are not among the values, so the draft holds no secret.
    draft: `connection.${connection?.id ?? preset.id}`,
  });
  const [keys, setKeys] = useState<readonly KeyInput[]>(connection ? [] : [{ value: "", weight: 1 }]);
  const [isAdvanced, setIsAdvanced] = useState(false);
  const movesAway =
    connection !== undefined &&
    connection.keys.length > 0 &&
    originOf(form.values.baseUrl) !== originOf(connection.baseUrl);

  async function submit() {
    const given = keys.filter(({ value }) => value !== "");
    const isSaved = await form.submit((body) => {
      const all = { ...body, ...(given.length > 0 && { keys: [...given] }) };
      if (!connection) return create.mutateAsync(all);
      const { slug: _, preset: __, ...change } = all;
      return update.mutateAsync({ connectionId: connection.id, body: change });
    });
    if (!isSaved) return;
    toastDone(connection ? `Saved ${form.values.name}` : `Connected ${form.values.name}`);
    close();
  }
  return (
    <Dialog title={connection ? `Edit ${connection.name}` : `Connect ${preset.label}`} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
          <Field label="Name" error={form.errors.name}>
            {(field) => <TextInput {...field} {...form.text("name")} />}
          </Field>
          <Field
            label="Slug"
            error={form.errors.slug}
            help={
              connection
                ? "Cannot be changed: applications use it"
                : `Models are asked for as ${form.values.slug || "slug"}/model`
            }
          >
            {(field) => (
              <TextInput
                {...field}
                {...form.text("slug")}
                disabled={connection !== undefined}
                required
                className="font-mono text-sm"
              />
            )}
          </Field>
        </div>
        <KeysField
          keys={keys}
          onChange={setKeys}
          stored={connection?.keys ?? []}
          preset={preset}
          error={form.errors.keys}
        />
        <Field
          label="Base URL"
          isOptional={preset.baseUrl !== ""}
          error={form.errors.baseUrl}
          help={
            movesAway
              ? undefined
              : preset.baseUrl.includes("{")
                ? "Made from the region, unless you give one"
                : "Where the service answers"
          }
        >
          {(field) => (
            <TextInput
              {...field}
              {...form.text("baseUrl")}
              type="url"
              required={preset.baseUrl === ""}
              placeholder={preset.baseUrl || "https://your-resource.example.com/openai/v1"}
              className="font-mono text-sm"
            />
          )}
        </Field>
        {movesAway && (
          <p role="alert" className="-mt-2 rounded-control bg-warn-soft px-3 py-2 text-sm">
            A key is only ever sent to the host it was given for. Saving with another host deletes the stored{" "}
            {connection.keys.length === 1 ? "key" : "keys"}; enter {connection.keys.length === 1 ? "it" : "them"} again
            above.
          </p>
        )}
        {preset.fields.map((name) => (
          <Field key={name} label={EXTRA_FIELDS[name].label} help={EXTRA_FIELDS[name].help} error={form.errors[name]}>
            {(field) => <TextInput {...field} {...form.text(name)} placeholder={EXTRA_FIELDS[name].example} />}
          </Field>
        ))}
        <Field
          label="Models by plain name"
          isOptional
          help={`One a line. ${helpOf(CREATE, "models") ?? ""}`}
          error={form.errors.models}
        >
          {(field) => (
            <TextArea
              {...field}
              rows={3}
              value={(form.values.models ?? []).join("\n")}
              onChange={(event) =>
                form.set({
                  models:
                    event.target.value === "" ? [] : event.target.value.split("\n").map((line) => line.trimStart()),
                })
              }
              onBlur={() => {
                form.set({ models: (form.values.models ?? []).map((line) => line.trim()).filter(Boolean) });
              }}
              placeholder={preset.exampleModels.join("\n")}
              className="font-mono text-sm"
            />
          )}
        </Field>
        <button
          type="button"
          aria-expanded={isAdvanced}
          onClick={() => setIsAdvanced(!isAdvanced)}
          className="flex items-center gap-1 self-start text-sm text-muted hover:text-text"
        >
          <ChevronRight aria-hidden size={14} className={isAdvanced ? "rotate-90" : ""} /> Timeouts, retries, cache and
          headers
        </button>
        {isAdvanced && <AdvancedFields form={form} />}
        <Checkbox
          label="In use"
          checked={form.values.isEnabled ?? true}
          onChange={(event) => form.set({ isEnabled: event.target.checked })}
        />
        {form.failure && (
          <p role="alert" className="text-bad">
            {form.failure}
          </p>
        )}
        <DialogActions>
          <Button
            onClick={() => {
              form.discard();
              close();
            }}
          >
            Cancel
          </Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            {connection ? "Save" : "Connect"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function originOf(url: string | undefined): string {
  try {
    return new URL(url ?? "").origin;
  } catch {
    return "";
  }
}

/** What a new connection starts with: the preset's words, and a slug nobody has yet. */
function startOf(preset: Preset, taken: readonly string[]) {
  let slug = preset.id;
  for (let number = 2; taken.includes(slug); number += 1) slug = `${preset.id}-${number}`;
  return {
    slug,
    name: slug === preset.id ? preset.label : `${preset.label} ${slug.split("-").at(-1)}`,
    preset: preset.id,
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
