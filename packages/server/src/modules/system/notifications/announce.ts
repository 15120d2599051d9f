import type { Clock } from "../../../kernel/clock.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Announce } from "./stores/notice.ts";
import { createNoticeStore } from "./stores/notice-store.ts";

const MOST = { title: 300, text: 4_000, facts: 30, value: 500, links: 20, path: 1_000 };

/** Stores notices, and wakes the dispatcher, which finds them after the commit. */
export function createAnnounce({ clock, nudge }: { readonly clock: Clock; readonly nudge: () => void }): Announce {
  return async (tx, { projectId }, { subject, facts, links, title, text, ...notice }) => {
    const now = clock.now();
    await createNoticeStore(tx).create({
      ...notice,
      id: newId("notice", now),
      projectId,
      subjectKind: subject.kind,
      subjectId: subject.id,
      title: clean(title, MOST.title),
      text: clean(text, MOST.text),
      facts: facts
        .slice(0, MOST.facts)
        .map(({ label, value }) => ({ label: clean(label, MOST.value), value: clean(value, MOST.value) })),
      links: links
        .slice(0, MOST.links)
        .map(({ label, path }) => ({ label: clean(label, MOST.value), path: clean(path, MOST.path) })),
      createdAt: new Date(now),
      routedAt: null,
    });
    nudge();
  };
}

/** PostgreSQL stores no NUL. */
const clean = (text: string, most: number) => text.replaceAll("\0", "").slice(0, most);
