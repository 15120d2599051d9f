import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Checkbox, Field, NumberInput, Select, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { newQuestion, QUESTION_TYPES, type QuestionDraft, type QuestionType, TYPE_WORDS } from "./question-draft.ts";

type FieldsProps = {
  drafts: readonly QuestionDraft[];
  /** Errors by draft id. */
  problems: Readonly<Record<string, string>>;
  onChange: (drafts: readonly QuestionDraft[]) => void;
};

/** The questions of a queue in order. */
export function QuestionFields({ drafts, problems, onChange }: FieldsProps) {
  const change = (index: number, next: Partial<QuestionDraft>) =>
    onChange(drafts.map((draft, place) => (place === index ? { ...draft, ...next } : draft)));
  function move(index: number, by: number) {
    const next = [...drafts];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index + by, 0, moved);
    onChange(next);
  }
  return (
    <div className="flex flex-col gap-3">
      {drafts.map((draft, index) => (
        <fieldset key={draft.id} aria-label={`Question ${index + 1}`} className="card flex flex-col gap-3 p-3">
          <div className="grid grid-cols-[1fr_200px_auto] items-end gap-3 max-md:grid-cols-1">
            <Field label={`Question ${index + 1}`} error={problems[draft.id]}>
              {(field) => (
                <TextInput
                  {...field}
                  value={draft.title}
                  placeholder="Is the answer right?"
                  maxLength={300}
                  onChange={({ target }) => change(index, { title: target.value })}
                />
              )}
            </Field>
            <Field label="Answer type">
              {(field) => (
                <Select
                  {...field}
                  value={draft.type}
                  onChange={({ target }) => change(index, { type: typeOf(target.value) })}
                >
                  {QUESTION_TYPES.map((type) => (
                    <option key={type} value={type}>
                      {TYPE_WORDS[type]}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <span className="flex">
              <IconButton label="Move up" disabled={index === 0} onClick={() => move(index, -1)}>
                <ArrowUp size={14} />
              </IconButton>
              <IconButton label="Move down" disabled={index === drafts.length - 1} onClick={() => move(index, 1)}>
                <ArrowDown size={14} />
              </IconButton>
              <IconButton
                label={`Remove question ${index + 1}`}
                disabled={drafts.length === 1}
                onClick={() => onChange(drafts.filter((_, place) => place !== index))}
              >
                <Trash2 size={14} />
              </IconButton>
            </span>
          </div>
          <OwnFields draft={draft} change={(next) => change(index, next)} />
          <Checkbox
            label="Required"
            checked={draft.isRequired}
            onChange={({ target }) => change(index, { isRequired: target.checked })}
          />
        </fieldset>
      ))}
      <Button
        className="self-start"
        onClick={() => onChange([...drafts, newQuestion(crypto.randomUUID())])}
        disabled={drafts.length >= 50}
      >
        <Plus aria-hidden size={14} /> Add question
      </Button>
    </div>
  );
}

const typeOf = (value: string): QuestionType => QUESTION_TYPES.find((type) => type === value) ?? "binary";

function OwnFields({ draft, change }: { draft: QuestionDraft; change: (next: Partial<QuestionDraft>) => void }) {
  const { type, lines, min, max, field: name } = draft;
  const hasLines = ["label", "multilabel", "span", "ranking", "rubric"].includes(type);
  const hasSteps = type === "rating" || type === "rubric";
  const hasField = type === "span" || type === "correction";
  if (!hasLines && !hasSteps && !hasField) return null;
  const step = (value: number, old: number) => (Number.isNaN(value) ? old : value);
  return (
    <div className="grid gap-3 md:grid-cols-2">
      {hasLines && (
        <Field
          label={type === "rubric" ? "Criteria" : "Options"}
          help={
            type === "ranking"
              ? "One per line. Leave empty to rank the answers of the item"
              : "One per line, as “value” or “value: label”"
          }
        >
          {(field) => (
            <TextArea {...field} rows={4} value={lines} onChange={({ target }) => change({ lines: target.value })} />
          )}
        </Field>
      )}
      {hasSteps && (
        <div className="grid grid-cols-2 content-start gap-3">
          <Field label="Lowest step">
            {(field) => (
              <NumberInput
                {...field}
                value={min}
                min={0}
                max={100}
                step={1}
                onChange={({ target }) => change({ min: step(target.valueAsNumber, min) })}
              />
            )}
          </Field>
          <Field label="Highest step">
            {(field) => (
              <NumberInput
                {...field}
                value={max}
                min={0}
                max={100}
                step={1}
                onChange={({ target }) => change({ max: step(target.valueAsNumber, max) })}
              />
            )}
          </Field>
        </div>
      )}
      {hasField && (
        <Field label="Item field" help="The text to use: input or output for traces, or a field of the items">
          {(field) => (
            <TextInput
              {...field}
              value={name}
              className="font-mono"
              onChange={({ target }) => change({ field: target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}
