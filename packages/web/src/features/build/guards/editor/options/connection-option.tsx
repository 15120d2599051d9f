import { Field, Select, TextInput } from "../../../../../components/form/field.tsx";
import { useConnectionNames } from "../../shared/use-names.ts";
import type { OptionProps } from "../field-props.ts";

const textOf = (value: unknown) => (typeof value === "string" ? value : "");

/** A connection of the project. Without the right to list them, its slug as a text. */
export function ConnectionOption({ field, label, value, path, form, onChange }: OptionProps) {
  const { data: connections, isLoading } = useConnectionNames();
  const slug = textOf(value);
  const shared = { value: slug, onBlur: () => form.touch(path), className: "max-w-80" };
  const isListed = slug === "" || connections?.some((one) => one.slug === slug);
  const note = connections?.length === 0 && "This project has no connections. Create one under Connections.";
  return (
    <Field label={label} help={note || field.help} error={form.errorAt(path)}>
      {(control) =>
        connections || isLoading ? (
          <Select {...control} {...shared} onChange={({ target }) => onChange(target.value || undefined)}>
            <option value="">Choose a connection</option>
            {!isListed && <option value={slug}>{slug}</option>}
            {connections?.map((one) => (
              <option key={one.slug} value={one.slug}>
                {one.name && one.name !== one.slug ? `${one.name} (${one.slug})` : one.slug}
              </option>
            ))}
          </Select>
        ) : (
          <TextInput {...control} {...shared} onChange={({ target }) => onChange(target.value || undefined)} />
        )
      }
    </Field>
  );
}

/** A model of the chosen connection. Its list may lack the models that only moderate, so any name can be typed. */
export function ServiceModelOption({ field, label, value, path, rule, form, onChange }: OptionProps) {
  const { data: connections } = useConnectionNames();
  const models = connections?.find(({ slug }) => slug === rule.options.connection)?.models ?? [];
  return (
    <Field label={label} isOptional help={field.help} error={form.errorAt(path)}>
      {(control) => (
        <>
          <TextInput
            {...control}
            list={`${control.id}-models`}
            value={textOf(value)}
            placeholder="omni-moderation-latest"
            onChange={({ target }) => onChange(target.value || undefined)}
            onBlur={() => form.touch(path)}
            className="max-w-80"
          />
          <datalist id={`${control.id}-models`}>
            {models.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
