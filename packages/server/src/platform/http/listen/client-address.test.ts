import { describe, expect, test } from "vitest";
import { createClientAddresses, parseRange } from "./client-address.ts";

const behind = createClientAddresses(["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);

describe("the address of a caller", () => {
  test.each([
    ["203.0.113.9", "198.51.100.1", "203.0.113.9"],
    ["127.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"],
    ["127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"],
    ["127.0.0.1", "10.9.9.9, 10.1.2.3", "10.9.9.9"],
    ["127.0.0.1", "198.51.100.1:5000", "198.51.100.1"],
    ["127.0.0.1", "[2001:db8:1:2:3::4]:5000", "2001:db8:1:2::/64"],
    ["fd00::1", "2001:db8:1:2:9::9", "2001:db8:1:2::/64"],
    ["127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"],
    ["127.0.0.1", "127.1", "127.0.0.1"],
    ["127.0.0.1", "", "127.0.0.1"],
  ])("that %s forwards with X-Forwarded-For: %s is %s", (peer, header, client) => {
    expect(behind.clientOf(peer, { "x-forwarded-for": header })).toBe(client);
  });

  test.each([
    ["for=198.51.100.1", "198.51.100.1"],
    ['proto=https;For="198.51.100.1:80";by=10.0.0.1', "198.51.100.1"],
    ['for=6.6.6.6, for="[2001:db8:1:2:3::4]:80"', "2001:db8:1:2::/64"],
    ['for="6.6.6.6, for=198.51.100.1', "198.51.100.1"],
    ["for=_hidden", "127.0.0.1"],
    ["proto=https", "127.0.0.1"],
  ])("that a proxy forwards with Forwarded: %s is %s", (forwarded, client) => {
    expect(behind.clientOf("127.0.0.1", { forwarded })).toBe(client);
  });

  test("is the proxy's own where the two headers disagree, so that a caller cannot choose one", () => {
    const forwarded = "for=6.6.6.6";
    expect(behind.clientOf("127.0.0.1", { "x-forwarded-for": "198.51.100.1", forwarded })).toBe("127.0.0.1");
    expect(behind.clientOf("127.0.0.1", { "x-forwarded-for": "6.6.6.6", forwarded })).toBe("6.6.6.6");
  });

  test("is the connection's where no proxy is trusted, and the log names the proxy once", () => {
    const warned: object[] = [];
    const alone = createClientAddresses([], { warn: (entry) => void warned.push(entry as object) });
    for (let count = 0; count < 3; count++)
      expect(alone.clientOf("10.0.0.7", { "x-forwarded-for": "198.51.100.1" })).toBe("10.0.0.7");
    expect(warned).toEqual([{ peer: "10.0.0.7" }]);
  });
});

test.each([
  ["10.0.0.7", true],
  ["10.0.0.0/8", true],
  ["fd00::/8", true],
  ["::1", true],
  ["0.0.0.0/0", false],
  ["::/0", false],
  ["10.0.0.0/33", false],
  ["proxy.example", false],
  ["10", false],
])("%s as a trusted proxy is taken: %s", (text, isTaken) => {
  expect(parseRange(text) !== null).toBe(isTaken);
});
