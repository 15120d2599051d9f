import { type FormEvent, useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Field, NumberInput, TextInput } from "../../../../components/form/field.tsx";
import { readPrincipals } from "../shared/read-principals.ts";
import { useAnswerModels, type useAsk } from "./use-ask.ts";

type FormProps = { isBusy: boolean; onAsk: ReturnType<typeof useAsk>["mutate"] };

const PASSAGES = 6;

/** The question, the model and for whom it answers. */
export function AskForm({ isBusy, onAsk }: FormProps) {
  const [question, setQuestion] = useState("");
  const [model, setModel] = useState("");
  const [as, setAs] = useState("");
  const [chunks, setChunks] = useState(PASSAGES);
  const { principals, error } = readPrincipals(as, ",");
  const isReady = question.trim() !== "" && model.trim() !== "" && error === undefined && !isBusy;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (isReady) onAsk({ question: question.trim(), model: model.trim(), principals: [...principals], chunks });
  }
  return (
    <form onSubmit={submit} className="card flex flex-col gap-3 p-4">
      <QuestionLine question={question} isReady={isReady} onChange={setQuestion} />
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <ModelField value={model} onChange={setModel} />
        <PassagesField value={chunks} onChange={setChunks} />
        <PrincipalsField value={as} error={error} onChange={setAs} />
      </div>
    </form>
  );
}

type LineProps = { question: string; isReady: boolean; onChange: (question: string) => void };

const QuestionLine = ({ question, isReady, onChange }: LineProps) => (
  <div className="flex gap-2">
    <TextInput
      aria-label="Question"
      placeholder="How many days does a refund take?"
      value={question}
      maxLength={10_000}
      onChange={({ target }) => onChange(target.value)}
      autoFocus
    />
    <Button type="submit" kind="primary" disabled={!isReady}>
      Ask
    </Button>
  </div>
);

const PassagesField = ({ value, onChange }: { value: number; onChange: (chunks: number) => void }) => (
  <Field label="Passages" className="w-24">
    {(field) => (
      <NumberInput
        {...field}
        min={1}
        max={50}
        step={1}
        value={value}
        onChange={({ target }) => onChange(target.valueAsNumber || PASSAGES)}
      />
    )}
  </Field>
);

type PrincipalsProps = { value: string; error: string | undefined; onChange: (value: string) => void };

const PrincipalsField = ({ value, error, onChange }: PrincipalsProps) => (
  <Field
    label="Answer for"
    isOptional
    className="min-w-60 flex-1"
    error={error}
    help="Principals, separated by commas. Public documents are always included."
  >
    {(field) => (
      <TextInput
        {...field}
        value={value}
        placeholder="group:support, user:ada"
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);

function ModelField({ value, onChange }: { value: string; onChange: (model: string) => void }) {
  const models = useAnswerModels();
  return (
    <Field label="Model" className="min-w-60 flex-1" help="An endpoint or a model.">
      {(field) => (
        <>
          <TextInput
            {...field}
            list={`${field.id}-models`}
            value={value}
            onChange={({ target }) => onChange(target.value)}
          />
          <datalist id={`${field.id}-models`}>
            {models.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
