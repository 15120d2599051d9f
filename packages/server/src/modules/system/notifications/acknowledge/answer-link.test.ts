import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DAY_MS } from "../../../../kernel/day.ts";
import { openNotifications } from "../testing/open-notifications.ts";
import { openReceiver, type Receiver } from "../testing/receiver.ts";

type World = Awaited<ReturnType<typeof openNotifications>>;
let world: World;
let receiver: Receiver;
let project: Awaited<ReturnType<World["openProject"]>>;
let token: string;

beforeAll(async () => {
  world = await openNotifications();
  receiver = await openReceiver();
});
afterAll(async () => {
  await receiver.close();
  await world.close();
});
beforeEach(async () => {
  world.acknowledged.length = 0;
  project = await world.openProject();
  const { channelId } = await project.addChannel({ kind: "webhook", url: receiver.url });
  await project.addRoute({ channelIds: [channelId] });
  await project.announce({ title: "<i>Errors</i>" });
  const { data } = JSON.parse(receiver.received.at(-1)?.body ?? "");
  token = new URL(data.links.at(-1).url).searchParams.get("token") ?? "";
});

/** The page that a browser gets. */
async function open(verb: "show" | "act", given = token) {
  let [status, html] = [0, ""];
  const sink = {
    isOpen: () => true,
    head: (code: number) => {
      status = code;
    },
    write: () => true,
    drained: async () => {},
    end: (chunk?: Uint8Array | string) => {
      html = String(chunk);
    },
    destroy: () => {},
  };
  await project.api.links[verb](given, sink);
  return { status, html };
}

test("the link shows a page that asks, and only its button acknowledges", async () => {
  const asked = await open("show");
  expect(asked).toMatchObject({ status: 200, html: expect.stringContaining('<form method="post">') });
  expect(asked.html).toContain("&lt;i&gt;Errors&lt;/i&gt;");
  expect(world.acknowledged).toEqual([]);
  expect(await open("act")).toMatchObject({ status: 200, html: expect.stringContaining("Acknowledged") });
  expect(world.acknowledged).toEqual([
    [project.scope.projectId, { kind: "incident", id: "inc_1" }, "the link in On-call"],
  ]);
});

test("a changed, foreign or expired link acknowledges nothing", async () => {
  const [text = "", signature = ""] = token.split(".");
  const payload = JSON.parse(Buffer.from(text, "base64url").toString());
  const forged = Buffer.from(JSON.stringify({ ...payload, id: "inc_2" })).toString("base64url");
  for (const wrong of [`${forged}.${signature}`, text, `${text}.`, `${text}.${signature}x`, "", "."])
    expect(await open("act", wrong), wrong).toMatchObject({ status: 404 });
  await project.pass(7 * DAY_MS);
  expect(await open("act")).toMatchObject({ status: 200 });
  await project.pass(1);
  expect(await open("act")).toMatchObject({ status: 404 });
  expect(world.acknowledged).toHaveLength(1);
});

test("resolved notices have no link to acknowledge", async () => {
  await project.pass(60_000);
  await project.announce({ event: "resolved" });
  expect(receiver.received.at(-1)?.body).not.toContain("notification-acknowledgement");
});
