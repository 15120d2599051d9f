import { PROMPT_ROLES } from "@treadle/contract";
import { Plus, X } from "lucide-react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Select } from "../../../../components/form/field.tsx";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import type { DraftMessage } from "./experiment-draft.ts";

type FieldsProps = {
  messages: readonly DraftMessage[];
  onChange: (messages: readonly DraftMessage[]) => void;
  error: string | undefined;
};

/** Message templates, filled with the inputs of each item. */
export function MessageFields({ messages, onChange, error }: FieldsProps) {
  const set = (place: number, next: Partial<DraftMessage>) =>
    onChange(messages.map((message, index) => (index === place ? { ...message, ...next } : message)));
  return (
    <div className="flex flex-col gap-2">
      {messages.map((message, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages are not reordered, and their text changes while typing.
        <div key={place} className="flex items-start gap-2">
          <Select
            aria-label={`Role of message ${place + 1}`}
            value={message.role}
            onChange={({ target }) => {
              const role = PROMPT_ROLES.find((one) => one === target.value);
              if (role) set(place, { role });
            }}
            className="w-28!"
          >
            {PROMPT_ROLES.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </Select>
          <GrowingText
            aria-label={`Message ${place + 1}`}
            placeholder="Answer in one word: {{question}}"
            value={message.content}
            onChange={({ target }) => set(place, { content: target.value })}
          />
          {messages.length > 1 && (
            <IconButton
              label={`Remove message ${place + 1}`}
              onClick={() => onChange(messages.filter((_, index) => index !== place))}
            >
              <X size={14} />
            </IconButton>
          )}
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-3">
        <Button size="small" kind="quiet" onClick={() => onChange([...messages, { role: "user", content: "" }])}>
          <Plus aria-hidden size={12} /> Add message
        </Button>
        <span className={`text-xs ${error ? "text-bad" : "text-muted"}`}>
          {error ?? "Insert an item's inputs by name, such as {{question}}."}
        </span>
      </div>
    </div>
  );
}
