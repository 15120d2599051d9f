import { expect, test } from "vitest";
import { isBusy, waitingIn } from "./base-work.ts";

const job = (state: string) => ({ jobId: "j1", state });

test("a base is busy while a job runs and while documents wait for a job", () => {
  expect(isBusy({ job: job("running"), states: {} })).toBe(true);
  expect(isBusy({ job: job("queued"), states: { indexed: 3 } })).toBe(true);
  expect(isBusy({ job: null, states: { waiting: 1 } })).toBe(true);
  expect(isBusy({ job: job("done"), states: { parsed: 2 } })).toBe(true);
});

test("a base is idle when all documents are indexed or failed, and when its job failed", () => {
  expect(isBusy({ job: null, states: { indexed: 3, failed: 1, quarantined: 1 } })).toBe(false);
  expect(isBusy({ job: job("failed"), states: { waiting: 1 } })).toBe(false);
  expect(isBusy({ job: job("cancelled"), states: { parsed: 1 } })).toBe(false);
});

test("waiting and parsed documents are counted for the next version", () => {
  expect(waitingIn({ states: { waiting: 2, parsed: 3, indexed: 10, failed: 1 } })).toBe(5);
  expect(waitingIn({ states: {} })).toBe(0);
});
