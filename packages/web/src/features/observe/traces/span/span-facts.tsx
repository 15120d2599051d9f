import { Link, useSearch } from "@tanstack/react-router";
import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { formatPercent } from "../../../../components/text/format.ts";
import type { RangeSearch } from "../../../../components/time/time-range.ts";
import { withoutGuardFacts } from "../../../build/guards/index.ts";
import { rangeHolding } from "../meaning/meaning-search.ts";
import type { Span } from "../model/use-trace.ts";
import { FactList, Values } from "./fact-list.tsx";
import { AttributeList } from "./span-attributes.tsx";

/** The metadata of a span: user, parameters and names. */
export function SpanFacts({ span }: { span: Span }) {
  const shown: RangeSearch = useSearch({ strict: false });
  // What is linked to holds at least this span.
  const range = rangeHolding(span.startTime, { range: shown.range, from: shown.from, to: shown.to }, Date.now());
  const filterLink = (search: Record<string, string>, words: string) => (
    <Link
      key={words}
      to="/traces"
      search={{ ...search, ...range, view: "spans" }}
      title="Show all spans with this value"
      className={LINK}
    >
      {words}
    </Link>
  );
  return (
    <>
      <FactList
        title="About"
        facts={[
          ["Requested model", span.requestModel],
          ["Response model", span.responseModel],
          ["Provider", span.provider],
          ["Endpoint", span.endpoint && filterLink({ endpoint: span.endpoint }, span.endpoint)],
          ["Variant", span.variant && filterLink({ variant: span.variant }, span.variant)],
          ["Rollout", span.rolloutId && filterLink({ rollout: span.rolloutId }, span.rolloutId)],
          ["Assigned by", span.assignment && assignmentWords(span.assignment)],
          [
            "User",
            span.userId && (
              <Link key="user" to="/users/$userId" params={{ userId: span.userId }} search={range} className={LINK}>
                {span.userId}
              </Link>
            ),
          ],
          [
            "Session",
            span.sessionId && (
              <Link key="session" to="/sessions/$sessionId" params={{ sessionId: span.sessionId }} className={LINK}>
                {span.sessionId}
              </Link>
            ),
          ],
          ["Tags", span.tags.length > 0 && span.tags.map((tag) => filterLink({ tag }, tag))],
          ["Service", span.service],
          ["Environment", span.environment],
          ["Release", span.release],
          ["Prompt", span.promptName && [span.promptName, span.promptVersion].filter(Boolean).join(", version ")],
          ["Instrumentation", span.scopeName],
          ["Convention", span.dialect],
          ["Trace id", <Id key="trace" id={span.traceId} />],
          ["Span id", <Id key="span" id={span.spanId} />],
          ["Configuration", span.configHash && <Id key="hash" id={span.configHash} />],
        ]}
      />
      <Values title="Parameters" values={span.parameters} />
      <Values title="Metadata" values={span.metadata} />
      <AttributeList values={withoutGuardFacts(span.attributes)} />
    </>
  );
}

const LINK = "mr-2 underline decoration-line-strong underline-offset-2 hover:decoration-current";

function Id({ id }: { id: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="truncate text-xs">{id}</code>
      <CopyButton text={id} label={`Copy ${id}`} className="size-5!" />
    </span>
  );
}

/** Such as *user, share 10%, version 3*. */
const assignmentWords = ({ unit, propensity, endpointVersion }: NonNullable<Span["assignment"]>) =>
  `${unit}, ${propensity === 0 ? "variant not drawn" : `share ${formatPercent(propensity)}`}, endpoint version ${endpointVersion}`;
