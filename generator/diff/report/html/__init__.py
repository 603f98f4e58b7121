"""A report and the texts of both versions -> one static page, for people who review with a browser.

`excerpts` cuts out the lines that changed, `broken_code` writes the code that no longer works, `page` gathers what
`page.html.jinja` prints. Whatever comes of a spec is escaped; the page loads nothing, and its script only hides causes.
"""
