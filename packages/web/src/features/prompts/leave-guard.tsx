import { useBlocker } from "@tanstack/react-router";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";

type GuardProps = {
  /** Asked when a link or the way back is taken: whether there is something that was not saved. */
  isNeeded: () => boolean;
  /** Whether an address still shows the editor. */
  staysOpen: (search: Readonly<Record<string, unknown>>) => boolean;
  discard: () => void;
};

/** Asks before unsaved changes are left behind; they are kept in this browser all the same. */
export function LeaveGuard({ isNeeded, staysOpen, discard }: GuardProps) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isNeeded() && !(next.pathname === current.pathname && staysOpen({ ...next.search })),
    // The browser keeps the draft, so closing the tab needs no question.
    enableBeforeUnload: false,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  const leave = () => blocker.proceed();
  return (
    <Dialog
      title="Leave without saving?"
      description="What you wrote stays in this browser, and is offered to you the next time."
      close={() => blocker.reset()}
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
          Discard it
        </Button>
        <Button onClick={leave}>Leave, keep it</Button>
        <Button kind="primary" autoFocus onClick={() => blocker.reset()}>
          Go on writing
        </Button>
      </DialogActions>
    </Dialog>
  );
}
