import { api } from "@treadle/contract";

/** What watches the traffic, each with the name of its id. */
const MADE = {
  monitorId: "POST /api/v1/monitors",
  incidentId: "POST /api/v1/incidents",
  sloId: "POST /api/v1/slos",
  noteId: "POST /api/v1/status-notes",
  driftWatchId: "POST /api/v1/drift-watches",
  channelId: "POST /api/v1/notification-channels",
} as const;

type Create = (endpoint: string, body: object) => Promise<Record<string, string>>;

/** Creates one of each from the example of its endpoint, and returns the ids. */
export async function makeWatched(create: Create): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const [id, endpoint] of Object.entries(MADE))
    ids[id] = (await create(endpoint, api[endpoint].example))[id] ?? "";
  return ids;
}

/** Bodies that would change what watches the traffic. */
export const WATCH_BODIES: Readonly<Record<string, object>> = {
  "PATCH /api/v1/monitors/:monitorId": { isEnabled: false },
  "PATCH /api/v1/incidents/:incidentId": { title: "theirs" },
  "POST /api/v1/incidents/:incidentId/comments": { text: "theirs" },
  "PATCH /api/v1/incident-comments/:commentId": { text: "theirs" },
  "PATCH /api/v1/slos/:sloId": { name: "theirs" },
  "POST /api/v1/status-notes/:noteId/updates": { state: "resolved", text: "theirs" },
  "PATCH /api/v1/drift-watches/:driftWatchId": { name: "theirs" },
  "PATCH /api/v1/notification-channels/:channelId": { perMinute: 1 },
  "POST /api/v1/issues/:issueId/merge": { otherIssueId: "theirs" },
  "POST /api/v1/issues/:issueId/split": { fingerprints: ["theirs"] },
  "POST /api/v1/issues/:issueId/comments": { text: "theirs" },
  "PATCH /api/v1/issues/:issueId/comments/:commentId": { text: "theirs" },
  "PATCH /api/v1/topics/:topicId": { label: "theirs" },
  "POST /api/v1/live-scoring/:ruleId/agreement": { score: "helpful", label: "thumbs", passAt: 0.5 },
};
