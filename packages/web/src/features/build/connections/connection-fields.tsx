import { connectionsApi } from "@treadle/contract";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { Field, TextArea, TextInput } from "../../../components/form/field.tsx";
import { helpOf, type useFormState } from "../../../components/form/form-state.ts";
import { AdvancedFields } from "./advanced-fields.tsx";
import type { Connection, Preset } from "./use-connections.ts";

/** The body of a new connection, which the form is validated by. */
export const CREATE = connectionsApi["POST /api/v1/connections"].body;

/** Extra fields that some providers need in addition to a key. */
const EXTRA_FIELDS = {
  region: { label: "Region", help: "The region that hosts the models", example: "eu-central-1" },
  apiVersion: { label: "API version", help: "Leave empty to use the version in the base URL", example: "2024-10-21" },
  accessKeyId: {
    label: "Access key id",
    help: "The id of an AWS key pair. Leave empty for a Bedrock API key.",
    example: "AKIA…",
  },
} as const;

type Form = ReturnType<typeof useFormState<typeof CREATE>>;
type FieldsProps = { form: Form; preset: Preset };

/** The name and the slug, which is fixed once the connection exists. */
export function NameFields({ form, isNew }: { form: Form; isNew: boolean }) {
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <Field label="Name" error={form.errors.name}>
        {(field) => <TextInput {...field} {...form.text("name")} />}
      </Field>
      <Field
        label="Slug"
        error={form.errors.slug}
        help={
          isNew
            ? `Applications request models as ${form.values.slug || "slug"}/model.`
            : "The slug cannot be changed because applications use it."
        }
      >
        {(field) => (
          <TextInput {...field} {...form.text("slug")} disabled={!isNew} required className="font-mono text-sm" />
        )}
      </Field>
    </div>
  );
}

type AddressProps = FieldsProps & {
  /** The stored keys that are deleted because the URL names another host. */
  lostKeys: Connection["keys"];
};

/** The base URL, and the extra fields of the provider. */
export function AddressFields({ form, preset, lostKeys }: AddressProps) {
  const movesAway = lostKeys.length > 0;
  const help = preset.baseUrl.includes("{")
    ? "Derived from the region unless you enter a URL"
    : "The URL of the provider's API";
  return (
    <>
      <Field
        label="Base URL"
        isOptional={preset.baseUrl !== ""}
        error={form.errors.baseUrl}
        help={movesAway ? undefined : help}
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
          A key is sent only to the host it was entered for. Saving a different host deletes the stored{" "}
          {lostKeys.length === 1 ? "key" : "keys"}. Enter {lostKeys.length === 1 ? "it" : "them"} again above.
        </p>
      )}
      {preset.fields.map((name) => (
        <Field key={name} label={EXTRA_FIELDS[name].label} help={EXTRA_FIELDS[name].help} error={form.errors[name]}>
          {(field) => <TextInput {...field} {...form.text(name)} placeholder={EXTRA_FIELDS[name].example} />}
        </Field>
      ))}
    </>
  );
}

/** The models that applications can request without the slug, one per line. */
export function ModelsField({ form, preset }: FieldsProps) {
  const models = form.values.models ?? [];
  return (
    <Field
      label="Models without prefix"
      isOptional
      help={`One model per line. ${helpOf(CREATE, "models") ?? ""}`}
      error={form.errors.models}
    >
      {(field) => (
        <TextArea
          {...field}
          rows={3}
          value={models.join("\n")}
          onChange={({ target: { value } }) =>
            form.set({ models: value === "" ? [] : value.split("\n").map((line) => line.trimStart()) })
          }
          onBlur={() => form.set({ models: models.map((line) => line.trim()).filter(Boolean) })}
          placeholder={preset.exampleModels.join("\n")}
          className="font-mono text-sm"
        />
      )}
    </Field>
  );
}

/** The advanced settings, folded until they are needed. */
export function FoldedSettings({ form }: { form: Form }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex items-center gap-1 self-start text-sm text-muted hover:text-text"
      >
        <ChevronRight aria-hidden size={14} className={isOpen ? "rotate-90" : ""} /> Timeouts, retries, cache and
        headers
      </button>
      {isOpen && <AdvancedFields form={form} />}
    </>
  );
}
