"""Clients that get their tokens by themselves take an id and a secret, another URL, and scopes in a list or a text."""

from collections.abc import Sequence

from fetched_tokens_client import AsyncFetchedTokensClient, FetchedTokensClient


async def fetch_token() -> str:
    return "token"


def clients(scopes: Sequence[str]) -> None:
    FetchedTokensClient(client_id="me", client_secret="word", scopes=scopes)
    FetchedTokensClient(
        client_id="me", client_secret="word", scopes="read write", token_url="https://example.com/token"
    )
    AsyncFetchedTokensClient(client_id="me", client_secret="word", scopes=("read",))
    AsyncFetchedTokensClient(garden=fetch_token)
    FetchedTokensClient(client_id=lambda: "me", client_secret="word")  # error
    FetchedTokensClient(client_id="me", client_secret="word", scopes=[1])  # error


def main() -> None:
    with FetchedTokensClient(client_id="me", client_secret="word") as client:
        assert client.base_url == "https://garden.example.com"
