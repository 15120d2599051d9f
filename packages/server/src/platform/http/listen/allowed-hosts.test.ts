import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { createDoor } from "./allowed-hosts.ts";

const door = createDoor(["127.0.0.1", "treadle.example", "proxy.example:8443"]);
const ask = (headers: Record<string, string>, more: { method?: string; localAddress?: string } = {}) =>
  ({
    headers,
    method: more.method ?? "GET",
    socket: { localAddress: more.localAddress ?? "127.0.0.1" },
  }) as unknown as IncomingMessage;
const codeOf = (headers: Record<string, string>, localAddress?: string) =>
  door.refusalOf(ask(headers, { localAddress }))?.code ?? null;

describe("the Host header", () => {
  test.each([
    "localhost:4747",
    "127.0.0.1",
    "[::1]:4747",
    "LOCALHOST",
    "localhost.:80",
    "treadle.example",
    "Treadle.Example:443",
    "proxy.example:8443",
  ])("%s names this server", (host) => expect(codeOf({ host })).toBeNull());
  test.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "proxy.example",
    "proxy.example:1",
    "",
    "127.0.0.2",
    "[::ffff:127.0.0.1]",
  ])("%s does not", (host) => expect(codeOf({ host })).toBe("misdirected_request"));
  test("may be the address at which the connection arrived, and no other", () => {
    expect(codeOf({ host: "192.168.1.5:4747" }, "::ffff:192.168.1.5")).toBeNull();
    expect(codeOf({ host: "[fe80::1]:4747" }, "fe80::1")).toBeNull();
    expect(codeOf({ host: "192.168.1.5:4747" }, "192.168.1.6")).toBe("misdirected_request");
  });
  test("must be there", () => expect(codeOf({})).toBe("misdirected_request"));
});

describe("the Origin header", () => {
  const host = "localhost:4747";
  test.each([
    "http://localhost:4747",
    "https://LOCALHOST:4747",
    "https://treadle.example",
    "https://proxy.example:8443",
  ])("%s is ours", (origin) => expect(codeOf({ host, origin })).toBeNull());
  test.each([
    "https://evil.example",
    "http://localhost:3000",
    "http://127.0.0.1:4747",
    "http://127.0.0.1:3000",
    "http://127.0.0.1",
    "https://treadle.example:3000",
    "null",
    "",
    "http://localhost:4747.evil.example",
    "file://",
  ])("%s is not", (origin) => expect(codeOf({ host, origin })).toBe("forbidden"));
});

describe("a cookie", () => {
  const forgery = (method: string, headers: Record<string, string>) =>
    door.forgeryOf(ask({ host: "localhost", ...headers }, { method }))?.code ?? null;
  test("is taken with an unsafe method only from our own pages", () => {
    expect(forgery("GET", {})).toBeNull();
    expect(forgery("POST", {})).toBe("forbidden");
    expect(forgery("DELETE", { "sec-fetch-site": "same-site" })).toBe("forbidden");
    expect(forgery("POST", { "sec-fetch-site": "same-origin" })).toBeNull();
    expect(forgery("POST", { origin: "http://localhost" })).toBeNull();
  });
});
