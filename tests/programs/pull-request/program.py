"""A proposal that is sent as it is received: exact to read, and open to write."""

from pull_request_client import PullRequestClient
from pull_request_client.models import Proposal, ProposalLabelsItem, ProposalState


def propose(client: PullRequestClient) -> ProposalState:
    proposal = Proposal(title="Ferns", state="open", merge_by="graft", labels=["bug", ProposalLabelsItem.IDEA])
    Proposal(title="Ferns", state="open", merge_by=None, reviewers=["ada"])
    Proposal(title="Ferns", state=1)  # error
    Proposal(title="Ferns", state="open", labels="bug")  # error
    Proposal(title="Ferns", state="open", reviewers="ada")  # error
    created = client.proposals_create("ada", "north", proposal)
    for listed in client.proposals_list("ada", "north", state="open"):
        labels = listed.labels or []
        names: list[str] = [label.name for label in labels]
        names.append(listed.state.name)
    if created.state is ProposalState.OPEN and created.merge_by:
        created.merge_by.documented  # noqa: B018
    return created.state
