import { createAttributeReader } from "./attribute-reader.ts";
import type { Dialect, Reading } from "./dialect.ts";
import { DIALECTS } from "./dialect-list.ts";
import { fitReading } from "./fit-reading.ts";
import { callsModel } from "./kinds.ts";
import { plain } from "./plain.ts";
import { providerOfModel } from "./providers.ts";
import { readCommon } from "./read-common.ts";
import type { ReceivedSpan } from "./received-span.ts";

/** What a span says, in the words of the first dialect that it speaks. Never throws: what cannot be understood is a plain span. */
export function readSpan(span: ReceivedSpan): Reading & { readonly dialect: string } {
  const dialect = DIALECTS.find((candidate) => speaks(candidate, span)) ?? plain;
  try {
    return readWith(dialect, span);
  } catch {
    return readPlainly(span);
  }
}

function speaks(dialect: Dialect, span: ReceivedSpan): boolean {
  try {
    return dialect.matches(span);
  } catch {
    return false;
  }
}

function readWith(dialect: Dialect, span: ReceivedSpan) {
  const reader = createAttributeReader(span.attributes);
  const common = readCommon(span, reader);
  const own = dialect.read(span, reader);
  return { ...fitReading(withProvider(merge(common, own))), dialect: dialect.id, consumed: reader.consumed };
}

function readPlainly(span: ReceivedSpan): Reading & { readonly dialect: string } {
  try {
    return readWith(plain, span);
  } catch {
    return { kind: "span", dialect: plain.id };
  }
}

/** Prices are found by provider and model, and some senders name only the model. */
const withProvider = (reading: Reading): Reading =>
  callsModel(reading.kind) && !reading.provider
    ? { ...reading, provider: providerOfModel(reading.responseModel || reading.requestModel || "") }
    : reading;

/** The dialect's own word before the common one; a list or a record of both holds both. */
function merge(common: Reading, own: Reading): Reading {
  const merged: Record<string, unknown> = { ...common };
  for (const [name, value] of Object.entries(own)) if (value !== undefined && value !== "") merged[name] = value;
  return {
    ...merged,
    tags: [...(common.tags ?? []), ...(own.tags ?? [])],
    metadata: { ...common.metadata, ...own.metadata },
    scores: [...(common.scores ?? []), ...(own.scores ?? [])],
  };
}
