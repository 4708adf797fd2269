// What keeps the gateway from starting.
#include "core/text/problemtable.h"

#include <array>

namespace tokenlab::text {

namespace {

constexpr std::array rows{
    ProblemText{"config-json", PROBLEM_WORDS("The file is no JSON: %1."),
                PROBLEM_WORDS("The gateway reads the file with encoding/json and says neither line nor column. Comments, trailing commas, "
                              "a byte order mark and anything behind the last brace are errors. Mend the text at the place shown.")},
    ProblemText{"config-format", PROBLEM_WORDS("YAML and TOML are not read here: %1"),
                PROBLEM_WORDS("The gateway decides by the file name's ending and takes both formats. Convert the file to JSON, which it "
                              "takes as well, to have it checked.")},
    ProblemText{"config-type", PROBLEM_WORDS("A member has a value that the gateway cannot use: %1"),
                PROBLEM_WORDS("The decoder turns texts, numbers and flags into each other where it can (\"8080\" is a port), and ends the "
                              "start where it cannot. Give the member a value of its own type.")},
    ProblemText{"config-duration", PROBLEM_WORDS("%2 is no duration for the gateway: %1"),
                PROBLEM_WORDS("Durations are texts with a unit: 2s, 1500ms, 1m30s. A text without a unit, an empty one too, ends the "
                              "start; a bare number is taken for nanoseconds.")},
    ProblemText{"config-version", PROBLEM_WORDS("The gateway takes configuration version 3 only: %1."),
                PROBLEM_WORDS("The number is that of the file format, not of the gateway. Files of version 2 and before have other "
                              "members. A file without a version only lacks the member.")},
    ProblemText{"config-null",
                PROBLEM_WORDS("A null stands where an endpoint or a backend should: the gateway crashes when it reads the file."),
                PROBLEM_WORDS("The loader walks over endpoints and backends without looking for null, so the process ends with a nil "
                              "pointer. Remove the element.")},
    ProblemText{
        "config-ip", PROBLEM_WORDS("listen_ip is no IP address: %1."),
        PROBLEM_WORDS("Only addresses are taken, no host names: 127.0.0.1, ::1, or nothing at all for every address of the machine.")},
    ProblemText{"config-other", PROBLEM_WORDS("The gateway refuses the file: %1"),
                PROBLEM_WORDS("The message is the gateway's own. It ends at its first error.")},
    ProblemText{"host-invalid", PROBLEM_WORDS("The gateway cannot use this host: %1."),
                PROBLEM_WORDS("A host is an address without a path: scheme in lower case (http:// is added where it is missing), name, and "
                              "a port of 2 to 6 digits. Paths belong into url_pattern. IPv6 addresses, user names and ports of one digit "
                              "do not pass unless disable_host_sanitize is on.")},
    ProblemText{"path-forbidden", PROBLEM_WORDS("The gateway keeps this path for itself or cannot register it: %1"),
                PROBLEM_WORDS("/__debug, /__echo and /__health, anything below them, and whatever follows a * are refused. The message "
                              "says \"ignoring\", but the start ends here. Choose another path.")},
    ProblemText{"no-backend", PROBLEM_WORDS("An endpoint has no backend: %1"),
                PROBLEM_WORDS("Every endpoint needs at least one backend, even where all of its data is static.")},
    ProblemText{"no-op-several", PROBLEM_WORDS("no-op takes the answer of one backend as it is; this endpoint has several."),
                PROBLEM_WORDS("With output_encoding no-op nothing is decoded or merged, so only one backend may stand behind the endpoint. "
                              "An endpoint that signs needs json in any case: with no-op nothing is signed.")},
    ProblemText{"url-parameters", PROBLEM_WORDS("url_pattern uses a parameter that the endpoint's path does not have: %1"),
                PROBLEM_WORDS("Every {name} of a url_pattern must be a {name} of the endpoint's path, in the same spelling, or come from "
                              "an earlier response (resp0_x) or a validated token (JWT.x).")},
    ProblemText{
        "log-not-bool", PROBLEM_WORDS("telemetry/logging: %1 is neither true nor false: the gateway crashes at its start."),
        PROBLEM_WORDS("stdout and syslog are taken as booleans without a look: text, numbers and null end the gateway with a panic. "
                      "krakend check does not notice; only its linter does.")},
    ProblemText{"route-twice", PROBLEM_WORDS("%1 is registered twice: the gateway crashes at its start."),
                PROBLEM_WORDS("Two endpoints with the same method and path end the router: panic: handlers are already registered for path "
                              "'/token'. Paths count after their slashes are cleaned. Keep one of them.")},
    ProblemText{"route-conflict", PROBLEM_WORDS("%1 does not go together with another route: %2. The gateway crashes at its start."),
                PROBLEM_WORDS("At one place of a path all routes of a method must name their parameter alike: /user/{id} and "
                              "/user/{name}/x cannot both be there. Rename the parameter.")},
    ProblemText{"method-unsupported",
                PROBLEM_WORDS("%1 has the method \"%2\", which the gateway does not register: the endpoint will not exist."),
                PROBLEM_WORDS("GET, POST, PUT, PATCH and DELETE are registered. For others the gateway logs an error, starts all the same, "
                              "and answers 404 or 405.")},
    ProblemText{"port-invalid", PROBLEM_WORDS("Port %1 does not exist: the gateway ends when it wants to listen."),
                PROBLEM_WORDS("Ports go from 1 to 65535; 0 and none mean 8080.")},
    ProblemText{"server-tls", PROBLEM_WORDS("The gateway cannot load the files of tls and ends when it wants to listen: %1"),
                PROBLEM_WORDS("public_key is the certificate and private_key its key, both as PEM files that the gateway can read and that "
                              "belong together.")},
    ProblemText{"client-tls-file", PROBLEM_WORDS("A file of client_tls serves for nothing, and the gateway does not say so: %1"),
                PROBLEM_WORDS("Certificates for the backends that cannot be read are passed over without a word; backends are then asked "
                              "without them. Correct the path or the file.")},
    ProblemText{"krakend-check", PROBLEM_WORDS("krakend check says: %1"),
                PROBLEM_WORDS("The krakend of this machine was asked too (check -tn), and no rule here has said the same. It may be of "
                              "another release, or judge a component that is not judged here.")},
};

} // namespace

std::span<const ProblemText> startTexts()
{
    return rows;
}

} // namespace tokenlab::text
