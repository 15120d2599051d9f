import { Field, TextArea, TextInput } from "../../../../components/form/field.tsx";
import type { FieldsProps, Prompt } from "./run-draft.ts";

/** How items that are not chats become messages: a system message, a user message, and the answer field. */
export function PromptFields({ draft: { prompt, target = "" }, change, problems }: FieldsProps) {
  if (prompt !== undefined && !isSimple(prompt))
    return (
      <p className="col-span-full text-muted">
        Items use {prompt.length} prompt messages. Edit the run as YAML to change them.
      </p>
    );
  const system = contentOf(prompt, "system");
  const user = contentOf(prompt, "user");
  const set = (next: { system?: string; user?: string }) => change({ prompt: promptOf({ system, user, ...next }) });
  return (
    <>
      <Field
        label="Prompt template"
        isOptional
        error={problemOf(problems)}
        help="A Mustache template of the item's inputs, such as {{text}}. Leave empty for items that are chats."
      >
        {(field) => (
          <TextArea {...field} rows={3} value={user} onChange={({ target: { value } }) => set({ user: value })} />
        )}
      </Field>
      {user !== "" && (
        <>
          <Field label="System message" isOptional help="A template for the system message, sent before the prompt.">
            {(field) => (
              <TextArea
                {...field}
                rows={3}
                value={system}
                onChange={({ target: { value } }) => set({ system: value })}
              />
            )}
          </Field>
          <Field
            label="Answer field"
            isOptional
            error={problems["datasets.0.target"]}
            help="The field that holds the answer: expected, expected.KEY, inputs.KEY or metadata.KEY."
          >
            {(field) => (
              <TextInput
                {...field}
                placeholder="expected"
                value={target}
                onChange={({ target: { value } }) => change({ target: value })}
              />
            )}
          </Field>
        </>
      )}
    </>
  );
}

const problemOf = (problems: FieldsProps["problems"]) =>
  Object.entries(problems).find(([path]) => path.startsWith("datasets.0.prompt"))?.[1];

/** A system message, a user message, or both in this order. */
const isSimple = (prompt: Prompt) =>
  prompt.length <= 2 && prompt.at(-1)?.role === "user" && (prompt.length === 1 || prompt[0]?.role === "system");

const contentOf = (prompt: Prompt | undefined, role: Prompt[number]["role"]) =>
  prompt?.find((message) => message.role === role)?.content ?? "";

/** Undefined without a user message, since a system message alone is no prompt. */
function promptOf({ system, user }: { system: string; user: string }): Prompt | undefined {
  if (user === "") return undefined;
  return [...(system === "" ? [] : [{ role: "system" as const, content: system }]), { role: "user", content: user }];
}
