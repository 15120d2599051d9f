import { useSearch } from "@tanstack/react-router";
import type { Permission } from "@treadle/contract";
import { useMemo } from "react";
import { clientFor } from "../../../api.ts";
import { useStored } from "../../../components/browser/stored-state.ts";
import { type Session, useSession } from "./use-session.ts";

export type ProjectAccess = Session["projects"][number];

const NONE: readonly ProjectAccess[] = [];

/** The project of the page: the one the URL names, else the one opened last, else the first that is not sample data. */
export function useProject() {
  const session = useSession();
  const search = useSearch({ strict: false });
  const [last, remember] = useStored("project", "");
  const projects = session.data?.projects ?? NONE;
  const project = useMemo(() => {
    const byId = (id: string | undefined) => projects.find((candidate) => candidate.projectId === id);
    const lastOpen = byId(last);
    const reopened = lastOpen?.state === "deleted" ? undefined : lastOpen;
    return byId(search.project) ?? reopened ?? projects.find((candidate) => !candidate.isSample) ?? projects[0];
  }, [projects, search.project, last]);
  const id = project?.projectId ?? "";
  return {
    id,
    name: project?.name ?? "",
    isSample: project?.isSample ?? false,
    isFirst: project?.isFirst ?? false,
    state: project?.state ?? "active",
    purgeAt: project?.purgeAt ?? null,
    role: project?.role ?? "viewer",
    projects,
    remember,
    /** The API client for the user in this project. */
    client: clientFor(id),
    can: (permission: Permission) => project?.permissions.includes(permission) ?? false,
  };
}
export type CurrentProject = ReturnType<typeof useProject>;
