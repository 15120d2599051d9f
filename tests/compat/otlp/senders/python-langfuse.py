"""Langfuse's SDK with Treadle as its base address. Treadle's key is the secret key; the public key can be any text."""

import os

from talk import KEY, PLAN, SESSION, TAGS, URL, USER, talk, weather_in

os.environ.update(
    LANGFUSE_PUBLIC_KEY="pk-lf-any",
    LANGFUSE_SECRET_KEY=KEY,
    LANGFUSE_BASE_URL=URL,
    LANGFUSE_TRACING_ENVIRONMENT="staging",
    LANGFUSE_RELEASE="1.2.3",
)

from langfuse import get_client, observe, propagate_attributes
from langfuse.openai import OpenAI

langfuse = get_client()


@observe(as_type="tool", name="get_weather")
def get_weather(city):
    return weather_in(city)


@observe(as_type="agent", name="weather")
def weather(question):
    talk(OpenAI(max_retries=0), get_weather)
    return question


with propagate_attributes(user_id=USER, session_id=SESSION, tags=TAGS, metadata={"plan": PLAN}):
    weather("hello there")
langfuse.flush()
langfuse.shutdown()
