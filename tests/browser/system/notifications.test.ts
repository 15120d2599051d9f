import { type Client, createClient } from "@treadle/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  openReceiver,
  type Receiver,
} from "../../../packages/server/src/modules/system/notifications/testing/receiver.ts";
import { publicAddress } from "../../setup/public-address.ts";
import { hasChromium } from "../visitor/chromium.ts";
import { seriousIn } from "../visitor/serious-in.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const LONG = { timeout: 180_000 };
const SETTINGS = "/settings/notifications";
const TITLE = "The error rate is above 5 %";

describe.runIf(hasChromium)("notifications", () => {
  let visitor: Visitor;
  let receiver: Receiver;
  let client: Client;
  beforeAll(async () => {
    visitor = await startVisitor({ ...(await publicAddress()), TREADLE_SAMPLE_DATA: "false" });
    receiver = await openReceiver();
    client = createClient({ baseUrl: visitor.treadle.url, apiKey: visitor.treadle.apiKey });
  }, LONG.timeout);
  afterAll(async () => {
    await receiver?.close();
    await visitor?.close();
  });
  const open = (path: string, look: { width?: number; theme?: "dark" } = {}) =>
    visitor.open({ ...look, path: `${path}?project=${visitor.projects.own}` });
  const openIncident = async (title: string) => {
    const body = { title, severity: "critical" } as const;
    return (await client.call("POST /api/v1/incidents", { body })).incidentId;
  };
  const bodies = () => receiver.received.map(({ body }) => JSON.parse(body));
  const reload = async (page: Page, name: string | RegExp) => {
    await page.reload();
    await page.getByRole("button", { name }).waitFor();
  };

  test("a person adds a channel, tests it, and routes critical notifications to it", LONG, async () => {
    const page = await open(SETTINGS);
    await page.getByText("No channels yet").waitFor();
    await page.getByRole("button", { name: "New channel" }).click();
    const channel = page.getByRole("dialog", { name: "New channel" });
    await channel.getByLabel("Kind").selectOption("Webhook");
    await channel.getByLabel("Name").fill("On-call");
    await channel.getByLabel("URL", { exact: true }).fill(receiver.url);
    expect(await seriousIn(page)).toEqual([]);
    await channel.getByRole("button", { name: "Create channel" }).click();
    const secret = page.getByRole("dialog", { name: "Signing secret" });
    expect(await secret.getByLabel("Signing secret").inputValue()).toMatch(/^whsec_/);
    await secret.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await page.getByText("Test passed: The receiver answered HTTP 200: ok").waitFor();

    await page.getByRole("button", { name: "New route" }).click();
    const route = page.getByRole("dialog", { name: "New route" });
    await route.getByLabel("Name").fill("Critical to on-call");
    await route.getByRole("checkbox", { name: "Info" }).uncheck();
    await route.getByRole("checkbox", { name: "On-call" }).check();
    await route.getByRole("checkbox", { name: "Quiet times" }).check();
    await route.getByLabel("From").fill("21:30");
    await route.getByLabel("Time zone").fill("Europe/Berlin");
    await route.getByRole("checkbox", { name: "Escalate without acknowledgement" }).check();
    await route.getByLabel("After (minutes)").fill("20");
    expect(await seriousIn(page)).toEqual([]);
    await route.getByRole("button", { name: "Create route" }).click();
    await route.getByText("Escalation: choose at least one channel").waitFor();
    await route
      .getByRole("group", { name: "Channels of the escalation" })
      .getByRole("checkbox", { name: "On-call" })
      .check();
    await route.getByRole("button", { name: "Create route" }).click();
    const routes = page.getByRole("list", { name: "Routes" });
    await routes.getByText("Warning, Critical").waitFor();
    await routes.getByText("quiet from 21:30 to 07:00 (Europe/Berlin) · after 20 minutes to On-call").waitFor();
    expect(visitor.troubles).toEqual([]);
  });

  test("an incident arrives at the channel and in the inbox, and its link acknowledges it", LONG, async () => {
    receiver.received.length = 0;
    await openIncident(TITLE);
    await vi.waitFor(() => expect(bodies()).toMatchObject([{ type: "incident.opened" }]), LONG);
    const page = await open("/");
    await page.getByRole("button", { name: "Inbox, 1 unread" }).click();
    const popover = page.getByRole("dialog", { name: "Inbox" });
    await popover.getByText("Critical, opened").waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await popover.getByRole("button", { name: TITLE }).click();
    await page.getByRole("heading", { level: 1, name: TITLE }).waitFor();
    await page.getByRole("button", { name: "Inbox", exact: true }).waitFor();

    const links: { label: string; url: string }[] = bodies()[0].data.links;
    const link = links.find(({ label }) => label === "Acknowledge")?.url.slice(visitor.treadle.url.length) ?? "";
    const stranger = await visitor.openStranger(link);
    await stranger.getByRole("heading", { name: "Acknowledge this incident?" }).waitFor();
    expect(await seriousIn(stranger)).toEqual([]);
    await stranger.getByRole("button", { name: "Acknowledge" }).click();
    await stranger.getByRole("heading", { name: "Acknowledged" }).waitFor();
    await page.getByText("● Acknowledged").waitFor({ timeout: 60_000 });
    expect(visitor.troubles).toEqual([]);
  });

  test("a comment suggests members after an @, and the mention is in the member's inbox", LONG, async () => {
    const member = { email: "ben@example.com", name: "Ben Okafor", role: "member" } as const;
    const { signInPath } = await client.call("POST /api/v1/members", { body: member });
    const incidentId = await openIncident("Latency above 2 s");
    const page = await open(`/incidents/${incidentId}`);
    const comment = page.getByLabel("Comment on this incident");
    await comment.pressSequentially("Can you look, @Be");
    await page
      .getByRole("listbox", { name: "Members" })
      .getByRole("option", { name: /Ben Okafor/ })
      .waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await comment.press("Enter");
    expect(await comment.inputValue()).toBe("Can you look, @Ben Okafor ");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await page.getByRole("list", { name: "Comments" }).getByText("Can you look,").waitFor();
    const ben = await visitor.openStranger(signInPath);
    await ben.getByRole("button", { name: /^Inbox, \d unread$/ }).click();
    const popover = ben.getByRole("dialog", { name: "Inbox" });
    await popover.getByText("Mention", { exact: true }).waitFor();
    await popover.getByText(/Can you look, @Ben Okafor/).waitFor();
    expect(visitor.troubles).toEqual([]);
  });

  test("a failed message is listed, and arrives after it is sent again", LONG, async () => {
    const target = { kind: "slack", url: `${receiver.url}/slack` } as const;
    const { channelId } = await client.call("POST /api/v1/notification-channels", { body: { name: "Team", target } });
    const first = (await client.call("GET /api/v1/notification-routes", {})).items[0];
    const params = { routeId: first?.routeId ?? "" };
    const body = { channelIds: [...(first?.channelIds ?? []), channelId] };
    await client.call("PATCH /api/v1/notification-routes/:routeId", { params, body });
    receiver.answer(({ path }) =>
      path.endsWith("/slack") ? { status: 400, body: "invalid_payload" } : { status: 200 },
    );
    await openIncident("The budget is used up");
    const page = await open(SETTINGS);
    const failed = page.getByRole("list", { name: "Failed messages" });
    await failed.getByText(/Team, .* 1 attempt: The receiver answered HTTP 400: invalid_payload/).waitFor();
    expect(await seriousIn(page)).toEqual([]);
    receiver.answer({ status: 200 });
    await failed.getByRole("button", { name: "Send again" }).click();
    await failed.waitFor({ state: "detached" });
    const history = page.getByRole("list", { name: "History" }).getByRole("listitem");
    await history.filter({ hasText: "The budget is used up" }).getByText("Team: delivered").waitFor();
    expect(visitor.troubles).toEqual([]);
  });

  test("on a phone the bell is in the header, and no page scrolls sideways", LONG, async () => {
    await openIncident(`A${"n incident with a long word".repeat(3)}${"x".repeat(80)}`);
    const phone = await open(SETTINGS, { width: 390 });
    const overflow = () => phone.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");
    await phone.getByRole("list", { name: "History" }).waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    const unread = /^Inbox, \d unread$/;
    await phone.getByRole("banner").getByRole("button", { name: unread }).click();
    await phone.getByRole("dialog", { name: "Inbox" }).getByRole("list", { name: "Inbox" }).waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await phone.getByRole("link", { name: "Open inbox" }).click();
    await phone.getByRole("heading", { level: 1, name: "Inbox" }).waitFor();
    await phone.getByRole("list", { name: "Inbox" }).waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    expect(await seriousIn(phone)).toEqual([]);
    await phone.getByRole("button", { name: "Mark all as read" }).click();
    await phone.getByRole("banner").getByRole("button", { name: "Inbox", exact: true }).waitFor();
    await phone.getByText("Unread", { exact: true }).click();
    await phone.getByText("No unread items").waitFor();
    await reload(phone, "Inbox");
    expect(visitor.troubles).toEqual([]);
  });
});
