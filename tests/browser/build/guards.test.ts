import { type Client, createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ScriptedProvider, startScriptedProvider } from "../../setup/scripted-provider.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const LONG = { timeout: 240_000 };
const FITS = "document.documentElement.scrollWidth <= window.innerWidth";

describe.runIf(hasChromium)("guard policies", () => {
  let visitor: Visitor;
  let provider: ScriptedProvider;
  let call: Client["call"];
  beforeAll(async () => {
    provider = await startScriptedProvider();
    visitor = await startVisitor();
    ({ call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey }));
    const { baseUrl } = provider;
    await call("POST /api/v1/connections", {
      body: { slug: "guarded", preset: "vllm", baseUrl, models: ["echo-1"], keys: [{ value: "sk-guarded" }] },
    });
    const variants = [{ name: "current", model: "guarded/echo-1", weight: 1 }];
    await call("POST /api/v1/endpoints", { body: { name: "helpdesk", variants } });
  }, LONG.timeout);
  afterAll(async () => {
    await visitor?.close();
    await provider?.close();
  });
  const open = (path: string, width = 1440) =>
    visitor.open({ width, path: `${path}${path.includes("?") ? "&" : "?"}project=${visitor.projects.own}` });
  const openPolicy = async (name: string, width?: number) => {
    const page = await open("/guards", width);
    await page.getByRole("link", { name, exact: true }).click(WORK);
    await page.getByRole("heading", { name, level: 1 }).waitFor(WORK);
    return page;
  };
  const rule = (page: Page, number: number) => page.getByRole("listitem", { name: new RegExp(`^Rule ${number}:`) });
  const policy = (name: string, rules: { detector: string }[]) =>
    call("POST /api/v1/guard-policies", { body: { name, rules } });

  test("a template becomes a policy, and a rule without its words is marked until it has them", LONG, async () => {
    const page = await open("/guards");
    await page.getByText("No guard policies yet").waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("link", { name: "Use template Privacy" }).click();
    await page.getByLabel("Name", { exact: true }).fill("");
    await page.getByRole("button", { name: "Create policy" }).click();
    await page.getByText("Enter a name of at most 120 characters.").waitFor(WORK);
    await page.getByLabel("Name", { exact: true }).fill("Private data");
    await page.getByLabel("Endpoint").selectOption({ label: "helpdesk" });
    await page.getByRole("button", { name: "Create policy" }).click();
    await page.getByRole("heading", { name: "Private data", level: 1 }).waitFor(WORK);

    await page.getByRole("button", { name: "Add rule" }).click();
    await page.getByRole("menuitem", { name: /^Words/ }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("1 field needs a change").waitFor(WORK);
    const words = rule(page, 3).getByLabel("Words", { exact: false }).first();
    expect(await words.getAttribute("aria-invalid")).toBe("true");
    await words.fill("acme\n\nglobex\n");
    await rule(page, 3).getByRole("button", { name: "Block", exact: true }).click();
    expect(await seriousIn(page)).toEqual([]);
    await rule(page, 3).getByText("If a text cannot be scanned").click();
    await rule(page, 3).getByLabel("Not a text, rule 3").selectOption({ label: "Block" });
    await page.getByRole("button", { name: "Move rule 3 up" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved version 2.").waitFor(WORK);

    await page.getByRole("link", { name: "Guards" }).first().click();
    const row = page.getByRole("row", { name: /Private data/ });
    await row.getByRole("cell", { name: "helpdesk", exact: true }).waitFor(WORK);
    const cells = await row.getByRole("cell").allTextContents();
    expect(cells.slice(1, 5)).toEqual(["helpdesk", "Secrets RedactWords BlockPersonal data Mask", "● on", "2"]);
    const [saved] = (await call("GET /api/v1/guard-policies")).items;
    expect(saved?.rules.map(({ detector }) => detector)).toEqual(["secrets", "words", "personal-data"]);
    expect(saved?.rules[1]).toMatchObject({
      options: { words: ["acme", "globex"] },
      action: "block",
      failure: { "unknown-content": "closed" },
    });
    await page.getByRole("searchbox").fill("competitors");
    await page.getByText("No matching policies").waitFor(WORK);
    expect(visitor.troubles).toEqual([]);
  });

  test("a pattern that the server rejects is marked at its rule", LONG, async () => {
    const { policyId } = await policy("Patterns", [{ detector: "secrets" }]);
    const page = await openPolicy("Patterns");
    await rule(page, 1).getByLabel("Detector", { exact: true }).selectOption({ label: "Patterns" });
    await rule(page, 1).getByRole("button", { name: "Add pattern" }).click();
    await page.getByLabel("Name of pattern 1").fill("Order");
    await page.getByLabel("Pattern of pattern 1").fill("a(?=b)");
    await page.getByText("Use lower-case letters, digits and hyphens, at most 40.").waitFor(WORK);
    await page.getByLabel("Name of pattern 1").fill("order");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await rule(page, 1)
      .getByText(/cannot use these options/)
      .waitFor(WORK);
    await page.getByRole("button", { name: "Duplicate rule 1" }).click();
    await page.getByRole("button", { name: "Remove rule 1" }).click();
    await rule(page, 2).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await rule(page, 2).waitFor(WORK);
    await page.getByRole("button", { name: "Discard", exact: true }).click();
    await rule(page, 1).getByText("Secrets").first().waitFor(WORK);
    // Two policies cannot apply to the same calls.
    await call("DELETE /api/v1/guard-policies/:policyId", { params: { policyId } });
    expect(visitor.troubles).toEqual([]);
  });

  test("unsaved rules are tried on a text and on messages, and leaving asks first", LONG, async () => {
    await policy("Tried", [{ detector: "code" }]);
    const page = await openPolicy("Tried");
    await rule(page, 1).getByLabel("Detector", { exact: true }).selectOption({ label: "Personal data" });
    await rule(page, 1).getByRole("button", { name: "Mask", exact: true }).click();
    await page.getByLabel("Text", { exact: true }).fill("Write to ann@example.com today");
    await page.getByRole("button", { name: "Check", exact: true }).click();
    const result = page.getByRole("region", { name: "Result" });
    await result.getByText("Masked").waitFor(WORK);
    expect(await result.locator("mark").first().textContent()).toContain(
      "ann@example.com (Email: mask, score 1, as written)",
    );
    await result.getByText("Write to <EMAIL_1> today").waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);

    await page.getByRole("button", { name: "Messages", exact: true }).click();
    await result.getByText("Check again.").waitFor(WORK);
    await page.getByLabel("Messages", { exact: true }).fill("[{");
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByText(/^Invalid JSON/).waitFor(WORK);
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } };
    const messages = [{ role: "user", content: [{ type: "text", text: "I am bob@example.com" }, image] }];
    await page.getByLabel("Messages", { exact: true }).fill(JSON.stringify(messages));
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await result.getByText("messages.0.content.0").waitFor(WORK);
    await result.getByText(/Not scanned by every rule: not a text/).waitFor(WORK);

    await page.getByRole("link", { name: "Guards" }).first().click();
    await page.getByRole("button", { name: "Keep draft" }).click(WORK);
    await page.getByRole("link", { name: "Tried", exact: true }).click();
    expect(await rule(page, 1).getByLabel("Detector", { exact: true }).inputValue()).toBe("personal-data");
    await page.getByRole("button", { name: "Discard", exact: true }).click();
    expect(await rule(page, 1).getByLabel("Detector", { exact: true }).inputValue()).toBe("code");
    expect(visitor.troubles).toEqual([]);
  });

  test("a version shows what it changed and is restored, and a policy is deleted after a question", LONG, async () => {
    const { policyId } = (await call("GET /api/v1/guard-policies")).items.find(({ name }) => name === "Tried") ?? {
      policyId: "",
    };
    await call("PUT /api/v1/guard-policies/:policyId", {
      params: { policyId },
      body: { name: "Tried", rules: [{ detector: "code", action: "flag" }], isEnabled: false },
    });
    const page = await openPolicy("Tried", 390);
    await page.getByRole("tab", { name: "Versions" }).click();
    const second = page.getByRole("listitem", { name: "Version 2" });
    await second.getByText("Rule 1 (Code): action").waitFor(WORK);
    expect(await second.locator("ins").allTextContents()).toContain("Flag");
    expect(await seriousIn(page)).toEqual([]);
    expect(await page.evaluate<boolean>(FITS)).toBe(true);
    await page.getByRole("button", { name: /^Restore version 1/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Restore version" }).click();
    await page.getByRole("listitem", { name: "Version 3" }).getByText("repeats version 1").waitFor(WORK);
    await page.getByRole("tab", { name: "Policy" }).click();
    expect(await page.getByLabel("On", { exact: true }).isChecked()).toBe(true);
    expect(await page.evaluate<boolean>(FITS)).toBe(true);

    await page.getByRole("button", { name: "Actions for Tried" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete policy" }).click();
    await page.getByText("Deleted Tried").waitFor(WORK);
    await page.getByRole("link", { name: "Private data", exact: true }).waitFor(WORK);
    expect(await page.getByRole("link", { name: "Tried", exact: true }).count()).toBe(0);
    expect(await page.evaluate<boolean>(FITS)).toBe(true);
    expect(visitor.troubles).toEqual([]);
  });

  test("a change of another user is not overwritten, and cards move without losing the focus", LONG, async () => {
    const rules = [{ detector: "code" }, { detector: "secrets" }];
    const refusal = { text: "I cannot help with that." };
    const key = (await call("GET /api/v1/api-keys")).items[0]?.apiKeyId ?? "";
    const body = { name: "Shared", appliesTo: { keyId: key }, rules, refusal, isEnabled: false };
    const { policyId } = await call("POST /api/v1/guard-policies", { body });
    const page = await openPolicy("Shared");
    await page.getByRole("button", { name: "Move rule 1 down" }).press("Enter");
    const focused = () => page.evaluate("document.activeElement?.getAttribute('aria-label')");
    await vi.waitFor(async () => expect(await focused()).toBe("Move rule 2 up"), WORK);
    await call("PUT /api/v1/guard-policies/:policyId", {
      params: { policyId },
      body: { ...body, description: "Theirs" },
    });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(/Version 2 of the policy was saved in the meantime/).waitFor(WORK);
    await page.getByText("Version 2 was saved after you started from version 1.").waitFor(WORK);
    expect(await call("GET /api/v1/guard-policies/:policyId", { params: { policyId } })).toMatchObject({
      version: 2,
      description: "Theirs",
    });
    await page.getByRole("button", { name: "Keep mine" }).click();
    await page.getByRole("button", { name: "Add language" }).click();
    await page.getByLabel("Language", { exact: true }).fill("de");
    await page.getByLabel("Text for de", { exact: true }).fill("Dabei kann ich nicht helfen.");
    await page.getByRole("button", { name: "Add rule" }).click();
    await page.getByRole("menuitem", { name: /^Tool policy/ }).click();
    await page.getByRole("button", { name: "Add tool" }).click();
    await page.getByLabel("Name of tool 1").fill("search_*");
    await page.getByLabel("Schema of the arguments of tool 1").fill("{");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText(/^This is not JSON/).waitFor(WORK);
    await page.getByLabel("Schema of the arguments of tool 1").fill('{"type": "object"}');
    await rule(page, 2).getByRole("button", { name: /Code/ }).click();
    await rule(page, 2).getByRole("button", { name: "Reroute", exact: true }).click();
    await rule(page, 2).getByLabel("Target").selectOption("helpdesk");
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved version 3.").waitFor(WORK);
    const saved = await call("GET /api/v1/guard-policies/:policyId", { params: { policyId } });
    expect(saved.refusal).toEqual({ ...refusal, texts: { de: "Dabei kann ich nicht helfen." } });
    expect(saved.rules.map(({ detector, target }) => [detector, target])).toEqual([
      ["secrets", null],
      ["code", "helpdesk"],
      ["tool-policy", null],
    ]);
    expect(saved.rules[2]?.options).toEqual({ tools: [{ name: "search_*", arguments: { type: "object" } }] });

    // A policy that is turned on in the list has the same refusal.
    await page.getByRole("link", { name: "Guards" }).first().click();
    await page.getByRole("button", { name: "Actions for Shared" }).click(WORK);
    await page.getByRole("menuitem", { name: "Turn on" }).click();
    await page.getByText("Turned Shared on").waitFor(WORK);
    const on = await call("GET /api/v1/guard-policies/:policyId", { params: { policyId } });
    expect(on).toMatchObject({ isEnabled: true, version: 4, refusal: saved.refusal });
    await call("DELETE /api/v1/guard-policies/:policyId", { params: { policyId } });
  });

  test("a viewer sees a policy and cannot change it", LONG, async () => {
    const body = { email: "reads-guards@example.com", role: "viewer" } as const;
    const { signInPath } = await call("POST /api/v1/members", { body });
    const page = await visitor.openStranger(signInPath);
    await page.getByRole("heading", { name: "Overview" }).waitFor(WORK);
    await page.goto(`${visitor.treadle.url}/guards?project=${visitor.projects.own}`);
    await page.getByRole("link", { name: "Private data", exact: true }).click(WORK);
    await page.getByText("You can view this policy, but not change it.").waitFor(WORK);
    expect(await page.getByLabel("Name", { exact: true }).isDisabled()).toBe(true);
    await rule(page, 2).getByRole("button", { name: /Words/ }).click();
    expect(await rule(page, 2).getByLabel("Detector", { exact: true }).isDisabled()).toBe(true);
    for (const name of ["Save", "Add rule", "Remove rule 1", "Check", "New policy"])
      expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
    expect(visitor.troubles).toEqual([]);
  });

  test("a trace shows what its guards found", LONG, async () => {
    const answer = await fetch(`${visitor.treadle.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${visitor.treadle.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "helpdesk", messages: [{ role: "user", content: "I am ann@example.com" }] }),
    });
    expect(answer.status).toBe(200);
    const page = await open(`/traces/${answer.headers.get("x-treadle-trace-id")}`, 390);
    // The call, and below it the checks of its request and its answer.
    await page.getByRole("treeitem").nth(3).waitFor(WORK);
    await page.getByRole("treeitem").first().click();
    const guards = page.getByRole("region", { name: "Guards" });
    await guards.getByText("Masked").waitFor(WORK);
    await guards.getByText("Email").waitFor(WORK);
    await guards.getByText(/User, messages\.0\.content/).waitFor(WORK);
    expect(await seriousIn(page)).toEqual([]);
    expect(await page.evaluate<boolean>(FITS)).toBe(true);
    await guards.getByRole("link", { name: "Private data" }).click();
    await page.getByRole("heading", { name: "Private data", level: 1 }).waitFor(WORK);
    expect(visitor.troubles).toEqual([]);
  });
});
