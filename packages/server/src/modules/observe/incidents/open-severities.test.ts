import { afterAll, beforeAll, expect, test } from "vitest";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createIncidentWorld } from "./testing/incident-world.ts";

let postgres: PostgresStore;
let columnar: Columnar;
beforeAll(async () => {
  [postgres, columnar] = await Promise.all([openTestPostgres(), openTestColumnar()]);
});
afterAll(() => Promise.all([postgres?.close(), columnar?.close()]));

/** A project with one incident about some spans. */
async function openAbout({ filter = "", labels = {} }: { filter?: string | null; labels?: Record<string, string> }) {
  const world = await createIncidentWorld({ db: postgres.db, columnar });
  const incidentId = await world.openBy({ filter, labels, severity: "critical" });
  const severitiesOf = (endpoint: string, projectId = world.scope.projectId) =>
    world.incidents.openSeveritiesOf(projectId, endpoint);
  return { world, incidentId, severitiesOf };
}

test.each([
  { filter: "endpoint:support" },
  { filter: 'endpoint:"support" kind:generation' },
  { filter: "(kind:generation status:error) AND endpoint:support" },
  { filter: "endpoint:sales,support" },
  { filter: "endpoint:sup*" },
  { filter: null, labels: { endpoint: "support" } },
])("an incident about $filter $labels concerns the endpoint", async (about) => {
  expect(await (await openAbout(about)).severitiesOf("support")).toEqual(["critical"]);
});

test.each([
  { filter: null },
  { filter: "kind:generation" },
  { filter: "endpoint:sales" },
  { filter: "endpoint:support-de" },
  { filter: "-endpoint:support" },
  { filter: "endpoint!=support" },
  { filter: "endpoint:s.pport" },
  { filter: "endpoint:support OR status:error" },
  { filter: "model:support", labels: { team: "support" } },
])("an incident about $filter $labels does not concern the endpoint", async (about) => {
  expect(await (await openAbout(about)).severitiesOf("support")).toEqual([]);
});

test("only unresolved incidents of the project count, each with its severity", async () => {
  const { world, severitiesOf } = await openAbout({ filter: "endpoint:support" });
  const source = { ...world.opening().source, series: "gpt-x" };
  const second = await world.openBy({ source, filter: "endpoint:support model:gpt-x", severity: "info" });
  expect((await severitiesOf("support")).toSorted()).toEqual(["critical", "info"]);
  await world.incidents.acknowledge(world.scope, second, "");
  await world.recover();
  expect(await severitiesOf("support")).toEqual(["info"]);
  await world.incidents.resolve(world.scope, second, "");
  expect(await severitiesOf("support")).toEqual([]);
  const { severitiesOf: elsewhere } = await openAbout({ filter: "endpoint:support" });
  expect(await elsewhere("support", world.scope.projectId)).toEqual([]);
});
