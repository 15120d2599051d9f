import { Menu } from "lucide-react";
import { Suspense } from "react";
import { NARROW, useMedia } from "../../../components/browser/media.ts";
import { IconButton } from "../../../components/form/button.tsx";
import { Wheel } from "../../../components/layout/wordmark.tsx";
import { InboxBell } from "../inbox/index.ts";

/** What a phone shows above each page in place of the navigation. */
export function PhoneHeader({ openNavigation }: { openNavigation: () => void }) {
  const isPhone = useMedia(NARROW);
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b bg-panel px-2 md:hidden">
      <IconButton label="Open navigation" onClick={openNavigation}>
        <Menu size={18} />
      </IconButton>
      <Wheel /> <span className="grow font-semibold">Treadle</span>
      {isPhone && (
        <Suspense>
          <InboxBell isIcon />
        </Suspense>
      )}
    </header>
  );
}
