import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { PromptInput, PromptPatch, PromptVersionInput } from "@treadle/contract";
import type { z } from "zod";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { Prompt } from "./use-prompts.ts";

type NewPrompt = z.input<typeof PromptInput>;
type NewVersion = z.input<typeof PromptVersionInput>;

/** Lists and folders, and what is known of one prompt, are looked at again. */
function useRefresh() {
  const { id } = useProject();
  const queries = useQueryClient();
  return (name: string) =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["prompts", id] }),
      queries.invalidateQueries({ queryKey: ["prompt", id, name] }),
    ]);
}

/** Makes a prompt with its first version. */
export function useCreatePrompt() {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: NewPrompt) => client.call("POST /api/v1/prompts", { body }),
    // Not awaited: the page continues with the new version.
    onSuccess: ({ name }) => void refresh(name),
  });
}

/** Adds a version and moves labels to it. */
export function useCreateVersion(name: string) {
  const { client } = useProject();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: NewVersion) => client.call("POST /api/v1/prompts/:name/versions", { params: { name }, body }),
    // Also after a rejection: another user may have saved a version. Not awaited.
    onSettled: () => void refresh(name),
  });
}

type Move = { label: string; version: number; message?: string };

/**
 * Moving, rolling back, taking away and protecting the labels of a prompt. Each move names where the label was seen.
 */
export function useLabelChanges(prompt: Prompt) {
  const { client } = useProject();
  const refresh = useRefresh();
  const { name } = prompt;
  const params = (label: string) => ({ name, label });
  const placeOf = (label: string) => prompt.labels.find((entry) => entry.label === label)?.version;
  // Also after a rejection: another user may have moved it.
  const onSettled = () => refresh(name);
  return {
    move: useMutation({
      mutationFn: ({ label, version, message = "" }: Move) =>
        client.call("PUT /api/v1/prompts/:name/labels/:label", {
          params: params(label),
          body: { version, message, expectedVersion: placeOf(label) ?? null },
        }),
      onSettled,
    }),
    rollBack: useMutation({
      mutationFn: ({ label, expectedVersion }: { label: string; expectedVersion?: number }) =>
        client.call("POST /api/v1/prompts/:name/labels/:label/rollback", {
          params: params(label),
          body: { expectedVersion: expectedVersion ?? placeOf(label) },
        }),
      meta: { failure: "The label was not rolled back" },
      onSuccess: ({ labels }, { label }) => {
        const version = labels.find((entry) => entry.label === label)?.version;
        toastDone(version ? `${label} points to version ${version} again` : `Removed ${label} again`);
      },
      onSettled,
    }),
    remove: useMutation({
      mutationFn: (label: string) =>
        client.call("DELETE /api/v1/prompts/:name/labels/:label", {
          params: params(label),
          query: { expectedVersion: placeOf(label) },
        }),
      meta: { failure: "The label was not removed" },
      onSettled,
    }),
    protect: useMutation({
      mutationFn: (labels: string[]) =>
        client.call("PUT /api/v1/prompts/:name/protected-labels", { params: { name }, body: { labels } }),
      onSettled,
    }),
  };
}

/** Describing, tagging, archiving and deleting a prompt. */
export function usePromptChanges(name: string) {
  const { client } = useProject();
  const refresh = useRefresh();
  const update = useMutation({
    mutationFn: (body: PromptPatch) => client.call("PATCH /api/v1/prompts/:name", { params: { name }, body }),
    onSuccess: () => refresh(name),
  });
  const restore = useMutation({
    mutationFn: () => client.call("PATCH /api/v1/prompts/:name", { params: { name }, body: { isArchived: false } }),
    meta: { failure: "The prompt was not restored" },
    onSuccess: () => {
      toastDone(`Restored ${name}`);
      return refresh(name);
    },
  });
  return {
    update,
    restore,
    archive: useMutation({
      mutationFn: () => client.call("PATCH /api/v1/prompts/:name", { params: { name }, body: { isArchived: true } }),
      meta: { failure: "The prompt was not archived" },
      onSuccess: () => {
        toastDone(`Archived ${name}. Programs can still use it.`, { label: "Undo", run: () => restore.mutate() });
        return refresh(name);
      },
    }),
    remove: useMutation({
      mutationFn: () => client.call("DELETE /api/v1/prompts/:name", { params: { name } }),
      onSuccess: () => refresh(name),
    }),
  };
}

/** Writing, changing and deleting comments; each is followed by a look at what is there now. */
export function useCommentChanges(name: string) {
  const { id, client } = useProject();
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: ["prompt", id, name, "comments"] });
  return {
    create: useMutation({
      mutationFn: (body: { version: number; text: string }) =>
        client.call("POST /api/v1/prompts/:name/comments", { params: { name }, body }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ commentId, text }: { commentId: string; text: string }) =>
        client.call("PATCH /api/v1/prompt-comments/:commentId", { params: { commentId }, body: { text } }),
      onSuccess,
    }),
    remove: useMutation({
      meta: { failure: "The comment was not deleted" },
      mutationFn: (commentId: string) =>
        client.call("DELETE /api/v1/prompt-comments/:commentId", { params: { commentId } }),
      onSuccess,
    }),
  };
}
