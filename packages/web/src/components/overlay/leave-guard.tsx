import { useBlocker } from "@tanstack/react-router";
import { Button } from "../form/button.tsx";
import { Dialog, DialogActions } from "./dialog.tsx";

type GuardProps = {
  /** Called on navigation: whether there are unsaved changes. */
  isNeeded: () => boolean;
  /** Whether an address still shows the editor. */
  staysOpen: (search: Readonly<Record<string, unknown>>) => boolean;
  discard: () => void;
};

/** Asks before the user leaves unsaved changes. They remain stored in this browser. */
export function LeaveGuard({ isNeeded, staysOpen, discard }: GuardProps) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isNeeded() && !(next.pathname === current.pathname && staysOpen({ ...next.search })),
    // The browser stores the draft, so closing the tab needs no confirmation.
    enableBeforeUnload: false,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return <LeaveDialog leave={blocker.proceed} stay={blocker.reset} discard={discard} />;
}

type DialogProps = { leave: () => void; stay: () => void; discard: () => void };

const LeaveDialog = ({ leave, stay, discard }: DialogProps) => (
  <Dialog
    title="Leave without saving?"
    description="You can keep your draft in this browser and continue later."
    close={stay}
    width="narrow"
  >
    <DialogActions>
      <Button
        kind="danger"
        onClick={() => {
          discard();
          leave();
        }}
      >
        Discard
      </Button>
      <Button onClick={leave}>Keep draft</Button>
      <Button kind="primary" autoFocus onClick={stay}>
        Keep editing
      </Button>
    </DialogActions>
  </Dialog>
);
