import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";
import { ANNOTATION_BODIES, QUEUE_BODY } from "./annotation-bodies.ts";
import { DATASET_BODIES } from "./dataset-bodies.ts";
import { type Caller, type World, walkEndpoints } from "./http-walk.ts";
import { KNOWLEDGE_BASE, KNOWLEDGE_BODIES, KNOWLEDGE_QUERIES, KNOWLEDGE_SOURCE } from "./knowledge-bodies.ts";
import { abTestBody, rolloutBody, shadowBody } from "./release-bodies.ts";
import { makeWatched, WATCH_BODIES } from "./watch-bodies.ts";

let treadle: RunningTreadle;
let key: Caller;
let world: World;

async function call(endpoint: string, headers: Caller, body?: object) {
  const [method, path] = endpoint.split(" ");
  const response = await fetch(treadle.url + path, {
    method,
    headers: { ...(body && { "content-type": "application/json" }), ...headers },
    body: body && JSON.stringify(body),
  });
  const answer = JSON.parse(await response.text());
  if (response.status >= 300) throw new Error(`${endpoint} gave ${response.status}: ${JSON.stringify(answer)}`);
  return { answer, cookie: response.headers.get("set-cookie")?.split(";", 1)[0] ?? "" };
}

/** Signs in. Returns the headers that the browser would send afterwards. */
async function signIn(
  body: object,
): Promise<{ caller: Caller; session: { projects: { projectId: string; isSample: boolean }[] } }> {
  const { cookie, answer } = await call("POST /api/v1/session", {}, body);
  return { caller: { cookie, origin: treadle.url }, session: answer };
}

const endpointBody = {
  name: "support",
  description: "",
  variants: [
    { name: "old", model: "mine/m", weight: 1 },
    { name: "new", model: "mine/n", weight: 0 },
  ],
  fallbacks: [],
  cacheTtlSeconds: 0,
};

const guardBody = { name: "mine", rules: [{ detector: "secrets" }] };
const connectionBody = {
  slug: "mine",
  name: "Mine",
  preset: "openai",
  baseUrl: "https://api.openai.com/v1",
  keys: [{ value: "sk-1234567890" }],
};

/** Nothing listens at the port, so no attack is sent anywhere. */
const deadConnection = {
  slug: "dead",
  preset: "vllm",
  baseUrl: "http://127.0.0.1:9/v1",
  models: ["m"],
  keys: [{ value: "sk-1234567890" }],
};

async function makeRedTeamRun(): Promise<string> {
  await call("POST /api/v1/connections", key, deadConnection);
  const body = { name: "mine", target: { model: "dead/m" }, plugins: ["jailbreak"], attacksPerPair: 1 };
  return (await call("POST /api/v1/red-team-runs", key, body)).answer.redTeamRunId;
}

const viewBody = { name: "Mine", page: "traces", isShared: true };

/** Creates one of each thing that has an id, in the first project. */
async function makeThings() {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const span = {
    traceId,
    spanId: "b7ad6b7169203331",
    name: "mine",
    startTime: new Date().toISOString(),
    durationMs: 1,
    input: "",
    output: "",
  };
  await call("POST /api/v1/spans", key, { spans: [span] });
  const connectionId: string = (await call("POST /api/v1/connections", key, connectionBody)).answer.connectionId;
  const endpointId: string = (await call("POST /api/v1/endpoints", key, endpointBody)).answer.endpointId;
  const policyId: string = (await call("POST /api/v1/guard-policies", key, guardBody)).answer.policyId;
  const previewId: string = (await call("POST /api/v1/guard-previews", key, { policyId })).answer.previewId;
  const guardLabelId = await makeLabel(span);
  const rolloutId: string = (await call("POST /api/v1/rollouts", key, rolloutBody(endpointId))).answer.rolloutId;
  // The budget of a shadow needs the candidate's price.
  await call("POST /api/v1/model-prices", key, {
    provider: "*",
    model: "n",
    inputUsdPerMillion: 1,
    outputUsdPerMillion: 1,
  });
  const shadowId: string = (await call("POST /api/v1/shadows", key, shadowBody(endpointId))).answer.shadowId;
  const abTestId: string = (await call("POST /api/v1/ab-tests", key, abTestBody(endpointId))).answer.abTestId;
  const dashboardId: string = (await call("POST /api/v1/dashboards", key, { name: "Mine" })).answer.dashboardId;
  const viewId: string = (await call("POST /api/v1/views", key, viewBody)).answer.viewId;
  const commentId: string = (await call("POST /api/v1/comments", key, { traceId, text: "mine" })).answer.commentId;
  const apiKeyId: string = (await call("POST /api/v1/api-keys", key, { name: "mine" })).answer.apiKeyId;
  const datasetId: string = (await call("POST /api/v1/datasets", key, { name: "mine" })).answer.datasetId;
  const scorerBody = { name: "mine", kind: "length" };
  const scorerId: string = (await call("POST /api/v1/scorers", key, scorerBody)).answer.scorerId;
  const feedbackBody = { target: { traceId }, name: "mine", value: 1 };
  const feedbackId: string = (await call("POST /api/v1/feedback", key, feedbackBody)).answer.feedbackId;
  const configBody = { name: "mine", type: "boolean" };
  const scoreConfigId: string = (await call("POST /api/v1/score-configs", key, configBody)).answer.scoreConfigId;
  const runId: string = (await call("POST /api/v1/runs", key, { name: "mine" })).answer.runId;
  const queueId: string = (await call("POST /api/v1/annotation-queues", key, QUEUE_BODY)).answer.queueId;
  const knowledgeBaseId: string = (await call("POST /api/v1/knowledge", key, KNOWLEDGE_BASE)).answer.knowledgeBaseId;
  const sources = `POST /api/v1/knowledge/${knowledgeBaseId}/sources`;
  const sourceId: string = (await call(sources, key, KNOWLEDGE_SOURCE)).answer.sourceId;
  const setBody = { name: "Mine", questions: [{ questionId: "q1", question: "Mine?" }] };
  const questionSetId: string = (await call(`POST /api/v1/knowledge/${knowledgeBaseId}/question-sets`, key, setBody))
    .answer.questionSetId;
  const fileBody = { name: "mine.jsonl" };
  const fileId: string = (await call("POST /api/v1/dataset-files", key, fileBody)).answer.fileId;
  const [project] = (await call("GET /api/v1/projects", key)).answer.items;
  const ofDataset = { datasetId, fileId, branch: "side", part: "1" };
  const watched = await makeWatched(async (endpoint, body) => (await call(endpoint, key, body)).answer);
  return {
    ...ofDataset,
    ...watched,
    scorerId,
    feedbackId,
    scoreConfigId,
    runId,
    redTeamRunId: await makeRedTeamRun(),
    queueId,
    knowledgeBaseId,
    sourceId,
    vectorStoreId: knowledgeBaseId,
    questionSetId,
    questionId: "q1",
    traceId,
    connectionId,
    endpointId,
    policyId,
    previewId,
    guardLabelId,
    rolloutId,
    shadowId,
    abTestId,
    dashboardId,
    viewId,
    commentId,
    apiKeyId,
    projectId: String(project.projectId),
  };
}

/** A label of a finding in a span, once the span is stored. */
const makeLabel = ({ traceId, spanId }: { traceId: string; spanId: string }): Promise<string> =>
  vi.waitFor(
    async () => {
      const finding = { detector: "secrets", kind: "jwt", path: "input", start: 0, end: 1, isRight: true };
      return (await call("PUT /api/v1/guard-labels", key, { traceId, spanId, ...finding })).answer.guardLabelId;
    },
    { timeout: 20_000, interval: 100 },
  );

beforeAll(async () => {
  treadle = await startTreadle();
  key = { authorization: `Bearer ${treadle.apiKey}` };
  const { caller: owner, session } = await signIn({ token: (await treadle.signInLink()).split("token=")[1] });
  await call("PATCH /api/v1/account", owner, { password: "a long password" });
  const signedOut = (await signIn({ email: "owner@localhost", password: "a long password" })).caller;
  await call("DELETE /api/v1/session", signedOut);
  const revoked = (await call("POST /api/v1/api-keys", key, { name: "revoked" })).answer;
  await call(`DELETE /api/v1/api-keys/${revoked.apiKeyId}`, key);
  const invited = (await call("POST /api/v1/members", owner, { email: "viewer@example.com", role: "viewer" })).answer;
  const viewer = (await signIn({ token: invited.signInPath.split("token=")[1] })).caller;
  const demo = session.projects.find(({ isSample }) => isSample)?.projectId ?? "";
  const other = (await call("POST /api/v1/api-keys", { ...owner, "x-treadle-project": demo }, { name: "other" }))
    .answer;
  const otherTenant = { authorization: `Bearer ${other.key}` };
  // The other project has the same connection, so that only the id makes its requests fail.
  await call("POST /api/v1/connections", otherTenant, connectionBody);
  const things = await makeThings();
  world = {
    url: treadle.url,
    strangers: {
      nobody: {},
      "a made-up key": { authorization: "Bearer tr_0000000000000000000000000000000000000000000" },
      "a revoked key": { authorization: `Bearer ${revoked.key}` },
      "a session that was ended": signedOut,
    },
    viewer,
    otherTenant,
    ids: { ...things, userId: invited.userId, file: "0", part: "0", day: "2026-01-31", version: "1" },
    queries: {
      "DELETE /api/v1/projects/:projectId": "confirm=My%20project",
      "GET /api/v1/datasets/:datasetId/distribution": "field=inputs.text",
      "GET /api/v1/annotation-queues/:queueId/consensus": "question=good",
      "GET /api/v1/ab-tests/:abTestId/segments": "by=tag",
      ...KNOWLEDGE_QUERIES,
      "GET /api/v1/registry/models/:name/versions/:version/conversions/:conversionId/content": "path=model.gguf",
    },
    bodies: {
      "PATCH /api/v1/scorers/:scorerId": { description: "theirs" },
      "POST /api/v1/scorers/:scorerId/versions": { params: { unit: "lines" } },
      "PATCH /api/v1/score-configs/:scoreConfigId": { description: "theirs" },
      "PATCH /api/v1/experiments/:experimentId": { name: "theirs" },
      "POST /api/v1/live-scoring/:ruleId/backfill": { from: "2026-01-01T00:00:00Z" },
      "PATCH /api/v1/anchor-sets/:anchorId": { isEnabled: false },
      "POST /api/v1/runs/:runId/answers": { answers: [{ itemId: "a", inputs: { text: "theirs" }, output: "x" }] },
      "POST /api/v1/test-sets/:testSetId/datasets": { name: "theirs" },
      "POST /api/v1/registry/stage-requests/:requestId/decision": { decision: "approved" },
      ...DATASET_BODIES,
      ...ANNOTATION_BODIES,
      ...WATCH_BODIES,
      ...KNOWLEDGE_BODIES,
      "POST /api/v1/optimisations/:optimisationId/save": { candidate: 0 },
      "PATCH /api/v1/projects/:projectId": { name: "theirs" },
      "PATCH /api/v1/members/:userId": { role: "viewer" },
      "PATCH /api/v1/connections/:connectionId": { name: "theirs" },
      "PUT /api/v1/dashboards/:dashboardId": { name: "theirs", version: 1 },
      "PUT /api/v1/views/:viewId": { ...viewBody, name: "theirs" },
      "PATCH /api/v1/comments/:commentId": { text: "theirs" },
      "PATCH /api/v1/prompt-comments/:commentId": { text: "theirs" },
      "PUT /api/v1/endpoints/:endpointId": { ...endpointBody, description: "theirs" },
      "POST /api/v1/endpoints/:endpointId/restore": { version: 1 },
      "PUT /api/v1/guard-policies/:policyId": { ...guardBody, description: "theirs" },
      "POST /api/v1/guard-policies/:policyId/restore": { version: 1 },
      "PUT /api/v1/rollouts/:rolloutId": rolloutBody(things.endpointId),
      "PUT /api/v1/ab-tests/:abTestId": abTestBody(things.endpointId),
      "POST /api/v1/ab-tests/:abTestId/pick": { variant: "new" },
    },
  };
});
afterAll(() => treadle.stop());

test("no endpoint lets in a stranger, a viewer without the right, or another tenant", async () => {
  expect(await walkEndpoints(world)).toEqual([]);
});

test("what another tenant named is as it was", async () => {
  const { ids } = world;
  expect((await call(`GET /api/v1/connections/${ids.connectionId}`, key)).answer.name).toBe("Mine");
  expect((await call(`GET /api/v1/endpoints/${ids.endpointId}`, key)).answer.description).toBe("");
  expect((await call(`GET /api/v1/guard-policies/${ids.policyId}`, key)).answer.description).toBe("");
  expect((await call(`GET /api/v1/knowledge/${ids.knowledgeBaseId}`, key)).answer).toMatchObject({
    name: "Mine",
    documents: 0,
  });
  const questionSet = (await call(`GET /api/v1/question-sets/${ids.questionSetId}`, key)).answer;
  expect([questionSet.name, questionSet.questions]).toEqual(["Mine", 1]);
  expect((await call(`GET /api/v1/guard-previews/${ids.previewId}`, key)).answer.policyId).toBe(ids.policyId);
  expect((await call("GET /api/v1/guard-labels", key)).answer.items).toHaveLength(1);
  expect((await call(`GET /api/v1/dashboards/${ids.dashboardId}`, key)).answer.name).toBe("Mine");
  expect((await call(`GET /api/v1/views/${ids.viewId}`, key)).answer.name).toBe("Mine");
  const comments = (await call(`GET /api/v1/comments?traceId=${ids.traceId}`, key)).answer.items;
  expect(comments.map(({ text }: { text: string }) => text)).toEqual(["mine"]);
  const dataset = (await call(`GET /api/v1/datasets/${ids.datasetId}`, key)).answer;
  expect([dataset.name, dataset.description]).toEqual(["mine", ""]);
  const scorer = (await call(`GET /api/v1/scorers/${ids.scorerId}`, key)).answer;
  expect([scorer.name, scorer.description, scorer.latestVersion]).toEqual(["mine", "", 1]);
  const config = (await call(`GET /api/v1/score-configs/${ids.scoreConfigId}`, key)).answer;
  expect([config.description, config.isArchived]).toEqual(["", false]);
  expect((await call("GET /api/v1/feedback", key)).answer.items).toHaveLength(1);
  expect((await call("GET /api/v1/members", key)).answer.items).toHaveLength(2);
});

test("another tenant's project is not found, in the same words whether it exists or not", async () => {
  const errorFor = async (project: string) => {
    const response = await fetch(`${treadle.url}/api/v1/api-keys`, {
      headers: { ...world.otherTenant, "x-treadle-project": project },
    });
    const { error } = JSON.parse(await response.text());
    return [response.status, error.message.replace(project, "?")];
  };
  const real = await errorFor(String(world.ids.projectId));
  expect(real[0]).toBe(404);
  expect(await errorFor("project_made_up")).toEqual(real);
});

test("the walk sees who gets through", { timeout: 300_000 }, async () => {
  const everybody = { ...world, strangers: { "the key itself": key }, viewer: key, otherTenant: key };
  const callers = (await walkEndpoints(everybody)).map(({ caller }) => caller);
  expect(callers).toEqual(expect.arrayContaining(["the key itself", "a viewer", "another tenant"]));
});
