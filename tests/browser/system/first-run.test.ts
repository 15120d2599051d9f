import { get, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium } from "../visitor/chromium.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";

const PASSWORD = "a wheel turned by foot";

describe.runIf(hasChromium)("the first run", () => {
  let visitor: Visitor;
  beforeAll(async () => {
    // A separate server, because this is about the first project and its only owner.
    visitor = await startVisitor({});
  });
  afterAll(() => visitor?.close());

  test("shows how to make the first call, and leads to the sample project, which is not empty and says what it is", async () => {
    const page = await visitor.open();
    await page.getByRole("heading", { name: "Make the first call" }).waitFor();
    expect(await page.getByRole("tabpanel", { name: "curl" }).textContent()).toContain(
      `${visitor.treadle.url}/v1/chat/completions`,
    );
    await page.getByRole("tab", { name: "Python" }).click();
    expect(await page.getByRole("tabpanel", { name: "Python" }).textContent()).toContain(
      `base_url="${visitor.treadle.url}/v1"`,
    );
    await page.getByRole("button", { name: "Open the sample project" }).click();
    await page.getByRole("heading", { name: "Traffic" }).waitFor();
    await page.getByText("Sample data.").waitFor();
    expect(page.url()).toContain(visitor.projects.sample);
  });

  test("charts are drawn in a browser whose system names no language", async () => {
    const page = await visitor.open();
    await page.addInitScript(
      "Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix', configurable: true })",
    );
    await page.reload();
    await page.getByRole("button", { name: "Open the sample project" }).click();
    await page.getByRole("heading", { name: "Traffic" }).waitFor();
    await page.locator("canvas").first().waitFor();
    expect(await page.evaluate("navigator.language")).toBe("en-US");
  });

  test("a one-time link works once, and its token stays in no address", async () => {
    const page = await visitor.openStranger(visitor.signInLink.slice(visitor.treadle.url.length));
    await page.getByRole("alert").waitFor();
    expect(page.url()).not.toContain("token");
    await page.getByLabel("Password").waitFor();
  });

  test("a password that is set lets one sign out and in again, and a wrong one is refused in words", async () => {
    const page = await visitor.open();
    await page.getByRole("link", { name: "Set an email and a password" }).click();
    await page.getByLabel("New password").fill("short");
    await page.getByLabel("New password").blur();
    await page.getByText("use at least 10 characters").waitFor();
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByText("You can sign in with your email and password now").waitFor();
    const email = await page.getByLabel("Email").inputValue();

    await page.getByRole("button", { name: "Owner" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill("not this one, surely");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    expect(await page.getByRole("link", { name: "Set an email and a password" }).count()).toBe(0);
  });

  test("someone who is not signed in comes to the sign-in page, and after it to the page they wanted", async () => {
    const page = await visitor.openStranger("/settings/account");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByLabel("Email").fill("owner@localhost");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Password" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/settings/account");
  });

  test("a session that ends while a page is open leads to the sign-in page, and back to the same address", async () => {
    const page = await visitor.openStranger("/sign-in");
    await signIn(page);
    await page.getByRole("link", { name: "Traces", exact: true }).click();
    await page.getByRole("heading", { name: "Traces", exact: true }).waitFor();
    await page.evaluate("fetch('/api/v1/session', { method: 'DELETE' })");
    // The user comes back to the tab, which asks for unread notifications.
    await page.evaluate("window.dispatchEvent(new Event('visibilitychange'))");
    await signIn(page, "Traces");
    expect(new URL(page.url()).pathname).toBe("/traces");
  });

  test("the first paint needs less than 150 kB of compressed script, kept by the browser for ever", async () => {
    const { url } = visitor.treadle;
    const page = await (await fetch(url, { headers: { accept: "text/html" } })).text();
    const scripts = [...page.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].flatMap(([, path]) => (path ? [path] : []));
    const answers = await Promise.all(scripts.map((path) => head(url + path)));
    expect(scripts.length).toBeGreaterThan(2);
    expect(answers.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(150_000);
    expect(answers.filter(({ path, cache }) => path.includes("/assets/") && !cache.includes("immutable"))).toEqual([]);
  });

  test("nothing broke on the way", () => {
    expect(visitor.troubles).toEqual([]);
  });
});

async function signIn(page: Awaited<ReturnType<Visitor["openStranger"]>>, heading = "Overview") {
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("Email").fill("owner@localhost");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: heading, exact: true }).waitFor();
}

/** The size of a file as the browser receives it with gzip, and its cache lifetime. */
async function head(address: string) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get(address, { headers: { "accept-encoding": "gzip" } }, resolve).on("error", reject);
  const response = await promise;
  let bytes = 0;
  for await (const chunk of response) bytes += chunk.length;
  return { path: address, bytes, cache: response.headers["cache-control"] ?? "" };
}
