import { RouteInput } from "@treadle/contract";
import { expect, test } from "vitest";
import { matchRoutes } from "./match-routes.ts";

const route = (name: string, changes: object = {}) => ({
  rule: RouteInput.parse({ name, channelIds: [], ...changes }),
});
const notice = { severity: "critical", labels: { team: "search", env: "prod-eu" }, subjectKind: "incident" } as const;
const namesOf = (routes: ReturnType<typeof route>[]) => matchRoutes(routes, notice).map(({ rule }) => rule.name);
const matcher = (label: string, value: string, isNot = false) => ({ matchers: [{ label, value, isNot }] });

test("routes are tried in order, up to the first match that does not continue", () => {
  const routes = [
    route("other severity", { severities: ["info"] }),
    route("disabled", { isEnabled: false }),
    route("first", { continues: true }),
    route("second"),
    route("third"),
  ];
  expect(namesOf(routes)).toEqual(["first", "second"]);
});

test.each([
  ["team", "search", false, true],
  ["team", "sear", false, false],
  ["team", "search", true, false],
  ["env", "prod-*", false, true],
  ["env", "*-eu", false, true],
  ["env", "p*d*u", false, true],
  ["env", "prod-eu*eu", false, false],
  ["env", "*", false, true],
  ["absent", "", false, true],
  ["absent", "x", true, true],
  ["subject", "incident", false, true],
  ["toString", "", false, true],
])("the label %s matches %j (not: %j): %j", (...[label, value, isNot, isMatch]) => {
  expect(namesOf([route("one", matcher(label, value, isNot))])).toEqual(isMatch ? ["one"] : []);
});
