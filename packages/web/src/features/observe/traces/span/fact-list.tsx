import type { ReactNode } from "react";
import { JsonView } from "../../../../components/content/json-tree.tsx";

/** Labels and what they stand for; those without a value are left out. */
export function FactList({
  title,
  facts,
}: {
  title: string;
  facts: readonly (readonly [label: string, value: ReactNode])[];
}) {
  const known = facts.filter(([, value]) => value);
  if (known.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-xs text-muted">{title}</h3>
      <dl className="card divide-y divide-line">
        {known.map(([label, value]) => (
          <div key={label} className="flex gap-3 px-3 py-1.5 max-md:flex-col max-md:gap-0">
            <dt className="w-36 shrink-0 break-words text-muted [overflow-wrap:anywhere]">{label}</dt>
            <dd className="min-w-0 grow break-words [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Named values: short ones as a list, nested ones as a tree. */
export function Values({ title, values }: { title: string; values: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  if (entries.some(([, value]) => typeof value === "object" && value !== null)) {
    return (
      <section aria-label={title}>
        <h3 className="mb-1 text-xs text-muted">{title}</h3>
        <JsonView value={values} label={`${title} as JSON`} />
      </section>
    );
  }
  return (
    <FactList
      title={title}
      facts={entries.map(
        ([name, value]) =>
          [
            name,
            <span key={name} className="num">
              {String(value)}
            </span>,
          ] as const,
      )}
    />
  );
}
