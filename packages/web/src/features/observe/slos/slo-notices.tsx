/** What limits an SLO. */
export function SloNotices({ notices }: { notices: readonly string[] }) {
  return notices.map((notice) => (
    <p key={notice} className="rounded-control bg-warn-soft px-3 py-2 text-sm text-pretty">
      {notice}
    </p>
  ));
}
