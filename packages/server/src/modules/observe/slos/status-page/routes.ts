import { statusPagesApi } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { mount } from "../../../../platform/http/handlers.ts";
import { PAGE_HEADERS } from "./page-style.ts";
import { renderMissing, renderPage } from "./render-page.ts";
import type { StatusPages } from "./status-service.ts";

/** Caches and people see the same page for a minute. */
const CACHED = "public, max-age=60";

export const statusRoutes = (pages: StatusPages) =>
  mount(statusPagesApi, {
    "GET /api/v1/status-page": ({ scope }) => pages.getPage(scope),
    "PUT /api/v1/status-page": ({ scope, body }) => pages.updatePage(scope, body),
    "GET /api/v1/status-notes": ({ scope, query }) => pages.listNotes(scope, query),
    "POST /api/v1/status-notes": ({ scope, body }) => pages.createNote(scope, body),
    "POST /api/v1/status-notes/:noteId/updates": ({ scope, params, body }) =>
      pages.addUpdate(scope, params.noteId, body),
    "DELETE /api/v1/status-notes/:noteId": async ({ scope, params }) => {
      await pages.deleteNote(scope, params.noteId);
      return { ok: true as const };
    },
    "GET /api/v1/public/status/:slug": async ({ params, remoteAddress, setHeader }) => {
      const status = await pages.readPublic(params.slug, remoteAddress);
      setHeader("cache-control", CACHED);
      return status;
    },
    "GET /status/:slug": async ({ params, remoteAddress, sink }) => {
      const answer = await pages.readPublic(params.slug, remoteAddress).then(renderPage).catch(missingPage);
      sink.head(answer === null ? 404 : 200, {
        ...PAGE_HEADERS,
        "cache-control": answer === null ? "no-store" : CACHED,
      });
      sink.end(answer ?? renderMissing());
    },
  });

function missingPage(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
