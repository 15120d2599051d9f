import { ChevronRight, Text } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { JsonView } from "../../../../components/content/json-tree.tsx";
import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { documentsIn } from "./documents.ts";
import { DocumentsView } from "./documents-view.tsx";
import { MediaPart } from "./media-part.tsx";
import { isNothing, type Message, messagesOf, type Part, textOf } from "./messages.ts";

const Markdown = lazy(() =>
  import("../../../../components/content/markdown.tsx").then((module) => ({ default: module.Markdown })),
);

/** The input or output: messages by role, text as text, anything else as a JSON tree. */
export function Payload({ label, value }: { label: string; value: unknown }) {
  const messages = messagesOf(value);
  const asJson = () => JSON.stringify(value, null, 2);
  if (messages) {
    return (
      <Block label={label} copy={asJson}>
        <ol className="card divide-y divide-line">
          {messages.map((message, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a finished span never move.
            <MessageItem key={index} message={message} />
          ))}
        </ol>
      </Block>
    );
  }
  const documents = documentsIn(value);
  if (documents) {
    return (
      <Block label={`${label}, ${formatNumberOf(documents.length, "document")}`} copy={asJson}>
        <DocumentsView documents={documents} />
      </Block>
    );
  }
  if (typeof value === "string" && value !== "") {
    return (
      <Block label={label} copy={value}>
        <div className="card px-3 py-2">
          <FoldedText text={value} />
        </div>
      </Block>
    );
  }
  if (isNothing(value)) return null;
  return (
    <Block label={label} copy={asJson}>
      <JsonView value={value} label={`${label} as JSON`} />
    </Block>
  );
}

function Block({ label, copy, children }: { label: string; copy: string | (() => string); children: ReactNode }) {
  return (
    <section aria-label={label}>
      <div className="mb-1 flex h-6 items-center gap-1">
        <h3 className="text-xs text-muted">{label}</h3>
        <CopyButton text={copy} label={`Copy ${label.toLowerCase()}`} />
      </div>
      {children}
    </section>
  );
}

/** Drawing more than this as Markdown would hold up the page. */
const LONGEST_MARKDOWN = 200_000;

/** One message: who said it, and its parts. */
export function MessageItem({ message }: { message: Message }) {
  const [isMarkdown, setIsMarkdown] = useState(false);
  const hasText = message.parts.some((part) => part.kind === "text" && part.text.length <= LONGEST_MARKDOWN);
  // Instructions matter less than the exchange, so they are quieter.
  const tone = message.role === "system" || message.role === "developer" ? "text-muted" : "";
  return (
    <li className="group/message relative flex gap-3 px-3 py-2 max-md:flex-col max-md:gap-1">
      <div
        className={`w-18 shrink-0 pt-px text-xs ${message.role === "assistant" ? "font-medium text-accent" : "text-muted"}`}
      >
        {message.role}
      </div>
      <div className={`flex min-w-0 grow flex-col gap-2 md:pr-12 ${tone}`}>
        {message.parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <PartView key={index} part={part} isMarkdown={isMarkdown} />
        ))}
        {message.parts.length === 0 && <span className="text-muted italic">empty</span>}
        {message.finish && message.finish !== "stop" && (
          <span className="text-xs text-muted">ended by {message.finish}</span>
        )}
      </div>
      <div className="absolute top-1.5 right-1.5 flex group-focus-within/message:opacity-100 group-hover/message:opacity-100 md:opacity-0">
        {hasText && (
          <IconButton
            size="small"
            label={isMarkdown ? "Show as plain text" : "Show as Markdown"}
            aria-pressed={isMarkdown}
            onClick={() => setIsMarkdown(!isMarkdown)}
            className={isMarkdown ? "bg-accent-soft text-accent!" : ""}
          >
            <Text size={14} />
          </IconButton>
        )}
        <CopyButton text={() => textOf(message)} label="Copy message" />
      </div>
    </li>
  );
}

function PartView({ part, isMarkdown }: { part: Part; isMarkdown: boolean }) {
  switch (part.kind) {
    case "text":
      return isMarkdown ? (
        <Suspense fallback={<FoldedText text={part.text} />}>
          <Markdown text={part.text} />
        </Suspense>
      ) : (
        <FoldedText text={part.text} />
      );
    case "reasoning":
      return (
        <Folded
          summary={
            <span className="text-muted italic">Reasoning, {part.text.length.toLocaleString("en")} characters</span>
          }
        >
          <FoldedText text={part.text} className="text-muted" />
        </Folded>
      );
    case "call":
      return (
        <Folded
          summary={
            <code className="truncate text-xs">
              <span className="font-semibold">{part.name}</span>({shortJson(part.arguments)})
            </code>
          }
        >
          <JsonView value={part.arguments} label={`Arguments of ${part.name}`} />
        </Folded>
      );
    case "result":
      return (
        <Folded
          summary={
            <code className="truncate text-xs">
              <span className="text-muted">result</span> {shortJson(part.result)}
            </code>
          }
        >
          {typeof part.result === "string" ? (
            <FoldedText text={part.result} />
          ) : (
            <JsonView value={part.result} label="Result" />
          )}
        </Folded>
      );
    case "media":
      return <MediaPart part={part} />;
    case "other":
      return <JsonView value={part.value} label="Message part" />;
    default:
      return part satisfies never;
  }
}

const shortJson = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 160);

/** One line that opens. */
function Folded({ summary, children }: { summary: ReactNode; children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="min-w-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex max-w-full items-center gap-1 rounded text-left hover:text-accent"
      >
        <ChevronRight
          aria-hidden
          size={14}
          className={`shrink-0 text-muted transition-transform duration-120 ${isOpen ? "rotate-90" : ""}`}
        />
        {summary}
      </button>
      {isOpen && <div className="mt-1.5 pl-4.5">{children}</div>}
    </div>
  );
}
