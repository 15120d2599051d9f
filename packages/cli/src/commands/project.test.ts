import { expect, test } from "vitest";
import { runTreadle } from "../testing/run-treadle.ts";
import { startScriptedServer } from "../testing/scripted-server.ts";

const first = {
  projectId: "project_1",
  name: "My project",
  isSample: false,
  isFirst: true,
  state: "active",
  createdAt: "2026-01-01T00:00:00.000Z",
  archivedAt: null,
  deletedAt: null,
  purgeAt: null,
};
const shop = { ...first, projectId: "project_2", name: "Shop", isFirst: false };
const archived = { ...shop, state: "archived", archivedAt: "2026-01-02T00:00:00.000Z" };
const deleted = {
  ...shop,
  state: "deleted",
  deletedAt: "2026-01-02T00:00:00.000Z",
  purgeAt: "2026-01-09T10:30:00.000Z",
};

/** Runs a command against a server with these projects. */
async function run(
  words: readonly string[],
  answers: Parameters<typeof startScriptedServer>[0] = {},
  items: readonly object[] = [first, shop],
) {
  const server = await startScriptedServer({
    "GET /api/v1/projects?limit=200": () => ({ items, nextCursor: null }),
    ...answers,
  });
  const result = await runTreadle(["project", ...words, "--url", server.url]);
  await server.close();
  return { ...result, seen: server.seen };
}

test("projects are listed with their states, and as JSON", async () => {
  const { code, stdout } = await run(["list"], {}, [first, archived, { ...deleted, projectId: "project_3" }]);
  expect([code, stdout.split("\n")]).toEqual([
    0,
    [
      "project_1  active, first                           My project",
      "project_2  archived                                Shop",
      "project_3  deleted, data removed after 2026-01-09  Shop",
      "",
    ],
  ]);
  expect((await run(["list", "--json"])).json()).toEqual([first, shop]);
});

test("a project is created, renamed, archived and restored by its name or id", async () => {
  const created = await run(["create", "Shop"], { "POST /api/v1/projects": () => shop });
  expect([created.stdout, created.seen.at(-1)?.body]).toEqual([
    "Created the project Shop: project_2\n",
    { name: "Shop" },
  ]);
  const renamed = await run(["rename", "Shop", "Store"], {
    "PATCH /api/v1/projects/project_2": () => ({ ...shop, name: "Store" }),
  });
  expect([renamed.stdout, renamed.seen.at(-1)?.body]).toEqual(["Renamed Shop to Store\n", { name: "Store" }]);
  const closed = await run(["archive", "project_2"], { "POST /api/v1/projects/project_2/archive": () => archived });
  expect(closed.stdout).toBe("Archived Shop. To undo it: treadle project restore project_2\n");
  const restored = await run(["restore", "Shop"], { "POST /api/v1/projects/project_2/restore": () => shop }, [
    archived,
  ]);
  expect(restored.stdout).toBe("Restored Shop\n");
});

test("a project is deleted only with its name, and the time until which it can be restored is shown", async () => {
  const answers = { "DELETE /api/v1/projects/project_2?confirm=Shop": () => deleted };
  const unconfirmed = await run(["delete", "Shop"], answers);
  expect([unconfirmed.code, unconfirmed.stderr]).toEqual([
    64,
    'treadle: Confirm with the project\'s name: --confirm "Shop"\n',
  ]);
  expect(unconfirmed.seen.some(({ endpoint }) => endpoint.startsWith("DELETE"))).toBe(false);
  const { code, stdout } = await run(["delete", "Shop", "--confirm", "Shop"], answers);
  expect([code, stdout]).toEqual([
    0,
    "Deleted Shop. Its data is removed after 2026-01-09 10:30 UTC. To undo it: treadle project restore project_2\n",
  ]);
});

test("a name that no project or more than one has is refused before anything changes", async () => {
  const none = await run(["archive", "Nobody"]);
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('has no access to a project "Nobody"')]);
  const two = await run(["archive", "Shop"], {}, [shop, { ...shop, projectId: "project_3" }]);
  expect([two.code, two.stderr]).toEqual([1, expect.stringContaining('Several projects are named "Shop"')]);
  expect(two.seen).toHaveLength(1);
});
