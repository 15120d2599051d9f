"""Traceloop's SDK with Treadle as its base address."""

import os
import sys

from talk import KEY, PLAN, SESSION, URL, USER, talk, weather_in

if sys.argv[1:] == ["grpc"]:
    # TRACELOOP_API_KEY would become a header with a capital letter, which gRPC refuses to send.
    GRPC_URL = os.environ["TREADLE_GRPC_URL"].replace("http://", "grpc://")
    os.environ.update(TRACELOOP_BASE_URL=GRPC_URL, TRACELOOP_HEADERS=f"authorization=Bearer%20{KEY}")
else:
    os.environ.update(TRACELOOP_BASE_URL=URL, TRACELOOP_API_KEY=KEY)
os.environ.update(TRACELOOP_TELEMETRY="false")

from openai import OpenAI
from opentelemetry import trace
from traceloop.sdk import Traceloop
from traceloop.sdk.decorators import tool, workflow
from traceloop.sdk.instruments import Instruments

Traceloop.init(app_name="weather", instruments={Instruments.OPENAI})


@tool(name="get_weather")
def get_weather(city):
    return weather_in(city)


@workflow(name="weather")
def weather(question):
    talk(OpenAI(max_retries=0), get_weather)
    return question


Traceloop.set_association_properties({"user_id": USER, "session_id": SESSION, "plan": PLAN})
weather("hello there")
trace.get_tracer_provider().force_flush()
