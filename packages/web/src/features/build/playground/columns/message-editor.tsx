import { Plus, X } from "lucide-react";
import { IconButton } from "../../../../components/form/button.tsx";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import { type ChatMessage, newMessage } from "../state/playground-state.ts";
import { AddImages, ImageList } from "./message-images.tsx";

const ROLES = ["system", "user", "assistant"] as const;

type EditorProps = { messages: readonly ChatMessage[]; onChange: (messages: readonly ChatMessage[]) => void };

/** The prompt as a list of messages; each grows with its text. */
export function MessageEditor({ messages, onChange }: EditorProps) {
  const change = (id: string, next: Partial<ChatMessage>) =>
    onChange(messages.map((message) => (message.id === id ? { ...message, ...next } : message)));
  const nextRole = messages.at(-1)?.role === "user" ? "assistant" : "user";
  return (
    <div className="flex flex-col gap-2">
      {messages.map((message, index) => (
        <div key={message.id} className="group/message flex items-start gap-2 max-md:flex-wrap">
          <select
            aria-label={`Role of message ${index + 1}`}
            value={message.role}
            disabled={message.raw !== undefined}
            onChange={(event) =>
              change(message.id, { role: ROLES.find((role) => role === event.target.value) ?? "user" })
            }
            className="h-8 w-22 shrink-0 cursor-pointer max-md:order-1 max-md:grow appearance-none rounded-control bg-transparent px-1 text-xs text-muted hover:bg-raised"
          >
            {ROLES.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
          {message.raw ? (
            <code
              className="min-w-0 grow overflow-hidden rounded-control border max-md:order-3 max-md:basis-full border-line bg-raised px-2 py-1.5 text-xs text-ellipsis whitespace-nowrap"
              title="Copied from the recorded call and sent unchanged"
            >
              {JSON.stringify(message.raw)}
            </code>
          ) : (
            <div className="min-w-0 grow max-md:order-3 max-md:basis-full">
              <GrowingText
                aria-label={`Message ${index + 1}, ${message.role}`}
                placeholder={
                  message.role === "system"
                    ? "Instructions for the model…"
                    : message.role === "user"
                      ? "User message…"
                      : "Assistant message…"
                }
                value={message.content}
                onChange={(event) => change(message.id, { content: event.target.value })}
              />
              {message.images && message.images.length > 0 && (
                <ImageList images={message.images} onChange={(images) => change(message.id, { images })} />
              )}
            </div>
          )}
          {/* The space stays when there is no button, so that all messages end at the same edge. */}
          <span className="shrink-0 max-md:order-2 group-focus-within/message:opacity-100 group-hover/message:opacity-100 md:w-8 md:opacity-0">
            {message.role === "user" && !message.raw && (
              <AddImages
                label={`Add images to message ${index + 1}`}
                images={message.images ?? []}
                onChange={(images) => change(message.id, { images })}
              />
            )}
          </span>
          <IconButton
            label={`Remove message ${index + 1}`}
            onClick={() => onChange(messages.filter(({ id }) => id !== message.id))}
            className="max-md:order-2 group-focus-within/message:opacity-100 group-hover/message:opacity-100 md:opacity-0"
          >
            <X size={14} />
          </IconButton>
        </div>
      ))}
      <div>
        <button
          type="button"
          onClick={() => onChange([...messages, newMessage(nextRole)])}
          className="inline-flex h-7 items-center gap-1 rounded-control px-1.5 text-xs text-muted hover:bg-raised hover:text-text"
        >
          <Plus aria-hidden size={13} /> Add message
        </button>
      </div>
    </div>
  );
}
