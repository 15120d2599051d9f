import { Field, Select, TextInput } from "../../../components/form/field.tsx";
import type { SloFormState } from "./use-slo-form.ts";
import { useEndpointList } from "./use-slos.ts";

/** Which spans are requests. */
export const RequestFields = ({ form }: { form: SloFormState }) => (
  <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
    <EndpointField form={form} />
    <Field
      label="Requests"
      help="Choose root spans for agents, whose traces have many calls."
      error={form.errors.counts}
    >
      {(field) => (
        <Select
          {...field}
          value={form.values.counts ?? "calls"}
          onChange={({ target }) => form.set({ counts: target.value === "roots" ? "roots" : "calls" })}
        >
          <option value="calls">Calls of models</option>
          <option value="roots">Root spans of traces</option>
        </Select>
      )}
    </Field>
    <FilterField form={form} />
  </div>
);

function EndpointField({ form }: { form: SloFormState }) {
  const endpoints = useEndpointList();
  return (
    <Field label="Endpoint" isOptional help="Leave empty to count all requests." error={form.errors.endpoint}>
      {(field) => (
        <>
          <TextInput {...field} {...form.text("endpoint")} list="slo-endpoints" placeholder="All requests" />
          <datalist id="slo-endpoints">
            {endpoints.data?.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

const FilterField = ({ form }: { form: SloFormState }) => (
  <Field
    label="Filter"
    isOptional
    className="col-span-full"
    help="Counts only spans that match, in the filter language."
    error={form.errors.filter && `The filter ${form.errors.filter}.`}
  >
    {(field) => (
      <TextInput
        {...field}
        {...form.text("filter")}
        placeholder="environment:production"
        className="font-mono text-sm"
      />
    )}
  </Field>
);
