import { expect, test } from "vitest";
import { newSigningSecret, signWebhook } from "./sign-webhook.ts";

// The vector of the Standard Webhooks libraries.
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SIGNED = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: '{"test": 2432232314}' };

test("a request is signed as Standard Webhooks says", () => {
  expect(signWebhook([SECRET], SIGNED)).toEqual({
    "webhook-id": SIGNED.id,
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("during a rotation each secret signs", () => {
  const other = newSigningSecret();
  const { "webhook-signature": both = "" } = signWebhook([other, SECRET], SIGNED);
  const [first, second, ...rest] = both.split(" ");
  expect(second).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  expect(first).toBe(signWebhook([other], SIGNED)["webhook-signature"]);
  expect(rest).toEqual([]);
});

test("a new secret has the form of Standard Webhooks", () => {
  expect(newSigningSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSigningSecret()).not.toBe(newSigningSecret());
});
