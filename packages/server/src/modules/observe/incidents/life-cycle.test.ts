import { IncidentInput } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
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
const newWorld = () => createIncidentWorld({ db: postgres.db, columnar });

describe("a source", () => {
  test("opens one incident per series, and a second opening only raises the severity", async () => {
    const world = await newWorld();
    const first = await world.openBy();
    expect(await world.openBy()).toBe(first);
    expect(await world.openBy({ severity: "info" })).toBe(first);
    expect(await world.openBy({ severity: "critical", text: "40 % failed." })).toBe(first);
    const other = await world.openBy({ source: { ...world.opening().source, series: "gpt-x" } });
    expect(other).not.toBe(first);
    expect(await world.get(first)).toMatchObject({ state: "open", severity: "critical", text: "40 % failed." });
    expect(await world.kinds(first)).toEqual(["opened", "escalated"]);
    expect(world.notices.map(({ event, subject }) => [event, subject.id])).toEqual([
      ["opened", first],
      ["escalated", first],
      ["opened", other],
    ]);
    expect(new Set(world.notices.map(({ key }) => key)).size).toBe(3);
    expect(world.notices[0]).toMatchObject({ labels: { team: "support" }, group: "mon_1" });
    expect(world.notices[0]?.links.map(({ label, path }) => [label, path.split("?")[0]])).toEqual([
      ["Incident", `/incidents/${first}`],
      ["Traces", "/traces"],
      ["Monitor", "/monitors/mon_1"],
    ]);
  });

  test("opens one incident in two concurrent transactions", async () => {
    const world = await newWorld();
    const ids = await Promise.all([world.openBy(), world.openBy(), world.openBy()]);
    expect(new Set(ids).size).toBe(1);
  });

  test("reopens its incident within the time, and opens another one after it", async () => {
    const world = await newWorld();
    const first = await world.openBy();
    await world.recover();
    expect(await world.get(first)).toMatchObject({ state: "resolved" });
    world.move(10);
    expect(await world.openBy()).toBe(first);
    expect(await world.get(first)).toMatchObject({ state: "open", reopenings: 1, resolvedAt: null });
    await world.recover();
    world.move(16);
    const second = await world.openBy();
    expect(second).not.toBe(first);
    expect(await world.kinds(first)).toEqual(["opened", "resolved", "reopened", "resolved"]);
    expect(world.notices.map(({ event }) => event)).toEqual(["opened", "resolved", "reopened", "resolved", "opened"]);
  });

  test("that is muted opens incidents without notices", async () => {
    const world = await newWorld();
    const id = await world.openBy({ isMuted: true });
    expect(await world.get(id)).toMatchObject({ isMuted: true });
    expect(world.notices).toEqual([]);
  });

  test("leaves nothing behind if its transaction fails", async () => {
    const world = await newWorld();
    const failing = postgres.db.transaction(async (tx) => {
      await world.incidents.sink.open(tx, world.scope, world.opening());
      throw new Error("undone");
    });
    await expect(failing).rejects.toThrow("undone");
    expect((await world.incidents.list(world.scope, { limit: 10 })).items).toEqual([]);
  });
});

describe("a person", () => {
  test("acknowledges, resolves and reopens, with notices that name the person", async () => {
    const world = await newWorld();
    const id = await world.openBy();
    world.move(1);
    await world.incidents.acknowledge(world.scope, id, "Looking at it.");
    await world.incidents.acknowledge(world.scope, id, "");
    expect(await world.get(id)).toMatchObject({ state: "acknowledged" });
    world.move(1);
    await world.incidents.resolve(world.scope, id, "The provider recovered.");
    world.move(1);
    await expect(world.incidents.resolve(world.scope, id, "")).rejects.toMatchObject({ code: "conflict" });
    await expect(world.incidents.acknowledge(world.scope, id, "")).rejects.toMatchObject({ code: "conflict" });
    await world.incidents.reopen(world.scope, id, "");
    await expect(world.incidents.reopen(world.scope, id, "")).rejects.toMatchObject({ code: "conflict" });
    expect(await world.kinds(id)).toEqual(["opened", "acknowledged", "resolved", "reopened"]);
    expect(world.notices[1]?.text).toBe("Acknowledged by Ada. Looking at it.");
    const actions = (await world.audit.list(world.scope, { limit: 50 })).items.map(({ action }) => action);
    expect(actions).toEqual(["incident.reopen", "incident.resolve", "incident.acknowledge"]);
  });

  test("acknowledges by a link without a session, twice without an effect", async () => {
    const world = await newWorld();
    const id = await world.openBy();
    const { projectId } = world.scope;
    expect(await world.incidents.acknowledgeBySubject(projectId, id, "user_ada")).toBe("acknowledged");
    expect(await world.incidents.acknowledgeBySubject(projectId, id, "user_ada")).toBe("already-acknowledged");
    await world.recover();
    expect(await world.incidents.acknowledgeBySubject(projectId, id, "user_ada")).toBe("already-acknowledged");
    expect(await world.kinds(id)).toEqual(["opened", "acknowledged", "resolved"]);
    expect(await world.incidents.acknowledgeBySubject("proj_other", id, "user_ada")).toBe("not-found");
  });

  test("opens an incident by hand, gives it an owner, and comments on it", async () => {
    const world = await newWorld();
    const input = IncidentInput.parse({ title: "Answers in the wrong language", filter: "endpoint:support" });
    const { incidentId, source, owner } = await world.incidents.create(world.scope, input);
    expect({ source, owner }).toEqual({ source: { kind: "manual", sourceId: "", name: "", series: "" }, owner: null });
    const updated = await world.incidents.update(world.scope, incidentId, {
      ownerId: "user_ada",
      severity: "critical",
    });
    expect(updated).toMatchObject({ owner: { actorId: "user_ada", name: "Ada" }, severity: "critical" });
    await expect(world.incidents.update(world.scope, incidentId, { ownerId: "user_eve" })).rejects.toMatchObject({
      code: "unprocessable",
      message: '"user_eve" is not a member of this project. Choose a member as the owner.',
    });
    await world.incidents.comments.create(world.scope, incidentId, "I see *it* too.");
    const { items } = await world.incidents.comments.list(world.scope, incidentId, { limit: 10 });
    expect(items).toMatchObject([{ text: "I see *it* too.", author: { name: "Ada" }, isOwn: true }]);
    expect(await world.kinds(incidentId)).toEqual(["opened", "escalated", "owner"]);
    const second = await world.incidents.create(world.scope, input);
    expect(second.incidentId).not.toBe(incidentId);
    const future = { ...input, from: new Date(world.now() + 1_000).toISOString() };
    await expect(world.incidents.create(world.scope, future)).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("finds incidents by state, severity, source, owner and text, in pages", async () => {
    const world = await newWorld();
    const ids: string[] = [];
    for (const series of ["a", "b", "c"]) {
      ids.unshift(
        await world.openBy({ source: { ...world.opening().source, series }, title: `Errors of ${series}_%` }),
      );
      world.move(1);
    }
    const [newest = "", middle = "", oldest = ""] = ids;
    await world.incidents.update(world.scope, middle, { ownerId: "user_ada", severity: "critical" });
    await world.incidents.resolve(world.scope, newest, "");
    const find = async (query: object) =>
      (await world.incidents.list(world.scope, { limit: 10, ...query })).items.map(({ incidentId }) => incidentId);
    expect(await find({})).toEqual(ids);
    expect(await find({ state: "unresolved" })).toEqual([middle, oldest]);
    expect(await find({ state: "resolved" })).toEqual([newest]);
    expect(await find({ severity: "critical" })).toEqual([middle]);
    expect(await find({ ownerId: "user_ada" })).toEqual([middle]);
    expect(await find({ ownerId: "none" })).toEqual([newest, oldest]);
    expect(await find({ source: "manual" })).toEqual([]);
    expect(await find({ sourceId: "mon_1" })).toEqual(ids);
    expect(await find({ q: "of b_%" })).toEqual([middle]);
    const first = await world.incidents.list(world.scope, { limit: 2 });
    const rest = await world.incidents.list(world.scope, { limit: 2, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...rest.items].map(({ incidentId }) => incidentId)).toEqual(ids);
    const other = { ...world.scope, projectId: "proj_other" };
    expect((await world.incidents.list(other, { limit: 10 })).items).toEqual([]);
    await expect(world.incidents.get(other, newest)).rejects.toMatchObject({ code: "not_found" });
    await expect(world.incidents.collect(other, newest)).rejects.toMatchObject({ code: "not_found" });
    await expect(world.incidents.export(other, newest)).rejects.toMatchObject({ code: "not_found" });
    await expect(world.incidents.comments.create(other, newest, "x")).rejects.toMatchObject({ code: "not_found" });
  });
});

test("evidence is collected by the next process if the first one stops after the opening", async () => {
  const world = await newWorld();
  await world.send(20, [10, 0], () => ({}));
  const id = await world.openBy();
  expect((await world.get(id)).evidence).toMatchObject({ state: "collecting" });
  await world.jobs.close();
  const second = world.reopen();
  second.jobs.start();
  await vi.waitFor(async () => expect((await world.get(id)).evidence?.state).toBe("ready"), { timeout: 60_000 });
  world.move(1);
  const again = await second.incidents.collect(world.scope, id);
  await vi.waitFor(
    async () => expect((await world.get(id)).evidence).toMatchObject({ snapshotId: again.snapshotId, state: "ready" }),
    {
      timeout: 60_000,
    },
  );
  const { items } = await second.incidents.listSnapshots(world.scope, id, { limit: 10 });
  expect(items).toHaveLength(2);
  await second.jobs.close();
}, 120_000);
