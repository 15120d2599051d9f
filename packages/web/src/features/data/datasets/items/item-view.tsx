import type { Item } from "@treadle/contract";
import type { ReactNode } from "react";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { Payload } from "../../../observe/traces/index.ts";

type Shown = Pick<Item, "inputs" | "expected" | "metadata" | "split">;

/** An item for reading: conversations by role, text as text, and anything else as a tree. */
export function ItemView({ item, source }: { item: Shown; source?: ReactNode }) {
  const metadata = Object.entries(item.metadata);
  return (
    <div className="flex flex-col gap-4 p-4">
      <Parts value={item.inputs} label="Inputs" />
      {item.expected === null || item.expected === undefined ? (
        <p className="text-muted">No expected answer.</p>
      ) : (
        <Expected value={item.expected} />
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 border-line border-t pt-3">
        <Fact label="Split">{item.split ?? <span className="text-muted">none</span>}</Fact>
        {source && <Fact label="Source">{source}</Fact>}
        {metadata.map(([name, value]) => (
          <Fact key={name} label={name}>
            {typeof value === "string" ? (
              <FoldedText text={value} most={400} />
            ) : typeof value === "object" && value !== null ? (
              <code className="text-xs [overflow-wrap:anywhere]">{JSON.stringify(value)}</code>
            ) : (
              <span className="num">{String(value)}</span>
            )}
          </Fact>
        ))}
      </dl>
    </div>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="col-span-full grid grid-cols-subgrid">
      <dt className="max-w-40 truncate text-muted" title={label}>
        {label}
      </dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

/** Each key with its name; a single key needs no name. */
function Parts({ value, label }: { value: Readonly<Record<string, unknown>>; label: string }) {
  const entries = Object.entries(value);
  if (entries.length === 0) return <p className="text-muted">No inputs.</p>;
  return (
    <>
      {entries.map(([name, part]) => (
        <Payload
          key={name}
          label={entries.length === 1 && name !== "messages" ? `${label}: ${name}` : name}
          value={part}
        />
      ))}
    </>
  );
}

function Expected({ value }: { value: unknown }) {
  if (typeof value !== "object" || value === null) return <Payload label="Expected" value={asShown(value)} />;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  if (typeof fields.role === "string") return <Payload label="Expected" value={[value]} />;
  if (Array.isArray(fields.chosen) && Array.isArray(fields.rejected))
    return (
      <>
        <Payload label="Chosen" value={fields.chosen} />
        <Payload label="Rejected" value={fields.rejected} />
      </>
    );
  if (Array.isArray(fields.completion))
    return (
      <Payload
        label={fields.label === false ? "Undesirable completion" : "Desirable completion"}
        value={fields.completion}
      />
    );
  return <Payload label="Expected" value={value} />;
}

/** Numbers and booleans are shown as text. */
const asShown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
