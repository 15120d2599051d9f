import { expect, test } from "vitest";
import { loadConfig, straySettings } from "./config.ts";

test("every wrong setting is named with what would do, and none with its value", () => {
  const load = () =>
    loadConfig({
      TREADLE_PORT: "99999",
      TREADLE_LOG_LEVEL: "loud",
      TREADLE_SECRET_KEY: "hush",
      TREADLE_DRAIN_SECONDS: "x",
    });
  expect(load).toThrow("  TREADLE_PORT: must be at most 65535\n");
  expect(load).toThrow("  TREADLE_LOG_LEVEL: must be one of debug, info, warn, error, silent\n");
  expect(load).toThrow("  TREADLE_SECRET_KEY: use 32 random bytes in base64\n");
  expect(load).toThrow("  TREADLE_DRAIN_SECONDS: must be a number\n");
  expect(load).not.toThrow("hush");
});

test("folders that models may be read from are absolute paths, and none unless they are listed", () => {
  expect(loadConfig({}).TREADLE_MODEL_FOLDERS).toEqual([]);
  expect(loadConfig({ TREADLE_MODEL_FOLDERS: "/srv/a, /srv/b" }).TREADLE_MODEL_FOLDERS).toEqual(["/srv/a", "/srv/b"]);
  expect(() => loadConfig({ TREADLE_MODEL_FOLDERS: "/srv/a,models" })).toThrow("write absolute paths");
});

test("an empty setting counts as unset", () => expect(loadConfig({ TREADLE_PORT: "" }).TREADLE_PORT).toBe(4747));

test("a setting that is spelled wrong is found; what the commands read is not taken for one", () =>
  expect(
    straySettings({ TREADLE_OUTBOUND_ALOW: "x", TREADLE_URL: "x", TREADLE_API_KEY: "x", TREADLE_PORT: "1", PATH: "x" }),
  ).toEqual([expect.stringMatching(/^TREADLE_OUTBOUND_ALOW is set, but/)]));

test("other programs get the environment without our settings", () =>
  expect(loadConfig({ TREADLE_SECRET_KEY: "A".repeat(43), PATH: "/bin", HOME: "/root" }).toolEnvironment).toEqual({
    PATH: "/bin",
    HOME: "/root",
  }));

test("HTTP and gRPC cannot share a port, and each may take a free one", () => {
  const ports = (http: string, grpc: string) => () => loadConfig({ TREADLE_PORT: http, TREADLE_OTLP_GRPC_PORT: grpc });
  expect(ports("4747", "4747")).toThrow("TREADLE_OTLP_GRPC_PORT: gRPC needs a different port");
  expect(ports("0", "0")).not.toThrow();
  expect(loadConfig({}).TREADLE_OTLP_GRPC_PORT).toBeUndefined();
});
