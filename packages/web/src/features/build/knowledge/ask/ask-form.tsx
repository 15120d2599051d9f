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
      <div className="flex gap-2">
        <TextInput
          aria-label="Question"
          placeholder="How many days does a refund take?"
          value={question}
          maxLength={10_000}
          onChange={({ target }) => setQuestion(target.value)}
          autoFocus
        />
        <Button type="submit" kind="primary" disabled={!isReady}>
          Ask
        </Button>
      </div>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <ModelField value={model} onChange={setModel} />
        <Field label="Passages" className="w-24">
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              max={50}
              step={1}
              value={chunks}
              onChange={({ target }) => setChunks(target.valueAsNumber || PASSAGES)}
            />
          )}
        </Field>
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
              value={as}
              placeholder="group:support, user:ada"
              onChange={({ target }) => setAs(target.value)}
            />
          )}
        </Field>
      </div>
    </form>
  );
}

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
