import { afterAll, beforeAll, expect, test } from "vitest";
import { createInbox } from "../notifications/index.ts";
import { type OpenProjects, openProjects } from "../projects/testing/open-projects.ts";
import { createComments } from "./service.ts";

let world: OpenProjects;
let comments: ReturnType<typeof createComments>;
let inbox: ReturnType<typeof createInbox>;

beforeAll(async () => {
  world = await openProjects();
  const { db, audit, clock, projects, owner } = world;
  inbox = createInbox({ db, clock });
  comments = createComments({
    db,
    audit,
    clock,
    namesOf: projects.namesOf,
    membersOf: async () => (await projects.members.list(owner.scope, { limit: 100 })).items,
    mention: inbox.mention,
  });
});
afterAll(() => world.close());

const about = { label: "a trace", path: "/traces/t1" };
const on = { kind: "trace", id: "t1", part: "" } as const;
const write = (text: string) => comments.create(world.owner.scope, on, { text, about });
const inboxOf = async (scope: OpenProjects["owner"]["scope"]) =>
  (await inbox.list(scope, { limit: 50, unread: false })).items;

test("a mentioned member finds the comment in the inbox, and nobody else does", async () => {
  const ada = await world.join("ada@shop.test", "viewer");
  const ben = await world.join("ben@shop.test", "member");
  await write("Please look, @ada@shop.test. Not ben@shop.test.");
  expect(await inboxOf(ada.scope)).toMatchObject([
    {
      kind: "mention",
      title: expect.stringMatching(/mentioned you in a comment on a trace$/),
      text: "Please look, @ada@shop.test. Not ben@shop.test.",
      path: "/traces/t1",
      isRead: false,
    },
  ]);
  expect(await inboxOf(ben.scope)).toEqual([]);
});

test("a changed comment tells only people whom it did not mention before", async () => {
  const eve = await world.join("eve@shop.test", "member");
  const dan = await world.join("dan@shop.test", "member");
  const { commentId } = await write("@eve@shop.test");
  await inbox.markAllRead(eve.scope);
  world.clock.move(1_000);
  const text = "@eve@shop.test and @dan@shop.test";
  await comments.update(world.owner.scope, "trace", { commentId, text, aboutOf: async () => about });
  expect(await inbox.countUnread(eve.scope)).toEqual({ count: 0 });
  expect(await inbox.countUnread(dan.scope)).toEqual({ count: 1 });
});

test("the author is not told about their own mention", async () => {
  const { email } = (await world.projects.members.list(world.owner.scope, { limit: 1 })).items[0] ?? { email: "" };
  const before = (await inboxOf(world.owner.scope)).length;
  await comments.create(world.owner.scope, on, { text: `@${email}`, about });
  expect((await inboxOf(world.owner.scope)).length).toBe(before);
});
