import type { Item } from "@treadle/contract";
import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, TextInput } from "../../../../components/form/field.tsx";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import { firstExpected } from "./edit-values.ts";
import { FieldsEditor, ValueEditor } from "./value-editor.tsx";

export type ItemBody = Pick<Item, "inputs" | "expected" | "metadata" | "split">;
export type Problems = Readonly<Record<string, string>>;

type FormProps = {
  body: ItemBody;
  onChange: (body: ItemBody) => void;
  problems: Problems;
  onProblems: (problems: Problems) => void;
  /** The existing splits. */
  splits: readonly string[];
};

/** The fields of an item as controls, or the item as JSON. */
export function ItemForm({ body, onChange, problems, onProblems, splits }: FormProps) {
  const [isJson, setIsJson] = useState(false);
  const splitsId = useId();
  const onProblem = (label: string, problem: string | undefined) => {
    const { [label]: _, ...rest } = problems;
    onProblems(problem === undefined ? rest : { ...rest, [label]: problem });
  };
  const asJson = (
    <Checkbox
      label="Edit as JSON"
      checked={isJson}
      disabled={Object.keys(problems).length > 0}
      onChange={({ target }) => setIsJson(target.checked)}
      className="self-end text-xs text-muted"
    />
  );
  if (isJson)
    return (
      <div className="flex flex-col gap-3">
        {asJson}
        <WholeJson body={body} onChange={onChange} onProblem={onProblem} />
      </div>
    );
  return (
    <div className="flex flex-col gap-5">
      <div className="-mb-8 flex justify-end">{asJson}</div>
      <FieldsEditor
        label="Inputs"
        fields={body.inputs}
        onChange={(inputs) => onChange({ ...body, inputs: asObject(inputs) })}
        onProblem={onProblem}
      />
      <section aria-label="Expected" className="flex flex-col gap-2 border-line border-t pt-4">
        <div className="flex items-center justify-between">
          <h3 className="font-semibold">Expected</h3>
          {body.expected !== null && (
            <Button size="small" kind="quiet" onClick={() => onChange({ ...body, expected: null })}>
              <X aria-hidden size={12} /> Remove expected answer
            </Button>
          )}
        </div>
        {body.expected === null || body.expected === undefined ? (
          <Button
            size="small"
            className="self-start"
            onClick={() => onChange({ ...body, expected: firstExpected(body.inputs) })}
          >
            <Plus aria-hidden size={12} /> Add expected answer
          </Button>
        ) : (
          <ValueEditor
            label="expected"
            value={body.expected}
            onChange={(expected) => onChange({ ...body, expected })}
            onProblem={onProblem}
          />
        )}
      </section>
      <div className="border-line border-t pt-4">
        <FieldsEditor
          label="Metadata"
          fields={body.metadata}
          onChange={(metadata) => onChange({ ...body, metadata: asObject(metadata) })}
          onProblem={onProblem}
        />
      </div>
      <div className="border-line border-t pt-4">
        <Field label="Split" isOptional className="max-w-60">
          {(field) => (
            <>
              <TextInput
                {...field}
                list={splitsId}
                value={body.split ?? ""}
                maxLength={60}
                placeholder="train"
                onChange={({ target }) => onChange({ ...body, split: target.value.trim() || null })}
              />
              <datalist id={splitsId}>
                {splits.map((split) => (
                  <option key={split} value={split} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </div>
    </div>
  );
}

const asObject = (value: unknown): ItemBody["inputs"] =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

type WholeProps = {
  body: ItemBody;
  onChange: (body: ItemBody) => void;
  onProblem: (label: string, problem: string | undefined) => void;
};

function WholeJson({ body, onChange, onProblem }: WholeProps) {
  const [text, setText] = useState(() => JSON.stringify(body, null, 2));
  const [problem, setProblem] = useState<string>();
  function change(next: string) {
    setText(next);
    const read = readBody(next);
    const found = typeof read === "string" ? read : undefined;
    setProblem(found);
    onProblem("item", found);
    if (typeof read !== "string") onChange(read);
  }
  return (
    <div>
      <GrowingText
        aria-label="Item as JSON"
        spellCheck={false}
        value={text}
        onChange={({ target }) => change(target.value)}
        aria-invalid={problem ? true : undefined}
        className="max-h-none! font-mono text-xs"
      />
      {problem && <p className="mt-1 text-xs text-bad">{problem}</p>}
    </div>
  );
}

/** Parses the text of an item, or returns the problem. */
function readBody(text: string): ItemBody | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("inputs" in value))
      return "An item must be an object with inputs, expected, metadata and split.";
    const fields: Readonly<Record<string, unknown>> = { ...value };
    return {
      inputs: asObject(fields.inputs),
      expected: fields.expected ?? null,
      metadata: asObject(fields.metadata),
      split: typeof fields.split === "string" ? fields.split : null,
    };
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
