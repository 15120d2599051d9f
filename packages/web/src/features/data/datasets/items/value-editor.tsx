import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Checkbox, NumberInput, TextInput } from "../../../../components/form/field.tsx";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import { isFields, withKey } from "../../../../components/form/json-fields.ts";
import { type ChatMessage, editorOf, isMessages } from "./edit-values.ts";

type EditorProps = {
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Reports invalid JSON of a field, by label. */
  onProblem: (label: string, problem: string | undefined) => void;
  depth?: number;
};

/** Edits one value: text as text, a conversation by message, a small object by key, the rest as JSON. */
export function ValueEditor({ label, value, onChange, onProblem, depth = 0 }: EditorProps) {
  const id = useId();
  // A field does not change its editor while it is edited, even if it is empty.
  const [kind] = useState(() => editorOf(value, depth));
  if (kind === "messages" && isMessages(value))
    return <MessagesEditor label={label} messages={value} onChange={onChange} onProblem={onProblem} />;
  if (kind === "message" && isFields(value))
    return (
      <MessagesEditor
        label={label}
        messages={[{ role: "assistant", ...value }]}
        onChange={([message]) => onChange(message)}
        onProblem={onProblem}
        isSingle
      />
    );
  if (kind === "fields" && isFields(value))
    return <FieldsEditor label={label} onChange={onChange} onProblem={onProblem} fields={value} depth={depth + 1} />;
  if (kind === "number")
    return (
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="text-xs text-muted">
          {label}
        </label>
        <NumberInput
          id={id}
          value={typeof value === "number" ? value : ""}
          onChange={({ target }) => onChange(Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber)}
          className="max-w-52"
        />
      </div>
    );
  if (kind === "switch")
    return <Checkbox label={label} checked={value === true} onChange={({ target }) => onChange(target.checked)} />;
  if (kind === "text")
    return (
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="text-xs text-muted">
          {label}
        </label>
        <GrowingText
          id={id}
          dir="auto"
          value={typeof value === "string" ? value : ""}
          onChange={({ target }) => onChange(target.value)}
        />
      </div>
    );
  return <JsonEditor label={label} value={value} onChange={onChange} onProblem={onProblem} />;
}

function JsonEditor({ label, value, onChange, onProblem }: EditorProps) {
  const id = useId();
  const [text, setText] = useState(() => JSON.stringify(value, null, 2) ?? "");
  const [problem, setProblem] = useState<string>();
  function change(next: string) {
    setText(next);
    const read = readJson(next);
    setProblem(read.problem);
    onProblem(label, read.problem);
    if (read.problem === undefined) onChange(read.value);
  }
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs text-muted">
        {label} Edit as JSON
      </label>
      <GrowingText
        id={id}
        spellCheck={false}
        value={text}
        onChange={({ target }) => change(target.value)}
        aria-invalid={problem ? true : undefined}
        className="font-mono text-xs"
      />
      {problem && <p className="text-xs text-bad">{problem}</p>}
    </div>
  );
}

function readJson(text: string): { value?: unknown; problem?: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

type FieldsProps = Omit<EditorProps, "value"> & { fields: Readonly<Record<string, unknown>>; canAdd?: boolean };

/** The keys of an object, each with its editor, and a control to add one. */
export function FieldsEditor({ label, fields, onChange, onProblem, depth = 0, canAdd = true }: FieldsProps) {
  const entries = Object.entries(fields);
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="float-left mb-2 w-full font-semibold">{label}</legend>
      {entries.map(([name, value]) => (
        <div key={name} className="group/field flex min-w-0 items-start gap-1">
          <div className="min-w-0 grow">
            <ValueEditor
              label={name}
              value={value}
              onChange={(next) => onChange(withKey(fields, name, next))}
              onProblem={onProblem}
              depth={depth}
            />
          </div>
          {canAdd && (
            <IconButton
              size="small"
              label={`Remove ${name}`}
              onClick={() => {
                onProblem(name, undefined);
                onChange(withKey(fields, name, undefined));
              }}
              className="group-focus-within/field:opacity-100 group-hover/field:opacity-100 md:opacity-0"
            >
              <X size={14} />
            </IconButton>
          )}
        </div>
      ))}
      {canAdd && <AddField taken={Object.keys(fields)} onAdd={(name) => onChange(withKey(fields, name, ""))} />}
    </fieldset>
  );
}

function AddField({ taken, onAdd }: { taken: readonly string[]; onAdd: (name: string) => void }) {
  const [name, setName] = useState<string>();
  if (name === undefined)
    return (
      <Button size="small" kind="quiet" onClick={() => setName("")} className="self-start">
        <Plus aria-hidden size={12} /> Add field
      </Button>
    );
  const isTaken = taken.includes(name.trim());
  const add = () => {
    if (name.trim() !== "" && !isTaken) onAdd(name.trim());
    setName(undefined);
  };
  return (
    <div className="flex items-center gap-2">
      <TextInput
        aria-label="Field name"
        placeholder="Field name"
        value={name}
        autoFocus
        onChange={({ target }) => setName(target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            add();
          } else if (event.key === "Escape") {
            event.stopPropagation();
            setName(undefined);
          }
        }}
        className="h-7! max-w-60"
      />
      <Button size="small" onClick={add} disabled={name.trim() === "" || isTaken}>
        Add
      </Button>
      {isTaken && <span className="text-xs text-warn">already exists</span>}
    </div>
  );
}

const ROLES = ["system", "developer", "user", "assistant", "tool"] as const;

type MessagesProps = {
  label: string;
  messages: readonly ChatMessage[];
  onChange: (messages: readonly ChatMessage[]) => void;
  onProblem: (label: string, problem: string | undefined) => void;
  /** A single answer, which cannot get more messages. */
  isSingle?: boolean;
};

/** A conversation by message. Tool calls, weights and names stay with their message. */
function MessagesEditor({ label, messages, onChange, onProblem, isSingle = false }: MessagesProps) {
  const set = (place: number, message: ChatMessage) =>
    onChange(messages.map((old, index) => (index === place ? message : old)));
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className={isSingle ? "sr-only" : "float-left mb-1 w-full text-xs text-muted"}>{label}</legend>
      {messages.map((message, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages are not reordered and have no id.
        <div key={place} className="group/message flex min-w-0 items-start gap-1">
          <select
            aria-label={`Role of message ${place + 1}`}
            value={message.role}
            onChange={({ target }) => set(place, { ...message, role: target.value })}
            className="h-8 w-20 shrink-0 cursor-pointer appearance-none rounded-control bg-transparent px-1 text-xs text-muted hover:bg-raised"
          >
            {[...new Set([...ROLES, message.role])].map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
          <div className="flex min-w-0 grow flex-col gap-1">
            <Content message={message} place={place} onProblem={onProblem} onChange={(next) => set(place, next)} />
          </div>
          {!isSingle && (
            <IconButton
              size="small"
              label={`Remove message ${place + 1}`}
              disabled={messages.length === 1}
              onClick={() => onChange(messages.filter((_, index) => index !== place))}
              className="mt-1 group-focus-within/message:opacity-100 group-hover/message:opacity-100 md:opacity-0"
            >
              <X size={14} />
            </IconButton>
          )}
        </div>
      ))}
      {!isSingle && (
        <Button
          size="small"
          kind="quiet"
          className="self-start"
          onClick={() =>
            onChange([...messages, { role: messages.at(-1)?.role === "user" ? "assistant" : "user", content: "" }])
          }
        >
          <Plus aria-hidden size={12} /> Add message
        </Button>
      )}
    </fieldset>
  );
}

type ContentProps = {
  message: ChatMessage;
  place: number;
  onChange: (message: ChatMessage) => void;
  onProblem: MessagesProps["onProblem"];
};

function Content({ message, place, onChange, onProblem }: ContentProps) {
  const { content } = message;
  const { role } = message;
  const others = Object.keys(message).filter((name) => name !== "role" && name !== "content");
  const set = (name: string, value: unknown) => onChange({ ...withKey(message, name, value), role });
  return (
    <>
      {typeof content === "string" || content === null || content === undefined ? (
        <GrowingText
          dir="auto"
          aria-label={`Message ${place + 1}, ${role}`}
          value={content ?? ""}
          placeholder={others.includes("tool_calls") ? "No text, only tool calls" : ""}
          onChange={({ target }) => set("content", target.value)}
        />
      ) : (
        <ValueEditor
          label={`content of message ${place + 1}`}
          value={content}
          onChange={(value) => set("content", value)}
          onProblem={onProblem}
          depth={1}
        />
      )}
      {others.map((name) => (
        <ValueEditor
          key={name}
          label={`${name} of message ${place + 1}`}
          value={message[name]}
          onChange={(value) => set(name, value)}
          onProblem={onProblem}
          depth={1}
        />
      ))}
    </>
  );
}
