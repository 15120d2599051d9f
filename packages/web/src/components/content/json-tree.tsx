import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { CopyButton } from "../feedback/copy-button.tsx";
import { ScrollBox } from "../layout/scroll-box.tsx";
import { formatCount, formatNumberOf } from "../text/format.ts";

type TreeProps = {
  value: unknown /** The path to this value, as JSONPath. */;
  path?: string;
  name?: string;
  openDepth?: number;
  isLast?: boolean;
};

const SHOWN = 100;

/** JSON as a tree that folds; each line copies its path or its value. Text is shown as text, whatever it holds. */
function JsonTree({ value, path = "$", name, openDepth = 2, isLast = true }: TreeProps) {
  const [isOpen, setIsOpen] = useState(openDepth > 0);
  const [shown, setShown] = useState(SHOWN);
  const label = name === undefined ? null : <Name name={name} />;
  if (typeof value !== "object" || value === null) {
    return (
      <Line path={path} value={value}>
        {label}
        <Leaf value={value} />
        {!isLast && ","}
      </Line>
    );
  }
  const isList = Array.isArray(value);
  const entries: [string, unknown][] = isList
    ? value.map((item, index) => [String(index), item])
    : Object.entries(value);
  const [open, close] = isList ? "[]" : "{}";
  const count = formatNumberOf(entries.length, isList ? "item" : "key");
  return (
    <div>
      <Line path={path} value={value}>
        <button
          type="button"
          aria-expanded={isOpen}
          disabled={entries.length === 0}
          onClick={() => setIsOpen(!isOpen)}
          className="-ml-4 inline-flex items-center rounded text-left"
        >
          <ChevronRight
            aria-hidden
            size={12}
            className={`mr-1 shrink-0 text-muted transition-transform duration-120 ${isOpen ? "rotate-90" : ""} ${entries.length === 0 ? "invisible" : ""}`}
          />
          {label}
          <span className="text-muted">
            {open}
            {!isOpen && entries.length > 0 && ` ${count} `}
            {(!isOpen || entries.length === 0) && `${close}${isLast ? "" : ","}`}
          </span>
        </button>
      </Line>
      {isOpen && entries.length > 0 && (
        <>
          <div className="ml-[5px] border-line border-l pl-4">
            {entries.slice(0, shown).map(([key, item], index) => (
              <JsonTree
                key={key}
                value={item}
                name={isList ? undefined : key}
                path={isList ? `${path}[${key}]` : pathTo(path, key)}
                openDepth={openDepth - 1}
                isLast={index === entries.length - 1}
              />
            ))}
            {entries.length > shown && (
              <button
                type="button"
                onClick={() => setShown(shown + 10 * SHOWN)}
                className="text-accent underline underline-offset-2"
              >
                {formatCount(entries.length - shown)} more
              </button>
            )}
          </div>
          <div className="text-muted">
            {close}
            {!isLast && ","}
          </div>
        </>
      )}
    </div>
  );
}

const pathTo = (path: string, key: string) =>
  /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

function Name({ name }: { name: string }) {
  return (
    <>
      <span className="text-info">{JSON.stringify(name)}</span>
      <span className="mr-1.5 text-muted">:</span>
    </>
  );
}

const FOLD = 600;

/** Rendering more in one step would block the page. */
const STEP = 100_000;

function Leaf({ value }: { value: unknown }) {
  const [shown, setShown] = useState(FOLD);
  if (typeof value !== "string") return <span className="text-text">{String(value)}</span>;
  const text = JSON.stringify(value);
  return (
    <span className="break-words whitespace-pre-wrap text-accent [overflow-wrap:anywhere]">
      {text.slice(0, shown)}
      {text.length > shown && (
        <button
          type="button"
          onClick={() => setShown(shown + STEP)}
          className="ml-1 font-sans text-text underline underline-offset-2"
        >
          {formatCount(text.length - shown)} more characters
        </button>
      )}
    </span>
  );
}

function Line({ path, value, children }: { path: string; value: unknown; children: ReactNode }) {
  return (
    <div className="group/line flex min-w-0 items-start">
      <div className="min-w-0 py-px">{children}</div>
      <span className="ml-1 flex h-5 shrink-0 items-center opacity-0 group-focus-within/line:opacity-100 group-hover/line:opacity-100">
        <CopyButton text={path} label={`Copy path ${path}`} className="size-5!" />
        <CopyButton
          text={() => (typeof value === "string" ? value : JSON.stringify(value, null, 2))}
          label="Copy value"
          className="size-5!"
        />
      </span>
    </div>
  );
}

/** The tree in its box, in the type of code. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    <ScrollBox
      label={label}
      className="rounded-control border border-line bg-panel py-2 pr-2 pl-6 font-mono text-xs leading-relaxed"
    >
      <JsonTree value={value} />
    </ScrollBox>
  );
}
