import { type AttributeReader, toJson } from "./attribute-reader.ts";
import type { Reading } from "./dialect.ts";
import { showValue } from "./json.ts";
import { readFailure } from "./read-errors.ts";
import { readEventScores, readGenAiScore } from "./read-scores.ts";
import type { Attributes, AttributeValue, ReceivedSpan } from "./received-span.ts";

/** The user, by every sender's name for it; the first value wins. Helpers copy some of them to other spans. */
const USER_NAMES = [
  "user.id",
  "langfuse.user.id",
  "enduser.id",
  "traceloop.association.properties.user_id",
  "traceloop.association.properties.userId",
  "ai.telemetry.metadata.userId",
  "ai.telemetry.metadata.user_id",
  "ai.settings.context.userId",
  "mastra.metadata.userId",
  "langsmith.metadata.user_id",
  "langsmith.metadata.userId",
  "user_id",
  "gen_ai.user",
  "gen_ai.request.user",
  "gen_ai.openai.request.user",
  "llm.user",
];
const SESSION_NAMES = [
  "session.id",
  "langfuse.session.id",
  "traceloop.association.properties.session_id",
  "traceloop.association.properties.sessionId",
  "traceloop.association.properties.thread_id",
  "ai.telemetry.metadata.sessionId",
  "ai.telemetry.metadata.session_id",
  "ai.settings.context.sessionId",
  "mastra.metadata.sessionId",
  "mastra.metadata.threadId",
  "langsmith.metadata.session_id",
  "langsmith.metadata.thread_id",
  "langsmith.metadata.conversation_id",
  "gen_ai.conversation.id",
  "session_id",
];
const TAG_NAMES = [
  "langfuse.trace.tags",
  "tag.tags",
  "treadle.tags",
  "ai.telemetry.metadata.tags",
  "ai.settings.context.tags",
  "traceloop.association.properties.tags",
  "langsmith.span.tags",
  "mastra.tags",
  "logfire.tags",
  "tags",
];
/** Attribute families that helpers copy to every span. */
const METADATA_FAMILIES = ["treadle.metadata.", "langfuse.trace.metadata.", "traceloop.association.properties."];
const READ_ELSEWHERE = new Set([
  ...["user_id", "userId", "session_id", "sessionId", "thread_id", "threadId", "conversation_id"],
  "tags",
]);
const ENVIRONMENT_NAMES = [
  "langfuse.environment",
  "treadle.environment",
  "deployment.environment.name",
  "deployment.environment",
];

/** Fields that any span can have: user, session, tags, metadata, environment, failure and scores. */
export function readCommon(span: ReceivedSpan, reader: AttributeReader): Reading {
  const scores = [...readEventScores(span.events), ...readGenAiScore(span.attributes)];
  return {
    ...readFailure(span),
    userId: firstUsable(reader, USER_NAMES),
    sessionId: firstUsable(reader, SESSION_NAMES),
    tags: reader.texts(...TAG_NAMES),
    metadata: readMetadata(reader, METADATA_FAMILIES),
    environment: reader.text(...ENVIRONMENT_NAMES) || resourceText(span.resource, ENVIRONMENT_NAMES),
    release: reader.text("langfuse.release") || resourceText(span.resource, ["langfuse.release", "service.version"]),
    traceName: reader.text("langfuse.trace.name"),
    promptName: reader.text("langfuse.observation.prompt.name", "gen_ai.prompt.name", "traceloop.prompt.key"),
    promptVersion: reader.text(
      "langfuse.observation.prompt.version",
      "gen_ai.prompt.version",
      "traceloop.prompt.version",
    ),
    ...(scores.length > 0 && { scores }),
  };
}

/** Attribute families as metadata: texts unchanged, other values as JSON, without users and tags. */
export function readMetadata(reader: AttributeReader, families: readonly string[]): Record<string, string> {
  const entries = reader.family(...families).filter(([name]) => name !== "" && !READ_ELSEWHERE.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, showAttribute(value)]));
}

/** A record of a sender's own as metadata. */
export const metadataOf = (record: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      READ_ELSEWHERE.has(name) || value === null || value === undefined ? [] : [[name, showValue(value)]],
    ),
  );

/** A text as it stands, without the quotes that some put around it; anything else as JSON. */
function showAttribute(value: AttributeValue): string {
  if (typeof value !== "string") return showValue(toJson(value));
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"');
  return isQuoted ? showValue(toJson(value)) : value;
}

/** Logfire replaces possible secrets with a notice, including session ids. */
function firstUsable(reader: AttributeReader, names: readonly string[]): string {
  for (const name of names) {
    const value = reader.peek(name);
    if (value === "" || value.startsWith("[Scrubbed")) continue;
    reader.drop(name);
    return unquote(value);
  }
  return "";
}

const unquote = (text: string) => (text.length > 2 && text.startsWith('"') ? showValue(toJson(text)) : text);

function resourceText(resource: Attributes, names: readonly string[]): string {
  for (const name of names) {
    const value = resource.get(name);
    if (typeof value === "string" && value !== "") return unquote(value);
  }
  return "";
}
