import { expect, test } from "vitest";
import { signAws } from "./sign.ts";

// The values that AWS publishes with its Signature Version 4 test suite, and the worked example of its General Reference.
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const signing = { credentials, region: "us-east-1", service: "service", now: new Date("2015-08-30T12:36:00Z") };

test.each([
  [
    "get-vanilla",
    { method: "GET", url: "https://example.amazonaws.com/", headers: {}, body: "" },
    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  ],
  [
    "get-vanilla-query-order-key-case",
    { method: "GET", url: "https://example.amazonaws.com/?Param2=value2&Param1=value1", headers: {}, body: "" },
    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  ],
  [
    "post-vanilla",
    { method: "POST", url: "https://example.amazonaws.com/", headers: {}, body: "" },
    "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  ],
])("a request is signed as in AWS's test suite: %s", async (_, request, signature) => {
  const headers = await signAws(request, signing);
  expect(headers.authorization).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  );
});

test("a request is signed as in AWS's worked example", async () => {
  const request = {
    method: "GET",
    url: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    body: "",
  };
  const headers = await signAws(request, { ...signing, service: "iam" });
  expect(headers.authorization).toMatch(
    /SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7$/,
  );
});
