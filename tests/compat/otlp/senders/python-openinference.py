"""Arize's OpenInference for OpenAI, with its decorators and its context."""

from openai import OpenAI
from openinference.instrumentation import TracerProvider, using_attributes
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from talk import KEY, PLAN, SESSION, TAGS, URL, USER, talk, weather_in

provider = TracerProvider(resource=Resource({"service.name": "weather"}))
exporter = OTLPSpanExporter(endpoint=f"{URL}/v1/traces", headers={"authorization": f"Bearer {KEY}"})
provider.add_span_processor(BatchSpanProcessor(exporter))
OpenAIInstrumentor().instrument(tracer_provider=provider)
tracer = provider.get_tracer("weather")


@tracer.tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return weather_in(city)


@tracer.agent
def weather(question: str):
    talk(OpenAI(max_retries=0), get_weather)
    return question


with using_attributes(session_id=SESSION, user_id=USER, tags=TAGS, metadata={"plan": PLAN}):
    weather("hello there")
provider.shutdown()
