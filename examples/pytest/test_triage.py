import pytest
from triage import triage

QUESTIONS = {
    "refund": ["Can I have a refund?", "I want my money back.", "How do I return shoes?", "Refund for order 7?"],
    "delivery": ["Where is my parcel?", "When will it arrive?", "Do you deliver to Oslo?", "The parcel is late."],
    "account": ["I forgot my password.", "I cannot log in.", "Close my account.", "Change my password, please."],
}
ITEMS = [
    {"inputs": {"question": question}, "expected": topic, "metadata": {"topic": topic}}
    for topic, questions in QUESTIONS.items()
    for question in questions
]


def test_a_question_about_money_goes_to_the_desk_for_refunds(treadle):
    treadle.score(triage("I want my money back!"), "exact-match", expected="refund")


@pytest.mark.treadle(floor={"exact-match": 0.7}, tags=["triage"])
def test_questions_go_to_their_desks(treadle):
    evaluation = treadle.evaluate(
        name="triage",
        items=ITEMS,
        task=lambda item: triage(item["inputs"]["question"]),
        scorers=["exact-match", {"kind": "length"}],
    )
    assert evaluation.outcome == "pass"
