import { MonitorInput } from "@treadle/contract";
import { ApiError } from "@treadle/sdk";
import { expect, test } from "vitest";
import { checkDraft, fieldErrors, plainMessage, previewBody, refusedFields } from "./check-draft.ts";
import { kindsOf, withCondition, withSource } from "./draft-kinds.ts";
import { changedFields, draftOf, NEW_DRAFT, withMeasure } from "./monitor-draft.ts";

const input = (fields: object) =>
  MonitorInput.parse({
    name: "Errors",
    source: { kind: "measure", measure: "errorRate" },
    condition: { kind: "threshold", critical: 0.05 },
    ...fields,
  });
const SQL = "SELECT 1 AS value WHERE now() BETWEEN {from:DateTime64(6)} AND {to:DateTime64(6)}";
const complete = { ...NEW_DRAFT, name: "Errors", critical: 0.05 };

test.each([
  ["a threshold", input({})],
  [
    "groups and labels",
    input({
      source: { kind: "measure", measure: "latencyP95Ms", filter: "model:a", groupBy: "endpoint", seriesLimit: 7 },
      labels: { team: "search" },
      runbookUrl: "https://example.com/runbook",
    }),
  ],
  [
    "a query",
    input({ source: { kind: "sql", sql: SQL }, holdFor: { needed: 2, of: 3 }, onNoData: "keep", isEnabled: false }),
  ],
  [
    "a burn rate",
    input({
      condition: {
        kind: "burn",
        objective: 0.999,
        windows: [{ burnRate: 6, longMinutes: 60, shortMinutes: 5, severity: "info" }],
      },
    }),
  ],
  [
    "a change",
    input({
      condition: {
        kind: "change",
        direction: "both",
        daysBetweenFalseAlarms: 90,
        isSeasonal: false,
        severity: "critical",
      },
      windowSeconds: 3_600,
    }),
  ],
])("a form returns the monitor that it was opened with: %s", (_, monitor) => {
  expect(checkDraft(draftOf(monitor))).toEqual({ body: monitor, errors: {} });
});

test("a new form needs a name and a threshold", () => {
  expect(checkDraft(NEW_DRAFT)).toEqual({
    body: undefined,
    errors: { name: "Enter a name.", critical: "Enter a critical threshold, a warning threshold, or both." },
  });
});

test("thresholds must be in the order in which they fire", () => {
  expect(checkDraft({ ...complete, warning: 0.1 }).errors).toEqual({
    warning: "Must be below the critical threshold, so that it fires first.",
  });
  expect(checkDraft({ ...complete, direction: "below", warning: 0.1 }).errors).toEqual({});
  expect(checkDraft({ ...complete, warning: 0.02, recovery: 0.03 }).errors).toEqual({
    recovery: "Must not be above the warning threshold.",
  });
  expect(checkDraft({ ...complete, direction: "below", recovery: 0.01 }).errors).toEqual({
    recovery: "Must not be below the critical threshold.",
  });
});

test("a burn rate needs a rate of bad requests, an objective and ordered windows", () => {
  const burn = { ...complete, conditionKind: "burn" as const };
  expect(checkDraft(burn).errors).toEqual({});
  expect(checkDraft({ ...burn, measure: "count" }).errors.conditionKind).toContain("a rate of bad requests");
  expect(checkDraft({ ...burn, measure: "cacheHitRate" }).errors.conditionKind).toContain("a rate of bad requests");
  expect(checkDraft({ ...burn, objective: 1 }).errors).toEqual({ objective: "Must be from 50% to under 100%." });
  expect(checkDraft({ ...burn, objective: 0.5, windows: NEW_DRAFT.windows.slice(0, 3) }).errors).toEqual({
    windows: "No burn rate can be exceeded. Use burn rates below 2.",
  });
  const windows = [{ burnRate: 6, longMinutes: 5, shortMinutes: 60, severity: "info" as const }];
  expect(checkDraft({ ...burn, windows }).errors.windows).toContain("must be shorter");
});

test("a query must read one window", () => {
  expect(checkDraft({ ...complete, sourceKind: "sql", sql: "SELECT 1 AS value" }).errors).toEqual({
    sql: "Use {from:DateTime64(6)} and {to:DateTime64(6)}, so that the query reads one window.",
  });
  expect(checkDraft({ ...complete, sourceKind: "sql" }).errors).toEqual({});
  expect(checkDraft({ ...complete, sourceKind: "sql", conditionKind: "change" }).errors).toEqual({
    conditionKind: "A query has a threshold or a burn rate.",
  });
});

test("a query can have a burn rate, and retains the burn rate of a measure", () => {
  const query = { ...complete, sourceKind: "sql" as const };
  expect(kindsOf(query)).toEqual(["threshold", "burn"]);
  expect(kindsOf(complete)).toContain("change");
  expect(withSource({ ...complete, conditionKind: "change" }, "sql").conditionKind).toBe("threshold");
  expect(withSource({ ...complete, conditionKind: "burn" }, "sql").conditionKind).toBe("burn");
  const burn = { ...query, ...withCondition(query, "burn") };
  expect(burn.sql).toContain("AS n");
  expect(checkDraft(burn).errors).toEqual({});
  expect({ ...burn, ...withCondition(burn, "threshold") }.sql).toBe(query.sql);
  expect(withCondition({ ...query, sql: SQL }, "burn")).toEqual({ conditionKind: "burn" });
});

test("a hidden window does not make a burn rate invalid", () => {
  const burn = { ...complete, conditionKind: "burn" as const };
  expect(checkDraft({ ...burn, windowSeconds: 5 })).toMatchObject({ body: { windowSeconds: 300 }, errors: {} });
  expect(checkDraft({ ...burn, windowSeconds: 900 }).body?.windowSeconds).toBe(900);
  expect(checkDraft({ ...complete, windowSeconds: 5 }).errors.windowSeconds).toBeDefined();
});

test("an empty number, two labels of one name and a wrong address are named at their fields", () => {
  expect(checkDraft({ ...complete, windowSeconds: 30 }).errors.windowSeconds).toBeDefined();
  expect(checkDraft({ ...complete, needed: 3, of: 2 }).errors).toEqual({
    needed: "Must not be more than the evaluations.",
  });
  const labels = [
    { name: "team", value: "a" },
    { name: "team ", value: "b" },
  ];
  expect(checkDraft({ ...complete, labels }).errors).toEqual({ labels: "Two labels have the name team." });
  expect(checkDraft({ ...complete, runbookUrl: "wiki" }).errors).toEqual({
    runbookUrl: "Must be an address with http:// or https://.",
  });
});

test("an error of the server about one parameter is shown at its field", () => {
  const failure = { status: 400, code: "invalid_request", message: "body.condition.warning: `warning` is 3." };
  const error = new ApiError({ ...failure, details: { param: "condition.warning" } });
  expect(refusedFields(error)).toEqual({ warning: "`warning` is 3." });
  expect(plainMessage(error)).toBe("`warning` is 3.");
  expect(refusedFields(new Error("network"))).toEqual({});
});

test("errors of the server belong to the fields of the form", () => {
  const issues = [
    "body.source.sql",
    "body.condition.windows.0.burnRate",
    "body.holdFor.of",
    "body.source",
    "body.unknown",
  ];
  expect(fieldErrors(issues.map((path) => ({ path, message: "is wrong" })))).toEqual({
    sql: "Is wrong",
    windows: "Is wrong",
    of: "Is wrong",
    measure: "Is wrong",
  });
});

test("a preview needs no name, and does not change with it", () => {
  const unnamed = previewBody({ ...complete, name: "", runbookUrl: "wiki" });
  expect(unnamed).toBeDefined();
  expect(previewBody({ ...complete, name: "Other", labels: [{ name: "team", value: "a" }] })).toEqual(unnamed);
  expect(previewBody({ ...complete, critical: null })).toBeUndefined();
});

test("thresholds are emptied if the unit of the measure changes", () => {
  expect(withMeasure(complete, "guardRate")).toEqual({ measure: "guardRate" });
  expect(withMeasure(complete, "costUsd")).toEqual({
    measure: "costUsd",
    critical: null,
    warning: null,
    recovery: null,
  });
});

test("a patch has only the fields that changed", () => {
  const before = input({});
  expect(changedFields(before, { ...before, name: "Failures" })).toEqual({ name: "Failures" });
  expect(changedFields(before, input({ condition: { kind: "threshold", critical: 0.1 } }))).toMatchObject({
    condition: { critical: 0.1 },
  });
  expect(changedFields(before, input({}))).toEqual({});
});
