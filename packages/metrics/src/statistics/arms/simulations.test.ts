import { expect, test } from "vitest";
import { alarmShares, requestsToAlarm } from "../../../simulations/release-alarms.ts";

const EXPERIMENTS = 200;
/** Three standard errors of a share of 5 % over so many experiments. */
const SLACK = 3 * Math.sqrt((0.05 * 0.95) / EXPERIMENTS);
/** A share of 1 % takes more requests to have 100 of the candidate, from which on rates are compared. */
const equal = (share: number, rate: number) => ({
  share,
  rates: { control: rate, candidate: rate },
  requests: share < 0.05 ? 40_000 : 4_000,
  looks: 200,
});

test.each([
  [0.01, 0.05],
  [0.05, 0.01],
  [0.1, 0.05],
  [0.5, 0.3],
])("at a share of %d and an error rate of %d, equal arms hardly ever alarm in 200 looks", (share, rate) => {
  const alarms = alarmShares(equal(share, rate), EXPERIMENTS);
  expect(alarms["share of errors"]).toBeLessThanOrEqual(0.05 + SLACK);
  expect(alarms["pooled error rate"]).toBeLessThanOrEqual(0.05 + SLACK);
  expect(alarms["split of requests"]).toBeLessThanOrEqual(0.01);
});

test("a doubling of the errors from 5 to 10 % at a share of 10 % is found within about 2,400 requests in half of the rollouts", () => {
  const traffic = { share: 0.1, rates: { control: 0.05, candidate: 0.1 }, requests: 20_000, looks: 2_000 };
  const { half, nineTenths } = requestsToAlarm("share of errors", traffic, 100);
  expect(half).toBeGreaterThan(1_500);
  expect(half).toBeLessThan(3_000);
  expect(nineTenths).toBeLessThan(9_000);
});
