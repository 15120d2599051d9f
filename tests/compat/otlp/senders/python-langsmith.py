"""LangSmith's SDK, configured to export through OpenTelemetry."""

import os

from talk import KEY, PLAN, SESSION, TAGS, URL, USER, talk, weather_in

os.environ.update(
    LANGSMITH_TRACING="true",
    LANGSMITH_OTEL_ENABLED="true",
    LANGSMITH_OTEL_ONLY="true",
    LANGSMITH_PROJECT="weather",
    LANGSMITH_API_KEY=KEY,
    LANGSMITH_ENDPOINT=URL,
)

from langsmith import traceable
from langsmith.run_trees import get_cached_client
from langsmith.wrappers import wrap_openai
from openai import OpenAI
from opentelemetry import trace


@traceable(run_type="tool", name="get_weather")
def get_weather(city):
    return weather_in(city)


@traceable(run_type="chain", name="weather", tags=TAGS, metadata={"user_id": USER, "session_id": SESSION, "plan": PLAN})
def weather(question):
    talk(wrap_openai(OpenAI(max_retries=0)), get_weather)
    return question


weather("hello there")
get_cached_client().flush()
getattr(trace.get_tracer_provider(), "force_flush", lambda: None)()
