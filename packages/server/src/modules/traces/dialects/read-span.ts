import { createAttributeReader } from "./attribute-reader.ts";
import type { Dialect, Reading } from "./dialect.ts";
import { DIALECTS } from "./dialect-list.ts";
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

function readWith(dialect: Dialect, span: ReceivedSpan): Reading & { readonly dialect: string } {
  const reader = createAttributeReader(span.attributes);
  const common = readCommon(span, reader);
  const own = dialect.read(span, reader);
  return { ...merge(common, own), provider: providerOf(own), dialect: dialect.id, consumed: reader.consumed };
}

function readPlainly(span: ReceivedSpan): Reading & { readonly dialect: string } {
  try {
    return readWith(plain, span);
  } catch {
    return { kind: "span", dialect: plain.id };
  }
}

/** Prices are found by provider and model, and some senders name only the model. */
const providerOf = ({ kind, provider, responseModel, requestModel }: Reading): string | undefined =>
  provider || (callsModel(kind) ? providerOfModel(responseModel || requestModel || "") : provider);

/** The dialect's own word before the common one; a list or a record of both holds both. */
const merge = (common: Reading, own: Reading): Reading => ({
  ...own,
  status: own.status ?? common.status,
  errorType: own.errorType || common.errorType,
  errorMessage: own.errorMessage || common.errorMessage,
  environment: own.environment || common.environment,
  userId: own.userId || common.userId,
  sessionId: own.sessionId || common.sessionId,
  traceName: own.traceName || common.traceName,
  promptName: own.promptName || common.promptName,
  promptVersion: own.promptVersion || common.promptVersion,
  release: own.release || common.release,
  tags: own.tags ? [...new Set([...(common.tags ?? []), ...own.tags])] : common.tags,
  metadata: own.metadata ? { ...common.metadata, ...own.metadata } : common.metadata,
  scores: own.scores ? [...(common.scores ?? []), ...own.scores] : common.scores,
});
