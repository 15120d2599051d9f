import { SYNTHESIS_RECIPES, type SynthesisRecipe } from "@treadle/contract";
import { useRef, useState } from "react";
import { explain } from "../../../../api.ts";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Checkbox, Field, NumberInput, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { errorsOf, type GenerateErrors, type GenerateFields, toInput } from "./generate-input.ts";
import { GeneratePreview } from "./generate-preview.tsx";
import { RECIPE_WORDS } from "./generate-words.ts";
import { useGenerate, useGeneratePreview, useModelNames } from "./use-generate.ts";

type FormProps = { place: DatasetPlace; onStarted: (jobId: string) => void };
const BEGUN: GenerateFields = {
  recipe: "questions",
  model: "",
  judge: "",
  threshold: 7,
  instructions: "",
  count: 50,
  usd: null,
  tokens: 1_000_000,
  nearDuplicates: true,
  isStructured: false,
};
const WORDS: Readonly<Record<SynthesisRecipe, string>> = {
  questions: RECIPE_WORDS.questions.name,
  evolve: RECIPE_WORDS.evolve.name,
  answers: RECIPE_WORDS.answers.name,
  preferences: RECIPE_WORDS.preferences.name,
};

/** The form for generated items: recipe, models and budget. The draft stays in this browser until the job starts. */
export function GenerateForm({ place, onStarted }: FormProps) {
  const [form, save] = useStored<GenerateFields>(`generate.${place.datasetId}`, BEGUN);
  const preview = useGeneratePreview(place);
  const start = useGenerate(place);
  const [isStale, setIsStale] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<Name> | "all">(new Set());
  const fields = useRef<HTMLDivElement>(null);
  const errors = errorsOf(form);
  const isWrong = Object.keys(errors).length > 0;
  function change(next: Partial<GenerateFields>) {
    save({ ...form, ...next });
    setIsStale(true);
  }
  /** Runs the action if the form is valid; otherwise shows all errors and focuses the first one. */
  function unlessWrong(goOn: () => void) {
    setLeft("all");
    if (!isWrong) goOn();
    else requestAnimationFrame(() => fields.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus());
  }
  function look() {
    setIsStale(false);
    preview.mutate(toInput(form));
  }
  const begin = () => start.mutate(toInput(form), { onSuccess: ({ jobId }) => onStarted(jobId) });
  const part: PartProps = {
    form,
    change,
    errors: left === "all" ? errors : only(errors, left),
    leave: (name) => setLeft((before) => (before === "all" ? before : new Set([...before, name]))),
  };
  return (
    <>
      <Section title="What to generate" description={RECIPE_WORDS[form.recipe].help}>
        <div ref={fields} className="flex flex-col gap-4 px-4 pb-4">
          <div className="overflow-x-auto">
            <Choice
              label="Recipe"
              names={SYNTHESIS_RECIPES}
              words={WORDS}
              chosen={form.recipe}
              onChoose={(recipe) => change({ recipe })}
            />
          </div>
          <Field
            label="Instructions"
            isOptional
            help="Describe the topic and the style of the items, and what to leave out"
          >
            {(field) => (
              <TextArea
                {...field}
                rows={3}
                maxLength={8_000}
                value={form.instructions}
                onChange={({ target }) => change({ instructions: target.value })}
              />
            )}
          </Field>
          <Models {...part} />
          <Limits {...part} />
        </div>
      </Section>
      <Failure text={start.error ? explain(start.error) : undefined} />
      <div className="flex flex-wrap items-center justify-end gap-2">
        <p className="mr-auto text-muted">The preview makes at least three paid calls and does not change the draft.</p>
        <Button onClick={() => unlessWrong(look)} isBusy={preview.isPending}>
          Preview
        </Button>
        <Button kind="primary" onClick={() => unlessWrong(begin)} isBusy={start.isPending}>
          Generate
        </Button>
      </div>
      <Failure text={preview.error ? explain(preview.error) : undefined} />
      {preview.data && <GeneratePreview preview={preview.data} count={form.count} isStale={isStale} />}
    </>
  );
}

type Name = keyof GenerateFields;
type PartProps = {
  form: GenerateFields;
  change: (next: Partial<GenerateFields>) => void;
  /** The errors of visited fields, or all errors after an attempt to submit. */
  errors: GenerateErrors;
  leave: (name: Name) => void;
};

const only = (errors: GenerateErrors, names: ReadonlySet<Name>): GenerateErrors =>
  Object.fromEntries([...names].map((name) => [name, errors[name]]));

function Models({ form, change, errors, leave }: PartProps) {
  const models = useModelNames();
  const needsJudge = form.recipe === "preferences";
  return (
    <div className="grid grid-cols-3 gap-4 max-md:grid-cols-1">
      <datalist id="generate-models">
        {models.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Field label="Model" help="A model or an endpoint of the gateway" error={errors.model}>
        {(field) => (
          <TextInput
            {...field}
            list="generate-models"
            required
            onBlur={() => leave("model")}
            value={form.model}
            onChange={({ target }) => change({ model: target.value })}
          />
        )}
      </Field>
      <Field
        label="Judge"
        isOptional={!needsJudge}
        error={errors.judge}
        help={
          needsJudge ? "The model that decides which answer is better" : "A model that scores each item from 1 to 10"
        }
      >
        {(field) => (
          <TextInput
            {...field}
            list="generate-models"
            required={needsJudge}
            onBlur={() => leave("judge")}
            value={form.judge}
            onChange={({ target }) => change({ judge: target.value })}
          />
        )}
      </Field>
      {!needsJudge && form.judge.trim() !== "" && (
        <Field label="Minimum score" help="Items with a lower score are dropped" error={errors.threshold}>
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              max={10}
              onBlur={() => leave("threshold")}
              value={asNumber(form.threshold)}
              onChange={({ target }) => change({ threshold: target.valueAsNumber || 0 })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

/** 0 means an empty field. */
const asNumber = (value: number): number | "" => value || "";

function Limits({ form, change, errors, leave }: PartProps) {
  return (
    <>
      <div className="grid grid-cols-3 gap-4 max-md:grid-cols-1">
        <Field label="Items" help="At most 10,000" error={errors.count}>
          {(field) => (
            <NumberInput
              {...field}
              onBlur={() => leave("count")}
              min={1}
              max={10_000}
              value={asNumber(form.count)}
              onChange={({ target }) => change({ count: target.valueAsNumber || 0 })}
            />
          )}
        </Field>
        <Field label="Token budget" help="Input and output tokens of all calls" error={errors.tokens}>
          {(field) => (
            <NumberInput
              {...field}
              onBlur={() => leave("tokens")}
              min={1}
              value={asNumber(form.tokens)}
              onChange={({ target }) => change({ tokens: target.valueAsNumber || 0 })}
            />
          )}
        </Field>
        <Field label="Budget (USD)" isOptional help="Works only for models with a known price" error={errors.usd}>
          {(field) => (
            <NumberInput
              {...field}
              onBlur={() => leave("usd")}
              min={0}
              value={form.usd ?? ""}
              onChange={({ target }) =>
                change({ usd: Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber })
              }
            />
          )}
        </Field>
      </div>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        <Checkbox
          label="Also drop near-duplicates"
          checked={form.nearDuplicates}
          onChange={({ target }) => change({ nearDuplicates: target.checked })}
        />
        <Checkbox
          label="Require a JSON schema for answers"
          title="For models that support structured output, such as local models"
          checked={form.isStructured}
          onChange={({ target }) => change({ isStructured: target.checked })}
        />
      </div>
    </>
  );
}
