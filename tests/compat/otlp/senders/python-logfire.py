"""Logfire, configured to send to Treadle only. It redacts attributes named "session", so the session is sent as a conversation."""

import os

from talk import KEY, SESSION, TAGS, URL, USER, talk, weather_in

os.environ.update(OTEL_EXPORTER_OTLP_ENDPOINT=URL, OTEL_EXPORTER_OTLP_HEADERS=f"Authorization=Bearer {KEY}")

import logfire
from openai import OpenAI

logfire.configure(send_to_logfire=False, service_name="weather", environment="staging", console=False)
client = OpenAI(max_retries=0)
logfire.instrument_openai(client)


def get_weather(city):
    with logfire.span("execute_tool", **{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_weather"}) as span:
        span.set_attribute("gen_ai.tool.call.arguments", {"city": city})
        span.set_attribute("gen_ai.tool.call.result", weather_in(city))
    return weather_in(city)


with logfire.set_baggage(**{"user.id": USER, "gen_ai.conversation.id": SESSION}):
    with logfire.span("weather {question}", question="hello there", _tags=TAGS):
        talk(client, get_weather)
logfire.force_flush()
logfire.shutdown()
