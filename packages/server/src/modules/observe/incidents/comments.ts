import type { IncidentComment } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { About, CommentEntry } from "../../system/comments/index.ts";
import type { IncidentsDeps } from "./deps.ts";
import type { IncidentRow } from "./stores/incident-store.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined };
type Find = (scope: Scope, incidentId: string) => Promise<IncidentRow>;
const KIND = "incident";

/** What people say about incidents. */
export const createIncidentComments = ({ comments }: Pick<IncidentsDeps, "comments">, find: Find) => ({
  async list(scope: Scope, incidentId: string, page: Page) {
    const { id } = await find(scope, incidentId);
    const { items, nextCursor } = await comments.list(scope, { kind: KIND, id }, page);
    return { items: items.map(toComment), nextCursor };
  },

  async create(scope: Scope, incidentId: string, text: string): Promise<IncidentComment> {
    const { id, title } = await find(scope, incidentId);
    return toComment(await comments.create(scope, { kind: KIND, id }, { text, about: aboutOf({ id, title }) }));
  },

  update: async (scope: Scope, commentId: string, text: string): Promise<IncidentComment> =>
    toComment(
      await comments.update(scope, KIND, {
        commentId,
        text,
        aboutOf: async (incidentId) => aboutOf(await find(scope, incidentId)),
      }),
    ),

  delete: (scope: Scope, commentId: string) => comments.delete(scope, KIND, commentId),
});

const aboutOf = ({ id, title }: Pick<IncidentRow, "id" | "title">): About => ({
  label: `the incident ${title}`,
  path: `/incidents/${id}`,
});

const toComment = ({ subjectId: _, part: __, ...entry }: CommentEntry): IncidentComment => entry;
