"""Calls a model through Treadle with OpenAI's SDK, plain and streamed. Only the address and the key differ from OpenAI."""

import os

from openai import OpenAI

client = OpenAI(
    base_url=os.environ.get("TREADLE_URL", "http://127.0.0.1:4747") + "/v1",
    api_key=os.environ["TREADLE_API_KEY"],
)
model = os.environ.get("TREADLE_MODEL", "smollm2-135m-instruct")

answer = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": "What is the capital of France?"}],
)
print(answer.choices[0].message.content)

stream = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": "Name three rivers."}],
    stream=True,
    # The user of the call. Filters and totals of traces use it.
    extra_headers={"x-treadle-user": "ada", "x-treadle-tags": "example"},
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
