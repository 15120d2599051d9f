import { SCORE_TYPES, ScoreConfigInput } from "@treadle/contract";
import { Plus, X } from "lucide-react";
import { Button, IconButton } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, NumberInput, Select, TextArea, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { toastDone } from "../../components/toast.tsx";
import { TYPE_WORDS } from "./score-table.tsx";
import { type ScoreConfig, useScoreChanges } from "./use-scores.ts";

type Category = ScoreConfig["categories"][number];

const TWO_WORDS: readonly Category[] = [
  { label: "", value: null },
  { label: "", value: null },
];

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
    toastDone(config ? `Saved ${config.name}` : `${name} may be given now`);
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
            <Field label="Name" help="As filters write it: score.NAME" error={form.errors.name && NAME_RULE}>
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
                      ...{ type: next, min: null, max: null },
                      categories: next === "category" ? [...TWO_WORDS] : [],
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
        <Field label="Description" isOptional help="What it means and how to give it" error={form.errors.description}>
          {(field) => <TextArea {...field} {...form.text("description")} rows={2} maxLength={2_000} />}
        </Field>
        {type === "number" && (
          <div className="grid grid-cols-2 gap-4">
            {(["min", "max"] as const).map((end) => (
              <Field key={end} label={end === "min" ? "Least" : "Most"} isOptional error={form.errors[end]}>
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
        <Field label="Which is better" error={form.errors.isHigherBetter}>
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
            {config ? "Save" : "Make"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

const NAME_RULE = "Letters, digits and . : / - _, at most 120; the first a letter, a digit or _.";

type CategoryProps = {
  rows: readonly Category[];
  error: string | undefined;
  onChange: (rows: readonly Category[]) => void;
};

function Categories({ rows, error, onChange }: CategoryProps) {
  const change = (place: number, next: Partial<Category>) =>
    onChange(rows.map((row, at) => (at === place ? { ...row, ...next } : row)));
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">Words, and what each counts</legend>
      {rows.map(({ label, value }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are not moved, and their words are being typed.
        <div key={place} className="flex items-center gap-2">
          <TextInput
            aria-label={`Word ${place + 1}`}
            value={label}
            maxLength={200}
            placeholder={place === 0 ? "kind" : "rude"}
            onChange={({ target }) => change(place, { label: target.value })}
          />
          <NumberInput
            aria-label={`Number of word ${place + 1}`}
            value={value ?? ""}
            placeholder="no number"
            onChange={({ target }) =>
              change(place, { value: Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber })
            }
            className="max-w-32"
          />
          <IconButton
            size="small"
            label={`Remove word ${place + 1}`}
            onClick={() => onChange(rows.filter((_, at) => at !== place))}
          >
            <X size={14} />
          </IconButton>
        </div>
      ))}
      <p className={`text-xs ${error ? "text-bad" : "text-muted"}`}>
        {error ?? "Averages are taken of the numbers; a word without one is counted by itself."}
      </p>
      <Button
        size="small"
        kind="quiet"
        className="self-start"
        onClick={() => onChange([...rows, { label: "", value: null }])}
      >
        <Plus aria-hidden size={12} /> Add a word
      </Button>
    </fieldset>
  );
}

const fieldsOf = ({ name, type, description, min, max, categories, isHigherBetter }: ScoreConfig) => ({
  ...{ name, type, description, min, max, isHigherBetter },
  categories: [...categories],
});
