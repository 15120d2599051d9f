import { Field, Select, TextInput } from "../../../../../components/form/field.tsx";
import { useModelGroups } from "../../shared/use-names.ts";
import type { OptionProps } from "../field-props.ts";

type Control = { id: string; "aria-describedby"?: string; "aria-invalid"?: true };
type SelectProps = {
  control: Control;
  value: string;
  /** Undefined for none. */
  onChange: (model: string | undefined) => void;
  onBlur: () => void;
};

/** An endpoint or model of the project. Without the right to list them, a text. */
export function ModelSelect(props: SelectProps) {
  const { data: groups, isLoading } = useModelGroups();
  return groups || isLoading ? <ListedModels {...props} groups={groups} /> : <TypedModel {...props} />;
}

const TypedModel = ({ control, value, onChange, onBlur }: SelectProps) => (
  <TextInput
    {...control}
    value={value}
    placeholder="connection/model"
    onChange={({ target }) => onChange(target.value || undefined)}
    onBlur={onBlur}
    className="max-w-80"
  />
);

type ListedProps = SelectProps & { groups: ReturnType<typeof useModelGroups>["data"] };

function ListedModels({ control, value, onChange, onBlur, groups }: ListedProps) {
  const owners = [...(groups ?? [])];
  const isListed = value === "" || owners.some(([, models]) => models.some(({ id }) => id === value));
  return (
    <Select
      {...control}
      value={value}
      onChange={({ target }) => onChange(target.value || undefined)}
      onBlur={onBlur}
      className="max-w-80"
    >
      <option value="">Choose an endpoint or model</option>
      {!isListed && <option value={value}>{value}</option>}
      {owners.map(([owner, models]) => (
        <optgroup key={owner} label={owner}>
          {models.map(({ id }) => (
            <option key={id}>{id}</option>
          ))}
        </optgroup>
      ))}
    </Select>
  );
}

export const ModelOption = ({ field, label, value, path, form, onChange }: OptionProps) => (
  <Field label={label} help={field.help} error={form.errorAt(path)}>
    {(control) => (
      <ModelSelect
        control={control}
        value={typeof value === "string" ? value : ""}
        onChange={onChange}
        onBlur={() => form.touch(path)}
      />
    )}
  </Field>
);
