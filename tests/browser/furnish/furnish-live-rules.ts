import { createClient } from "@treadle/sdk";
import type { RunningTreadle } from "../../setup/start-treadle.ts";

type Call = ReturnType<typeof createClient>["call"];
const LABELLED = 60;
const patience = { tries: 240, ms: 250 };

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let at = 0; at < patience.tries && !(await isSo()); at++)
    await new Promise((resolve) => setTimeout(resolve, patience.ms));
}

/** Creates a lenient judge that is calibrated against people on some spans, and a dashboard of its scores on all spans. */
async function furnishCalibratedRule(call: Call): Promise<void> {
  const contains = (...phrases: string[]) => ({ phrases, mode: "any", isCaseSensitive: false });
  const kind = { name: "says where it is", kind: "contains", params: contains("on its way", "somewhere") };
  await call("POST /api/v1/scorers", { body: kind });
  const filter = "environment:shop";
  const people = { kind: "contains", name: "people agree", params: contains("on its way") };
  await call("POST /api/v1/live-scoring", {
    body: { name: "Where the order is", filter, scorers: [{ scorer: kind.name }, { kind: "length" }] },
  });
  await call("POST /api/v1/live-scoring", {
    body: { name: "Labels", filter: `${filter} tag:labelled`, scorers: [people] },
  });
  const saying = (at: number) => (at % 5 < 2 ? "on its way" : at % 5 === 2 ? "somewhere" : "not known to me");
  const spans = Array.from({ length: 3 * LABELLED }, (_, at) => ({
    traceId: at.toString(16).padStart(32, "c"),
    spanId: at.toString(16).padStart(16, "d"),
    name: "chat",
    kind: "generation" as const,
    startTime: new Date().toISOString(),
    durationMs: 400,
    environment: "shop",
    tags: at < LABELLED ? ["labelled"] : [],
    output: `Order ${at} is ${saying(at)}.`,
  }));
  await call("POST /api/v1/spans", { body: { spans } });
  const countOf = async (name: string) =>
    (await call("GET /api/v1/live-scoring")).items.find((rule) => rule.name === name)?.counts.scored ?? 0;
  await until(
    async () => (await countOf("Labels")) >= LABELLED && (await countOf("Where the order is")) >= 6 * LABELLED,
  );
  const source = { kind: "spans" as const, score: kind.name, label: people.name };
  const calibrate = () => call("POST /api/v1/calibrations", { body: { scorer: kind.name, source } });
  await until(() =>
    calibrate().then(
      ({ report }) => report.pairs === LABELLED,
      () => false,
    ),
  );
  const tile = { kind: "number" as const, query: { measures: [`score.${kind.name}`], where: { filter } } };
  const charts = [{ id: "rate", title: "", ...tile, layout: { x: 0, y: 0, w: 4, h: 4 } }];
  await call("POST /api/v1/dashboards", { body: { name: "Quality of the shop", charts } });
}

/** Creates rules that are active, paused, and out of budget, with scores in each state. The connection `scripted` must exist. */
export async function furnishLiveRules({ url, apiKey }: RunningTreadle): Promise<void> {
  const { call } = createClient({ baseUrl: url, apiKey });
  const judge = {
    model: "scripted/echo-1",
    criteria: [{ name: "helpful", description: "It answers what was asked." }],
  };
  await call("POST /api/v1/scorers", { body: { name: "helpful to the customer", kind: "rubric", params: judge } });
  const rules = [
    { name: "Refusals in production", filter: "environment:live", scorers: [{ kind: "refusal" }, { kind: "length" }] },
    {
      name: "Helpful, every tenth trace of the shop's chat",
      filter: "environment:live -status:error",
      scorers: [{ scorer: "helpful to the customer" }],
      budget: { tokens: 40 },
    },
    { name: "Whole traces", target: "roots" as const, scorers: [{ kind: "length" }], isEnabled: false },
  ];
  for (const body of rules) await call("POST /api/v1/live-scoring", { body });
  for (let at = 0; at < 12; at++)
    await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${apiKey}`,
        "content-type": "application/json",
        "x-treadle-environment": "live",
      },
      body: JSON.stringify({
        model: "scripted/echo-1",
        messages: [
          { role: "user", content: at % 4 === 0 ? "I'm sorry, I can't help with that." : `Order ${at} left.` },
        ],
      }),
    });
  for (let tries = 0; tries < 240; tries++) {
    const { items } = await call("GET /api/v1/live-scoring");
    if (
      items
        .slice(0, 2)
        .every(({ counts, isEnabled }) => !isEnabled || counts.scored + counts.failed + counts.skipped >= 12)
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await furnishCalibratedRule(call);
}
