import { useNavigate } from "@tanstack/react-router";
import { SloInput } from "@treadle/contract";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Checkbox, Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { IndicatorFields } from "./indicator-fields.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import { type Slo, useEndpointList, useSloChanges } from "./use-slos.ts";

const useSloForm = (slo: Slo | undefined, endpoint: string) =>
  useFormState({
    schema: SloInput,
    initial: slo
      ? fieldsOf(slo)
      : { endpoint, indicator: { kind: "availability" }, objective: 0.99, windowDays: 28, counts: "calls" },
    ...(!slo && { draft: "new-slo" }),
  });
export type SloFormState = ReturnType<typeof useSloForm>;

type FormProps = { slo: Slo | undefined; endpoint?: string | undefined; close: () => void };

/** Makes an SLO or changes one, with what the stored requests say of it. */
export function SloForm({ slo, endpoint = "", close }: FormProps) {
  const { create, update } = useSloChanges();
  const navigate = useNavigate();
  const form = useSloForm(slo, endpoint);
  async function submit() {
    let sloId = slo?.sloId;
    const isSaved = await form.submit(async (body) => {
      if (slo) await update.mutateAsync({ sloId: slo.sloId, body });
      else sloId = (await create.mutateAsync(body)).sloId;
    });
    if (!isSaved) return;
    toastDone(`${slo ? "Saved" : "Created"} ${form.values.name}`);
    close();
    if (!slo && sloId !== undefined) void navigate({ to: "/slos/$sloId", params: { sloId } });
  }
  const cancel = () => {
    form.discard();
    close();
  };
  return (
    <FormDialog
      title={slo ? `Edit ${slo.name}` : "New SLO"}
      form={form}
      verb={slo ? "Save" : "Create SLO"}
      onSubmit={submit}
      close={close}
      onCancel={cancel}
      width="wide"
    >
      <Field label="Name" error={form.errors.name && "Enter a name of at most 120 characters."}>
        {(field) => (
          <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Support answers in time" />
        )}
      </Field>
      <RequestFields form={form} />
      <IndicatorFields form={form} />
      <GoalFields form={form} />
      <AlertFields form={form} />
      <PreviewPanel values={form.values} />
    </FormDialog>
  );
}

function RequestFields({ form }: { form: SloFormState }) {
  const endpoints = useEndpointList();
  const { values, errors } = form;
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <Field label="Endpoint" isOptional help="Leave empty to count all requests." error={errors.endpoint}>
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
      <Field label="Requests" help="Choose root spans for agents, whose traces have many calls." error={errors.counts}>
        {(field) => (
          <Select
            {...field}
            value={values.counts ?? "calls"}
            onChange={({ target }) => form.set({ counts: target.value === "roots" ? "roots" : "calls" })}
          >
            <option value="calls">Calls of models</option>
            <option value="roots">Root spans of traces</option>
          </Select>
        )}
      </Field>
      <Field
        label="Filter"
        isOptional
        className="col-span-full"
        help="Counts only spans that match, in the filter language."
        error={errors.filter && `The filter ${errors.filter}.`}
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
    </div>
  );
}

const WINDOWS = [7, 28, 30] as const;

const GoalFields = ({ form }: { form: SloFormState }) => (
  <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
    <Field
      label="Objective (%)"
      help="The share of requests that must be good."
      error={form.errors.objective && "Enter a percentage from 50 to 99.999."}
    >
      {(field) => (
        <NumberInput
          {...field}
          required
          min={50}
          max={99.999}
          value={form.values.objective === undefined ? "" : Number((form.values.objective * 100).toPrecision(7))}
          onChange={({ target }) => {
            const percent = target.valueAsNumber;
            form.set({ objective: Number.isNaN(percent) ? undefined : Number((percent / 100).toPrecision(9)) });
          }}
          onBlur={() => form.check("objective")}
        />
      )}
    </Field>
    <Field label="Window" help="Rolling, in days of UTC.">
      {(field) => (
        <Select
          {...field}
          value={form.values.windowDays ?? 28}
          onChange={({ target }) => form.set({ windowDays: WINDOWS.find((days) => `${days}` === target.value) ?? 28 })}
        >
          {WINDOWS.map((days) => (
            <option key={days} value={days}>
              {days} days
            </option>
          ))}
        </Select>
      )}
    </Field>
  </div>
);

function AlertFields({ form }: { form: SloFormState }) {
  const { isEnabled = true, ...rest } = form.values.alerts ?? {};
  return (
    <div className="flex flex-col gap-1">
      <Checkbox
        label="Alert when the budget burns too fast"
        checked={isEnabled}
        onChange={({ target }) => form.set({ alerts: { ...rest, isEnabled: target.checked } })}
      />
      <p className="text-xs text-muted">Creates a monitor with four pairs of windows.</p>
    </div>
  );
}

const fieldsOf = ({ sloId: _, monitorId, notices, status, createdBy, createdAt, updatedAt, ...fields }: Slo) => fields;
