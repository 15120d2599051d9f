import { readFile } from "node:fs/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openNotifications } from "../testing/open-notifications.ts";
import { openSmtpReceiver } from "../testing/smtp-receiver.ts";

const FIXTURES = new URL("../../../../platform/launch/kubernetes/fixtures/", import.meta.url);
const SYSTEM_CAS = getCACertificates("default");
const signIn = { user: "treadle", password: "pw ä" };

let world: Awaited<ReturnType<typeof openNotifications>>;
let project: Awaited<ReturnType<typeof world.openProject>>;
let key: string;
let cert: string;

beforeAll(async () => {
  const read = (name: string) => readFile(new URL(name, FIXTURES), "utf8");
  [world, key, cert] = await Promise.all([
    openNotifications(),
    read("localhost-key.pem"),
    read("localhost-certificate.pem"),
  ]);
});
afterAll(() => world.close());
beforeEach(async () => {
  project = await world.openProject();
});
afterEach(() => setDefaultCACertificates(SYSTEM_CAS));

describe.each(["tls", "starttls"] as const)("e-mail over %s", (kind) => {
  let smtp: Awaited<ReturnType<typeof openSmtpReceiver>>;
  beforeEach(async () => {
    smtp = await openSmtpReceiver({ encryption: { kind, key, cert }, signIn });
  });
  afterEach(() => smtp.close());

  async function sendTest(password = signIn.password) {
    const { channelId } = await project.addChannel({
      kind: "email",
      host: "127.0.0.1",
      port: smtp.port,
      security: kind,
      username: signIn.user,
      password,
      from: "treadle@shop.test",
      to: ["ada@shop.test"],
    });
    return project.api.channels.test(project.scope, channelId);
  }

  test("a mail is sent to a server whose certificate is trusted, with the password", async () => {
    setDefaultCACertificates([...SYSTEM_CAS, cert]);
    expect(await sendTest()).toEqual({ isDelivered: true, message: "The server answered: 250 Queued as 1" });
    expect(smtp.mails).toMatchObject([{ to: ["ada@shop.test"], isEncrypted: true }]);
  });

  test("a self-signed certificate is refused before the password is sent", async () => {
    const { isDelivered, message } = await sendTest();
    expect(isDelivered).toBe(false);
    expect(message).toContain("self-signed certificate");
    expect(smtp.mails).toEqual([]);
  });

  test("a wrong password is reported", async () => {
    setDefaultCACertificates([...SYSTEM_CAS, cert]);
    expect(await sendTest("wrong")).toMatchObject({ isDelivered: false, message: expect.stringContaining("535") });
  });
});

test("a server without STARTTLS gets no mail", async () => {
  const smtp = await openSmtpReceiver();
  const { channelId } = await project.addChannel({
    kind: "email",
    host: "127.0.0.1",
    port: smtp.port,
    security: "starttls",
    username: "",
    from: "treadle@shop.test",
    to: ["ada@shop.test"],
  });
  expect(await project.api.channels.test(project.scope, channelId)).toMatchObject({ isDelivered: false });
  expect(smtp.mails).toEqual([]);
  await smtp.close();
});
