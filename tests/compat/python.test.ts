import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOCAL_MODEL, openWorld, type World } from "./world.ts";

const python = join(import.meta.dirname, ".venv/bin/python");
describe.runIf(existsSync(python))("Python's openai client", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  }, 300_000);
  afterAll(() => world?.close());

  test("chats, streams, calls tools, respects schemas, embeds, lists models and raises its own errors", async () => {
    const { stdout } = await promisify(execFile)(python, [join(import.meta.dirname, "client.py")], {
      env: {
        PATH: process.env.PATH,
        BASE_URL: world.treadle.url,
        API_KEY: world.treadle.apiKey,
        LOCAL_MODEL,
        WEAK_KEY: world.weakKey,
      },
      timeout: 240_000,
    });
    expect(stdout.trim().split("\n")).toEqual(
      ["chat", "stream", "tools", "json_schema", "embeddings", "responses", "models", "errors"].map(
        (name) => `ok ${name}`,
      ),
    );
  }, 250_000);
});
