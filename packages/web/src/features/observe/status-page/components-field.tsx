import { Link } from "@tanstack/react-router";
import { Select, TextInput } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { useSloNames } from "./use-status-page.ts";

type Component = { name: string; sloId: string };
type FieldProps = {
  components: readonly Component[];
  onChange: (components: readonly Component[]) => void;
  error: string | undefined;
};

/** The components of the page: public names, each with an SLO. */
export function ComponentsField({ components, onChange, error }: FieldProps) {
  const slos = useSloNames();
  const choices = slos.data ?? [];
  if (slos.data?.length === 0 && components.length === 0) return <NoSlos />;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Components</legend>
      <RowEditor
        rows={components}
        onChange={onChange}
        blank={{ name: "", sloId: choices[0]?.sloId ?? "" }}
        addLabel="Add component"
        removeLabel={({ name }) => `Remove ${name || "component"}`}
        removeSize="normal"
        rowClassName="items-center gap-2 max-sm:flex-wrap"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(component, change) => <ComponentRow component={component} change={change} choices={choices} />}
      </RowEditor>
    </fieldset>
  );
}

const NoSlos = () => (
  <p className="text-sm text-muted">
    Components show the state of SLOs.{" "}
    <Link to="/slos" className="text-accent hover:underline">
      Create an SLO
    </Link>{" "}
    first.
  </p>
);

type RowProps = {
  component: Component;
  change: (next: Component) => void;
  choices: readonly { sloId: string; name: string }[];
};

const ComponentRow = ({ component, change, choices }: RowProps) => (
  <>
    <TextInput
      aria-label="Public name"
      value={component.name}
      onChange={({ target }) => change({ ...component, name: target.value })}
      placeholder="Support chat"
      className="max-sm:basis-full"
      required
    />
    <Select
      aria-label="SLO"
      value={component.sloId}
      onChange={({ target }) => change({ ...component, sloId: target.value })}
    >
      {!choices.some(({ sloId }) => sloId === component.sloId) && <option value={component.sloId}>Deleted SLO</option>}
      {choices.map(({ sloId, name }) => (
        <option key={sloId} value={sloId}>
          {name}
        </option>
      ))}
    </Select>
  </>
);
