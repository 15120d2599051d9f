import { EventEmitter } from "node:events";
import pg from "pg";
import { expect, test } from "vitest";
import { toAppError } from "./to-app-error.ts";

const codeOf = (error: unknown) => toAppError(error).code;
const coded = (code: string) => new Error("Failed query", { cause: Object.assign(new Error("why"), { code }) });

test("a database error is reported as what the caller can do about it", () => {
  expect(codeOf(coded("23505"))).toBe("conflict");
  expect(codeOf(coded("53100"))).toBe("insufficient_storage");
  expect(codeOf(coded("08006"))).toBe("unavailable");
});

test("a bug is `internal`, whatever it calls itself", () => {
  expect(codeOf(new TypeError("x is not a function"))).toBe("internal");
  expect(codeOf(coded("constructor"))).toBe("internal");
  expect(codeOf("a text")).toBe("internal");
});

test("a pool without a free session is the weather", async () => {
  // A session that is always available and never released.
  const session = () =>
    Object.assign(new EventEmitter(), { connect: (done: () => void) => done(), end: (done: () => void) => done() });
  const Client = new Proxy(pg.Client, { construct: session });
  const pool = new pg.Pool({ Client, max: 1, connectionTimeoutMillis: 20 });
  const connection = await pool.connect();
  const refusal = await pool.query("SELECT 1").catch((cause: unknown) => new Error("Failed query", { cause }));
  expect(codeOf(refusal)).toBe("unavailable");
  connection.release();
  await pool.end();
});
