import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CopyButton } from "../../components/copy-button.tsx";
import { FactList, Values } from "./fact-list.tsx";
import { AttributeList } from "./span-attributes.tsx";
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
          ["Release", span.release],
          ["Prompt", span.promptName && [span.promptName, span.promptVersion].filter(Boolean).join(", version ")],
          ["Made by", span.scopeName],
          ["Read as", span.dialect],
          ["Trace id", <Id key="trace" id={span.traceId} />],
          ["Span id", <Id key="span" id={span.spanId} />],
          ["Configuration", span.configHash && <Id key="hash" id={span.configHash} />],
        ]}
      />
      <Values title="Parameters" values={span.parameters} />
      <Values title="Metadata" values={span.metadata} />
      <AttributeList values={span.attributes} />
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
