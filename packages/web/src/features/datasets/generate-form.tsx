import { SYNTHESIS_RECIPES } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox, Field, NumberInput, TextArea, TextInput } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import { useStored } from "../../components/stored-state.ts";
import { GeneratePreview } from "./generate-preview.tsx";
import { RECIPE_WORDS } from "./generate-words.ts";
import type { DatasetPlace } from "./use-draft.ts";
import { type GenerateInput, useGenerate, useGeneratePreview, useModelNames } from "./use-generate.ts";

type FormProps = { place: DatasetPlace; onStarted: (jobId: string) => void };
type Form = {
  recipe: (typeof SYNTHESIS_RECIPES)[number];
  model: string;
  judge: string;
  threshold: number;
  instructions: string;
  count: number;
  usd: number | null;
  tokens: number;
  nearDuplicates: boolean;
  isStructured: boolean;
};
const BEGUN: Form = {
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
const WORDS: Readonly<Record<Form["recipe"], string>> = {
  questions: RECIPE_WORDS.questions.name,
  evolve: RECIPE_WORDS.evolve.name,
  answers: RECIPE_WORDS.answers.name,
  preferences: RECIPE_WORDS.preferences.name,
};

const toInput = ({ judge, threshold, usd, tokens, ...form }: Form): GenerateInput => ({
  ...form,
  judge: judge.trim() === "" ? null : { model: judge.trim(), threshold },
  budget: { usd, tokens },
});

/** What is to be made, by which model, and what it may cost. Kept in this browser until it is begun. */
export function GenerateForm({ place, onStarted }: FormProps) {
  const [form, save] = useStored<Form>(`generate.${place.datasetId}`, BEGUN);
  const preview = useGeneratePreview(place);
  const start = useGenerate(place);
  const [isStale, setIsStale] = useState(false);
  function change(next: Partial<Form>) {
    save({ ...form, ...next });
    setIsStale(true);
  }
  const isWrong =
    form.model.trim() === "" ||
    !(form.count >= 1) ||
    !(form.tokens >= 1) ||
    (form.recipe === "preferences" && form.judge.trim() === "");
  function look() {
    setIsStale(false);
    preview.mutate(toInput(form));
  }
  const begin = () => start.mutate(toInput(form), { onSuccess: ({ jobId }) => onStarted(jobId) });
  return (
    <>
      <Section title="What to generate" description={RECIPE_WORDS[form.recipe].help}>
        <div className="flex flex-col gap-4 px-4 pb-4">
          <div className="overflow-x-auto">
            <Choice
              label="What to generate"
              names={SYNTHESIS_RECIPES}
              words={WORDS}
              chosen={form.recipe}
              onChoose={(recipe) => change({ recipe })}
            />
          </div>
          <Field label="Instructions" isOptional help="What the items are about, how they should be, what to leave out">
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
          <Models form={form} change={change} />
          <Limits form={form} change={change} />
        </div>
      </Section>
      <Failure text={start.error ? explain(start.error) : undefined} />
      <div className="flex flex-wrap items-center justify-end gap-2">
        <p className="mr-auto text-muted">
          Trying makes three calls or more. They are paid for, and nothing is written.
        </p>
        <Button onClick={look} isBusy={preview.isPending} disabled={isWrong}>
          Try a few
        </Button>
        <Button kind="primary" onClick={begin} isBusy={start.isPending} disabled={isWrong}>
          Generate
        </Button>
      </div>
      <Failure text={preview.error ? explain(preview.error) : undefined} />
      {preview.data && <GeneratePreview preview={preview.data} count={form.count} isStale={isStale} />}
    </>
  );
}

type PartProps = { form: Form; change: (next: Partial<Form>) => void };

function Models({ form, change }: PartProps) {
  const models = useModelNames();
  const needsJudge = form.recipe === "preferences";
  return (
    <div className="grid grid-cols-3 gap-4 max-md:grid-cols-1">
      <datalist id="generate-models">
        {models.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Field label="Model" help="A model or an endpoint of the gateway">
        {(field) => (
          <TextInput
            {...field}
            list="generate-models"
            required
            value={form.model}
            onChange={({ target }) => change({ model: target.value })}
          />
        )}
      </Field>
      <Field
        label="Judge"
        isOptional={!needsJudge}
        help={needsJudge ? "Says which answer is better" : "A model that scores each item from 1 to 10"}
      >
        {(field) => (
          <TextInput
            {...field}
            list="generate-models"
            required={needsJudge}
            value={form.judge}
            onChange={({ target }) => change({ judge: target.value })}
          />
        )}
      </Field>
      {!needsJudge && form.judge.trim() !== "" && (
        <Field label="Least score" help="Items below it are dropped">
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              max={10}
              value={form.threshold}
              onChange={({ target }) => change({ threshold: target.valueAsNumber || 1 })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

const asNumber = (value: number): number | "" => (Number.isNaN(value) || value === 0 ? "" : value);

function Limits({ form, change }: PartProps) {
  return (
    <>
      <div className="grid grid-cols-3 gap-4 max-md:grid-cols-1">
        <Field label="Items" help="At most 10,000">
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              max={10_000}
              value={asNumber(form.count)}
              onChange={({ target }) => change({ count: target.valueAsNumber || 0 })}
            />
          )}
        </Field>
        <Field label="Budget in tokens" help="Read and written, of all calls">
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              value={asNumber(form.tokens)}
              onChange={({ target }) => change({ tokens: target.valueAsNumber || 0 })}
            />
          )}
        </Field>
        <Field label="Budget in US dollars" isOptional help="Needs models whose price is known">
          {(field) => (
            <NumberInput
              {...field}
              min={0}
              value={form.usd ?? ""}
              onChange={({ target }) => change({ usd: target.valueAsNumber || null })}
            />
          )}
        </Field>
      </div>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        <Checkbox
          label="Drop near-duplicates too"
          checked={form.nearDuplicates}
          onChange={({ target }) => change({ nearDuplicates: target.checked })}
        />
        <Checkbox
          label="Hold answers to a JSON schema"
          title="For models that can be held to one, such as local ones"
          checked={form.isStructured}
          onChange={({ target }) => change({ isStructured: target.checked })}
        />
      </div>
    </>
  );
}
