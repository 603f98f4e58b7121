"""Two versions of an `Api` -> what deployed clients of the old one notice of servers of the new one.

Comes in: both versions, or None for one without the API. Goes out: a `Finding` for each difference in what clients send
and read. Names of operations, classes, path parameters and security schemes do not count, as nobody sends them. Who
compares what:

    api                     operations, paired by where their requests go, or else by operationId
        documentation       titles, descriptions, tags and deprecations
        security            credentials
        servers             addresses
        requests            parameters, and the media types of bodies
        responses           statuses, headers, and the media types of bodies
        webhooks            requests that the API sends
            values/         a value in both versions, and all values inside it
"""
