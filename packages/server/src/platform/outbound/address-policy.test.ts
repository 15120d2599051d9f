import { describe, expect, test } from "vitest";
import { createAddressPolicy } from "./address-policy.ts";

const strict = createAddressPolicy([]);

describe("without an allow-list", () => {
  test.each([
    "http://127.0.0.1:8080/v1",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]:11434/v1",
    "http://[::ffff:127.0.0.1]/v1",
    "http://[::ffff:7f00:1]/v1",
    "http://[::127.0.0.1]/v1",
    "http://[64:ff9b::7f00:1]/v1",
    "http://[64:ff9b::a9fe:a9fe]/v1",
    "http://[2002:7f00:1::]/v1",
    "http://[fd00:ec2::254]/v1",
    "http://[fe80::1]/v1",
    "http://0x7f000001/v1",
    "http://2130706433/v1",
    "http://0177.0.0.1/v1",
    "http://127.1/v1",
    "http://0/v1",
    "http://0.0.0.0/v1",
    "http://10.0.0.1/v1",
    "http://192.168.1.1/v1",
    "http://172.16.0.1/v1",
    "http://100.64.0.1/v1",
    "http://224.0.0.1/v1",
    "http://255.255.255.255/v1",
    "http://198.18.0.1/v1",
    "http://localhost:1234/v1",
    "http://localhost./v1",
    "http://LOCALHOST/v1",
    "http://api.localhost/v1",
    "http://user@example.com/v1",
    "http://user:secret@example.com/v1",
    "http://@127.0.0.1/v1",
    "http://good.example.com\\@127.0.0.1/v1",
    "http:\\\\127.0.0.1/v1",
    "http://exam ple.com/v1",
    "http://example.com/\nv1",
    "ftp://example.com/v1",
    "file:///etc/passwd",
    "gopher://example.com",
    "//example.com/v1",
    "example.com",
    "",
  ])("%s is refused by its text alone", (url) => {
    expect(strict.refuseUrl(url)).toMatch(/./);
  });

  test.each([
    "https://api.openai.com/v1",
    "http://example.com:8080/v1?a=b@c",
    "https://8.8.8.8/v1",
    "https://[2606:4700::1111]/",
    "https://[64:ff9b::808:808]/",
  ])("%s may be asked", (url) => {
    expect(strict.refuseUrl(url)).toBeNull();
  });

  test("the reason names the kind of address", () => {
    expect(strict.refuseAddress("metadata.example", "169.254.169.254", 80)).toBe(
      "169.254.169.254 is a link-local address, where clouds serve their metadata",
    );
    expect(strict.refuseAddress("x", "", 80)).toBe('"" is not an address');
  });
});

describe("an operator's allow-list", () => {
  test("an address with a port opens that port alone, in every spelling of the address", () => {
    const policy = createAddressPolicy(["127.0.0.1:11434", "[::1]:8000"]);
    expect(policy.refuseUrl("http://127.0.0.1:11434/v1")).toBeNull();
    expect(policy.refuseUrl("http://2130706433:11434/v1")).toBeNull();
    expect(policy.refuseUrl("http://[::ffff:127.0.0.1]:11434/v1")).toBeNull();
    expect(policy.refuseUrl("http://127.0.0.1:5432/")).not.toBeNull();
    expect(policy.refuseUrl("http://[::1]:8000/")).toBeNull();
    expect(policy.refuseUrl("http://[::1]:8001/")).not.toBeNull();
  });

  test("a range opens its addresses and no other", () => {
    const policy = createAddressPolicy(["10.0.0.0/8", "fd00::/8"]);
    expect(policy.refuseUrl("http://10.200.3.4/")).toBeNull();
    expect(policy.refuseAddress("vllm.internal", "fd00::12", 80)).toBeNull();
    expect(policy.refuseUrl("http://11.0.0.1/")).toBeNull();
    expect(policy.refuseUrl("http://192.168.0.1/")).not.toBeNull();
  });

  test("a name opens whatever that name stands for, and not other names of the same address", () => {
    const policy = createAddressPolicy(["vllm.internal", "localhost:1234"]);
    expect(policy.refuseAddress("VLLM.internal.", "10.1.2.3", 80)).toBeNull();
    expect(policy.refuseAddress("other.internal", "10.1.2.3", 80)).not.toBeNull();
    expect(policy.refuseUrl("http://localhost:1234/v1")).toBeNull();
    expect(policy.refuseUrl("http://localhost:1235/v1")).not.toBeNull();
  });

  test("never lets another scheme or credentials in", () => {
    const policy = createAddressPolicy(["127.0.0.1"]);
    expect(policy.refuseUrl("http://a@127.0.0.1/")).not.toBeNull();
    expect(policy.refuseUrl("ftp://127.0.0.1/")).not.toBeNull();
  });

  test.each(["http://x", "10.0.0.0/99", "a b", "127.0.0.1:99999", "*.internal", ""])(
    "refuses the entry %j at start",
    (entry) => {
      expect(() => createAddressPolicy([entry])).toThrow("TREADLE_OUTBOUND_ALLOW");
    },
  );
});
