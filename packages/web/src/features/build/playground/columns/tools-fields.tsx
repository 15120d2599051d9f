import { useState } from "react";
import { Field, TextArea } from "../../../../components/form/field.tsx";
import { toolNames, toolsProblem } from "../state/playground-state.ts";

type Canned = Readonly<Record<string, string>>;
type ToolsProps = {
  tools: string;
  onChange: (tools: string) => void;
  canned: Canned;
  onCanned: (canned: Canned) => void;
};

const EXAMPLE = JSON.stringify(
  [
    {
      type: "function",
      function: {
        name: "get_weather",
        description: "Get the current weather in a city",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      },
    },
  ],
  null,
  2,
);

/** The tools that a model may call, and their canned results here, where no tool is really called. */
export function ToolsFields({ tools, onChange, canned, onCanned }: ToolsProps) {
  const [isTouched, setIsTouched] = useState(false);
  return (
    <>
      <Field
        label="Tools"
        isOptional
        help="A JSON list in the OpenAI format"
        error={isTouched ? toolsProblem(tools) : undefined}
      >
        {(field) => (
          <TextArea
            {...field}
            rows={tools ? 7 : 1}
            value={tools}
            onChange={({ target }) => onChange(target.value)}
            onBlur={() => setIsTouched(true)}
            className="font-mono text-xs"
          />
        )}
      </Field>
      {tools.trim() === "" && (
        <button
          type="button"
          onClick={() => onChange(EXAMPLE)}
          className="-mt-2 self-start text-xs text-muted underline hover:text-text"
        >
          Insert an example
        </button>
      )}
      {[...new Set(toolNames(tools))].map((name) => (
        <Field
          key={name}
          label={
            <>
              Result of <code className="text-xs">{name}</code>
            </>
          }
          help="The result returned to the model when it calls the function. Leave empty to end the run at the call."
        >
          {(field) => (
            <TextArea
              {...field}
              rows={2}
              value={canned[name] ?? ""}
              onChange={({ target }) => onCanned({ ...canned, [name]: target.value })}
              className="font-mono text-xs"
            />
          )}
        </Field>
      ))}
    </>
  );
}
