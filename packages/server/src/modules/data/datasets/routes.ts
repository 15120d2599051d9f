import { datasetsApi } from "@treadle/contract";
import { mount } from "../../../platform/http/handlers.ts";
import type { Datasets } from "./service.ts";

const done = { ok: true as const };

/** The routes of datasets and versions. The routes of items and branches are in separate files. */
export const datasetRoutes = ({
  list,
  drafts,
  moves,
  versions,
  tags,
  branches,
  merging,
  items,
  history,
  edits,
  changeMany,
  diff,
}: Datasets) =>
  mount(datasetsApi, {
    "GET /api/v1/datasets": ({ scope, query }) => list.list(scope, query),
    "POST /api/v1/datasets": ({ scope, body }) => list.create(scope, body),
    "GET /api/v1/datasets/:datasetId": ({ scope, params }) => list.get(scope, params.datasetId),
    "PATCH /api/v1/datasets/:datasetId": ({ scope, params, body }) => list.update(scope, params.datasetId, body),
    "DELETE /api/v1/datasets/:datasetId": async ({ scope, params }) => {
      await list.delete(scope, params.datasetId);
      return done;
    },
    "GET /api/v1/datasets/:datasetId/versions": ({ scope, params, query }) =>
      versions.list(scope, params.datasetId, query),
    "GET /api/v1/datasets/:datasetId/versions/:version": ({ scope, params }) =>
      versions.get(scope, params.datasetId, params.version),
    "POST /api/v1/datasets/:datasetId/versions/:version/restore": ({ scope, params: { datasetId, version }, body }) =>
      versions.restore(scope, { datasetId, ...body }, version),
    "PUT /api/v1/datasets/:datasetId/tags/:tag": ({ scope, params: { datasetId, tag }, body }) =>
      tags.tag(scope, datasetId, { tag, ...body }),
    "DELETE /api/v1/datasets/:datasetId/tags/:tag": async ({ scope, params }) => {
      await tags.untag(scope, params.datasetId, params.tag);
      return done;
    },
    "GET /api/v1/datasets/:datasetId/draft": ({ scope, params, query }) => drafts.get(scope, { ...params, ...query }),
    "POST /api/v1/datasets/:datasetId/draft/commit": ({ scope, params, body: { message, ...on } }) =>
      versions.commit(scope, { ...params, ...on }, message),
    "POST /api/v1/datasets/:datasetId/draft/discard": ({ scope, params, body }) =>
      moves.discard(scope, { ...params, ...body }),
    "POST /api/v1/datasets/:datasetId/draft/undo": ({ scope, params, body }) =>
      moves.undo(scope, { ...params, ...body }),
    "POST /api/v1/datasets/:datasetId/draft/redo": ({ scope, params, body }) =>
      moves.redo(scope, { ...params, ...body }),
    "GET /api/v1/datasets/:datasetId/items": ({ scope, params, query }) => items.list(scope, params.datasetId, query),
    "POST /api/v1/datasets/:datasetId/items": ({ scope, params, body: { items: added, ...on } }) =>
      edits.add(scope, { ...params, ...on }, added),
    "GET /api/v1/datasets/:datasetId/items/:itemId": ({ scope, params, query }) =>
      items.get(scope, { ...params, ...query }),
    "PUT /api/v1/datasets/:datasetId/items/:itemId": ({ scope, params: { datasetId, itemId }, body }) => {
      const { item, rowHash, ...on } = body;
      return edits.replace(scope, { datasetId, ...on }, { itemId, item, rowHash });
    },
    "GET /api/v1/datasets/:datasetId/items/:itemId/history": ({ scope, params, query }) =>
      history(scope, { ...params, ...query }),
    "POST /api/v1/datasets/:datasetId/changes": ({ scope, params, body: { select, change, ...on } }) =>
      changeMany(scope, { ...params, ...on }, { select, change }),
    "GET /api/v1/datasets/:datasetId/stats": ({ scope, params, query }) =>
      versions.stats(scope, params.datasetId, query.at),
    "GET /api/v1/datasets/:datasetId/distribution": ({ scope, params, query }) =>
      items.distribution(scope, params.datasetId, query),
    "GET /api/v1/datasets/:datasetId/diff": ({ scope, params, query }) => diff(scope, params.datasetId, query),
    "GET /api/v1/datasets/:datasetId/branches": ({ scope, params, query }) =>
      branches.list(scope, params.datasetId, query),
    "POST /api/v1/datasets/:datasetId/branches": ({ scope, params, body }) =>
      branches.create(scope, params.datasetId, body),
    "DELETE /api/v1/datasets/:datasetId/branches/:branch": async ({ scope, params }) => {
      await branches.delete(scope, params);
      return done;
    },
    "GET /api/v1/datasets/:datasetId/branches/:branch/merge": ({ scope, params }) =>
      merging.previewMerge(scope, params),
    "POST /api/v1/datasets/:datasetId/branches/:branch/reviews": ({ scope, params, body }) =>
      merging.review(scope, params, body),
    "POST /api/v1/datasets/:datasetId/branches/:branch/merge": ({ scope, params, body }) =>
      merging.merge(scope, params, body),
  });
