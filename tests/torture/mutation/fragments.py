"""What inputs beside documents are made of: a garden, facts of its provider, targets, options and templates."""

from __future__ import annotations

from typing import Any

BED = {"type": "object", "properties": {"id": {"type": "string"}, "kind": {"type": "string", "enum": ["a", "b"]}}}
PATHS = {
    "/beds/{id}": {"get": {"tags": ["beds"], "operationId": "getBed", "responses": {"200": {"description": "A bed."}}}}
}
GARDEN = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "paths": PATHS,
    "components": {"schemas": {"Bed": BED}},
}
#: Of actions of an overlay.
TARGETS = (
    *(
        "$",
        "$.paths",
        "$.paths['/beds/{id}'].get",
        "$..get",
        "$..*",
        "$.components.schemas[?@.type == 'object']",
        "$[?@]",
    ),
    *(
        "$.info.title",
        "$.nothing",
        "",
        "$.",
        "$..",
        "$[",
        "$[0]",
        "$[-1]",
        "$[1:2:0]",
        "$['",
        "paths",
        "$.paths.*.*.tags",
    ),
    *("$[?match(@.a, '(a|a)*b')]", "$[?search(@.title, '[')]", "$[?length(@) > 1]", "$[?@ == 1e400]", "$[" * 300),
)
#: Lines of a pyproject.toml.
OPTIONS = (
    *(
        "groups = true",
        "groups = 1",
        'group-by = "tags"',
        'group-by = "/beds"',
        "group-by = []",
        'include-tags = ["beds"]',
    ),
    *(
        "include-paths = ['GET /**']",
        "include-paths = ['']",
        'exclude-operations = "getBed"',
        "exclude-tags = [1, 'x']",
    ),
    *(
        "pagination = {getBed = false}",
        "pagination = 1",
        "pagination = {'GET /beds' = {type = 'cursor'}}",
        "unknown = {}",
    ),
    *("[tool.workflow-client-generator.pagination.getBed]", "[tool.workflow-client-generator]", "[[tool]]"),
    *("x = nan",),
    *('"a\\u0000" = 1979-05-27', "'''", '"""', "a.b.c = 1", "# comment"),
    *("inputs = [{name = 'a', in = 'parameters'}]",),
)
#: Of templates.
SNIPPETS = (
    *(
        "{{ api.title | markdown }}",
        "{{ api.title }}",
        "{{ nothing }}",
        "{{ nothing | literal }}",
        "{% for x in api %}",
    ),
    *(
        "{% include 'built-in/README.md.jinja' %}",
        "{% include 'client/README.md.jinja' %}",
        "{% include 'x' %}",
        "{{",
        "%}",
    ),
    *(
        "{% extends 'built-in/client.py.jinja' %}",
        "{{ api.title | x }}",
        "{{ 1 / 0 }}",
        "{{ 'a' | markdown }}",
        "{# #}",
        "text",
    ),
    *(
        "{% macro m() %}{{ api.title | literal }}{% endmacro %}{{ m() }}",
        "{% filter upper %}a{% endfilter %}",
        "\0",
        "\ud800",
    ),
    *(
        "{% raw %}{{ }}{% endraw %}",
        "{{ package.module | name }}",
        "{{ undefined_ is defined }}",
        "{% set a = 1 %}{{ a }}",
    ),
)
SECURE_GARDEN = {
    **GARDEN,
    "components": {
        "schemas": {"Bed": BED},
        "securitySchemes": {
            "Key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "OAuth": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "https://example.com/token", "scopes": {}}},
            },
        },
    },
    "security": [{"Key": []}, {"OAuth": []}],
}
#: A provider.yaml of SECURE_GARDEN.
FACTS: dict[str, Any] = {
    "source": {"url": "https://example.com", "retrieved": "2026-11-22", "sha256": "SHA256", "transcribed": False},
    "credentials": {
        "Key": {"argument": "api_key", "environment": "GARDEN_API_KEY"},
        "OAuth": {
            "argument": "access_token",
            "environment": "GARDEN_ACCESS_TOKEN",
            "client_id": {"argument": "client_id", "environment": "GARDEN_CLIENT_ID"},
        },
    },
    "groups": True,
}
