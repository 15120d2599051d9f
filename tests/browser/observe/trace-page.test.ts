import type { SpanInput } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentTrace } from "../furnish/agent-trace.ts";
import { hugeTrace, sendTrace, spanIdOf, writeTrace } from "../furnish/make-trace.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

type Page = Awaited<ReturnType<Visitor["open"]>>;

/** A trace with every mistake that a sender can make. */
function oddTrace(): readonly SpanInput[] {
  const { spans, add } = writeTrace("odd");
  add("root", "", { at: 0, for: 1_000 });
  add("lost", "never sent", { at: 100, for: 50 });
  add("early", "root", { at: -5_000, for: 20, service: "other-machine" });
  add("ring one", "ring two", { at: 300, for: 10 });
  add("ring two", "ring one", { at: 310, for: 10 });
  add(`a name that does not end ${"x".repeat(250)}`, "root", { at: 400, for: 0 });
  return spans;
}

describe.runIf(hasChromium)("the page of a trace", () => {
  let visitor: Visitor;
  let ids: { agent: string; failed: string; huge: string; odd: string };
  beforeAll(async () => {
    visitor = await startVisitor();
    ids = {
      agent: await sendTrace(visitor.treadle, agentTrace("agent")),
      failed: await sendTrace(
        visitor.treadle,
        agentTrace("failed", { isFailing: true, beganAt: Date.now() - 900_000 }),
      ),
      huge: await sendTrace(visitor.treadle, hugeTrace("huge", 50_000)),
      odd: await sendTrace(visitor.treadle, oddTrace()),
    };
  });
  afterAll(() => visitor?.close());

  const open = (traceId: string, search = "", look: { width?: number; height?: number } = {}) =>
    visitor.open({ ...look, path: `/traces/${traceId}?project=${visitor.projects.own}${search}` });
  const tree = (page: Page) => page.getByRole("tree", { name: "Spans" });
  const openRow = (page: Page) => tree(page).locator("[aria-selected=true]");
  const openSpan = (page: Page) => new URL(page.url()).searchParams.get("span");

  test("fifty thousand spans are a tree of which only the rows in sight are drawn, wherever one scrolls", async () => {
    const page = await open(ids.huge);
    await page.getByText("50,000 spans").waitFor();
    const rows = tree(page).getByRole("treeitem");
    await rows.nth(5).waitFor();
    // A large trace opens folded. This expands everything.
    await page.getByRole("button", { name: "Levels", exact: true }).click();
    await page.getByRole("menuitem", { name: "Expand all" }).click();
    await tree(page).focus();
    await page.keyboard.press("End");
    await expect.poll(() => openSpan(page)).toBe(spanIdOf("huge", "step-49999"));
    expect(await rows.count()).toBeLessThan(80);
    const box = tree(page);
    for (const share of [0.2, 0.8, 0.5]) {
      await box.evaluate((element, to) => element.scrollTo(0, element.scrollHeight * to), share);
      await expect.poll(() => rows.count()).toBeGreaterThan(10);
      expect(await rows.count()).toBeLessThan(80);
    }
    await page.keyboard.press("Home");
    await expect.poll(() => openRow(page).textContent()).toContain("nightly-review");
  });

  test("a word in a payload is found among fifty thousand spans, and what is above it is unfolded", async () => {
    const page = await open(ids.huge);
    await tree(page).getByRole("treeitem").nth(3).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("needle");
    await page.getByRole("status").filter({ hasText: /^1$/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: "1 of 1" }).waitFor();
    await page.getByText("the needle in the haystack").waitFor();
    expect(openSpan(page)).toBe(spanIdOf("huge", "step-49997"));
    expect(new URL(page.url()).searchParams.get("find")).toBe("needle");
  });

  test("the keys lead through a trace: steps, folds, errors, matches, time, and they are all written down", async () => {
    const page = await open(ids.agent);
    // The request span only wraps the agent span, which has more to show.
    await openRow(page).getByText("support-agent").waitFor();
    await page.keyboard.press("k");
    await expect.poll(() => openRow(page).textContent()).toContain("POST /v1/support/messages");
    await page.keyboard.press("j");
    await expect.poll(() => openRow(page).textContent()).toContain("support-agent");
    await page.keyboard.press("h");
    await expect.poll(() => tree(page).getByRole("treeitem").count()).toBe(2);
    await openRow(page).getByText("3 failed").waitFor();
    await page.keyboard.press("l");
    await expect.poll(() => tree(page).getByRole("treeitem").count()).toBe(16);
    await page.keyboard.press("l");
    await expect.poll(() => openRow(page).textContent()).toContain("embed question");
    await page.keyboard.press("h");
    await expect.poll(() => openRow(page).textContent()).toContain("support-agent");
    await page.keyboard.press("e");
    await expect.poll(() => openSpan(page)).toBe(spanIdOf("agent", "stock 1"));
    await page.keyboard.press("e");
    await expect.poll(() => openSpan(page)).toBe(spanIdOf("agent", "stock 2"));
    await page.keyboard.press("E");
    await expect.poll(() => openSpan(page)).toBe(spanIdOf("agent", "stock 1"));
    await page.getByText("The stock service did not answer").first().waitFor();
    await page.keyboard.press("+");
    await page.getByRole("button", { name: "Reset zoom (0)" }).click();
    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await keys.getByText("Show the critical path").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("k");
    await expect.poll(() => openRow(page).textContent()).toContain("check_stock");
  });

  test("kinds are left out, and the address shows a colleague the same span, view and rows", async () => {
    const page = await open(ids.agent);
    await page.getByRole("button", { name: "Step kinds" }).click();
    await page.getByRole("menuitem", { name: "Hide plain spans" }).click();
    await expect.poll(() => tree(page).getByRole("treeitem").count()).toBe(11);
    await tree(page).getByText("promises").click();
    await page.getByRole("button", { name: "Copy link to this view" }).click();
    await page.getByText("Copied a link to this view").waitFor();
    const address = new URL(String(await page.evaluate("navigator.clipboard.readText()")));
    const colleague = await visitor.open({ path: address.pathname + address.search });
    await colleague.getByRole("article", { name: "Span promises" }).waitFor();
    await expect.poll(() => tree(colleague).getByRole("treeitem").count()).toBe(11);
  });

  test("retrieved documents, tool calls and events are read in the span that is open", async () => {
    const page = await open(ids.agent, `&span=${spanIdOf("agent", "retrieve")}`);
    await page.getByRole("button", { name: /Handbook, section 4.1/ }).waitFor();
    await page.getByText("Spokes and rims that break within 24 months").waitFor();
    await page.getByRole("button", { name: /Forum, thread 9/ }).click();
    await page.getByRole("button", { name: /^Show 2,\d+ more characters/ }).waitFor();
    await tree(page).getByText("GET /stock/rear-wheel-28").first().click();
    await page.getByRole("tab", { name: /Events/ }).click();
    await page.getByText("connect timed out after 1000 ms").waitFor();
    await page.getByText("after 1.00 s").waitFor();
  });

  test("the conversation tells everything once, in order", async () => {
    const page = await open(ids.agent, "&view=conversation");
    const talk = page.getByRole("region", { name: "Conversation" });
    await talk.getByText("after 5 earlier messages").waitFor();
    expect(await talk.getByText("My Treadle Tourer").count()).toBe(1);
    expect(await talk.getByText("find_order").count()).toBe(1);
    const text = (await talk.textContent()) ?? "";
    const order = ["You are the support agent", "My Treadle Tourer", "find_order", "check_stock", "You are covered"];
    expect(order.map((words) => text.indexOf(words))).toEqual(
      order.map((words) => text.indexOf(words)).toSorted((a, b) => a - b),
    );
    await talk
      .getByRole("button", { name: /gpt-4o/ })
      .last()
      .click();
    await page.getByRole("article", { name: "Span chat gpt-4o" }).waitFor();
  });

  test("two traces are compared step by step, with the words that changed", async () => {
    const page = await open(ids.agent);
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByLabel("Trace id or URL").fill("not an id");
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByText("Enter a trace id with 32 hexadecimal digits").waitFor();
    await page.getByRole("row").filter({ hasText: "6.48 s" }).getByRole("link").click();
    const step = page.getByRole("article", { name: "Step in both traces" });
    await step.getByText("content filter").waitFor();
    await page.getByText("ok → error").waitFor();
    await page.getByLabel("Only steps that differ").check();
    await page.getByText("1 of 16 steps").waitFor();
    expect(new URL(page.url()).searchParams.get("with")).toBe(ids.failed);
  });

  test("the graph has a box for each agent, tool and model, and the flame and the raw trace open", async () => {
    const page = await open(ids.agent, "&view=graph");
    await page.getByRole("button", { name: /gpt-4o-2024-08-06.*3×/ }).click();
    await page.getByRole("article", { name: "Span chat gpt-4o" }).waitFor();
    await page.keyboard.press("2");
    await page.getByRole("region", { name: /^Steps over time/ }).waitFor();
    await page.keyboard.press("6");
    await page.getByRole("button", { name: "Download" }).waitFor();
    await page.getByRole("region", { name: "The trace as JSON" }).getByText('"traceId"').first().waitFor();
  });

  test("a comment is written on a span, changed and deleted, and another on the whole trace", async () => {
    const page = await open(ids.agent, `&span=${spanIdOf("agent", "answer")}`);
    await page.getByRole("tab", { name: "Comments" }).click();
    await page.getByRole("textbox", { name: "Comment on this span" }).fill("Should it have **asked** again?");
    await page.keyboard.press("Control+Enter");
    const comment = page.getByRole("list", { name: "Comments" }).getByRole("listitem");
    await comment.locator("strong", { hasText: "asked" }).waitFor();
    await comment.getByRole("button", { name: "Edit comment" }).click();
    await page.getByRole("textbox", { name: "Comment text" }).fill("It should have asked again.");
    await page.getByRole("button", { name: "Save" }).click();
    await comment.getByText("edited").waitFor();
    await comment.getByRole("button", { name: "Delete comment" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await comment.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Comments on this trace" }).click();
    await page.getByRole("textbox", { name: "Comment on this trace" }).fill("Good to show to others.");
    await page.getByRole("dialog").getByRole("button", { name: "Comment", exact: true }).click();
    await page.getByRole("button", { name: "Comments on this trace 1" }).waitFor();
  });

  test("what is odd about a trace is dealt with and said", async () => {
    const page = await open(ids.odd);
    const note = page.getByRole("note").first();
    await note.waitFor();
    const text = (await note.textContent()) ?? "";
    for (const words of ["1 span has a parent that was not received", "1 cycle", "clocks differ", "5.00 s"])
      expect(text).toContain(words);
    expect(await tree(page).getByRole("treeitem").count()).toBe(6);
    await tree(page).getByText("early").click();
    await page.getByText("The tree shows the corrected time").waitFor();
  });

  test("a trace that is not there says so, and that it may still come", async () => {
    const page = await open("f".repeat(32));
    await page.getByRole("alert").getByText("This trace could not be loaded").waitFor();
  });

  test("on a phone the open span comes over the tree and goes again", async () => {
    const page = await open(ids.agent, "", { width: 390, height: 844 });
    await tree(page).getByText("find_order").click();
    await page.getByRole("article", { name: "Span find_order" }).waitFor();
    await page.getByRole("button", { name: "Back to tree" }).click();
    await page.getByRole("article").waitFor({ state: "detached" });
    expect(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).toBe(0);
  });

  test.each(["tree", "flame", "graph", "conversation", "compare", "raw"])(
    "axe finds nothing serious in the view %s, wide and narrow, in light and in dark",
    async (view) => {
      const other = view === "compare" ? `&with=${ids.failed}` : "";
      const page = await open(ids.agent, `&view=${view}${other}`, { height: 700 });
      await page.locator("h1").getByText("POST /v1").waitFor();
      await expect.poll(() => page.locator("[aria-busy=true]").count()).toBe(0);
      expect(await seriousIn(page), "wide").toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.locator("html[data-theme=dark]").waitFor();
      await expect.poll(() => page.evaluate("document.getAnimations().length")).toBe(0);
      expect(await seriousIn(page, ["color-contrast"]), "in dark").toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await seriousIn(page), "narrow").toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).toBe(0);
      await page.context().close();
    },
  );

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});
