import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CopyButton } from "../../components/copy-button.tsx";
import { JsonView } from "../../components/json-tree.tsx";
import type { Span } from "./use-trace.ts";

/** Everything about a span that is not what was said: who asked, with which parameters, under which names. */
export function SpanFacts({ span }: { span: Span }) {
  return (
    <>
      <FactList
        title="About"
        facts={[
          ["Model asked for", span.requestModel],
          ["Model that answered", span.responseModel],
          ["Provider", span.provider],
          ["Endpoint", span.endpoint && <FilterLink search={{ endpoint: span.endpoint }}>{span.endpoint}</FilterLink>],
          ["User", span.userId && <FilterLink search={{ userId: span.userId }}>{span.userId}</FilterLink>],
          [
            "Session",
            span.sessionId && <FilterLink search={{ sessionId: span.sessionId }}>{span.sessionId}</FilterLink>,
          ],
          [
            "Tags",
            span.tags.length > 0 &&
              span.tags.map((tag) => (
                <FilterLink key={tag} search={{ tag }}>
                  {tag}
                </FilterLink>
              )),
          ],
          ["Service", span.service],
          ["Environment", span.environment],
          ["Trace id", <Id key="trace" id={span.traceId} />],
          ["Span id", <Id key="span" id={span.spanId} />],
          ["Configuration", span.configHash && <Id key="hash" id={span.configHash} />],
        ]}
      />
      <Values title="Parameters" values={span.parameters} />
      <Values title="Metadata" values={span.metadata} />
      <Values title="Attributes" values={span.attributes} />
    </>
  );
}

function FilterLink({ search, children }: { search: Record<string, string>; children: ReactNode }) {
  return (
    <Link
      to="/traces"
      search={{ ...search, view: "spans" }}
      title="Show every span with this"
      className="mr-2 underline decoration-line-strong underline-offset-2 hover:decoration-current"
    >
      {children}
    </Link>
  );
}

function Id({ id }: { id: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="truncate text-xs">{id}</code>
      <CopyButton text={id} label={`Copy ${id}`} className="size-5!" />
    </span>
  );
}

function FactList({ title, facts }: { title: string; facts: readonly (readonly [label: string, value: ReactNode])[] }) {
  const known = facts.filter(([, value]) => value);
  if (known.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-xs text-muted">{title}</h3>
      <dl className="card divide-y divide-line">
        {known.map(([label, value]) => (
          <div key={label} className="flex gap-3 px-3 py-1.5 max-md:flex-col max-md:gap-0">
            <dt className="w-44 shrink-0 break-words text-muted [overflow-wrap:anywhere]">{label}</dt>
            <dd className="min-w-0 grow break-words [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Named values: short ones as a list, nested ones as a tree. */
function Values({ title, values }: { title: string; values: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  if (entries.some(([, value]) => typeof value === "object" && value !== null)) {
    return (
      <section aria-label={title}>
        <h3 className="mb-1 text-xs text-muted">{title}</h3>
        <JsonView value={values} label={title} />
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
