import { EXPORT_PERIODS, ScheduledExportInput } from "@treadle/contract";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Checkbox, Field, NumberInput, Select, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { toastDone } from "../../components/toast.tsx";
import { findProblem } from "../filter/index.ts";
import { reachOf } from "./export-words.ts";
import { type ScheduledExport, useCreateExport, useUpdateExport } from "./use-exports.ts";

/** Makes a scheduled export, or changes one. How often it writes stays what it was made with. */
export function ExportForm({ item, close }: { item?: ScheduledExport; close: () => void }) {
  const create = useCreateExport();
  const update = useUpdateExport();
  const form = useFormState({
    schema: ScheduledExportInput,
    initial: item ? fieldsOf(item) : { every: "day", keepFiles: 400 },
  });
  const { every = "day", filter, keepFiles, name, since } = form.values;
  async function submit() {
    const isSaved = await form.submit(({ every: period, since: first, ...body }) =>
      item
        ? update.mutateAsync({ scheduledExportId: item.id, body })
        : create.mutateAsync({ ...body, every: period, ...(first && { since: first }) }),
    );
    if (!isSaved) return;
    toastDone(item ? `Saved ${name}` : `${name} is written every ${every} from now on`);
    close();
  }
  return (
    <Dialog
      title={item ? `Edit ${item.name}` : "New export"}
      description={item ? `Every ${every}. What is changed holds from the next file on.` : undefined}
      close={close}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Field label="Name" error={form.errors.name}>
          {(field) => <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Archive" />}
        </Field>
        {!item && (
          <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
            <Field label="One file for each" help="Hours and days are those of UTC" error={form.errors.every}>
              {(field) => (
                <Select
                  {...field}
                  value={every}
                  onChange={({ target }) =>
                    form.set({ every: EXPORT_PERIODS.find((period) => period === target.value) })
                  }
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
              label="Begin with"
              isOptional
              help={`An earlier day, to have its files too; empty: ${every === "day" ? "today" : "this hour"}`}
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
        )}
        <Field
          label="Filter"
          isOptional
          help="Which spans are written, in the filter language; empty for all"
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
          help={`Older ones are deleted. ${keepFiles ? `With one each ${every}: ${reachOf(keepFiles, every)}.` : ""}`}
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
          label="With inputs, outputs, parameters and attributes"
          checked={form.values.includesContent ?? true}
          onChange={(event) => form.set({ includesContent: event.target.checked })}
        />
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
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            {item ? "Save" : "Start writing"}
          </Button>
        </div>
      </form>
    </Dialog>
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
