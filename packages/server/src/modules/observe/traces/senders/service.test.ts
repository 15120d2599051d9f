import { createHash } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { NO_PRIVACY } from "../../redaction/testing/no-privacy.ts";
import { createSenders } from "./service.ts";

const PICTURE = Buffer.from("a picture");
const SHA256 = createHash("sha256").update(PICTURE);
const sha256 = SHA256.copy().digest("hex");
const scope = { projectId: "proj_1" } as Scope;
const ORIGIN = "https://treadle.example";

let now = 0;
let rows: { table: string; row: object }[] = [];
let stored: Buffer[] = [];
const senders = createSenders({
  spool: {
    append: async (table, given) => {
      rows.push(...given.map((row) => ({ table, row })));
    },
  },
  objects: {
    put: async (content) => {
      const bytes = Buffer.from(content as Uint8Array);
      stored.push(bytes);
      return { sha256: createHash("sha256").update(bytes).digest("hex"), sizeBytes: bytes.length };
    },
  },
  listProjects: async () => ({ items: [] }),
  publicUrl: `${ORIGIN}/`,
  privacy: NO_PRIVACY,
  clock: { now: () => now, elapsed: () => 0 },
});
beforeEach(() => {
  now = Date.parse("2026-11-25T10:00:00.000Z");
  rows = [];
  stored = [];
});

const announce = () =>
  senders.announceMedia(
    scope,
    {
      traceId: "a".repeat(32),
      observationId: "b".repeat(16),
      contentType: "image/png",
      sha256Hash: SHA256.copy().digest("base64"),
    },
    senders.originOf("ignored"),
  );
const ticketOf = (url: string) => url.slice(url.lastIndexOf("/") + 1);

test("media is named as in Langfuse's SDKs, uploaded to a separate address, and referenced by its span", async () => {
  const { mediaId, uploadUrl } = announce();
  expect(mediaId).toBe(SHA256.copy().digest("base64url").slice(0, 22));
  expect(uploadUrl.startsWith(`${ORIGIN}/api/public/media-uploads/`)).toBe(true);
  await senders.uploadMedia(ticketOf(uploadUrl), PICTURE);
  expect(stored).toEqual([PICTURE]);
  const attributes = { uri: mediaId, mime_type: "image/png", size_bytes: PICTURE.length, sha256 };
  expect(rows).toEqual([
    {
      table: "span_contents",
      row: expect.objectContaining({
        project_id: "proj_1",
        span_id: "b".repeat(16),
        name: "treadle.media",
        attributes: JSON.stringify(attributes),
      }),
    },
  ]);
});

test("an upload is refused when it is not what was announced, when its address was made up, and after ten minutes", async () => {
  const { uploadUrl } = announce();
  const ticket = ticketOf(uploadUrl);
  await expect(senders.uploadMedia(ticket, Buffer.from("another"))).rejects.toMatchObject({ code: "invalid_request" });
  const [text = "", signature] = ticket.split(".");
  const other = JSON.parse(Buffer.from(text, "base64url").toString());
  const forged = Buffer.from(JSON.stringify({ ...other, projectId: "proj_2" })).toString("base64url");
  await expect(senders.uploadMedia(`${forged}.${signature}`, PICTURE)).rejects.toMatchObject({ code: "not_found" });
  await expect(senders.uploadMedia("x", PICTURE)).rejects.toMatchObject({ code: "not_found" });
  now += 601_000;
  await expect(senders.uploadMedia(ticket, PICTURE)).rejects.toMatchObject({ code: "not_found" });
  expect([rows, stored]).toEqual([[], []]);
});

test("Traceloop's decimal ids are read, and an image can be uploaded by its own project alone", async () => {
  const image = { trace: String(2n ** 128n - 1n), span: "255", image_name: "1.png" };
  const { url } = senders.announceImage(scope, image, ORIGIN);
  const upload = { ticket: ticketOf(url), data: PICTURE.toString("base64"), origin: ORIGIN };
  const stranger = { projectId: "proj_2" } as Scope;
  await expect(senders.uploadImage(stranger, upload)).rejects.toMatchObject({ code: "not_found" });
  await senders.uploadImage(scope, upload);
  expect(rows[0]?.row).toMatchObject({ trace_id: "f".repeat(32), span_id: "00000000000000ff" });
  expect(JSON.stringify(rows[0]?.row)).toContain(url);
});

test("scores are stored with numbers, words and booleans; other events are rejected by name", async () => {
  const body = { traceId: "a".repeat(32), name: "helpful", value: 0.9, comment: "good" };
  await senders.createScores(scope, [
    { ...body, observationId: "b".repeat(16), timestamp: "2026-11-25T09:00:00Z" },
    { ...body, value: "bad", timestamp: "1990-01-01T00:00:00Z" },
    { ...body, value: true },
  ]);
  expect(
    rows.map(({ table, row }) => [table, (row as { value: unknown }).value, (row as { label: string }).label]),
  ).toEqual([
    ["scores", 0.9, ""],
    ["scores", null, "bad"],
    ["scores", 1, ""],
  ]);
  expect(rows[0]?.row).toMatchObject({ span_id: "b".repeat(16), source: "langfuse", comment: "good" });
  const answer = await senders.ingest(scope, [
    { id: "1", type: "score-create", body },
    { id: "2", type: "trace-create", body: {} },
    { id: "3", type: "score-create", body: { name: 5 } },
  ]);
  expect(answer.successes).toEqual([{ id: "1", status: 201 }]);
  expect(answer.errors.map(({ id }) => id)).toEqual(["2", "3"]);
  expect(rows).toHaveLength(4);
});
