"""A token for a member: lists of words, some of which may be null."""

from link_token_client import LinkTokenClient
from link_token_client.models import JoinTokenRequest, JoinTokenRequestMember, Produce


def join(client: LinkTokenClient, wanted: list[str]) -> list[Produce]:
    member = JoinTokenRequestMember(id="7")
    answer = client.create_join_token(
        JoinTokenRequest(
            shop="Corner", regions=["north", None], member=member, produce=wanted, limits={"spring": ("seeds", "bulbs")}
        )
    )
    JoinTokenRequest(shop="Corner", regions=("south",), member=member, produce=None)
    JoinTokenRequest(shop="Corner", regions="north", member=member)  # error
    JoinTokenRequest(shop="Corner", regions=["north"], member=member, produce="seeds")  # error
    JoinTokenRequest(shop="Corner", regions=["north"], member=member, limits={"spring": "seeds"})  # error
    return answer.produce
