import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Scope } from "../../../kernel/scope.ts";
import { type OpenPrompts, openPrompts, writer } from "./testing/open-prompts.ts";

let open: OpenPrompts;
let prompts: OpenPrompts["prompts"];
let ada: Scope;
let as: ReturnType<typeof writer>;

beforeAll(async () => {
  open = await openPrompts();
  prompts = open.prompts;
  as = writer(open, () => ada);
});
afterAll(() => open?.close());
beforeEach(async () => {
  ({ ada } = await open.people());
});

describe("the list of prompts", () => {
  test("is by name, by pages, and by folder, tag, label and what the newest text says", async () => {
    await as.make("support/answer", "Be kind", { tags: ["team a"], labels: ["production"] });
    await as.make("support/mail/reply", "100% sure_", { description: "Letters" });
    await as.make("sales", "Buy");
    await as.add("sales", "Sell");
    await prompts.update(ada, "sales", { tags: ["team b"] });
    const list = async (filter: object = {}) =>
      (await prompts.list(ada, { archived: "exclude", limit: 10, ...filter })).items.map(({ name }) => name);
    expect(await list()).toEqual(["sales", "support/answer", "support/mail/reply"]);
    expect(await list({ folder: "support" })).toEqual(["support/answer", "support/mail/reply"]);
    expect(await list({ tag: "team a" })).toEqual(["support/answer"]);
    expect(await list({ label: "production" })).toEqual(["support/answer"]);
    expect(await list({ search: "LETTERS" })).toEqual(["support/mail/reply"]);
    expect(await list({ search: "sell" })).toEqual(["sales"]);
    expect(await list({ search: "buy" })).toEqual([]);
    expect(await list({ search: "0% sure_" })).toEqual(["support/mail/reply"]);
    expect(await list({ search: "0%kind" })).toEqual([]);
    const first = await prompts.list(ada, { archived: "exclude", limit: 2 });
    expect(
      (await prompts.list(ada, { archived: "exclude", limit: 2, cursor: first.nextCursor ?? "" })).items,
    ).toMatchObject([{ name: "support/mail/reply", folder: "support/mail" }]);
    expect(await prompts.listFolders(ada)).toEqual({
      folders: [
        { folder: "support", promptCount: 2 },
        { folder: "support/mail", promptCount: 1 },
      ],
      tags: [
        { tag: "team a", promptCount: 1 },
        { tag: "team b", promptCount: 1 },
      ],
    });
    await prompts.update(ada, "sales", { isArchived: true });
    expect(await list()).toEqual(["support/answer", "support/mail/reply"]);
    expect(await list({ archived: "only" })).toEqual(["sales"]);
    expect(await as.versionOf("sales", { label: "latest" })).toBe(2);
  });

  test("holds nothing of another project", async () => {
    await as.make("mine", "x");
    const other = { ...ada, projectId: "proj_other" };
    expect((await prompts.list(other, { archived: "include", limit: 10 })).items).toEqual([]);
    await expect(prompts.get(other, "mine")).rejects.toMatchObject({ code: "not_found" });
    await expect(prompts.render(other, "mine", { inputs: {} })).rejects.toMatchObject({ code: "not_found" });
    const { commentId } = await prompts.comments.create(ada, "mine", { version: null, text: "mine" });
    await expect(prompts.comments.update(other, commentId, "theirs")).rejects.toMatchObject({ code: "not_found" });
    await expect(prompts.comments.delete(other, commentId)).rejects.toMatchObject({ code: "not_found" });
  });
});
