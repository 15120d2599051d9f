import type { Span } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import { toRow } from "../traces/rows/span-row.ts";
import { freshScope, makeSpan } from "../traces/testing/make-span.ts";
import { createSignals } from "./signals.ts";

const clock = { now: () => Date.parse("2026-11-22T12:00:00Z"), elapsed: () => 0 };
let columnar: Columnar;
beforeAll(async () => {
  columnar = await openTestColumnar();
});
afterAll(() => columnar.close());

type Call = Partial<Span> & { readonly target?: string; readonly fingerprint?: string };
const keep = ({ projectId }: Scope, calls: readonly Call[]) =>
  columnar.insert(
    "spans",
    calls.map(({ target = "openai/gpt-4.1", fingerprint = "fp_1", attributes, ...span }) =>
      toRow(
        projectId,
        makeSpan({ ...attempted(target), attributes: { ...wire(fingerprint), ...attributes }, ...span }),
        false,
      ),
    ),
  );
/** A call that another connection failed first. */
function attempted(target: string): Pick<Span, "attempts"> {
  const [connection = "", model = ""] = target.split("/");
  const attempt = { connection, provider: "openai", model, status: 200, error: "", durationMs: 5 };
  return { attempts: [{ ...attempt, connection: "first" }, attempt] };
}
const wire = (print: string) => ({ "treadle.wire": "chat", "openai.response.system_fingerprint": print });
const on = (day: number, minute = 0) => `2026-11-${day}T10:${String(minute).padStart(2, "0")}:00.000Z`;
const asked = (text: string): Pick<Span, "input"> => ({
  input: [{ role: "user", parts: [{ type: "text", content: text }] }],
});
const show = async (scope: Scope, query: { connection?: string; model?: string; days?: number } = {}) =>
  (await createSignals({ columnar, clock })(scope, { days: 30, limit: 100, ...query })).items;

test("the name, the fingerprint, the tokens of a repeated text and the speed are shown by day, with what changed", async () => {
  const scope = freshScope();
  const speed = { durationMs: 1_200, timeToFirstTokenMs: 200, outputTokens: 40 };
  await keep(scope, [
    { startTime: on(20), ...asked("Hello"), inputTokens: 100, ...speed },
    { startTime: on(20, 1), ...asked("Only today"), inputTokens: 7, ...speed, outputTokens: 60 },
    { startTime: on(20, 2), ...asked("Hello"), inputTokens: 100, ...speed, outputTokens: 80 },
    {
      startTime: on(21),
      ...asked("Hello"),
      inputTokens: 110,
      fingerprint: "fp_2",
      responseModel: "gpt-4.1-2026-11-21",
      ...speed,
      outputTokens: 20,
    },
    {
      startTime: on(22),
      ...asked("Hello"),
      inputTokens: 110,
      fingerprint: "fp_2",
      responseModel: "gpt-4.1-2026-11-21",
      ...speed,
      outputTokens: 22,
    },
  ]);
  expect(await show(scope)).toEqual([
    {
      day: "2026-11-20",
      connection: "openai",
      model: "gpt-4.1",
      calls: 3,
      responseModels: ["gpt-4.1-2025-04-14"],
      fingerprints: ["fp_1"],
      tokensPerSecond: 60,
      tokenRatio: 1,
      changes: [],
    },
    expect.objectContaining({
      day: "2026-11-21",
      responseModels: ["gpt-4.1-2026-11-21"],
      fingerprints: ["fp_2"],
      tokensPerSecond: 20,
      tokenRatio: 1.1,
      changes: ["model", "fingerprint", "tokens", "speed"],
    }),
    expect.objectContaining({ day: "2026-11-22", tokenRatio: 1.1, tokensPerSecond: 22, changes: [] }),
  ]);
});

test("failed calls, probes, cached answers, estimated tokens, short answers and spans of other senders are no signals", async () => {
  const scope = freshScope();
  await keep(scope, [
    { startTime: on(20), ...asked("Hello"), inputTokens: 10, outputTokens: 19, durationMs: 1_000 },
    { startTime: on(21), ...asked("Hello"), inputTokens: 10, attributes: { "treadle.usage.estimated": true } },
    { startTime: on(21), status: "error", responseModel: "failed" },
    { startTime: on(21), isCacheHit: true, responseModel: "cached" },
    { startTime: on(21), kind: "embedding", responseModel: "embedding" },
    { startTime: on(21), environment: "probe", responseModel: "probed" },
  ]);
  const elsewhere = makeSpan({ ...attempted("openai/gpt-4.1"), startTime: on(21), responseModel: "elsewhere" });
  await columnar.insert("spans", [toRow(scope.projectId, elsewhere, false)]);
  const shown = await show(scope);
  expect(shown.map(({ day, calls }) => [day, calls])).toEqual([
    ["2026-11-20", 1],
    ["2026-11-21", 1],
  ]);
  expect(shown.every(({ tokenRatio, tokensPerSecond }) => tokenRatio === null && tokensPerSecond === null)).toBe(true);
  expect(shown.flatMap(({ responseModels }) => responseModels)).toEqual(["gpt-4.1-2025-04-14", "gpt-4.1-2025-04-14"]);
});

test("signals are of one connection and model, of a project and of the last days", async () => {
  const scope = freshScope();
  await keep(scope, [
    { startTime: on(20) },
    { startTime: on(20), target: "azure/gpt-4.1" },
    { startTime: on(21), target: "azure/small" },
  ]);
  const names = (signals: Awaited<ReturnType<typeof show>>) =>
    signals.map(({ connection, model, day }) => `${connection}/${model} ${day.slice(8)}`);
  expect(names(await show(scope))).toEqual(["azure/gpt-4.1 20", "azure/small 21", "openai/gpt-4.1 20"]);
  expect(names(await show(scope, { connection: "azure", model: "gpt-4.1" }))).toEqual(["azure/gpt-4.1 20"]);
  expect(names(await show(scope, { days: 2 }))).toEqual(["azure/small 21"]);
  expect(await show(freshScope())).toEqual([]);
});
