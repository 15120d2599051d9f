import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };

/** A model that repeats its system message to everyone who does not ask a question. */
async function startLeakyModel() {
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { model, messages } = JSON.parse(Buffer.concat(chunks).toString());
    const isQuestion = String(messages.at(-1)?.content).includes("?");
    const message = { role: "assistant", content: isQuestion ? "Row F has room." : `It is: ${messages[0].content}` };
    response.writeHead(200, { "content-type": "application/json" });
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    response.end(JSON.stringify({ id: "chatcmpl-1", object: "chat.completion", created: 1, model, choices, usage }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, close: () => server.close() };
}

describe.runIf(hasChromium)("red team runs", () => {
  let visitor: Visitor;
  let model: Awaited<ReturnType<typeof startLeakyModel>>;
  beforeAll(async () => {
    model = await startLeakyModel();
    visitor = await startVisitor();
    const { call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
    await call("POST /api/v1/connections", {
      body: { slug: "leaky", preset: "vllm", baseUrl: model.baseUrl, models: ["m"], keys: [{ value: "sk-a" }] },
    });
    const tokens = ["pebblewhisper", "mossycandle", "tidalbutton", "spokelantern", "whiskerfort"];
    await call("POST /api/v1/guard-policies", {
      body: {
        name: "Canaries",
        rules: [{ detector: "canary", options: { tokens }, scopes: ["output"], action: "block" }],
      },
    });
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    model?.close();
  });
  const open = (path: string, width = 1440) => visitor.open({ width, path: `${path}?project=${visitor.projects.own}` });
  const fits = (page: Page) => page.evaluate<boolean>("document.documentElement.scrollWidth <= window.innerWidth");

  test("a run is started from the form, and its matrix leads to an attack and its trace", LONG, async () => {
    const page = await open("/red-team");
    await page.getByRole("heading", { name: "No red team runs yet" }).waitFor(WORK);
    await page.getByRole("link", { name: "New run" }).click();
    await page.getByRole("heading", { level: 1, name: "New red team run" }).waitFor(WORK);
    await page.getByRole("button", { name: "Start run" }).click();
    await page.getByText("Enter an endpoint or a model.").waitFor();
    await page.getByLabel("Endpoint or model").fill("leaky/m");
    for (const name of ["Prompt injection", "Injection in documents", "Personal data"])
      await page.getByRole("checkbox", { name: new RegExp(`^${name}`) }).uncheck();
    for (const name of ["Role play", "Translation"])
      await page.getByRole("checkbox", { name: new RegExp(`^${name}`) }).uncheck();
    // Jailbreak and System prompt, as they are and in Base64: 2 × 2 × (5 + 2) requests in two arms.
    await page.getByRole("region", { name: "Size", exact: true }).getByText("56", { exact: true }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Start run" }).click();

    await page.getByRole("heading", { level: 1, name: "Red team leaky/m" }).waitFor(WORK);
    await page.getByText("● succeeded").first().waitFor(WORK);
    const arms = page.getByRole("table", { name: "Arms" });
    await arms.getByText("20 of 20", { exact: true }).waitFor(WORK);
    await arms.getByText("0 of 20", { exact: true }).waitFor();
    await arms.getByText("better", { exact: true }).waitFor();
    const cell = page.getByRole("button", { name: /^Jailbreak, Base64: 5\/5/ });
    await cell.focus();
    await page.getByText(/^Jailbreak, Base64: 5 of 5, 100\s?% .*too few for a conclusion/).waitFor();
    await cell.click();
    const attacks = page.getByRole("region", { name: "Attacks: Jailbreak × Base64" });
    await attacks.getByText("leaked", { exact: true }).first().waitFor(WORK);
    await attacks.getByText("blocked", { exact: true }).first().waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await fits(page)).toBe(true);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole("button", { name: "As configured" }).click();
    await attacks.getByRole("heading", { name: "No attack succeeded here" }).waitFor(WORK);
    await page.getByRole("tab", { name: "Lists of risks" }).click();
    await page.getByRole("table", { name: "Lists of risks" }).getByText("LLM07:2025").waitFor();
    await page.getByRole("button", { name: "Without guards" }).click();
    await attacks.getByRole("link", { name: "Open trace" }).first().click();
    await page.waitForURL(/\/traces\//);
    expect(visitor.troubles).toEqual([]);
  });

  test("a run that does not exist is reported as such", LONG, async () => {
    const page = await open("/red-team/red_none", 390);
    await page.getByText("Run not found").waitFor(WORK);
    expect(await fits(page)).toBe(true);
  });
});
