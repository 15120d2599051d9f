import type { FeedbackFilter } from "@treadle/contract";

type Condition = { readonly sql: string; readonly params?: Readonly<Record<string, unknown>> };

const equals = (column: string, value: string | undefined): Condition[] =>
  value === undefined || value === "" ? [] : [{ sql: `${column} = {${column}:String}`, params: { [column]: value } }];

const HAS: Readonly<Record<NonNullable<FeedbackFilter["has"]>, string>> = {
  comment: "comment != ''",
  correction: "correction != ''",
  expectedOutput: "expected_output != ''",
  value: "(isNotNull(value) OR label != '')",
};

const ON_ITS_TRACES =
  "trace_id IN (SELECT trace_id FROM spans WHERE project_id = {projectId:String} AND session_id = {inSession:String})";

/** On a session and its traces. Feedback from span events is only on traces. */
const inSession = ({ inSession: id }: FeedbackFilter, isEvent: boolean): Condition[] =>
  id === undefined || id === ""
    ? []
    : [
        {
          sql: isEvent ? ON_ITS_TRACES : `(session_id = {inSession:String} OR ${ON_ITS_TRACES})`,
          params: { inSession: id },
        },
      ];

/**
 * Conditions that are equal for all versions of an entry, so that they can be applied before the newest is selected.
 */
const ofSlot = ({ name, traceId, spanId, sessionId, userId }: FeedbackFilter): Condition[] => [
  ...equals("name", name),
  ...equals("trace_id", traceId),
  ...equals("span_id", spanId),
  ...equals("session_id", sessionId),
  ...equals("user_id", userId),
];

function isValue(value: string | undefined): Condition[] {
  if (value === undefined || value === "") return [];
  if (value === "true" || value === "false")
    return [
      {
        sql: "((kind = 'boolean' AND value = {isTrue:Float64}) OR label = {word:String})",
        params: { isTrue: value === "true" ? 1 : 0, word: value },
      },
    ];
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number))
    return [{ sql: "label = {word:String}", params: { word: value } }];
  return [{ sql: "(value = {number:Float64} OR label = {word:String})", params: { number, word: value } }];
}

/** Conditions that a newer version may pass or not where an older one did the other. */
const ofRow = (filter: FeedbackFilter): Condition[] => [
  ...isValue(filter.value),
  ...equals("source", filter.source),
  ...equals("signal", filter.signal),
  ...(filter.min === undefined ? [] : [{ sql: "ifNull(value >= {min:Float64}, false)", params: { min: filter.min } }]),
  ...(filter.max === undefined ? [] : [{ sql: "ifNull(value <= {max:Float64}, false)", params: { max: filter.max } }]),
  ...(filter.has === undefined ? [] : [{ sql: HAS[filter.has] }]),
  ...(filter.consent === undefined ? [] : [{ sql: filter.consent ? "consent" : "NOT consent" }]),
  ...time("from", ">=", filter.from),
  ...time("to", "<", filter.to),
  ...(filter.search
    ? [
        {
          sql: `(${["name", "comment", "correction", "expected_output", "label", "user_id"]
            .map((column) => `positionCaseInsensitiveUTF8(${column}, {search:String}) > 0`)
            .join(" OR ")})`,
          params: { search: filter.search },
        },
      ]
    : []),
];

const time = (name: string, sign: string, at: string | undefined): Condition[] =>
  at === undefined
    ? []
    : [{ sql: `time ${sign} parseDateTime64BestEffort({${name}:String}, 6, 'UTC')`, params: { [name]: at } }];

const join = (conditions: readonly Condition[]) =>
  conditions.length === 0 ? "true" : conditions.map(({ sql }) => sql).join(" AND ");

/** The conditions of a filter on feedback, and the values the engine binds to them. */
export function conditionsOf(filter: FeedbackFilter) {
  const own = ofSlot(filter);
  const slot = [...own, ...inSession(filter, false)];
  const row = ofRow(filter);
  // Feedback from span events names neither a session nor a user.
  const event = filter.sessionId || filter.userId ? [{ sql: "false" }] : [...own, ...inSession(filter, true)];
  return {
    ofSlot: join(slot),
    ofEvent: join(event),
    ofRow: join(row),
    params: Object.assign({}, ...[...slot, ...row].map(({ params }) => params ?? {})) as Record<string, unknown>,
  };
}
