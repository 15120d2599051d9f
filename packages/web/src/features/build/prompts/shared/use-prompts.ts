import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { PromptContent } from "@treadle/contract";
import type { Answer } from "../../../../api.ts";
import { type RangeSearch, resolveRange } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";

export type Prompt = Answer<"GET /api/v1/prompts/:name/details">;
export type PromptVersion = Answer<"GET /api/v1/prompts/:name/versions/:version">;
export type PromptStats = Answer<"GET /api/v1/prompts/:name/stats">;
export type Rendered = Answer<"POST /api/v1/prompt-previews">;

type Asked = { search?: string; folder?: string; tag?: string; isArchived: boolean };

/** Prompts page by page, by name. */
export function usePrompts({ search, folder, tag, isArchived }: Asked) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["prompts", id, search, folder, tag, isArchived],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) => {
      const archived = isArchived ? "only" : "exclude";
      return client.call("GET /api/v1/prompts", {
        query: { search, folder, tag, archived, limit: 100, cursor },
        signal,
      });
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The folders and tags that there are, with how many prompts each holds. */
export function useFolders() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prompts", id, "folders"],
    queryFn: ({ signal }) => client.call("GET /api/v1/prompt-folders", { signal }),
  });
}

/** A prompt without its texts. It is refetched, because other users move its labels. */
export function usePrompt(name: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prompt", id, name, "details"],
    queryFn: ({ signal }) => client.call("GET /api/v1/prompts/:name/details", { params: { name }, signal }),
    refetchInterval: 30_000,
  });
}

/** The versions of a prompt page by page, newest first. */
export function useVersions(name: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["prompt", id, name, "versions"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/prompts/:name/versions", { params: { name }, query: { limit: 50, cursor }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** One version as it was written, which never changes. */
export function useVersion(name: string, version: number) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prompt-version", id, name, version],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/prompts/:name/versions/:version", {
        params: { name, version: String(version) },
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/**
 * The search for a better prompt that a version came from, and which of its candidates it is; null for any other
 * version.
 */
export function useOrigin(name: string, version: number) {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["prompt", id, name, "origin", version],
    enabled: can("experiments:read"),
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/optimisations", { query: { prompt: name, version, limit: 1 }, signal }),
    select: ({ items: [found] }) => {
      const candidate = found?.saved.find((one) => one.version === version)?.candidate;
      return found && candidate !== undefined ? { optimisationId: found.optimisationId, candidate, found } : null;
    },
    staleTime: 60_000,
  });
}

export function useVersionDiff(name: string, { from, to }: { from: number; to: number }) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prompt-diff", id, name, from, to],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/prompts/:name/diff", { params: { name }, query: { from, to }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/** Every move of the prompt's labels page by page, newest first. */
export function useLabelHistory(name: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["prompt", id, name, "label-history"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/prompts/:name/label-history", {
        params: { name },
        query: { limit: 50, cursor },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** What each version cost and how it did in a span of time. */
export function usePromptStats(name: string, range: RangeSearch) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prompt", id, name, "stats", range],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/prompts/:name/stats", { params: { name }, query: resolveRange(range), signal }),
    placeholderData: keepPreviousData,
  });
}

/** Who uses a prompt in a span of time. */
export function usePromptUses(name: string, range: RangeSearch) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prompt", id, name, "uses", range],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/prompts/:name/used-by", { params: { name }, query: resolveRange(range), signal }),
    placeholderData: keepPreviousData,
  });
}

export function usePromptComments(name: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["prompt", id, name, "comments"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call("GET /api/v1/prompts/:name/comments", { params: { name }, query: { limit: 200, cursor }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: 30_000,
  });
}

type Previewed = {
  content: PromptContent | undefined;
  inputs: Readonly<Record<string, unknown>>;
  /** False while a required input is missing or the user is typing; no request is sent then. */
  isReady: boolean;
};

/** What a text makes of its inputs, saved or not. The last one stays while the next is on its way. */
export function usePreview({ content, inputs, isReady }: Previewed) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prompt-preview", id, content, inputs],
    enabled: content !== undefined && isReady,
    async queryFn({ signal }): Promise<Rendered | null> {
      if (!content) return null;
      return client.call("POST /api/v1/prompt-previews", { body: { content, inputs }, signal });
    },
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
}
