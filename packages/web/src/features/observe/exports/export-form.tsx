import { EXPORT_PERIODS, ScheduledExportInput } from "@treadle/contract";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Checkbox, Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { findProblem } from "../filter/index.ts";
import { reachOf } from "./export-words.ts";
import { type ScheduledExport, useCreateExport, useUpdateExport } from "./use-exports.ts";

type Form = ReturnType<typeof useFormState<typeof ScheduledExportInput>>;

/** Makes a scheduled export, or changes one. How often it writes stays what it was made with. */
export function ExportForm({ item, close }: { item?: ScheduledExport; close: () => void }) {
  const create = useCreateExport();
  const update = useUpdateExport();
  const form = useFormState({
    schema: ScheduledExportInput,
    initial: item ? fieldsOf(item) : { every: "day", keepFiles: 400 },
  });
  const { every = "day", filter, keepFiles, name } = form.values;
  async function submit() {
    const isSaved = await form.submit(({ every: period, since: first, ...body }) =>
      item
        ? update.mutateAsync({ scheduledExportId: item.scheduledExportId, body })
        : create.mutateAsync({ ...body, every: period, ...(first && { since: first }) }),
    );
    if (!isSaved) return;
    toastDone(item ? `Saved ${name}` : `Created ${name}. It writes a file every ${every}.`);
    close();
  }
  return (
    <FormDialog
      title={item ? `Edit ${item.name}` : "New export"}
      description={item ? `Every ${every}. Changes apply from the next file.` : undefined}
      form={form}
      verb={item ? "Save" : "Create export"}
      onSubmit={submit}
      close={close}
    >
      <Field label="Name" error={form.errors.name}>
        {(field) => <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Archive" />}
      </Field>
      {!item && <ScheduleFields form={form} />}
      <Field
        label="Filter"
        isOptional
        help="The spans to export, in the filter language. Leave empty for all spans."
        error={form.errors.filter && (findProblem(filter ? { filter } : {})?.message ?? form.errors.filter)}
      >
        {(field) => (
          <TextInput
            {...field}
            {...form.text("filter")}
            placeholder="kind:generation -status:cancelled"
            className="font-mono text-sm"
          />
        )}
      </Field>
      <Field
        label="Files to keep"
        help={`Older files are deleted. ${keepFiles ? `At one file per ${every}, this covers ${reachOf(keepFiles, every)}.` : ""}`}
        error={form.errors.keepFiles}
      >
        {(field) => (
          <NumberInput
            {...field}
            {...form.number("keepFiles")}
            required
            min={1}
            max={10_000}
            step={1}
            className="max-w-32"
          />
        )}
      </Field>
      <Checkbox
        label="Include inputs, outputs, parameters and attributes"
        checked={form.values.includesContent ?? true}
        onChange={(event) => form.set({ includesContent: event.target.checked })}
      />
    </FormDialog>
  );
}

/** The interval and the first day of a new export; neither can be changed later. */
function ScheduleFields({ form }: { form: Form }) {
  const { every = "day", since } = form.values;
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <Field label="Interval" help="One file per hour or day, in UTC." error={form.errors.every}>
        {(field) => (
          <Select
            {...field}
            value={every}
            onChange={({ target }) => form.set({ every: EXPORT_PERIODS.find((period) => period === target.value) })}
          >
            {EXPORT_PERIODS.map((period) => (
              <option key={period} value={period}>
                {period}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label="Start date"
        isOptional
        help={`Choose an earlier day to export past spans too. Leave empty to start with ${every === "day" ? "today" : "this hour"}.`}
        error={form.errors.since}
      >
        {(field) => (
          <TextInput
            {...field}
            type="date"
            max={new Date().toISOString().slice(0, 10)}
            value={since?.slice(0, 10) ?? ""}
            onChange={({ target }) =>
              form.set({ since: target.value === "" ? undefined : `${target.value}T00:00:00Z` })
            }
          />
        )}
      </Field>
    </div>
  );
}

const fieldsOf = ({ name, every, filter, includesContent, keepFiles, isEnabled }: ScheduledExport) => ({
  name,
  every,
  filter,
  includesContent,
  keepFiles,
  isEnabled,
});
