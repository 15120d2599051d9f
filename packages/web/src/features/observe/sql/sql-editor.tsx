import { type KeyboardEvent, type RefObject, useRef } from "react";

type EditorProps = {
  input: RefObject<HTMLTextAreaElement | null>;
  sql: string;
  /** The line that an error is on, counted from 1. */
  wrongLine: number | undefined;
  onChange: (sql: string) => void;
  onRun: () => void;
};

/** A text area with line numbers. Mod and Enter run, Tab indents unless Escape was pressed before it. */
export function SqlEditor({ input, sql, wrongLine, onChange, onRun }: EditorProps) {
  const numbers = useRef<HTMLDivElement>(null);
  const mayLeave = useRef(false);
  const lines = sql.split("\n").length;
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      onRun();
    } else if (event.key === "Tab" && !event.shiftKey && !mayLeave.current) {
      event.preventDefault();
      const { selectionStart: from, selectionEnd: to } = event.currentTarget;
      event.currentTarget.setRangeText("  ", from, to, "end");
      onChange(event.currentTarget.value);
    }
    mayLeave.current = event.key === "Escape";
  }
  return (
    <div className="flex min-h-40 overflow-hidden rounded-control border border-line-strong bg-panel focus-within:border-accent">
      <div
        ref={numbers}
        aria-hidden
        className="num w-10 shrink-0 overflow-hidden border-line border-r bg-raised py-2 pr-2 text-right font-mono text-xs leading-5 text-muted select-none"
      >
        {Array.from({ length: lines }, (_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
          <div key={line} className={line + 1 === wrongLine ? "font-semibold text-bad" : ""}>
            {line + 1}
          </div>
        ))}
      </div>
      <textarea
        ref={input}
        aria-label="SQL statement"
        aria-describedby="sql-editor-keys"
        spellCheck={false}
        autoCapitalize="off"
        wrap="off"
        rows={Math.min(18, Math.max(7, lines))}
        value={sql}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget }) => {
          if (numbers.current) numbers.current.scrollTop = currentTarget.scrollTop;
        }}
        className="min-w-0 grow resize-y bg-transparent px-3 py-2 font-mono text-xs leading-5 outline-none [font-feature-settings:'calt'_0]"
      />
      <span id="sql-editor-keys" className="sr-only">
        Tab indents. Press Escape and then Tab to leave the editor.
      </span>
    </div>
  );
}
