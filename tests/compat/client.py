"""Drives a running Treadle with OpenAI's Python client. Prints one line for each guarantee that holds. Any failure ends it."""

import json
import os

import openai

url, key, local, weak = (os.environ[name] for name in ("BASE_URL", "API_KEY", "LOCAL_MODEL", "WEAK_KEY"))
client = openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)
hello = [{"role": "user", "content": "hello there"}]
capital = [{"role": "user", "content": "What is the capital of France? Answer in one short sentence."}]
weather = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
schema = {
    "type": "json_schema",
    "json_schema": {
        "name": "city",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "population": {"type": "number"}},
            "required": ["city", "population"],
            "additionalProperties": False,
        },
    },
}


def text_of(stream) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)


def chat():
    answer = client.chat.completions.create(model="scripted/echo-1", messages=hello)
    assert answer.choices[0].message.content == "You said: hello there"
    answer = client.chat.completions.create(model=local, messages=capital, temperature=0, max_tokens=24)
    assert "Paris" in answer.choices[0].message.content, answer


def stream():
    assert text_of(client.chat.completions.create(model="scripted/echo-1", messages=hello, stream=True)) == "You said: hello there"
    assert "Paris" in text_of(client.chat.completions.create(model=local, messages=capital, temperature=0, max_tokens=24, stream=True))


def tools():
    answer = client.chat.completions.create(model="scripted/echo-1", messages=hello, tools=[weather])
    assert json.loads(answer.choices[0].message.tool_calls[0].function.arguments) == {"city": "Paris"}
    forced = {"type": "function", "function": {"name": "get_weather"}}
    answer = client.chat.completions.create(model=local, messages=capital, tools=[weather], tool_choice=forced, max_tokens=60, temperature=0)
    assert isinstance(json.loads(answer.choices[0].message.tool_calls[0].function.arguments)["city"], str)


def json_schema():
    for model in ("scripted/echo-1", local):
        answer = client.chat.completions.create(model=model, messages=capital, response_format=schema, max_tokens=80, temperature=0)
        assert set(json.loads(answer.choices[0].message.content)) == {"city", "population"}


def embeddings():
    assert client.embeddings.create(model="scripted/echo-1", input=["a"]).data[0].embedding == [0.25, -0.5, 0.75]
    assert len(client.embeddings.create(model="use-lite-en", input=["a", "b"]).data[1].embedding) == 512


def responses():
    assert client.responses.create(model="scripted/echo-1", input="hello there").output_text == "You said: hello there"
    with client.responses.stream(model="scripted/echo-1", input="hello there") as events:
        assert events.get_final_response().output_text == "You said: hello there"


def models():
    assert {local, "scripted/echo-1"} <= {model.id for model in client.models.list()}


def errors():
    classes = {
        400: openai.BadRequestError,
        401: openai.AuthenticationError,
        403: openai.PermissionDeniedError,
        404: openai.NotFoundError,
        409: openai.ConflictError,
        422: openai.UnprocessableEntityError,
        429: openai.RateLimitError,
        500: openai.InternalServerError,
    }
    asks = [(client, f"scripted/error-{status}", kind) for status, kind in classes.items()]
    asks.append((client.with_options(api_key="tr_wrong"), local, openai.AuthenticationError))
    asks.append((client.with_options(api_key=weak), local, openai.PermissionDeniedError))
    asks.append((client, "nope", openai.NotFoundError))
    for caller, model, kind in asks:
        try:
            caller.chat.completions.create(model=model, messages=hello)
        except openai.APIStatusError as error:
            assert type(error) is kind, (model, error)
        else:
            raise AssertionError(f"{model} was answered")


for check in (chat, stream, tools, json_schema, embeddings, responses, models, errors):
    check()
    print(f"ok {check.__name__}")
