"""A message to an assistant: words and lists as callers write them."""

from chat_message_client import ChatMessageClient
from chat_message_client.models import CreateTalkBody, CreateTalkResponseEnding, Picture, Question, Rules


def ask(client: ChatMessageClient) -> CreateTalkResponseEnding:
    question = Question(content=[Picture(url="https://greenhouse.example/fern.png", detail="high")])
    talk = client.create_talk(
        CreateTalkBody(
            model="moss-3",
            messages=(Rules(content="Be brief."), question),
            effort="low",
            stop=["end"],
            outputs=("text", "sound"),
        )
    )
    CreateTalkBody(model="moss-2", messages=[question], effort=None, stop="end")
    CreateTalkBody(model=2, messages=[question])  # error
    CreateTalkBody(model="moss-2", messages="hello")  # error
    CreateTalkBody(model="moss-2", messages=[question], outputs="text")  # error
    return talk.ending
