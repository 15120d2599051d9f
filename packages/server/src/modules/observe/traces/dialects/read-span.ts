import { DIALECTS } from "./dialect-list.ts";
import { plain } from "./plain.ts";
import { createAttributeReader } from "./readers/attribute-reader.ts";
import type { Dialect, Reading } from "./readers/dialect.ts";
import { callsModel } from "./readers/kinds.ts";
import { providerOfModel } from "./readers/providers.ts";
import { readCommon } from "./readers/read-common.ts";
import type { ReceivedSpan } from "./readers/received-span.ts";

/** The fields of a span, read by the first matching dialect. Never throws: an unreadable span is a plain span. */
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
  const isWhole = !isMissing(own.input) && !isMissing(own.output);
  const consumed = isWhole ? reader.consumed : reader.consumed.filter((name) => !isUnreadContent(name, own, span));
  return { ...merge(common, own), provider: providerOf(own), dialect: dialect.id, consumed };
}

const INPUT =
  /^(?:input\.value|gen_ai\.(?:input\.messages|prompt|content\.prompt)|llm\.input_messages|ai\.prompt|traceloop\.entity\.input|langfuse\.observation\.input|mlflow\.spanInputs|mastra\.\w+\.input)/;
const OUTPUT =
  /^(?:output\.value|gen_ai\.(?:output\.messages|completion|content\.completion)|llm\.output_messages|ai\.response\.(?:text|object|toolCalls)|traceloop\.entity\.output|langfuse\.observation\.output|mlflow\.spanOutputs|mastra\.\w+\.output)/;

/** Whether the attribute holds content of which nothing came into the span's input or output. It stays an attribute. */
function isUnreadContent(name: string, { kind, input, output }: Reading, { attributes }: ReceivedSpan): boolean {
  // The output of an embedding is not stored.
  const isLost =
    (INPUT.test(name) && isMissing(input)) || (OUTPUT.test(name) && isMissing(output) && kind !== "embedding");
  return isLost && !/^\s*(?:\[\s*\]|\{\s*\}|null)?\s*$/.test(String(attributes.get(name) ?? ""));
}

const isMissing = (content: unknown) => content === undefined || content === null;

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
