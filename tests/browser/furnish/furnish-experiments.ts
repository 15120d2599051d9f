import { createClient } from "@treadle/sdk";
import type { RunningTreadle } from "../../setup/start-treadle.ts";

const TOPICS = ["card arrival", "lost card", "exchange rate", "top up failed", "refund"] as const;
const STARTS = ["Hello,", "Good day,", "Sorry to ask:", "Hi,"] as const;

export type Furnished = { datasetId: string; experimentId: string; runIds: readonly string[]; scorerId: string };

/**
 * Creates a dataset of 160 questions, a scorer with two versions, a judge of pairs, and three experiments that echo
 * their input. Answers of `hint` are right more often, but never about exchange rates. The scorer is calibrated. The
 * connection `scripted` must exist.
 */
export async function furnishExperiments({ url, apiKey }: RunningTreadle): Promise<Furnished> {
  const client = createClient({ baseUrl: url, apiKey });
  const { datasetId } = await client.call("POST /api/v1/datasets", {
    body: { name: "banking-intents", description: "Questions with their intents.", isEvaluation: true },
  });
  await client.call("POST /api/v1/datasets/:datasetId/items", {
    params: { datasetId },
    body: { items: Array.from({ length: 160 }, (_, n) => itemOf(n)) },
  });
  await client.call("POST /api/v1/datasets/:datasetId/draft/commit", {
    params: { datasetId },
    body: { message: "Questions of the first quarter" },
  });
  for (const [model, usd] of [
    ["echo-1", 0.2],
    ["echo-2", 1.4],
    ["pairs-1", 2],
  ] as const)
    await client.call("POST /api/v1/model-prices", {
      body: { provider: "*", model, inputUsdPerMillion: usd, outputUsdPerMillion: 4 * usd },
    });
  const { scorerId } = await client.call("POST /api/v1/scorers", {
    body: {
      name: "names the intent",
      description: "The intent stands in the answer.",
      kind: "contains",
      params: { isCaseSensitive: true },
      message: "First version",
    },
  });
  await client.call("POST /api/v1/scorers/:scorerId/versions", {
    params: { scorerId },
    body: { params: { isCaseSensitive: false }, message: "Capital letters do not matter" },
  });
  await client.call("POST /api/v1/scorers", {
    body: { name: "better answer", kind: "pairwise", params: { model: "scripted/pairs-1" }, message: "First version" },
  });
  const start = (name: string, content: string) =>
    client.call("POST /api/v1/experiments", {
      body: {
        name,
        dataset: { datasetId, version: "1" },
        variants: [{ name: "A", model: "scripted/echo-1", messages: [{ role: "user", content }] }],
        scorers: [{ scorer: scorerId }],
        tags: ["nightly"],
      },
    });
  for (const [name, content] of [
    ["nightly 1", "{{vague}}"],
    ["nightly 2", "{{question}}"],
  ] as const)
    await ended(client, (await start(name, content)).experimentId);
  const { experimentId } = await client.call("POST /api/v1/experiments", {
    body: {
      name: "hints or questions",
      description: "Whether a hint from the router helps to name the intent.",
      dataset: { datasetId, version: "1" },
      variants: [
        variant("question", "echo-1", "{{question}}"),
        variant("hint", "echo-1", "{{hint}}"),
        variant("both, large model", "echo-2", "{{hint}} {{question}}"),
      ],
      scorers: [{ scorer: scorerId }, { kind: "edit-similarity" }, { kind: "length" }],
      repeats: 2,
    },
  });
  const { runs } = await ended(client, experimentId);
  const [first] = runs;
  const source = {
    kind: "run" as const,
    runId: first?.runId ?? "",
    scorer: "names the intent",
    label: "metadata.human",
  };
  await client.call("POST /api/v1/calibrations", { body: { scorer: scorerId, source } });
  return { datasetId, experimentId, runIds: runs.map(({ runId }) => runId), scorerId };
}

const variant = (name: string, model: string, content: string) => ({
  name,
  model: `scripted/${model}`,
  messages: [
    { role: "system" as const, content: "Name the intent of the question." },
    { role: "user" as const, content },
  ],
});

function itemOf(n: number) {
  const topic = TOPICS[n % TOPICS.length] ?? TOPICS[0];
  const other = TOPICS[(n + 1) % TOPICS.length] ?? TOPICS[0];
  const isPlain = n % 10 < 7;
  const isHinted = topic !== "exchange rate" && n % 20 !== 13;
  return {
    itemId: `question-${n + 1}`,
    inputs: {
      question: `${STARTS[n % 4]} I have a question about ${isPlain ? `the ${topic}` : "what I saw in the app"}. What should I do, please?`,
      hint: isHinted ? topic : other,
      vague: n % 3 === 0 ? topic : "something in the app",
    },
    expected: topic,
    // The human label of the bare answer, which sometimes disagrees with the scorer.
    metadata: { topic, tenant: n % 2 === 0 ? "acme" : "globex", human: isPlain !== (n % 16 === 5) },
    split: n % 4 === 3 ? "test" : "train",
  };
}

type Client = ReturnType<typeof createClient>;

/** Waits up to a minute for the experiment to end. */
async function ended(client: Client, experimentId: string) {
  for (let tries = 0; tries < 300; tries += 1) {
    const experiment = await client.call("GET /api/v1/experiments/:experimentId", { params: { experimentId } });
    if (experiment.status === "done") return experiment;
    if (experiment.status === "failed") throw new Error(`the experiment failed: ${experiment.error}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the experiment took more than a minute");
}
