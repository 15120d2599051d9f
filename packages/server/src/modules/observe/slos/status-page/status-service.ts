import { randomBytes } from "node:crypto";
import type { PublicStatus, StatusPage, StatusPageInput } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { createRateLimit } from "../../../../kernel/rate-limit.ts";
import { type Scope, systemScope } from "../../../../kernel/scope.ts";
import type { StatusDeps } from "./deps.ts";
import { type Facts, toComponent, toPublicStatus } from "./public-view.ts";
import { createStatusNotes } from "./status-notes.ts";
import { createStatusStore, type PageRow } from "./status-store.ts";

const PER_MINUTE_OF_ADDRESS = 120;
const FRESH_MS = 60_000;
const SHOWN_NOTES = 50;
const NOTE_DAYS = 90;
const MOST_CACHED = 1_000;
const SLUG_BYTES = 16;

type Entry = { readonly at: number; readonly projectId: string; readonly status: Promise<PublicStatus> };

/** A project's public page: its settings, its notes, and what everyone reads. */
export function createStatusPages(deps: StatusDeps) {
  const { db, clock } = deps;
  /** By address. Only enabled pages, so that a stranger cannot fill it. */
  const cache = new Map<string, Entry>();
  const limit = createRateLimit(clock, "Requests for status pages come");
  const forget = (projectId: string) => {
    for (const [slug, entry] of cache) if (entry.projectId === projectId) cache.delete(slug);
  };
  /** At most a minute old. Throws `not_found` for an unknown page and for a page that is off, alike. */
  async function read(slug: string): Promise<PublicStatus> {
    const entry = cache.get(slug);
    if (entry && clock.now() - entry.at < FRESH_MS) return entry.status;
    const page = await createStatusStore(db).findPublic(slug);
    if (!page || !(await deps.isProjectActive(page.projectId))) throw missing();
    const status = readStatus(deps, page);
    if (cache.size >= MOST_CACHED) cache.clear();
    cache.set(slug, { at: clock.now(), projectId: page.projectId, status });
    status.catch(() => cache.delete(slug));
    return status;
  }
  return {
    ...createStatusNotes({ ...deps, onChange: forget }),
    ...createPageSettings(deps, forget),
    async readPublic(slug: string, remoteAddress: string): Promise<PublicStatus> {
      limit.take(`address ${remoteAddress}`, PER_MINUTE_OF_ADDRESS);
      return read(slug);
    },
  };
}
export type StatusPages = ReturnType<typeof createStatusPages>;

const missing = () => new AppError("not_found", { message: "There is no status page at this address." });

async function readStatus({ db, clock, slos, openIncidents }: StatusDeps, page: PageRow): Promise<PublicStatus> {
  const now = clock.now();
  const scope = systemScope(page.projectId);
  const facts: Facts[] = [];
  for (const { name, sloId } of page.components) {
    const history = await slos.readHistory(scope, sloId).catch(skipMissing);
    if (history === null) continue;
    const { endpoint } = history.slo;
    const incidents = endpoint === "" ? [] : await openIncidents(page.projectId, endpoint);
    facts.push({ name, ...history, incidents });
  }
  const since = new Date(now - NOTE_DAYS * DAY_MS);
  const notes = await createStatusStore(db).listShown(page.projectId, since, SHOWN_NOTES);
  const components = facts.map((each) => toComponent(each, page.showsRequests));
  return toPublicStatus(page, { components, notes, now });
}

/** A component disappears from the page with its SLO. */
function skipMissing(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}

function createPageSettings({ db, audit, clock, slos }: StatusDeps, forget: (projectId: string) => void) {
  /** The address, chosen or unguessable. Without a choice the present one remains. */
  async function chooseSlug(projectId: string, wanted: string | null, current: string | undefined): Promise<string> {
    if (wanted === null) return current ?? randomBytes(SLUG_BYTES).toString("hex");
    if (!(await createStatusStore(db).isSlugUsed(projectId, wanted))) return wanted;
    throw new AppError("conflict", {
      message: `The address "${wanted}" is already in use. Choose another one.`,
      details: { param: "slug" },
    });
  }
  return {
    getPage: async ({ projectId }: Scope): Promise<StatusPage> =>
      toPage(await createStatusStore(db).findPage(projectId)),

    async updatePage(scope: Scope, { slug, ...input }: StatusPageInput): Promise<StatusPage> {
      const { projectId } = scope;
      await checkComponents(scope, input.components, slos);
      const current = await createStatusStore(db).findPage(projectId);
      const chosen = await chooseSlug(projectId, slug, current?.slug);
      const row = { projectId, slug: chosen, ...input, updatedAt: new Date(clock.now()) };
      await db.transaction(async (tx) => {
        await createStatusStore(tx).savePage(row);
        const details = { isEnabled: row.isEnabled, components: row.components.map(({ name }) => name) };
        await audit.record(scope, { action: "status-page.update", target: projectId, details }, tx);
      });
      forget(projectId);
      return toPage(row);
    },
  };
}

async function checkComponents(
  scope: Scope,
  components: StatusPageInput["components"],
  slos: StatusDeps["slos"],
): Promise<void> {
  const names = components.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined)
    throw new AppError("invalid_request", {
      message: `body.components: two components are named "${twice}". Give each its own name.`,
      details: { param: "components" },
    });
  for (const { sloId } of components) await slos.readHistory(scope, sloId);
}

const toPage = (row: PageRow | undefined): StatusPage => ({
  isEnabled: row?.isEnabled ?? false,
  slug: row?.slug ?? null,
  path: row?.isEnabled ? `/status/${row.slug}` : null,
  title: row?.title ?? "Status",
  description: row?.description ?? "",
  components: row?.components ?? [],
  showsRequests: row?.showsRequests ?? false,
  updatedAt: row?.updatedAt.toISOString() ?? null,
});
