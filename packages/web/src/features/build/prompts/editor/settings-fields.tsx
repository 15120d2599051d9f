import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { Button } from "../../../../components/form/button.tsx";
import { Field, NumberInput, Select, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { useProject } from "../../../system/session/index.ts";
import { type Draft, NUMBER_PARAMETERS, type Problems } from "../shared/prompt-draft.ts";

type FieldsProps = { draft: Draft; change: (next: Partial<Draft>) => void; problems: Problems };

/** Names that a prompt can ask for. */
function useModelNames() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["callable-models", id],
    enabled: can("gateway:use"),
    staleTime: 60_000,
    queryFn: ({ signal }) => client.call("GET /v1/models", { signal }),
    select: ({ data }) => data.map((model) => model.id),
  });
}

const LABELS = { temperature: "Temperature", max_tokens: "Max tokens", top_p: "Top p", seed: "Seed" } as const;

/** The model and its parameters, when a call names none. */
export function ModelFields({ draft, change, problems }: FieldsProps) {
  const names = useModelNames();
  return (
    <div className="flex flex-col gap-3">
      <Field
        label="Model"
        isOptional
        help="An endpoint or a model. A model in the call overrides it."
        error={problems.model}
      >
        {(field) => (
          <TextInput
            {...field}
            list="prompt-models"
            value={draft.model}
            placeholder="from the call"
            onChange={({ target }) => change({ model: target.value })}
            className="max-w-90 font-mono text-xs"
          />
        )}
      </Field>
      <datalist id="prompt-models">
        {names.data?.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className="grid grid-cols-4 gap-3 max-md:grid-cols-2">
        {NUMBER_PARAMETERS.map((name) => (
          <Field key={name} label={LABELS[name]}>
            {(field) => (
              <NumberInput
                {...field}
                placeholder="unset"
                value={draft.parameters[name] ?? ""}
                onChange={({ target: { valueAsNumber } }) =>
                  change({
                    parameters: {
                      ...draft.parameters,
                      [name]: Number.isNaN(valueAsNumber) ? undefined : valueAsNumber,
                    },
                  })
                }
              />
            )}
          </Field>
        ))}
      </div>
      <Field
        label="Other parameters"
        isOptional
        help="A JSON object, such as stop sequences."
        error={problems.moreParameters}
      >
        {(field) => (
          <TextArea
            {...field}
            rows={draft.moreParameters ? 4 : 1}
            value={draft.moreParameters}
            placeholder='{ "stop": ["END"] }'
            onChange={({ target }) => change({ moreParameters: target.value })}
            className="font-mono text-xs"
          />
        )}
      </Field>
    </div>
  );
}

const TOOL = {
  type: "function",
  function: {
    name: "look_up",
    description: "Describe the function for the model",
    parameters: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
  },
};
const FORMATS = { "": "Text", json_object: "Any JSON object", json_schema: "JSON schema" } as const;
const EXAMPLES: Readonly<Record<string, unknown>> = {
  json_object: { type: "json_object" },
  json_schema: {
    type: "json_schema",
    json_schema: {
      name: "answer",
      strict: true,
      schema: {
        type: "object",
        properties: { answer: { type: "string" } },
        required: ["answer"],
        additionalProperties: false,
      },
    },
  },
};

/** The tools a model may call, and the shape of its answer. */
export function ToolFields({ draft, change, problems }: FieldsProps) {
  const tools = listIn(draft.tools);
  const kind = kindOf(draft.responseFormat);
  return (
    <div className="flex flex-col gap-3">
      <Field label="Tools" isOptional help="A JSON list in the OpenAI format" error={problems.tools}>
        {(field) => (
          <TextArea
            {...field}
            rows={draft.tools ? 10 : 1}
            value={draft.tools}
            placeholder="[]"
            onChange={({ target }) => change({ tools: target.value })}
            className="font-mono text-xs"
          />
        )}
      </Field>
      {tools && (
        <div>
          <Button size="small" onClick={() => change({ tools: JSON.stringify([...tools, TOOL], null, 2) })}>
            <Plus aria-hidden size={13} /> Add function
          </Button>
        </div>
      )}
      <Field label="Answer format" error={problems.responseFormat}>
        {(field) => (
          <Select
            {...field}
            value={kind}
            onChange={({ target: { value } }) =>
              change({ responseFormat: value === "" ? "" : JSON.stringify(EXAMPLES[value], null, 2) })
            }
            className="max-w-60"
          >
            {Object.entries(FORMATS).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
            {!(kind in FORMATS) && <option value={kind}>Custom</option>}
          </Select>
        )}
      </Field>
      {kind !== "" && kind !== "json_object" && (
        <TextArea
          aria-label="Answer format as JSON"
          rows={10}
          value={draft.responseFormat}
          onChange={({ target }) => change({ responseFormat: target.value })}
          className="font-mono text-xs"
        />
      )}
    </div>
  );
}

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listIn(text: string): readonly unknown[] | undefined {
  if (text.trim() === "") return [];
  const value = valueIn(text);
  return Array.isArray(value) ? value : undefined;
}

/** The `type` of a format, "" for none, and something that is no type for JSON that is still being written. */
function kindOf(text: string): string {
  if (text.trim() === "") return "";
  const value = valueIn(text);
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
    ? value.type
    : "other";
}
