import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import type { RunningTreadle } from "../../setup/start-treadle.ts";
import type { Shot } from "../shots/shot.ts";

const QUESTIONS = ["Where is my parcel?", "Can I send it back?", "Is it blue?", "What does it cost?", "Who made it?"];
const ANSWERS = {
  "prompt v3": (question: string) =>
    `Thank you for asking: "${question}"\n\n**In short:**\n\n- I have looked at your order.\n- It is all as it should be, and here is each step of it once more.`,
  "prompt v4": (question: string) => `Yes. ${question.length} hours at most.`,
  "prompt v5": () => "I cannot say that for sure. The shop answers within a day; shall I ask?",
};
type Name = keyof typeof ANSWERS;
const NAMES = Object.keys(ANSWERS) as Name[];
/** How much each person likes each answer. The third person disagrees about v3. */
const TASTES: readonly Readonly<Record<Name, number>>[] = [
  { "prompt v3": 3, "prompt v4": 1, "prompt v5": 2 },
  { "prompt v3": 3, "prompt v4": 1, "prompt v5": 2 },
  { "prompt v3": 1, "prompt v4": 3, "prompt v5": 2 },
];

/** Answers comparisons by taste. Every fourth answer, by the item's position, is reversed. */
async function compare(client: Client, queueId: string, taste: Readonly<Record<Name, number>>) {
  for (let place = 0; ; place += 1) {
    const { items } = await client.call("POST /api/v1/annotation-queues/:queueId/next", {
      params: { queueId },
      body: {},
    });
    const [item] = items;
    if (!item) return;
    const [left, right] = item.content.candidates.map(({ fields }) => {
      const text = String(fields[0]?.value);
      const name = NAMES.find((one) => QUESTIONS.some((question) => ANSWERS[one](question) === text));
      return name ? taste[name] : 0;
    });
    const isLeft = (left ?? 0) > (right ?? 0) !== (place % 4 === 3);
    await client.call("POST /api/v1/annotation-leases/:leaseId/answers", {
      params: { leaseId: item.leaseId },
      body: {
        clientId: `compared-${item.leaseId}`,
        status: "submitted",
        msActive: 3_000,
        answers: { better: isLeft ? "left" : "right" },
      },
    });
  }
}

/** Creates a queue with all comparisons answered and its pairs collected. */
export async function furnishPreferences({ url, apiKey }: Pick<RunningTreadle, "url" | "apiKey">): Promise<void> {
  const owner = createClient({ baseUrl: url, apiKey });
  const { queueId } = await owner.call("POST /api/v1/annotation-queues", {
    body: {
      name: "Three prompts compared",
      overlap: 3,
      goldRate: 0,
      disputeBelow: 0,
      questions: [{ type: "pairwise", key: "better", title: "Which answer is better?" }],
    },
  });
  const pairs = [
    ["prompt v3", "prompt v4"],
    ["prompt v4", "prompt v5"],
    ["prompt v3", "prompt v5"],
  ] as const;
  const items = QUESTIONS.flatMap((question) =>
    pairs.map((pair) => ({
      key: `${question} ${pair.join()}`,
      content: {
        fields: [{ key: "input", kind: "messages" as const, value: [{ role: "user", content: question }] }],
        candidates: pair.map((name) => ({
          id: name.replace(" ", "-"),
          fields: [{ key: "output", value: ANSWERS[name](question) }],
        })),
      },
    })),
  );
  await owner.call("POST /api/v1/annotation-queues/:queueId/items", {
    params: { queueId },
    body: { from: "custom", items },
  });
  for (const [place, taste] of TASTES.entries()) {
    const body = { name: `Judge ${place + 1}`, permissions: ["annotation:read" as const, "annotation:write" as const] };
    const { key } = await owner.call("POST /api/v1/api-keys", { body });
    await compare(createClient({ baseUrl: url, apiKey: key }), queueId, taste);
  }
  await owner.call("POST /api/v1/preferences/collect", { body: { queueIds: [queueId] } });
}

export const PREFERENCE_SHOTS: readonly Shot[] = [
  { name: "preferences", path: "/preferences", isOwn: true },
  { name: "preferences-none", path: "/preferences" },
  {
    name: "preferences-to-data",
    path: "/preferences",
    isOwn: true,
    async act(page) {
      await page.getByRole("button", { name: "Add to dataset" }).click();
      await page.getByText(/rows? from/).waitFor();
    },
  },
];
