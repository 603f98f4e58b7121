"""Two versions of an `Api` -> what deployed clients of the old one notice of servers of the new one.

Comes in: both versions, or None for one without the API. Goes out: a `Finding` for each difference in what is sent and
read. Names of operations, classes, path parameters and security schemes do not count here, as nobody sends them. Who
compares what:

    api                     operations, paired by method and path; what all operations share
        security_and_servers
        requests            parameters, and the media types of bodies
        responses           statuses, headers, and the media types of bodies
        webhooks            what the API sends by itself
            types           a value in both versions, and all values inside it
                objects     properties
                unions      members of one JSON type, and their discriminators
                constraints formats, constraints, enum values
        documentation       what is said to people

`values` holds the pairs of values that these walk through, `context` the classes of both versions, `json_types` what a
type allows.
"""
