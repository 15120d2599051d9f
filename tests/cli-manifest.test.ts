import { api, type Route } from "@treadle/contract";
import { expect, test } from "vitest";
import { z } from "zod";
import { nameCommand, singular } from "../scripts/cli-manifest/name-command.ts";
import { readFlags } from "../scripts/cli-manifest/read-flags.ts";

const endpoints = Object.keys(api);
const nameOf = (endpoint: string, name: string) =>
  nameCommand(endpoint, { name, summary: "", permission: "public", response: z.unknown() }, [...endpoints, endpoint]);

test.each([
  ["GET /api/v1/things", "listThings", "thing list"],
  ["GET /api/v1/things/:thingId", "getThing", "thing get"],
  ["POST /api/v1/things", "createThing", "thing create"],
  ["PATCH /api/v1/things/:thingId", "updateThing", "thing update"],
  ["PUT /api/v1/things/:thingId", "replaceThing", "thing update"],
  ["DELETE /api/v1/things/:thingId", "deleteThing", "thing delete"],
  ["POST /api/v1/things/:thingId/cancel", "cancelThing", "thing cancel"],
  ["GET /api/v1/things/:thingId/stats", "getThingStats", "thing stats"],
  ["GET /api/v1/things/:thingId/parts", "listThingParts", "thing-part list"],
  ["POST /api/v1/things/:thingId/parts", "addThingParts", "thing-part create"],
  ["POST /api/v1/things/estimate", "estimateThing", "thing estimate"],
  ["GET /api/v1/registry/things", "listThings", "model-thing list"],
  ["POST /api/public/things", "createLangfuseThing", "langfuse create-thing"],
])("%s is `%s`", (endpoint, name, command) => {
  const { noun, verb } = nameOf(endpoint, name);
  expect(`${noun} ${verb}`).toBe(command);
});

test("the operation's own verb is an alias", () => {
  expect(nameOf("POST /api/v1/things", "inviteThing").aliases).toEqual(["invite"]);
  expect(nameOf("POST /api/v1/things/:thingId/rollback", "rollBackThing").aliases).toEqual([]);
  expect(nameOf("POST /api/v1/things", "createThing").aliases).toEqual([]);
});

test("nouns are singular", () => {
  expect(["queries", "batches", "aliases", "responses", "settings", "feedback", "live-scoring"].map(singular)).toEqual([
    "query",
    "batch",
    "alias",
    "response",
    "settings",
    "feedback",
    "live-scoring",
  ]);
});

test("flags come from the shapes, with what they accept", () => {
  const route: Route = {
    name: "createThing",
    summary: "",
    permission: "public",
    query: z.object({ isDry: z.stringbool().optional(), url: z.string() }),
    body: z.strictObject({
      fullName: z.string().describe("Its name."),
      kind: z.enum(["a", "b"]).optional(),
      count: z.number().int().min(1).max(9).nullable().default(null),
      isOn: z.boolean().default(true),
      tags: z.array(z.string()).default([]),
      rule: z.object({ of: z.string() }).optional(),
      url: z.string().optional(),
    }),
    response: z.unknown(),
  };
  expect(readFlags(route)).toEqual([
    { field: "isDry", name: "is-dry", in: "query", kind: "boolean" },
    { field: "url", name: "set-url", in: "query", kind: "text", required: true },
    { field: "fullName", name: "full-name", in: "body", kind: "text", help: "Its name.", required: true },
    { field: "kind", name: "kind", in: "body", kind: "choice", choices: ["a", "b"] },
    { field: "count", name: "count", in: "body", kind: "integer", min: 1, max: 9, nullable: true },
    { field: "isOn", name: "is-on", in: "body", kind: "boolean" },
    { field: "tags", name: "tags", in: "body", kind: "list" },
    { field: "rule", name: "rule", in: "body", kind: "json" },
    { field: "url", name: "body-url", in: "body", kind: "text" },
  ]);
});
