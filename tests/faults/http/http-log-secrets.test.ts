import { expect, test } from "vitest";
import { startHttp } from "../../../packages/server/src/platform/http/testing/start-http.ts";

const KEY = "tr_s3cret-key-that-must-not-be-logged";
const PROMPT = "s3cret prompt";
const PASSWORD = "s3cret password";

test("a key, a prompt and a password, sent in every place, are in no line of the log", async () => {
  const fails = async (): Promise<never> => {
    throw new Error("Failed query: insert\nparams: s3cret", { cause: new Error("cause") });
  };
  const server = await startHttp({
    handlers: { "POST /api/v1/notes": fails, "POST /v1/chat/completions": fails },
    authenticate: async ({ authorization }) =>
      authorization === "Bearer right"
        ? {
            projectId: "project_1",
            actor: "key_1",
            userId: null,
            permissions: new Set(["traces:write", "gateway:use"]),
          }
        : null,
  });
  const secrets = `${KEY} ${PROMPT} ${PASSWORD}`;
  const escaped = encodeURIComponent(secrets);
  const headers = {
    "x-api-key": KEY,
    "x-treadle-metadata": PROMPT,
    cookie: `treadle_session=${KEY}`,
    "x-request-id": KEY,
    "user-agent": secrets,
    referer: `http://x/?${escaped}`,
  };
  const answers = await Promise.all([
    server.post(`/api/v1/notes?password=${escaped}`, JSON.stringify({ text: secrets }), headers),
    server.post(
      "/v1/chat/completions",
      JSON.stringify({ model: secrets, messages: [{ role: "user", content: secrets }] }),
      headers,
    ),
    server.post("/api/v1/notes", `{"text":"${secrets}`, headers),
    server.post("/api/v1/notes", JSON.stringify({ text: 1, [secrets]: secrets }), headers),
    server.post("/v1/messages", secrets, { ...headers, "content-type": secrets.replaceAll(" ", "/") }),
    server.get(`/api/v1/notes/${escaped}?q=${escaped}`, { ...headers, authorization: `Bearer ${KEY}` }),
    server.get(`/${escaped}?token=${escaped}#${escaped}`, {
      ...headers,
      authorization: `Basic ${Buffer.from(`${PASSWORD}:${KEY}`).toString("base64")}`,
    }),
    server.get("/api/v1/notes/1", { ...headers, origin: `https://${KEY}` }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([400, 500, 400, 400, 415, 401, 404, 403]);
  await server.close();
  const log = server.logged();
  expect(log.split("\n").filter((line) => line.includes('"msg":"request"'))).toHaveLength(answers.length);
  expect(log).toContain("request failed");
  expect(log).not.toContain("s3cret");
  expect(log).not.toContain(Buffer.from(`${PASSWORD}:${KEY}`).toString("base64"));
});
