import { SCORE_TYPES, ScoreConfigInput } from "@treadle/contract";
import { Failure } from "../../../components/feedback/failure.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, NumberInput, Select, TextArea, TextInput } from "../../../components/form/field.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { TYPE_WORDS } from "./score-table.tsx";
import { type ScoreConfig, useScoreChanges } from "./use-scores.ts";

type Category = ScoreConfig["categories"][number];

const NO_CATEGORY: Category = { label: "", value: null };
const TWO_CATEGORIES: readonly Category[] = [NO_CATEGORY, NO_CATEGORY];

/** Sets a score up, or changes one; its name and its type stay as they are. */
export function ScoreForm({ config, close }: { config?: ScoreConfig; close: () => void }) {
  const { create, update } = useScoreChanges();
  const form = useFormState({ schema: ScoreConfigInput, initial: config ? fieldsOf(config) : { type: "boolean" } });
  const { name, type = "boolean", categories = [], isHigherBetter = true } = form.values;
  async function submit() {
    const isSaved = await form.submit(({ name: _name, type: _type, ...patch }) =>
      config
        ? update.mutateAsync({ scoreConfigId: config.scoreConfigId, body: patch })
        : create.mutateAsync({ ...patch, name: _name, type: _type }),
    );
    if (!isSaved) return;
    toastDone(config ? `Saved ${config.name}` : `Created ${name}`);
    close();
  }
  return (
    <Dialog title={config ? `Edit ${config.name}` : "New score"} close={close}>
      <form
        aria-label="Score"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4"
      >
        {!config && (
          <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
            <Field label="Name" help="Use score.NAME in filters." error={form.errors.name && NAME_RULE}>
              {(field) => <TextInput {...field} {...form.text("name")} required autoFocus placeholder="helpful" />}
            </Field>
            <Field label="Type" error={form.errors.type}>
              {(field) => (
                <Select
                  {...field}
                  value={type}
                  onChange={({ target }) => {
                    const next = SCORE_TYPES.find((one) => one === target.value) ?? "boolean";
                    form.set({
                      type: next,
                      min: null,
                      max: null,
                      categories: next === "category" ? [...TWO_CATEGORIES] : [],
                    });
                  }}
                >
                  {SCORE_TYPES.map((one) => (
                    <option key={one} value={one}>
                      {TYPE_WORDS[one]}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
        )}
        <Field
          label="Description"
          isOptional
          help="What the score means and how to assign it"
          error={form.errors.description}
        >
          {(field) => <TextArea {...field} {...form.text("description")} rows={2} maxLength={2_000} />}
        </Field>
        {type === "number" && (
          <div className="grid grid-cols-2 gap-4">
            {(["min", "max"] as const).map((end) => (
              <Field key={end} label={end === "min" ? "Minimum" : "Maximum"} isOptional error={form.errors[end]}>
                {(field) => (
                  <NumberInput
                    {...field}
                    value={form.values[end] ?? ""}
                    onChange={({ target }) =>
                      form.set({ [end]: Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber })
                    }
                  />
                )}
              </Field>
            ))}
          </div>
        )}
        {type === "category" && (
          <Categories
            rows={categories.map(({ label, value = null }) => ({ label, value }))}
            error={form.errors.categories}
            onChange={(next) => form.set({ categories: [...next] })}
          />
        )}
        <Field label="Better values" error={form.errors.isHigherBetter}>
          {(field) => (
            <Select
              {...field}
              value={isHigherBetter === null ? "neither" : isHigherBetter ? "higher" : "lower"}
              onChange={({ target: { value } }) =>
                form.set({ isHigherBetter: value === "neither" ? null : value === "higher" })
              }
            >
              <option value="higher">Higher, or yes</option>
              <option value="lower">Lower, or no</option>
              <option value="neither">Neither</option>
            </Select>
          )}
        </Field>
        <Failure text={form.failure} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            {config ? "Save" : "Create"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

const NAME_RULE = "Use up to 120 letters, digits and . : / - _. Start with a letter, a digit or _.";

type CategoryProps = {
  rows: readonly Category[];
  error: string | undefined;
  onChange: (rows: readonly Category[]) => void;
};

function Categories({ rows, error, onChange }: CategoryProps) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">Categories and values</legend>
      <RowEditor
        rows={rows}
        onChange={onChange}
        blank={NO_CATEGORY}
        addLabel="Add category"
        removeLabel={(_, place) => `Remove category ${place + 1}`}
        note={
          <p className={`text-xs ${error ? "text-bad" : "text-muted"}`}>
            {error ?? "Averages use the values. A category without a value is only counted."}
          </p>
        }
      >
        {(row, change, place) => (
          <>
            <TextInput
              aria-label={`Category ${place + 1}`}
              value={row.label}
              maxLength={200}
              placeholder={place === 0 ? "kind" : "rude"}
              onChange={({ target }) => change({ ...row, label: target.value })}
            />
            <NumberInput
              aria-label={`Value of category ${place + 1}`}
              value={row.value ?? ""}
              placeholder="no value"
              onChange={({ target }) =>
                change({ ...row, value: Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber })
              }
              className="max-w-32"
            />
          </>
        )}
      </RowEditor>
    </fieldset>
  );
}

const fieldsOf = ({ name, type, description, min, max, categories, isHigherBetter }: ScoreConfig) => ({
  name,
  type,
  description,
  min,
  max,
  isHigherBetter,
  categories: [...categories],
});
