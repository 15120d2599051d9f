import type { ChannelTarget } from "@treadle/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openNotifications } from "../testing/open-notifications.ts";
import { openReceiver, type Receiver } from "../testing/receiver.ts";
import { openSmtpReceiver } from "../testing/smtp-receiver.ts";

type World = Awaited<ReturnType<typeof openNotifications>>;
let world: World;
let receiver: Receiver;
let project: Awaited<ReturnType<World["openProject"]>>;

beforeAll(async () => {
  world = await openNotifications();
});
afterAll(() => world.close());
beforeEach(async () => {
  receiver = await openReceiver();
  project = await world.openProject();
});
afterEach(() => receiver.close());

const route = (channelId: string) => project.addRoute({ channelIds: [channelId] });
const HOSTILE = { title: "<b> & *bold* <script>", text: "<!channel> & <https://evil.test|click>" };

describe("Slack", () => {
  const connect = async () => route((await project.addChannel({ kind: "slack", url: receiver.url })).channelId);
  const messages = () => receiver.received.map(({ body }) => JSON.parse(body));

  test("a notice becomes blocks within the limits, with the special characters escaped", async () => {
    await connect();
    const facts = Array.from({ length: 30 }, (_, place) => ({ label: `Fact ${place}`, value: "&".repeat(490) }));
    await project.announce({ title: `<!here> ${"x".repeat(290)}`, text: "&<".repeat(2_000), facts });
    const [{ text, blocks }] = messages();
    expect(text).toContain("&lt;!here&gt;");
    expect(text.length).toBeLessThanOrEqual(3_000);
    const [header, section, fields, actions] = blocks;
    expect(header.text.text.length).toBeLessThanOrEqual(150);
    expect(section.text.text.length).toBeLessThanOrEqual(3_000);
    expect(section.text.text).toMatch(/^(&amp;|&lt;|…)+$/);
    expect(fields.fields).toHaveLength(10);
    for (const field of fields.fields) expect(field.text.length).toBeLessThanOrEqual(2_000);
    expect(actions.elements.map((one: { url: string }) => one.url)).toEqual([
      "https://treadle.test/incidents/inc_1",
      expect.stringContaining("/api/v1/notification-acknowledgement?token="),
    ]);
  });

  test("at most one message is sent per second", async () => {
    await connect();
    for (const id of ["a", "b", "c"]) await project.announce({ subject: { kind: "incident", id }, group: id });
    expect(receiver.received).toHaveLength(1);
    await project.pass(999);
    expect(receiver.received).toHaveLength(1);
    await project.pass(1);
    await project.pass(1_000);
    expect(receiver.received).toHaveLength(3);
  });

  test("the URL is a secret, and a wrong message is not repeated", async () => {
    const { channelId } = await project.addChannel({ kind: "slack", url: receiver.url });
    await route(channelId);
    expect(JSON.stringify(await project.api.channels.list(project.scope))).not.toContain("/hook");
    receiver.answer({ status: 400, body: "invalid_payload" });
    await project.announce();
    expect(await project.messages()).toMatchObject([{ state: "dead", attempts: 1 }]);
    receiver.answer({ status: 404, body: "no_service" });
    expect(await project.api.channels.test(project.scope, channelId)).toEqual({
      isDelivered: false,
      message: "The receiver answered HTTP 404: no_service",
    });
  });
});

test("Teams gets an Adaptive Card with the facts and escaped text", async () => {
  await route((await project.addChannel({ kind: "teams", url: receiver.url })).channelId);
  await project.announce(HOSTILE);
  const [{ content, contentType }] = JSON.parse(receiver.received[0]?.body ?? "").attachments;
  expect(contentType).toBe("application/vnd.microsoft.card.adaptive");
  expect(content).toMatchObject({ type: "AdaptiveCard", version: "1.4" });
  expect(content.body[0].text).toBe("Warning, opened: <b> & \\*bold\\* <script>");
  expect(content.body[2]).toEqual({ type: "FactSet", facts: [{ title: "Value", value: "12 % \\(7 to 20\\)" }] });
  expect(content.actions[0]).toEqual({
    type: "Action.OpenUrl",
    title: "Incident",
    url: "https://treadle.test/incidents/inc_1",
  });
});

test("PagerDuty gets trigger, acknowledge and resolve with the subject as the key, also in a storm", async () => {
  const target = { kind: "pagerduty", url: receiver.url, routingKey: "R0UT1NG" } as const;
  const { channelId } = await project.addChannel(target, 1);
  await route(channelId);
  receiver.answer({ status: 202, body: '{"status":"success"}' });
  await project.announce({ severity: "critical" });
  await project.announce({ event: "acknowledged" });
  await project.announce({ event: "resolved" });
  const events = receiver.received.map(({ body }) => JSON.parse(body));
  expect(events.map(({ event_action, dedup_key, routing_key }) => [event_action, dedup_key, routing_key])).toEqual([
    ["trigger", "inc_1", "R0UT1NG"],
    ["acknowledge", "inc_1", "R0UT1NG"],
    ["resolve", "inc_1", "R0UT1NG"],
  ]);
  expect(events[0].payload).toMatchObject({ summary: "Error rate above 5 %", severity: "critical", source: "Shop" });
  expect(JSON.stringify(await project.api.channels.list(project.scope))).not.toContain("R0UT1NG");
});

describe("e-mail", () => {
  const mailTo = (port: number, host = "127.0.0.1"): Extract<ChannelTarget, { kind: "email" }> => ({
    kind: "email",
    host,
    port,
    security: "none",
    username: "",
    from: "treadle@shop.test",
    to: ["ada@shop.test"],
  });

  test("a notice arrives as text and HTML, and all mails about a subject are one thread", async () => {
    const smtp = await openSmtpReceiver();
    await route((await project.addChannel(mailTo(smtp.port))).channelId);
    await project.announce(HOSTILE);
    await project.pass(31_000);
    await project.announce({ event: "resolved" });
    expect(smtp.mails.map(({ from, to }) => ({ from, to }))).toEqual(
      Array.from({ length: 2 }, () => ({ from: "treadle@shop.test", to: ["ada@shop.test"] })),
    );
    const headerOf = (data: string, name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(data)?.[1];
    const [opened = "", resolved = ""] = smtp.mails.map(({ data }) => data);
    for (const name of ["In-Reply-To", "References"]) {
      expect(headerOf(opened, name)).toMatch(/^<[0-9a-f]{32}@shop\.test>$/);
      expect(headerOf(resolved, name)).toBe(headerOf(opened, name));
    }
    expect(headerOf(opened, "Message-ID")).toMatch(/^<msg_\w+@shop\.test>$/);
    expect(headerOf(resolved, "Message-ID")).not.toBe(headerOf(opened, "Message-ID"));
    expect(headerOf(opened, "Auto-Submitted")).toBe("auto-generated");
    expect(opened).toContain("text/plain");
    expect(opened).toContain("text/html");
    const [, html = ""] = opened.replaceAll("=\n", "").split("text/html");
    expect(html).toContain("&lt;script&gt;");
    expect(html).not.toMatch(/<(script|img|link)/);
    await smtp.close();
  });

  test("a refused recipient is final, and a refused connection is tried again", async () => {
    const smtp = await openSmtpReceiver({ refuse: () => "550 No such user" });
    await route((await project.addChannel(mailTo(smtp.port))).channelId);
    await project.announce();
    expect(await project.messages()).toMatchObject([{ state: "dead", lastError: expect.stringContaining("550") }]);
    await smtp.close();
    await project.announce({ subject: { kind: "incident", id: "inc_2" }, group: "b" });
    expect((await project.messages())[0]).toMatchObject({
      state: "waiting",
      lastError: expect.stringContaining("refuses connections"),
    });
  });

  test.each(["10.0.0.1", "169.254.169.254", "::1"])("the address policy refuses %s", async (host) => {
    const { channelId } = await project.addChannel(mailTo(25, host));
    const { isDelivered, message } = await project.api.channels.test(project.scope, channelId);
    expect(isDelivered).toBe(false);
    expect(message).toContain("not allowed");
  });

  test("a password goes only to the server it was entered for, and only encrypted", async () => {
    const mail = { ...mailTo(587), username: "ada", security: "starttls" } as const;
    await expect(project.addChannel(mail)).rejects.toThrow("body.target.password");
    await expect(project.addChannel({ ...mail, password: "pw", security: "none" })).rejects.toThrow("encrypted");
    const { channelId } = await project.addChannel({ ...mail, password: "pw" });
    const update = (changes: object) =>
      project.api.channels.update(project.scope, channelId, { target: { ...mail, ...changes } });
    await expect(update({ to: ["ben@shop.test"] })).resolves.toMatchObject({ settings: { hasPassword: true } });
    await expect(update({ host: "mail.evil.test" })).rejects.toThrow("body.target.password");
  });
});
