import { PROMPT_ROLES } from "@treadle/contract";
import { ArrowDown, ArrowUp, MessageSquarePlus, Plus, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { TextInput } from "../../../../components/form/field.tsx";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import { type DraftMessage, newMessage, newPlaceholder } from "../shared/prompt-draft.ts";

type FieldsProps = {
  messages: readonly DraftMessage[];
  onChange: (messages: readonly DraftMessage[]) => void;
  error: string | undefined;
};

/** The messages of a chat prompt, each a template, and places for messages that come with a call. */
export function MessageFields({ messages, onChange, error }: FieldsProps) {
  const replace = (next: DraftMessage) =>
    onChange(messages.map((message) => (message.id === next.id ? next : message)));
  function move(at: number, by: 1 | -1) {
    const [here, there] = [messages[at], messages[at + by]];
    if (!here || !there) return;
    const next = [...messages];
    [next[at], next[at + by]] = [there, here];
    onChange(next);
  }
  const last = messages.findLast((message) => "role" in message);
  const nextRole = last && "role" in last && last.role === "user" ? "assistant" : "user";
  return (
    <div className="flex flex-col gap-3">
      <ol aria-label="Messages" className="flex flex-col gap-3">
        {messages.map((message, at) => (
          <li key={message.id}>
            <MessageCard
              message={message}
              place={at + 1}
              onChange={replace}
              onMove={(by) => move(at, by)}
              onRemove={() => onChange(messages.filter(({ id }) => id !== message.id))}
              isFirst={at === 0}
              isLast={at === messages.length - 1}
            />
          </li>
        ))}
      </ol>
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button size="small" onClick={() => onChange([...messages, newMessage(nextRole)])}>
          <Plus aria-hidden size={13} /> Add message
        </Button>
        <Button size="small" onClick={() => onChange([...messages, newPlaceholder()])}>
          <MessageSquarePlus aria-hidden size={13} /> Add placeholder
        </Button>
      </div>
    </div>
  );
}

type CardProps = {
  message: DraftMessage;
  place: number;
  onChange: (message: DraftMessage) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
  isFirst: boolean;
  isLast: boolean;
};

function MessageCard({ message, place, onChange, onMove, onRemove, isFirst, isLast }: CardProps) {
  const isPlaceholder = "placeholder" in message;
  function onKeyDown(event: KeyboardEvent) {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    onMove(event.key === "ArrowUp" ? -1 : 1);
  }
  return (
    <div className={`card p-2 ${isPlaceholder ? "border-line-strong border-dashed" : ""}`}>
      <div className="flex items-center gap-1">
        {isPlaceholder ? (
          <span className="px-1 text-xs text-muted">message placeholder</span>
        ) : (
          <select
            aria-label={`Role of message ${place}`}
            value={message.role}
            onChange={({ target }) =>
              onChange({ ...message, role: PROMPT_ROLES.find((role) => role === target.value) ?? "user" })
            }
            className="h-7 cursor-pointer appearance-none rounded-control bg-transparent px-1 text-xs text-muted hover:bg-raised"
          >
            {PROMPT_ROLES.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        )}
        <span className="ml-auto flex">
          <IconButton label={`Move message ${place} up`} size="small" disabled={isFirst} onClick={() => onMove(-1)}>
            <ArrowUp size={13} />
          </IconButton>
          <IconButton label={`Move message ${place} down`} size="small" disabled={isLast} onClick={() => onMove(1)}>
            <ArrowDown size={13} />
          </IconButton>
          <IconButton label={`Remove message ${place}`} size="small" onClick={onRemove}>
            <X size={13} />
          </IconButton>
        </span>
      </div>
      {isPlaceholder ? (
        <TextInput
          aria-label={`Input of message ${place}`}
          value={message.placeholder}
          onChange={({ target }) => onChange({ ...message, placeholder: target.value })}
          onKeyDown={onKeyDown}
          placeholder="input name, such as history"
          className="mt-1 font-mono text-xs"
        />
      ) : (
        <GrowingText
          aria-label={`Message ${place}, ${message.role}`}
          value={message.content}
          onChange={({ target }) => onChange({ ...message, content: target.value })}
          onKeyDown={onKeyDown}
          spellCheck
          className="mt-1 min-h-18"
        />
      )}
    </div>
  );
}
