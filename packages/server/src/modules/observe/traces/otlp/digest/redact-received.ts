import {
  commonWithoutContent,
  isMeasure,
  NOT_SAMPLED,
  type PrivacyRules,
  type Redaction,
  redactCommon,
} from "../../../redaction/index.ts";
import type { Attributes, AttributeValue, ReceivedSpan } from "../../dialects/readers/received-span.ts";
import { redactorOf } from "./redactors.ts";
import { leftEvents, type Understood } from "./to-span.ts";

const CONTENT = "treadle.privacy.content";
const NO_ATTRIBUTES: Attributes = new Map();

/**
 * Redacts spans as they were read, before anything of them is shortened or set aside: a value that is cut in two would not be
 * found. Of a span that cannot be redacted, only counts and times are left.
 */
export function createRedactReceived(rules: PrivacyRules | null): (given: Understood) => Understood {
  if (rules === null) return (given) => given;
  const redactor = redactorOf(rules);
  return (given) => {
    try {
      const redaction = redactor.begin();
      const redacted = redactUnderstood(given, redaction);
      if (!redactor.storesContent(given.span.traceId)) return bare(redacted, NOT_SAMPLED);
      return withAttributes(redacted, redaction.attributes());
    } catch {
      return countsOf(given);
    }
  };
}

/** Events and attributes that were read into fields are left out here, since their names change. */
function redactUnderstood({ span, reading, notes }: Understood, redaction: Redaction): Understood {
  const { consumed, consumedEvents: _, readEvents: __, scores, attributes, ...fields } = reading;
  const isConsumed = new Set(consumed);
  const rest = new Map([...span.attributes].filter(([key]) => !isConsumed.has(key)));
  return {
    notes,
    span: redactReceived({ ...span, attributes: rest, events: leftEvents(span, reading) }, redaction),
    reading: {
      ...redactCommon(fields, redaction),
      ...(attributes && { attributes: redaction.value("attributes", attributes) }),
      ...(scores && {
        scores: scores.map(({ name, value, label, comment }) => ({
          name: redaction.value("feedback", name),
          value,
          label: redaction.value("feedback", label),
          comment: redaction.value("feedback", comment),
        })),
      }),
    },
  };
}

function redactReceived(span: ReceivedSpan, { value }: Redaction): ReceivedSpan {
  return {
    ...span,
    name: value("names", span.name),
    statusMessage: value("errors", span.statusMessage),
    traceState: value("attributes", span.traceState),
    attributes: value("attributes", span.attributes),
    events: span.events.map((event) => ({
      ...event,
      name: value("events", event.name),
      attributes: value("events", event.attributes),
    })),
    links: span.links.map((link) => ({ ...link, attributes: value("attributes", link.attributes) })),
    scope: {
      name: value("names", span.scope.name),
      version: value("names", span.scope.version),
      attributes: value("attributes", span.scope.attributes),
    },
    resource: value("attributes", span.resource),
  };
}

const withAttributes = (given: Understood, added: ReadonlyMap<string, unknown>): Understood =>
  added.size === 0
    ? given
    : { ...given, reading: { ...given.reading, attributes: new Map([...(given.reading.attributes ?? []), ...added]) } };

const measuresOf = <Value>(attributes: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> =>
  new Map([...attributes].filter(([key, value]) => isMeasure(key, value)));

/** A span without its content. The attributes of its resource and its scope are no content. */
function bare({ span, reading, notes }: Understood, reason: string): Understood {
  const { scores, attributes, ...fields } = reading;
  return {
    notes,
    span: {
      ...span,
      statusMessage: "",
      attributes: measuresOf<AttributeValue>(span.attributes),
      events: span.events.map((event) => ({ ...event, attributes: NO_ATTRIBUTES })),
      links: span.links.map((link) => ({ ...link, attributes: NO_ATTRIBUTES })),
    },
    reading: {
      ...commonWithoutContent({ ...fields, input: null, output: null }),
      attributes: new Map([...measuresOf(attributes ?? new Map<string, unknown>()), [CONTENT, reason]]),
      ...(scores && { scores: scores.map((score) => ({ ...score, comment: "" })) }),
    },
  };
}

/** What is left if redaction itself failed: nothing that a sender wrote as text, except the names of models. */
function countsOf({ span, reading }: Understood): Understood {
  const { consumed: _, scores: __, userId: ___, sessionId: ____, tags: _____, metadata: ______, ...fields } = reading;
  const { span: bareSpan, reading: bareReading } = bare({ span, reading: fields, notes: [] }, "failed");
  return {
    notes: [],
    span: {
      ...bareSpan,
      name: reading.kind ?? "span",
      traceState: "",
      attributes: NO_ATTRIBUTES,
      events: [],
      links: [],
      scope: { name: "", version: "", attributes: NO_ATTRIBUTES },
      resource: NO_ATTRIBUTES,
    },
    reading: { ...bareReading, name: "", traceName: "", errorType: "", attributes: new Map([[CONTENT, "failed"]]) },
  };
}
