import { agentTrace } from "../furnish/agent-trace.ts";
import { furnishAnnotation } from "../furnish/furnish-annotation.ts";
import { furnishDataset } from "../furnish/furnish-dataset.ts";
import { furnishExperiments } from "../furnish/furnish-experiments.ts";
import { furnishFeedback } from "../furnish/furnish-feedback.ts";
import { furnishLiveRules } from "../furnish/furnish-live-rules.ts";
import { furnishRegistry } from "../furnish/furnish-registry.ts";
import { sendTrace } from "../furnish/make-trace.ts";
import { recordSpan } from "../furnish/record-span.ts";
import { writePrompts } from "../furnish/write-prompts.ts";
import type { Visitor } from "../visitor/visitor.ts";
import { furnishSearches } from "./optimisation-shots.ts";
import { furnishPlayground } from "./playground-shots.ts";

/** The placeholders in addresses, and the ids that replace them once the project is furnished. */
export type Names = Readonly<Record<string, string>>;

/** Furnishes the project. Returns the ids of what it created. */
export async function furnish(
  { treadle }: Pick<Visitor, "treadle">,
  [providerUrl, rewritingUrl]: readonly [string, string],
): Promise<Names> {
  const headers = { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" };
  const post = (path: string, body: unknown) =>
    fetch(treadle.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  await post("/api/v1/connections", {
    slug: "scripted",
    preset: "vllm",
    name: "A scripted server",
    baseUrl: providerUrl,
    models: ["echo-1", "echo-2", "writer-1", "judge-1", "pairs-1"],
    keys: [{ value: "sk-of-the-pictures" }],
  });
  await post("/api/v1/endpoints", {
    name: "support",
    description: "Answers customers in chat.",
    variants: [
      { model: "scripted/echo-1", weight: 80 },
      { model: "scripted/echo-2", weight: 20 },
    ],
    fallbacks: ["scripted/echo-3"],
    cacheTtlSeconds: 600,
  });
  await writePrompts(treadle, "support");
  await furnishPlayground(treadle);
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const since = `${yesterday}T00:00:00Z`;
  for (const hour of ["07", "09", "16"])
    await recordSpan(treadle, { name: "of yesterday", startTime: `${yesterday}T${hour}:30:00.000Z` });
  await post("/api/v1/scheduled-exports", { name: "Archive", every: "hour", since });
  await post("/api/v1/scheduled-exports", { name: "Failures", filter: "has:error -kind:span", includesContent: false });
  const text = Array.from(
    { length: 90 },
    (_line, index) =>
      `Line ${index + 1} of a long answer that somebody has to be able to read without losing the place.`,
  ).join("\n");
  await sendTrace(treadle, agentTrace("pictures"));
  await recordSpan(treadle, {
    name: `a long one ${"with a name that goes on and on ".repeat(5)}`,
    userId: `user-${"0123456789".repeat(12)}`,
    output: [{ role: "assistant", parts: [{ type: "text", content: `${text}\n${"x".repeat(3_000)}` }] }],
  });
  const dataset = await furnishDataset(treadle);
  const { datasetId, experimentId, scorerId, runIds } = await furnishExperiments(treadle);
  await furnishLiveRules(treadle);
  await furnishRegistry(treadle);
  const runs = Object.fromEntries(runIds.map((runId, place) => [`:run${place + 1}`, runId]));
  const optimisation = await furnishSearches(treadle, rewritingUrl);
  return {
    ":optimisation": optimisation,
    ":dataset": dataset,
    ":questions": datasetId,
    ":experiment": experimentId,
    ":scorer": scorerId,
    ...runs,
    ...(await furnishAnnotation(treadle)),
    ":judged": await furnishFeedback(treadle),
  };
}
