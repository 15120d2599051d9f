"""The calls that every sender in Python makes with an instrumented client of OpenAI, and their user and session."""

import json
import os

MODEL = "echo-1"
USER, SESSION, TAGS, PLAN = "ada", "talk-1", ["beta", "eu"], "pro"
URL, KEY = os.environ["TREADLE_URL"], os.environ["TREADLE_KEY"]
QUESTION = [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hello there"}]
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = [
    {
        "type": "function",
        "function": {"name": "get_weather", "description": "The weather in a city", "parameters": PARAMETERS},
    }
]


def weather_in(city: str) -> str:
    return f"Sunny in {city}"


def talk(client, call_tool=weather_in):
    """Makes a plain chat call, a streamed call, a tool call with its result, and an embedding."""
    client.chat.completions.create(model=MODEL, temperature=0.2, messages=QUESTION)
    for _ in client.chat.completions.create(
        model=MODEL, messages=QUESTION, stream=True, stream_options={"include_usage": True}
    ):
        pass
    messages = [{"role": "user", "content": "weather in Paris"}]
    message = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS).choices[0].message
    call = message.tool_calls[0].function
    content = call_tool(**json.loads(call.arguments))
    tool_call = {"id": message.tool_calls[0].id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
    messages_with_result = [
        *messages,
        {"role": "assistant", "content": None, "tool_calls": [tool_call]},
        {"role": "tool", "tool_call_id": tool_call["id"], "content": content},
    ]
    client.chat.completions.create(model=MODEL, messages=messages_with_result, tools=TOOLS)
    client.embeddings.create(model=MODEL, input=["Paris", "Berlin"])
