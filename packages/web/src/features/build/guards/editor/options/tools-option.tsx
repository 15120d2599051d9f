import { X } from "lucide-react";
import { Field, Select, TextInput } from "../../../../../components/form/field.tsx";
import { type Fields, isFields, withKey } from "../../../../../components/form/json-fields.ts";
import { RowEditor } from "../../../../../components/form/row-editor.tsx";
import { useKeyNames } from "../../shared/use-names.ts";
import type { OptionProps } from "../field-props.ts";
import { ProblemText } from "../problem-text.tsx";
import { JsonText } from "./json-option.tsx";

const BLANK: Fields = {};

/** The tools that an answer may call: each with its callers and the schema of its arguments. */
export function ToolsOption({ label, value, path, form, onChange }: OptionProps) {
  const tools: readonly Fields[] = Array.isArray(value)
    ? value.map((tool: unknown) => (isFields(tool) ? tool : BLANK))
    : [];
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <p className="text-xs text-muted">
        {tools.length === 0
          ? "No tool may be called: every call of a tool is a finding."
          : "A call of any other tool is a finding. In a name, * stands for any characters."}
      </p>
      <RowEditor
        rows={tools}
        onChange={(next) => onChange([...next])}
        blank={BLANK}
        addLabel="Add tool"
        removeLabel={({ name }, place) => `Remove tool ${typeof name === "string" ? name : place + 1}`}
        rowClassName="items-start gap-2 rounded-control border border-line p-3"
        note={<ProblemText text={form.errorAt(path)} />}
      >
        {(tool, change, place) => (
          <ToolFields tool={tool} place={place} path={`${path}.${place}`} form={form} onChange={change} />
        )}
      </RowEditor>
    </fieldset>
  );
}

type ToolProps = Pick<OptionProps, "path" | "form"> & {
  tool: Fields;
  place: number;
  onChange: (tool: Fields) => void;
};

const ToolFields = ({ tool, place, path, form, onChange }: ToolProps) => (
  <div className="flex min-w-0 grow flex-col gap-3">
    <NameField tool={tool} place={place} path={path} form={form} onChange={onChange} />
    <KeysField
      place={place}
      value={tool.keys}
      problem={form.errorWithin(`${path}.keys`)}
      onChange={(keys) => onChange(withKey(tool, "keys", keys))}
    />
    <JsonText
      label="Schema of the arguments"
      ariaLabel={`Schema of the arguments of tool ${place + 1}`}
      help="A JSON schema. Empty for any arguments."
      isOptional
      value={tool.arguments}
      path={`${path}.arguments`}
      form={form}
      onChange={(schema) => onChange(withKey(tool, "arguments", schema))}
    />
  </div>
);

const NameField = ({ tool, place, path, form, onChange }: ToolProps) => (
  <Field label="Name" error={form.errorAt(`${path}.name`)}>
    {(control) => (
      <TextInput
        {...control}
        aria-label={`Name of tool ${place + 1}`}
        placeholder="search_*"
        value={typeof tool.name === "string" ? tool.name : ""}
        onChange={({ target }) => onChange(withKey(tool, "name", target.value || undefined))}
        onBlur={() => form.touch(`${path}.name`)}
        className="max-w-80 font-mono text-sm"
      />
    )}
  </Field>
);

type KeysProps = {
  place: number;
  value: unknown;
  problem: string | undefined;
  onChange: (keys: readonly string[] | undefined) => void;
};

/** The API keys that may call the tool, chosen one after the other. */
function KeysField({ place, value, problem, onChange }: KeysProps) {
  const names = useKeyNames().data ?? [];
  const chosen = (Array.isArray(value) ? value : []).map(String);
  const others = names.filter(({ apiKeyId }) => !chosen.includes(apiKeyId));
  const set = (next: readonly string[]) => onChange(next.length === 0 ? undefined : next);
  const nameOf = (id: string) => names.find(({ apiKeyId }) => apiKeyId === id)?.name ?? id;
  return (
    <Field label="API keys" isOptional help="The keys that may call it. All callers if none is chosen." error={problem}>
      {(control) => (
        <div className="flex flex-wrap items-center gap-2">
          {chosen.map((id) => (
            <KeyChip key={id} name={nameOf(id)} onRemove={() => set(chosen.filter((one) => one !== id))} />
          ))}
          <Select
            {...control}
            aria-label={`API keys of tool ${place + 1}`}
            value=""
            onChange={({ target }) => set([...chosen, target.value])}
            className="w-48!"
          >
            <option value="">Add a key</option>
            {others.map(({ apiKeyId, name, hint }) => (
              <option key={apiKeyId} value={apiKeyId}>{`${name} (${hint})`}</option>
            ))}
          </Select>
        </div>
      )}
    </Field>
  );
}

const KeyChip = ({ name, onRemove }: { name: string; onRemove: () => void }) => (
  <span className="inline-flex h-8 max-w-full items-center gap-1 rounded-control border border-line bg-raised pr-1 pl-2.5">
    <span className="truncate">{name}</span>
    <button
      type="button"
      aria-label={`Remove key ${name}`}
      onClick={onRemove}
      className="inline-flex size-6 shrink-0 items-center justify-center rounded text-muted hover:text-text"
    >
      <X size={13} />
    </button>
  </span>
);
