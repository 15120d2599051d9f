import { randomBytes } from "node:crypto";
import type { SpanInput } from "@treadle/contract";
import { type Client, createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Shop, startShop } from "../../setup/scripted-shop.ts";
import {
  expectSigned,
  minuteAfter,
  openReceivers,
  type Receivers,
  startRollout,
  startTraffic,
  until,
} from "../../setup/watched-shop.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const WORK = { timeout: 60_000 };
const PATIENT = { timeout: 240_000 };
const LONG = { timeout: 600_000 };
const MINUTE_MS = 60_000;
const TITLE = "Error rate: endpoint support";
/** A window has no other traffic, so the failures of a few seconds are evidence. */
const LEAST_FAILING_MS = 15_000;
const MOST_TRIES = 4;
/** A window is evaluated within about a minute of its end. */
const EVALUATION_MS = 90_000;

describe.runIf(hasChromium)("the story of an incident", () => {
  let visitor: Visitor;
  let shop: Shop;
  let receivers: Receivers;
  let call: Client["call"];
  let stopTraffic = async () => {};
  beforeAll(async () => {
    [visitor, shop, receivers] = await Promise.all([startVisitor(), startShop(), openReceivers()]);
    ({ call } = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey }));
    // The preview shows these failures.
    await recordAnswers(60, 10_000, { to: Date.now() - 24 * 60 * MINUTE_MS, isFailing: true });
  }, LONG.timeout);
  afterAll(async () => {
    await stopTraffic();
    await visitor?.close();
    await receivers?.close();
    shop?.close();
  });

  /** Answers of two models in turn, `everyMs` apart and up to a time. */
  async function recordAnswers(count: number, everyMs: number, { to, isFailing }: { to: number; isFailing: boolean }) {
    const spans = Array.from({ length: count }, (_, place) => {
      const responseModel = place % 2 === 0 ? "moody" : "fine";
      return spanAt(to - (count - place) * everyMs, { responseModel, isFailing });
    });
    await call("POST /api/v1/spans", { body: { spans } });
  }

  const open = (path: string, width = 1440) => visitor.open({ width, path: `${path}?project=${visitor.projects.own}` });
  async function expectFit(page: Page) {
    expect(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).toBeLessThanOrEqual(0);
    expect(await seriousIn(page)).toEqual([]);
  }
  /** The page that a person has open, also on a phone. */
  async function expectFitEverywhere(page: Page, seen: string | RegExp) {
    await expectFit(page);
    const phone = await open(new URL(page.url()).pathname, 390);
    await phone.getByText(seen).first().waitFor(WORK);
    await expectFit(phone);
    await phone.close();
  }

  type Fields = Readonly<Record<string, string>>;
  async function createChannel(page: Page, kind: string, fields: Fields) {
    await page.getByRole("button", { name: "New channel" }).click();
    const dialog = page.getByRole("dialog", { name: "New channel" });
    await dialog.getByLabel("Kind").selectOption(kind);
    for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(value);
    if (kind === "E-mail") await dialog.getByLabel("Encryption").selectOption("None, without sign-in");
    await dialog.getByRole("button", { name: "Create channel" }).click();
  }

  /** A webhook, Slack and e-mail, and a route to them by a label. Returns the secret that signs the webhooks. */
  async function createChannels(page: Page): Promise<string> {
    await createChannel(page, "Webhook", { Name: "Hook", URL: receivers.webhook.url });
    const dialog = page.getByRole("dialog", { name: "Signing secret" });
    const secret = await dialog.getByLabel("Signing secret").inputValue();
    await dialog.getByRole("button", { name: "Done" }).click();
    await createChannel(page, "Slack", { Name: "Support team", "Webhook URL": receivers.slack.url });
    await page.getByText("Support team").first().waitFor();
    const mail = { Recipients: "on-call@example.com", Sender: "treadle@example.com", "SMTP server": "127.0.0.1" };
    await createChannel(page, "E-mail", { Name: "On-call", ...mail, Port: String(receivers.smtp.port) });
    await page.getByText("On-call").first().waitFor();

    await page.getByRole("button", { name: "New route" }).click();
    const route = page.getByRole("dialog", { name: "New route" });
    await route.getByLabel("Name").fill("Support");
    await route.getByRole("button", { name: "Add label" }).click();
    await route.getByRole("textbox", { name: "Label" }).fill("team");
    await route.getByRole("textbox", { name: "Value" }).fill("support");
    for (const name of ["Hook", "Support team", "On-call"]) await route.getByRole("checkbox", { name }).check();
    await route.getByRole("button", { name: "Create route" }).click();
    await page.getByRole("list", { name: "Routes" }).getByText("team is support").waitFor();
    return secret;
  }

  /** A monitor from a template, with the shortest window. Its preview shows the failures of the day before. */
  async function createMonitor(page: Page): Promise<string> {
    await page.getByRole("button", { name: "Error rate", exact: true }).click();
    await page.getByLabel("Critical (%)").fill("5");
    await page.getByLabel("Warning (%)").fill("");
    await page.getByLabel("Window", { exact: true }).fill("1");
    await page.getByLabel("Recover after", { exact: true }).fill("0");
    await page.getByRole("button", { name: "Add label" }).click();
    await page.getByLabel("Label 1", { exact: true }).fill("team");
    await page.getByLabel("Value of label 1").fill("support");
    const preview = page.getByRole("region", { name: "Preview of the last 30 days" });
    await preview.getByRole("region", { name: "Alarms" }).getByText("Critical").first().waitFor(WORK);
    await expectFit(page);
    await page.getByRole("button", { name: "Create monitor" }).click();
    await page.getByRole("heading", { level: 1, name: "Error rate" }).waitFor(WORK);
    return new URL(page.url()).pathname.split("/").at(-1) ?? "";
  }

  /**
   * Lets the provider fail in one window, and again if no evaluation saw it, until the monitor fires. Without traffic it
   * cannot recover before a person has taken the incident.
   */
  async function failUntilFiring(monitorId: string) {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const end = minuteAfter(Date.now() + LEAST_FAILING_MS);
      const start = end - MINUTE_MS;
      await until(start);
      // The evidence compares the failures with these.
      await recordAnswers(300, 500, { to: start, isFailing: false });
      shop.setFailing(true);
      stopTraffic = startTraffic(visitor.treadle, "support");
      await until(end);
      shop.setFailing(false);
      await stopTraffic();
      if (await fires(monitorId)) return;
    }
    throw new Error("The monitor did not fire.");
  }

  const fires = (monitorId: string): Promise<boolean> =>
    vi
      .waitFor(
        async () => {
          const { state } = await call("GET /api/v1/monitors/:monitorId", { params: { monitorId } });
          expect(state).toBe("firing");
        },
        { timeout: EVALUATION_MS, interval: 500 },
      )
      .then(
        () => true,
        () => false,
      );

  /** Opens the incident from the inbox, and takes it. */
  async function acknowledge(page: Page) {
    await page.reload();
    await page
      .getByRole("row", { name: /Error rate/ })
      .getByText("Firing", { exact: true })
      .waitFor(WORK);
    await page.getByRole("button", { name: /^Inbox, \d+ unread$/ }).click();
    await page.getByRole("dialog", { name: "Inbox" }).getByRole("button", { name: TITLE }).click();
    await page.getByRole("heading", { level: 1, name: TITLE }).waitFor(WORK);
    await page.getByRole("button", { name: "Acknowledge" }).click();
    await page.getByText("● Acknowledged").waitFor(WORK);
  }

  /** The worst segment, and the changes before. */
  async function readIncident(page: Page) {
    await page.getByRole("region", { name: "Affected traces" }).waitFor(PATIENT);
    await page
      .getByText(/model "moody"/)
      .first()
      .waitFor();
    await page
      .getByRole("table", { name: "Compared with the time before" })
      .getByRole("row", { name: /model moody/ })
      .waitFor();
    await page
      .getByRole("region", { name: "What changed" })
      .getByRole("link", { name: /^Rollout support: started/ })
      .waitFor();
  }

  /** The affected traces become a dataset. */
  async function makeDataset(page: Page) {
    await page.getByRole("region", { name: "Affected traces" }).getByRole("button", { name: "Add to dataset" }).click();
    const dialog = page.getByRole("dialog", { name: "Items from traces" });
    await dialog.getByLabel("Dataset name").fill("Failing answers");
    await dialog.getByRole("button", { name: "Create", exact: true }).click();
    await dialog.getByRole("region", { name: "Preview" }).getByText("Hello from").first().waitFor(WORK);
    await expectFit(page);
    await dialog.getByRole("button", { name: /^Add \d+ items?$/ }).click();
    await page.getByText(/^Added \d+ items? to the draft$/).waitFor(WORK);
  }

  /** The events that each receiver was told of, whether one message has one or several. */
  const heard = () => ({
    webhook: receivers.webhook.received.flatMap(({ body }) => {
      const { type, data } = JSON.parse(body);
      return type === "notices.combined" ? data.notices.map(eventOf) : [eventOf(data)];
    }),
    slack: receivers.slack.received.flatMap(({ body }) => eventsIn(JSON.parse(body).blocks)),
    email: receivers.smtp.mails.flatMap(({ data }) =>
      eventsIn(data.slice(data.indexOf("text/plain"), data.indexOf("text/html"))),
    ),
  });
  const ONCE = ["opened", "acknowledged", "resolved"];

  test("a person sets up a monitor, and follows a failing rollout to its recovery", LONG, async () => {
    const settings = await open("/settings/notifications");
    const secret = await createChannels(settings);
    const page = await open("/monitors/new");
    const monitorId = await createMonitor(page);
    const rolloutId = await startRollout(call, shop, monitorId);
    await page.getByRole("link", { name: "Monitors", exact: true }).first().click();
    await Promise.all([
      failUntilFiring(monitorId),
      expectFitEverywhere(settings, "team is support"),
      open("/monitors/new", 390).then(async (phone) => {
        await phone.getByRole("button", { name: "Error rate", exact: true }).click();
        await phone.getByLabel("Critical (%)").waitFor(WORK);
        await expectFit(phone);
      }),
    ]);

    await acknowledge(page);
    stopTraffic = startTraffic(visitor.treadle, "support");
    await readIncident(page);
    await makeDataset(page);

    const rollout = page.getByRole("region", { name: "Timeline" }).getByRole("link", { name: /rolled back/ });
    await rollout.waitFor(PATIENT);
    await expectFitEverywhere(page, /model "moody"/);
    await rollout.click();
    await page.getByRole("heading", { level: 1, name: "support: new" }).waitFor(WORK);
    expect(new URL(page.url()).pathname).toBe(`/rollouts/${rolloutId}`);
    await page.getByText("Rolled back", { exact: true }).first().waitFor(WORK);
    await expectFitEverywhere(page, "Rolled back");

    await page.goBack();
    await page.getByText("● Resolved").waitFor(PATIENT);
    await stopTraffic();
    await page.getByRole("link", { name: "Monitor", exact: true }).click();
    await page.getByRole("list").getByText("Firing →").waitFor(WORK);
    await expectFitEverywhere(page, "Firing →");
    await vi.waitFor(() => expect(heard()).toEqual({ webhook: ONCE, slack: ONCE, email: ONCE }), PATIENT);
    for (const one of receivers.webhook.received) expectSigned(one, secret);
    expect(visitor.troubles).toEqual([]);
  });
});

const spanAt = (
  time: number,
  { responseModel, isFailing }: { responseModel: string; isFailing: boolean },
): SpanInput => ({
  traceId: randomBytes(16).toString("hex"),
  spanId: randomBytes(8).toString("hex"),
  name: "chat",
  kind: "generation",
  startTime: new Date(time).toISOString(),
  durationMs: 300,
  endpoint: "support",
  variant: responseModel === "moody" ? "new" : "old",
  responseModel,
  input: [{ role: "user", parts: [{ type: "text", content: "Hello" }] }],
  output: null,
  ...(isFailing && responseModel === "moody" ? { status: "error" as const, errorType: "server_error" } : {}),
});

const eventOf = ({ event }: { event: string }) => event;

/** The events in the title of a message, such as `Critical, opened: Error rate`, or in its list of several. */
function eventsIn(content: unknown): string[] {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return [...text.matchAll(/(?:Warning|Critical), (\w+): /g)].map(([, event = ""]) => event);
}
