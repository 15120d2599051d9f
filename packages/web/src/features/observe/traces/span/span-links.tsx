import { Link } from "@tanstack/react-router";
import { JsonView } from "../../../../components/content/json-tree.tsx";
import type { Span } from "../model/use-trace.ts";

/** Other spans that have to do with this one, mostly of other traces. */
export function SpanLinks({ span }: { span: Span }) {
  if (span.links.length === 0) return null;
  return (
    <section aria-label="Links">
      <h3 className="mb-1 text-xs text-muted">Links</h3>
      <ol className="card divide-y divide-line">
        {span.links.map(({ traceId, spanId, attributes }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the links of a finished span never move.
          <li key={index} className="flex flex-col gap-1.5 px-3 py-2">
            <Link
              to="/traces/$traceId"
              params={{ traceId }}
              search={{ span: spanId }}
              className="truncate underline decoration-line-strong underline-offset-2 hover:decoration-current"
            >
              <code className="text-xs">{traceId === span.traceId ? `span ${spanId} of this trace` : traceId}</code>
            </Link>
            {Object.keys(attributes).length > 0 && <JsonView value={attributes} label="Link attributes" />}
          </li>
        ))}
      </ol>
    </section>
  );
}
