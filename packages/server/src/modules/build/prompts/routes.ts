import { promptsApi } from "@treadle/contract";
import type { Call } from "../../../kernel/call.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Tagged } from "./read/read-prompt.ts";
import type { Prompts } from "./service.ts";

const DONE = { ok: true } as const;

/** The prompt under its tag; 304 without it for a caller who has that one already. */
function tagged({ headers, setHeader, setStatus }: Call, { prompt, tag }: Tagged): Tagged["prompt"] {
  setHeader("etag", tag);
  setHeader("cache-control", "private, no-cache");
  const known = headers["if-none-match"];
  if (typeof known === "string" && known.split(",").some((one) => one.trim().replace(/^W\//, "") === tag))
    setStatus(304);
  return prompt;
}

export const promptRoutes = (prompts: Prompts) => {
  const { versions, labels, comments, usage, langfuse } = prompts;
  return mount(promptsApi, {
    "GET /api/v1/prompts": ({ scope, query }) => prompts.list(scope, query),
    "GET /api/v1/prompt-folders": ({ scope }) => prompts.listFolders(scope),
    "POST /api/v1/prompts": ({ scope, body }) => versions.createPrompt(scope, body),
    "GET /api/v1/prompts/:name": async (call) =>
      tagged(call, await prompts.read(call.scope, call.params.name, call.query)),
    "GET /api/v1/prompts/:name/details": ({ scope, params }) => prompts.get(scope, params.name),
    "PATCH /api/v1/prompts/:name": ({ scope, params, body }) => prompts.update(scope, params.name, body),
    "DELETE /api/v1/prompts/:name": async ({ scope, params }) => {
      await prompts.delete(scope, params.name);
      return DONE;
    },
    "GET /api/v1/prompts/:name/versions": ({ scope, params, query }) => versions.list(scope, params.name, query),
    "POST /api/v1/prompts/:name/versions": async ({ scope, params, body, setStatus }) => {
      const saved = await versions.create(scope, params.name, body);
      if (!saved.isNew) setStatus(200);
      return saved;
    },
    "GET /api/v1/prompts/:name/versions/:version": ({ scope, params }) =>
      versions.get(scope, params.name, params.version),
    "PUT /api/v1/prompts/:name/labels/:label": ({ scope, params, body }) => labels.put(scope, params, body),
    "DELETE /api/v1/prompts/:name/labels/:label": ({ scope, params, query }) =>
      labels.remove(scope, params, query.expectedVersion),
    "POST /api/v1/prompts/:name/labels/:label/rollback": ({ scope, params, body }) =>
      labels.rollBack(scope, params, body),
    "GET /api/v1/prompts/:name/label-history": ({ scope, params, query }) => labels.history(scope, params.name, query),
    "PUT /api/v1/prompts/:name/protected-labels": ({ scope, params, body }) =>
      labels.protect(scope, params.name, body.labels),
    "GET /api/v1/prompts/:name/diff": ({ scope, params, query }) => versions.diff(scope, params.name, query),
    "POST /api/v1/prompts/:name/render": ({ scope, params, body }) => prompts.render(scope, params.name, body),
    "POST /api/v1/prompt-previews": ({ scope, body }) => prompts.preview(scope, body),
    "GET /api/v1/prompts/:name/stats": ({ scope, params, query }) => usage.stats(scope, params.name, query),
    "GET /api/v1/prompts/:name/used-by": ({ scope, params, query }) => usage.uses(scope, params.name, query),
    "GET /api/v1/prompts/:name/comments": ({ scope, params, query }) => comments.list(scope, params.name, query),
    "POST /api/v1/prompts/:name/comments": ({ scope, params, body }) => comments.create(scope, params.name, body),
    "PATCH /api/v1/prompt-comments/:commentId": ({ scope, params, body }) =>
      comments.update(scope, params.commentId, body.text),
    "DELETE /api/v1/prompt-comments/:commentId": async ({ scope, params }) => {
      await comments.delete(scope, params.commentId);
      return DONE;
    },
    "GET /api/public/v2/prompts": ({ scope, query }) => langfuse.list(scope, query),
    "GET /api/public/v2/prompts/:name": ({ scope, params, query }) => langfuse.get(scope, params.name, query),
  });
};
