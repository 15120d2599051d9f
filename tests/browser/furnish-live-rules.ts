import { createClient } from "@treadle/sdk";
import type { RunningTreadle } from "../setup/start-treadle.ts";

/** Rules that score, that are paused, and that have used up their budget, with scores of each state. The connection `scripted` must be there. */
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
      ...{ name: "Helpful, every tenth trace of the shop's chat", filter: "environment:live -status:error" },
      ...{ scorers: [{ scorer: "helpful to the customer" }], budget: { tokens: 40 } },
    },
    { name: "Whole traces", target: "roots" as const, scorers: [{ kind: "length" }], isEnabled: false },
  ];
  for (const body of rules) await call("POST /api/v1/live-scoring", { body });
  for (let at = 0; at < 12; at++)
    await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        ...{ authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
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
      return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
