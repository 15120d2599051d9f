import type { PrivacyField } from "@treadle/contract";
import type { PrivacyRules, Redaction, Redactor } from "../../../redaction/index.ts";
import type { Attributes, AttributeValue } from "../../dialects/readers/received-span.ts";
import type { ReceivedLog } from "../decode/received.ts";
import { redactorOf } from "./redactors.ts";

type Sort = "content" | "feedback";
/** Null if nothing of the record is to be stored. */
export type RedactLog = (log: ReceivedLog, sort: Sort) => ReceivedLog | null;

const OUTPUT = /(?:choice|output|completion|assistant)/;
const TOOL = /\btool\b/;
const MESSAGE_ATTRIBUTE = /^gen_ai\.(?:input|output|system_instructions|prompt|completion)/;

/** Redacts log records before anything of them is shortened. The content of a trace outside the share is not stored. */
export function createRedactLog(rules: PrivacyRules | null): RedactLog {
  if (rules === null) return (log) => log;
  const redactor = redactorOf(rules);
  return (log, sort) => {
    if (sort === "feedback") return redactJudgement(log, redactor);
    return redactor.storesContent(log.traceId) ? redactContent(log, redactor.begin()) : null;
  };
}

function redactJudgement(log: ReceivedLog, redactor: Redactor): ReceivedLog {
  const { value } = redactor.begin();
  return { ...log, attributes: value("feedback", log.attributes) };
}

function redactContent(log: ReceivedLog, redaction: Redaction): ReceivedLog {
  const field = fieldOf(log.event);
  const body = redaction.value(field, log.body, "body");
  const entries = [...log.attributes].flatMap(([key, value]) => [
    ...redaction.value(fieldOfAttribute(key, field), new Map([[key, value]])),
  ]);
  const removed = [...redaction.attributes()].map(([key, value]) => [key, asAttribute(value)] as const);
  const attributes: Attributes = new Map([...entries, ...removed]);
  return { ...log, event: redaction.value("names", log.event), body, attributes };
}

const fieldOf = (event: string): PrivacyField =>
  TOOL.test(event) ? "tool-results" : OUTPUT.test(event) ? "outputs" : "inputs";

function fieldOfAttribute(key: string, field: PrivacyField): PrivacyField {
  if (!MESSAGE_ATTRIBUTE.test(key)) return field;
  return OUTPUT.test(key) ? "outputs" : "inputs";
}

/** Counts as they are, and places as JSON. */
const asAttribute = (value: unknown): AttributeValue => (typeof value === "number" ? value : JSON.stringify(value));
