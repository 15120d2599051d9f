import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { saveBlob } from "../../../../components/browser/save-file.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { Place } from "./use-registry.ts";

type Import = RequestFor<"POST /api/v1/registry/imports">["body"];
type ModelChange = RequestFor<"PATCH /api/v1/registry/models/:name">["body"];
type VersionChange = RequestFor<"PATCH /api/v1/registry/models/:name/versions/:version">["body"];
export type Stage = RequestFor<"POST /api/v1/registry/models/:name/versions/:version/stage">["body"]["stage"];
type Decision = RequestFor<"POST /api/v1/registry/stage-requests/:requestId/decision">["body"]["decision"];
type Kind = NonNullable<
  NonNullable<RequestFor<"GET /api/v1/registry/models/:name/versions/:version/export">["query"]>["kind"]
>;

/** Reloads everything shown about the registry after a change. */
function useAnew() {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: ["registry"] });
}

/** Changes to models, and to the notes and tags of versions. */
export function useModelChanges() {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = useAnew();
  return {
    start: useMutation({
      mutationFn: (body: Import) => client.call("POST /api/v1/registry/imports", { body }),
      onSuccess: () => void cache.invalidateQueries({ queryKey: ["active-jobs"] }),
    }),
    changeModel: useMutation({
      mutationFn: ({ name, ...body }: ModelChange & { name: string }) =>
        client.call("PATCH /api/v1/registry/models/:name", { params: { name }, body }),
      onSuccess,
    }),
    changeVersion: useMutation({
      mutationFn: ({ name, version, ...body }: VersionChange & Place) =>
        client.call("PATCH /api/v1/registry/models/:name/versions/:version", { params: { name, version }, body }),
      onSuccess,
    }),
    deleteModel: useMutation({
      mutationFn: (name: string) => client.call("DELETE /api/v1/registry/models/:name", { params: { name } }),
      meta: { failure: "The model was not deleted" },
      onSuccess,
    }),
    deleteVersion: useMutation({
      mutationFn: (params: Place) =>
        client.call("DELETE /api/v1/registry/models/:name/versions/:version", { params: { ...params } }),
      meta: { failure: "The version was not deleted" },
      onSuccess,
    }),
    saveSettings: useMutation({
      mutationFn: (body: { needsApproval: boolean }) => client.call("PUT /api/v1/registry/settings", { body }),
      meta: { failure: "The setting was not saved" },
      onSuccess,
    }),
  };
}

type Move = { alias: string; version: string; reason?: string };

/** Changes to the aliases of a model. */
export function useAliasChanges(name: string) {
  const { client } = useProject();
  const onSuccess = useAnew();
  return {
    move: useMutation({
      mutationFn: ({ alias, ...body }: Move) =>
        client.call("PUT /api/v1/registry/models/:name/aliases/:alias", { params: { name, alias }, body }),
      onSuccess,
    }),
    rollBack: useMutation({
      mutationFn: (alias: string) =>
        client.call("POST /api/v1/registry/models/:name/aliases/:alias/rollback", {
          params: { name, alias },
          body: {},
        }),
      meta: { failure: "The alias was not rolled back" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (alias: string) =>
        client.call("DELETE /api/v1/registry/models/:name/aliases/:alias", { params: { name, alias } }),
      meta: { failure: "The alias was not deleted" },
      onSuccess,
    }),
  };
}

/** Changes to the stages of versions. */
export function useStageChanges() {
  const { client } = useProject();
  const onSuccess = useAnew();
  return {
    ask: useMutation({
      mutationFn: ({ name, version, ...body }: Place & { stage: Stage; note: string }) =>
        client.call("POST /api/v1/registry/models/:name/versions/:version/stage", { params: { name, version }, body }),
      onSuccess,
    }),
    decide: useMutation({
      mutationFn: ({ requestId, ...body }: { requestId: string; decision: Decision; note: string }) =>
        client.call("POST /api/v1/registry/stage-requests/:requestId/decision", { params: { requestId }, body }),
      meta: { failure: "Your decision was not saved" },
      onSuccess,
    }),
  };
}

/** Reloads everything shown about the registry, for example after an import. */
export function useRegistryRefresh() {
  const anew = useAnew();
  return () => void anew();
}

/** Evaluates a version against its base as a job. The page shows the result on the next visit. */
export function useEvaluateVersion() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; version: number }) => client.call("POST /api/v1/model-evaluations", { body }),
    meta: { failure: "The evaluation did not start" },
    onSuccess: () => {
      toastDone("Evaluation started. See Jobs for progress");
      void cache.invalidateQueries({ queryKey: ["active-jobs"] });
    },
  });
}

const nameIn = (response: Response) =>
  /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];

/** Downloads a file of a version, or the version as an archive. */
export function useDownloads({ name, version }: Place) {
  const { client } = useProject();
  const params = { name, version };
  return {
    file: useMutation({
      async mutationFn(path: string) {
        const response = await client.send("GET /api/v1/registry/models/:name/versions/:version/content", {
          params,
          query: { path },
        });
        saveBlob(nameIn(response) ?? path, await response.blob());
      },
      meta: { failure: "The file was not downloaded" },
    }),
    archive: useMutation({
      async mutationFn(kind: Kind) {
        const response = await client.send("GET /api/v1/registry/models/:name/versions/:version/export", {
          params,
          query: { kind },
        });
        saveBlob(nameIn(response) ?? `${name}-v${version}.tar`, await response.blob());
      },
      meta: { failure: "The archive was not created" },
    }),
  };
}
