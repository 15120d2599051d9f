// How long a trace of 50,000 spans takes to open in Chromium, and the longest task while one scrolls and moves through it.
// Run it with Node after the web app was built: node bench/trace-page.ts [spans] [runs]
import { hugeTrace, sendTrace } from "../tests/browser/furnish/make-trace.ts";
import { startVisitor, type Visitor } from "../tests/browser/visitor/visitor.ts";

type Page = Awaited<ReturnType<Visitor["open"]>>;

const spans = Number(process.argv[2] ?? 50_000);
const runs = Number(process.argv[3] ?? 5);

/** Records every task over 50 ms, which browsers report. */
const WATCH = `window.longTasks = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.longTasks.push(Math.round(entry.duration));
}).observe({ entryTypes: ["longtask"] });`;
const FRAME = "new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)))";

/** From the click on a link to the first rows, as a person waits for it: the app is loaded, the trace is not. */
async function openTrace(page: Page, path: string) {
  await page.evaluate(WATCH);
  const startedAt = performance.now();
  await page.evaluate(
    `history.pushState(null, "", ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent("popstate"))`,
  );
  await page.getByRole("treeitem").nth(10).waitFor();
  return performance.now() - startedAt;
}

/** From an empty tab to the first rows: page, scripts, session and trace. */
async function openCold(visitor: Visitor, path: string) {
  const startedAt = performance.now();
  const page = await visitor.open({ path });
  await page.getByRole("treeitem").nth(10).waitFor();
  const ms = performance.now() - startedAt;
  await page.context().close();
  return ms;
}

async function longest(page: Page, act: () => Promise<unknown>) {
  await page.evaluate("window.longTasks.length = 0");
  await act();
  const tasks = (await page.evaluate("window.longTasks")) as number[];
  return Math.max(0, ...tasks);
}

/** Wheels through the unfolded tree, then jumps to its ends and goes down by keys. */
async function scroll(page: Page) {
  await page.getByRole("tree").hover();
  for (let step = 0; step < 60; step += 1) {
    await page.mouse.wheel(0, step < 30 ? 1_500 : 40_000);
    await page.evaluate(FRAME);
  }
}
async function keys(page: Page) {
  await page.getByRole("tree").focus();
  await page.keyboard.press("Home");
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("ArrowDown");
    await page.evaluate(FRAME);
  }
}
async function unfold(page: Page) {
  await page.getByRole("button", { name: "Fold", exact: true }).click();
  await page.getByRole("menuitem", { name: "Unfold everything" }).click();
  await page.evaluate(FRAME);
}
async function search(page: Page) {
  await page.keyboard.press("/");
  await page.keyboard.type("documents/49", { delay: 30 });
  await page.getByRole("status").filter({ hasText: /\d/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.evaluate(FRAME);
}

async function measure(visitor: Visitor, path: string) {
  const cold = await openCold(visitor, path);
  const page = await visitor.open({ path: "/settings" });
  await page.getByRole("heading", { level: 1 }).waitFor();
  const warm = await openTrace(page, path);
  await page.evaluate(FRAME);
  const opening = Math.max(0, ...((await page.evaluate("window.longTasks")) as number[]));
  const figures = {
    "open in an empty tab, ms": cold,
    "open from another page, ms": warm,
    "longest task while opening, ms": opening,
    "longest task while nothing is done for 2 s (the noise of this machine), ms": await longest(page, () =>
      page.waitForTimeout(2_000),
    ),
    "longest task while unfolding all, ms": await longest(page, () => unfold(page)),
    "longest task while scrolling, ms": await longest(page, () => scroll(page)),
    "longest task while moving by keys, ms": await longest(page, () => keys(page)),
    "longest task while searching, ms": await longest(page, () => search(page)),
    "longest task while switching to the flame, ms": await longest(page, async () => {
      await page.getByRole("tab", { name: "Flame" }).click();
      await page.getByRole("region", { name: /^Steps over time/ }).waitFor();
      await page.evaluate(FRAME);
    }),
  };
  await page.context().close();
  return figures;
}

const visitor = await startVisitor();
try {
  const traceId = await sendTrace(visitor.treadle, hugeTrace("huge", spans));
  const path = `/traces/${traceId}?project=${visitor.projects.own}`;
  const all = [];
  for (let run = 0; run < runs; run += 1) all.push(await measure(visitor, path));
  console.log(`${spans.toLocaleString("en")} spans, ${runs} runs: median (highest). Tasks under 50 ms count as 0.`);
  for (const name of Object.keys(all[0] ?? {}) as (keyof (typeof all)[number])[]) {
    const values = all.map((figures) => figures[name]).sort((a, b) => a - b);
    console.log(`${name}: ${values[values.length >> 1]?.toFixed(0)} (${values.at(-1)?.toFixed(0)})`);
  }
} finally {
  await visitor.close();
}
