import { ChevronRight, Table2 } from "lucide-react";
import { useState } from "react";
import { explain } from "../../../api.ts";
import { Skeleton } from "../../../components/feedback/states.tsx";
import { TextInput } from "../../../components/form/field.tsx";
import { useSqlSchema } from "./use-sql.ts";

/** The tables, their columns and the functions, each of which a click writes into the statement. */
export function SqlSchemaPanel({ onInsert }: { onInsert: (name: string) => void }) {
  const { data, error, isPending } = useSqlSchema();
  const [word, setWord] = useState("");
  const fits = (name: string) => name.toLowerCase().includes(word.trim().toLowerCase());
  const functions = word.trim() === "" ? [] : (data?.functions.filter(fits).slice(0, 30) ?? []);
  return (
    <section aria-label="Tables" className="card flex max-h-[70vh] min-h-0 flex-col overflow-hidden">
      <div className="border-line border-b p-1.5">
        <TextInput
          aria-label="Find a column or a function"
          placeholder="Find a column or a function…"
          value={word}
          onChange={({ target }) => setWord(target.value)}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be reachable to be scrolled by keyboard. */}
      <div className="min-h-0 overflow-y-auto p-1" tabIndex={0}>
        {error && (
          <p role="alert" className="p-2 text-xs text-bad">
            {explain(error)}
          </p>
        )}
        {isPending && <Skeleton className="m-2 h-40" />}
        {data?.tables.map((table) => (
          <SchemaTable key={table.name} table={table} fits={fits} isForced={word.trim() !== ""} onInsert={onInsert} />
        ))}
        {functions.length > 0 && (
          <>
            <h3 className="px-2 pt-2 pb-1 text-xs text-muted">Functions</h3>
            {functions.map((name) => (
              <Name key={name} name={name} onInsert={() => onInsert(`${name}(`)} />
            ))}
          </>
        )}
      </div>
    </section>
  );
}

type Table = NonNullable<ReturnType<typeof useSqlSchema>["data"]>["tables"][number];
type TableProps = {
  table: Table;
  fits: (name: string) => boolean;
  isForced: boolean;
  onInsert: (name: string) => void;
};

function SchemaTable({ table, fits, isForced, onInsert }: TableProps) {
  const [isOpen, setIsOpen] = useState(table.name === "spans");
  const columns = table.columns.filter(({ name }) => fits(name));
  const isShown = isForced ? columns.length > 0 : isOpen;
  return (
    <div>
      <div className="flex items-center">
        <button
          type="button"
          aria-expanded={isShown}
          title={table.description}
          onClick={() => setIsOpen(!isOpen)}
          className="flex h-7.5 min-w-0 grow items-center gap-1.5 rounded-control px-1 hover:bg-raised"
        >
          <ChevronRight
            aria-hidden
            size={13}
            className={`text-muted transition-transform duration-120 ${isShown ? "rotate-90" : ""}`}
          />
          <Table2 aria-hidden size={13} className="text-muted" />
          <code className="text-xs font-medium">{table.name}</code>
        </button>
      </div>
      {isShown && (
        <ul className="pb-1 pl-4">
          {columns.map(({ name, type, description }) => (
            <li key={name}>
              <Name name={name} note={type} title={description} onInsert={() => onInsert(name)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

type NameProps = { name: string; note?: string; title?: string; onInsert: () => void };

function Name({ name, note, title, onInsert }: NameProps) {
  return (
    <button
      type="button"
      title={title ? `${title} Click to insert it.` : "Click to insert it"}
      onClick={onInsert}
      className="flex h-6.5 w-full min-w-0 items-center gap-2 rounded-control px-2 text-left hover:bg-raised"
    >
      <code className="shrink-0 text-xs">{name}</code>
      {note && (
        <span className="ml-auto truncate text-xs text-muted">{note.replace(/LowCardinality\((.*)\)/, "$1")}</span>
      )}
    </button>
  );
}
