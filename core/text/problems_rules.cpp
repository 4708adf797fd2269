// What the rules about endpoints, payloads, validators, schema, secrets and versions find.
#include "core/text/problemtable.h"

#include <array>

namespace tokenlab::text {

namespace {

constexpr std::array rows{
    ProblemText{
        "cache-ttl-lost", PROBLEM_WORDS("cache_ttl (%2) has no effect on %1: an endpoint that signs sends no Cache-Control header."),
        PROBLEM_WORDS(
            "The signer replaces the endpoint's own handler, which would have written the Cache-Control header. Tokens should not be "
            "cached anyway; remove the member so that nobody counts on it.")},
    ProblemText{
        "output-encoding-lost", PROBLEM_WORDS("output_encoding %2 has no effect on %1: an endpoint that signs always answers JSON."),
        PROBLEM_WORDS(
            "The signer writes its response as JSON by itself and never looks at output_encoding (only no-op acts, because it changes "
            "what the backends deliver). Remove the member, or take the signer to an endpoint that may answer JSON.")},
    ProblemText{
        "rate-limit-lost", PROBLEM_WORDS("The rate limit of %1 is not applied: the signer replaces the handler that it wraps."),
        PROBLEM_WORDS("qos/ratelimit/router wraps the endpoint's own handler, and an endpoint that signs has another one. Limit logins by "
                      "qos/ratelimit/proxy at the backend, by qos/ratelimit/service, or before the gateway.")},
    ProblemText{
        "lua-endpoint-lost",
        PROBLEM_WORDS("The script modifier/lua-endpoint of %1 never runs: the signer replaces the handler that it wraps."),
        PROBLEM_WORDS(
            "modifier/lua-endpoint wraps the endpoint's own handler, and an endpoint that signs has another one. modifier/lua-proxy "
            "and modifier/lua-backend still run, so does the script at service level.")},
    ProblemText{
        "completed-header-lost",
        PROBLEM_WORDS("%1 answers without X-Krakend-Completed and X-Krakend: clients cannot see whether all backends took part."),
        PROBLEM_WORDS(
            "An endpoint that signs writes neither of the two headers. It does not need the first: where a backend fails, the whole "
            "request is answered with 400.")},
    ProblemText{
        "error-message-lost", PROBLEM_WORDS("return_error_msg of the router does not reach %1: its refusals have an empty body."),
        PROBLEM_WORDS(
            "The option makes the endpoint's own handler write the error into the body. An endpoint that signs has another handler: "
            "its refusals are 400 or 401 without a body, and the reason stands in the gateway's log alone.")},
    ProblemText{
        "partial-refused",
        PROBLEM_WORDS("%1 answers 400 as soon as one of its %2 backends fails; other endpoints would answer with the rest."),
        PROBLEM_WORDS(
            "Merging gives the data that came together with an error, and the signer takes any error as a refusal. Where a part may be "
            "missing, give its backend backend/http.return_error_details: then its failure is data, and the answer is 200.")},
    ProblemText{
        "failed-login-400",
        PROBLEM_WORDS(
            "When the backend refuses a login (%2), clients of %1 get %4 with an empty body. With return_error_details they would get "
            "%6: %7"),
        PROBLEM_WORDS(
            "Only 200 and 201 of a backend are good for the gateway. Everything else is an error, and an endpoint that signs answers "
            "every error with 400 and no body: the client cannot tell a wrong password from a broken backend. With "
            "backend/http.return_error_details the backend's status and body go out as a member error_NAME, and with a single backend "
            "the status goes to the client too. What the backend wrote is then visible to clients: look at it before you do.")},
    ProblemText{
        "error-code-lost",
        PROBLEM_WORDS("return_error_code does nothing on %1: an endpoint that signs answers every backend's error with 400."),
        PROBLEM_WORDS(
            "The option keeps the backend's status in the error, and the signer's handler never looks there. return_error_details does "
            "pass the status on.")},
    ProblemText{
        "error-details-no-name",
        PROBLEM_WORDS("return_error_details on a backend of %1 is no text with a name, so it is off, and return_error_code beside it too."),
        PROBLEM_WORDS(
            "The value is the name under which the details appear (error_NAME); an empty text, true or a number switches it off.")},
    ProblemText{"created-becomes-ok", PROBLEM_WORDS("The backend of %1 answered 201, the client got 200."),
                PROBLEM_WORDS("The signer answers 200 for both good statuses of a backend, 200 and 201; there is no setting for it.")},
    ProblemText{
        "chunked-body",
        PROBLEM_WORDS(
            "The backend of %1 answered %2 to a request with a body: perhaps it cannot read chunked bodies, as the gateway sends them."),
        PROBLEM_WORDS(
            "The gateway sends a body with Transfer-Encoding: chunked, unless Content-Length itself is forwarded "
            "(input_headers: [\"*\"]). A backend without chunked bodies works when it is called directly and fails behind the gateway.")},
    ProblemText{
        "query-dropped", PROBLEM_WORDS("The query parameter %2 of the last request to %1 did not reach the backend: it is not in %3."),
        PROBLEM_WORDS("The gateway forwards only the query parameters that input_query_strings names; none without it, all with \"*\".")},
    ProblemText{
        "header-dropped", PROBLEM_WORDS("The header %2 of the last request to %1 did not reach the backend: it is not in %3."),
        PROBLEM_WORDS("The gateway forwards only the headers that input_headers names; Content-Type alone without it, all with \"*\".")},
    ProblemText{
        "no-op-unsigned", PROBLEM_WORDS("%1 uses no-op, so nothing is signed: clients get {} with the backend's status."),
        PROBLEM_WORDS(
            "no-op hands the backend's answer through undecoded. There is no data that could be signed, the body becomes {}, and the "
            "backend's Content-Length does not fit it. Use json.")},
    ProblemText{"no-host", PROBLEM_WORDS("A backend of %1 has no host: every request fails with `no hosts available`."),
                PROBLEM_WORDS("Neither the backend nor the top level names a host. The gateway starts all the same.")},
    ProblemText{"host-without-scheme",
                PROBLEM_WORDS(
                    "The host %2 of %1 has neither http:// nor https://, and disable_host_sanitize keeps the gateway from adding it: every "
                    "request fails."),
                PROBLEM_WORDS(
                    "Without disable_host_sanitize the gateway puts http:// before a bare host. With it the host is taken as it stands.")},
    ProblemText{
        "host-scheme-assumed", PROBLEM_WORDS("The host %2 of %1 is called by http://: a scheme is missing."),
        PROBLEM_WORDS(
            "The gateway puts http:// before a host without scheme. Passwords then go to the backend in clear; write https:// where the "
            "backend has it.")},
    ProblemText{
        "encoding-as-json",
        PROBLEM_WORDS("The encoding %2 of a backend of %1 is no decoder of this edition: its answers are read as JSON."),
        PROBLEM_WORDS(
            "json, safejson, xml, rss, string and no-op have decoders. Everything else, fast-json and yaml of the schema and typing "
            "mistakes too, silently uses the one of json.")},
    ProblemText{"sd-unknown",
                PROBLEM_WORDS("The service discovery %2 of a backend of %1 is not known: its hosts are taken as a fixed list."),
                PROBLEM_WORDS("static, dns and dns-shared exist; everything else acts as static.")},
    ProblemText{"url-pattern-no-slash",
                PROBLEM_WORDS("url_pattern %2 of a backend of %1 does not begin with a slash; the gateway adds one."),
                PROBLEM_WORDS("A path begins with a slash; one is put before where it is missing.")},
    ProblemText{"url-pattern-missing", PROBLEM_WORDS("A backend of %1 has no url_pattern: it is called at /."),
                PROBLEM_WORDS("The gateway reads a missing url_pattern as the root of the host. The official schema demands it.")},
    ProblemText{
        "parallel-share-body",
        PROBLEM_WORDS(
            "The backends of %1 are all asked by GET or HEAD at the same time and get one body between them: a request with a body is "
            "answered with 400."),
        PROBLEM_WORDS(
            "The gateway copies the request's body for each backend only where one of the methods may change something (POST, PUT…). "
            "Among GET and HEAD alone one backend reads it, the others fail with `http: invalid Read on closed Body`. Ask them in turn "
            "(sequential), or give one its real method.")},
    ProblemText{"backend-twice", PROBLEM_WORDS("This backend of %1 is the same as backend %2: it is asked twice for one answer."),
                PROBLEM_WORDS("Two backends with the same method, hosts, path and shaping deliver the same members.")},
    ProblemText{
        "backends-same-member",
        PROBLEM_WORDS("Backends of %1 both deliver %2 (backend %3 and this one): %4 backends overwrite each other."),
        PROBLEM_WORDS(
            "Members are merged at the top level, a later one replaces an earlier one whole. Backends that are asked at the same time "
            "are merged in the order in which they answer, so which one wins changes from request to request. Use group, allow or "
            "mapping to keep them apart.")},
    ProblemText{
        "timeout-negative", PROBLEM_WORDS("The timeout of %1 is negative: every request fails at once."),
        PROBLEM_WORDS("A negative timeout is kept as it is, and a deadline in the past ends each request before the backend is asked.")},
    ProblemText{"concurrent-login", PROBLEM_WORDS("concurrent_calls sends each login of %1 %2 times at once."),
                PROBLEM_WORDS(
                    "The gateway asks the backend that many times and takes the first good answer. Each of the calls may write a session, "
                    "count as a failed attempt or send a message. It is meant for reading.")},
    ProblemText{"member-case", PROBLEM_WORDS("%1 works, because the gateway does not look at case here, but its name is %2."),
                PROBLEM_WORDS("Outside of components, names match whatever their case. The official schema refuses other spellings.")},
    ProblemText{"member-case-unused", PROBLEM_WORDS("%1 is ignored, because %2 stands beside it."),
                PROBLEM_WORDS("Names match whatever their case, the exact one first; another spelling of it is then not read.")},
    ProblemText{
        "member-twice", PROBLEM_WORDS("%1 stands here twice, in line %2 and in line %3: the gateway reads the last one alone."),
        PROBLEM_WORDS("JSON does not say what a name given twice means; the gateway keeps the value that comes last and says nothing. "
                      "Remove the other one.")},
    ProblemText{
        "text-not-utf8",
        PROBLEM_WORDS("The file is no UTF-8 here (bytes that are none: %1): the gateway reads a replacement sign (U+FFFD) instead."),
        PROBLEM_WORDS("JSON is UTF-8. Bytes of another encoding, as Latin-1, do not end the start, but names, paths and secrets with them "
                      "are other texts then. Save the file as UTF-8.")},
    ProblemText{
        "legacy-member", PROBLEM_WORDS("%1 is a name of older releases and is ignored: today it is %2."),
        PROBLEM_WORDS(
            "headers_to_pass became input_headers, querystring_params input_query_strings, whitelist allow, blacklist deny. The old names "
            "are ignored without a word, so nothing is forwarded or filtered.")},
    ProblemText{"unknown-member", PROBLEM_WORDS("%1 is ignored: the gateway has no such member here."),
                PROBLEM_WORDS("Unknown members are skipped without a word. A comment may begin with @, $, _ or #.")},
    ProblemText{"unknown-component", PROBLEM_WORDS("%1 is ignored: the gateway has no such component."),
                PROBLEM_WORDS("Components of extra_config are known by their exact names; others are skipped without a word.")},
    ProblemText{"component-level", PROBLEM_WORDS("%1 has no effect here: it belongs to %2 level."),
                PROBLEM_WORDS("Each component is read at certain levels of the file only: the service, an endpoint or a backend.")},
    ProblemText{
        "key-misspelt", PROBLEM_WORDS("keys_to_sign names %1, which the last payload does not have; %2 is there and went out unsigned."),
        PROBLEM_WORDS(
            "A name that is not in the payload is skipped without a log line: the answer is 200 and the claims go out in clear. Names are "
            "exact, case counts, and only members at the top level are looked at.")},
    ProblemText{
        "key-missing", PROBLEM_WORDS("keys_to_sign names %1, which the last payload does not have: nothing is signed for it."),
        PROBLEM_WORDS(
            "A name that is not in the payload is skipped without a log line. Dots have no meaning: only members at the top level are "
            "looked at.")},
    ProblemText{"key-not-an-object", PROBLEM_WORDS("%1 of the last payload is %2, not an object: it goes out unsigned."),
                PROBLEM_WORDS("Only JSON objects are signed. Texts, numbers, arrays and null stay as they are, without a log line.")},
    ProblemText{"claim-not-text", PROBLEM_WORDS("%1 is %3, not a text: the token signs, and every KrakenD validator answers 401."),
                PROBLEM_WORDS(
                    "iss, sub and jti have to be texts. A number is signed as it is, and no validator takes the token then, whatever it is "
                    "configured to look at. Let the backend write a text.")},
    ProblemText{
        "aud-type",
        PROBLEM_WORDS("%1 is %3: the token signs, and every KrakenD validator answers 401. aud has to be a text or an array of texts."),
        PROBLEM_WORDS(
            "A null, a number or an array with something else than texts makes the claims unreadable for the validator. Leave aud out, or "
            "write a text or an array of texts.")},
    ProblemText{"time-not-number", PROBLEM_WORDS("%1 is %3, not a number: the token signs, and every KrakenD validator answers 401."),
                PROBLEM_WORDS("exp, nbf and iat are numbers, seconds since 1970. \"123\" in quotes is no number.")},
    ProblemText{
        "time-milliseconds", PROBLEM_WORDS("%1 (%3) looks like milliseconds: validators read seconds."),
        PROBLEM_WORDS(
            "exp in milliseconds lies some ten thousand years ahead, so the token never expires; nbf and iat in milliseconds lie in the "
            "future, so it is never valid. Divide by 1000.")},
    ProblemText{"time-in-future", PROBLEM_WORDS("%1 (%3) lies in the future: validators answer 401 until then."),
                PROBLEM_WORDS("A validator allows for its leeway, a second unless configured. Look at the backend's clock and time zone.")},
    ProblemText{
        "exp-missing", PROBLEM_WORDS("%1 is missing: the token never expires."),
        PROBLEM_WORDS(
            "The signer adds no claim of its own, and a validator takes a token without exp for ever. The backend has to write exp.")},
    ProblemText{"exp-past", PROBLEM_WORDS("%1 (%3) has passed: validators answer 401."),
                PROBLEM_WORDS("Perhaps the backend writes a fixed time, or its clock is wrong. A login should give a time ahead.")},
    ProblemText{
        "validator-fatal", PROBLEM_WORDS("The validator of %1 ends the whole gateway at its start: %2"),
        PROBLEM_WORDS(
            "Other than a signer, a validator with an unknown algorithm, undecodable pins, an unreadable key file or a cache beside a "
            "local key file makes the process exit.")},
    ProblemText{
        "validator-crash", PROBLEM_WORDS("The validator of %1 crashes the whole gateway at its start: %2"),
        PROBLEM_WORDS(
            "A nested roles_key shorter than four letters (a.b) and an encrypted key file shorter than 12 bytes run into a panic.")},
    ProblemText{
        "validator-off", PROBLEM_WORDS("The validator of %1 could not be built, so every request there is answered with 401: %2"),
        PROBLEM_WORDS(
            "A wrong type in its configuration, or an unprotected jwk_url without disable_jwk_security, is one WARNING line at the start; "
            "the endpoint then refuses everybody.")},
    ProblemText{
        "validator-keys", PROBLEM_WORDS("The validator of %1 gets no key set from %2, so every token there is answered with 401: %3"),
        PROBLEM_WORDS(
            "The gateway starts all the same: it asks the key host when a token comes, and logs this only with operation_debug. Here the "
            "host was asked from this machine; where the gateway stands it may answer otherwise.")},
    ProblemText{"validator-keys-silent",
                PROBLEM_WORDS("The key host of the validator of %1 (%2) stays silent: requests with a token wait there without an answer."),
                PROBLEM_WORDS(
                    "The gateway's client has no limit for the answer of a key host. Look at the address, and at what stands in between.")},
    ProblemText{"validator-typo", PROBLEM_WORDS("auth/validator of %1 has no member %2: it is ignored. Was %3 meant?"),
                PROBLEM_WORDS("Members with unknown names are passed over without a word, so the setting does not act.")},
    ProblemText{"leeway-one-second", PROBLEM_WORDS("leeway %2 of the validator of %1 acts as one second."),
                PROBLEM_WORDS("What is no duration (2s, 1m30s), or shorter than a second, is silently taken as one second.")},
    ProblemText{"scopes-without-key", PROBLEM_WORDS("The scopes of %1 (%2) are not checked: scopes_key is missing."),
                PROBLEM_WORDS("Scopes count only where scopes_key says in which claim they stand; without it every valid token passes.")},
    ProblemText{"scopes-key-unused", PROBLEM_WORDS("scopes_key %2 of %1 does nothing without scopes."),
                PROBLEM_WORDS("Both members are needed, else nothing is checked.")},
    ProblemText{
        "roles-key-flat", PROBLEM_WORDS("roles_key %2 of %1 is taken as one name with dots in it: roles_key_is_nested is not set."),
        PROBLEM_WORDS("Without roles_key_is_nested the claim must be called exactly so, at the top level; else everybody gets 403.")},
    ProblemText{"roles-key-url",
                PROBLEM_WORDS("roles_key %2 of %1 is not taken apart although roles_key_is_nested is set: it begins with http."),
                PROBLEM_WORDS("Names that begin with http are always looked up whole, for claims that are named by URLs.")},
    ProblemText{"strategy-x5t",
                PROBLEM_WORDS("The validator of %1 looks for keys by %2, which tokens signed by this gateway do not carry: they get 401."),
                PROBLEM_WORDS(
                    "The signer writes alg, kid and typ into the header and nothing else. The x5t strategies then compare the kid with the "
                    "certificate's thumbprint and find nothing. Use kid.")},
    ProblemText{
        "login-needs-token", PROBLEM_WORDS("%1 signs and has a validator: it answers 401 unless the caller already has a valid token."),
        PROBLEM_WORDS("The validator runs before anything is sent to the backend. That is right for a refresh, and wrong for a login.")},
    ProblemText{"fit-algorithm", PROBLEM_WORDS("The validator of %1 takes %4 alone, and tokens of %2 are signed with %3: they get 401."),
                PROBLEM_WORDS("The header's alg must be the configured one exactly.")},
    ProblemText{
        "fit-private-set",
        PROBLEM_WORDS(
            "The validator of %1 reads the same keys as the signer of %2, which are private: with %3 they cannot verify, and every "
            "token gets 401."),
        PROBLEM_WORDS(
            "For RS, PS, ES and EdDSA a validator needs the public keys; a private one is refused (unsupported key type). Publish the "
            "public half of the set under a place of its own.")},
    ProblemText{
        "fit-other-set",
        PROBLEM_WORDS(
            "The validator of %1 reads its keys from another place than the signer of %2; for a symmetric algorithm they must be the same "
            "key."),
        PROBLEM_WORDS("With HS256, HS384 and HS512 the secret that signs is the one that verifies. Two places can drift apart.")},
    ProblemText{"fit-kid-missing",
                PROBLEM_WORDS("The key set of the validator of %1 has no key %3, with which %2 signs: its tokens get 401."),
                PROBLEM_WORDS("The validator looks the token's kid up in its own set.")},
    ProblemText{
        "fit-private-key",
        PROBLEM_WORDS("The key %3 in the set of the validator of %1 is a private one, which cannot verify: the tokens of %2 get 401."),
        PROBLEM_WORDS(
            "For RS, PS, ES and EdDSA a validator needs the public keys; a private one is refused (unsupported key type). Publish the "
            "public half of the set under a place of its own.")},
    ProblemText{
        "fit-key-differs",
        PROBLEM_WORDS("The validator of %1 has another key under the name %3 than the signer of %2: its tokens get 401."),
        PROBLEM_WORDS("Both sets have a key with this kid, but what one signs the other does not verify. Bring the two sets together.")},
    ProblemText{"fit-issuer",
                PROBLEM_WORDS("The validator of %1 demands the issuer %3, and the last payload of %2 says %4: its tokens get 401."),
                PROBLEM_WORDS("iss must be equal to the configured issuer, a closing slash counts.")},
    ProblemText{"fit-audience",
                PROBLEM_WORDS("The validator of %1 demands the audience %3, and the last payload of %2 has %4: its tokens get 401."),
                PROBLEM_WORDS("The token must contain all configured audiences.")},
    ProblemText{
        "schema", PROBLEM_WORDS("The official schema refuses this: %1"),
        PROBLEM_WORDS(
            "`krakend check -l` and `-n` compare the file with the official schema and refuse it here. The gateway itself runs with it.")},
    ProblemText{
        "schema-unjudged", PROBLEM_WORDS("Whether the official schema takes %1 is not known here."),
        PROBLEM_WORDS(
            "The members of this component are not among those that Token Lab knows. `krakend check -n` tells; `token-lab check` asks it "
            "where a krakend binary is known.")},
    ProblemText{"secret-in-url", PROBLEM_WORDS("%1 has a password in its URL."),
                PROBLEM_WORDS("Whoever reads the file has it. Take it from the environment, or use another way to authenticate.")},
    ProblemText{
        "secret-key-inline", PROBLEM_WORDS("A private key (%1) stands in the file."),
        PROBLEM_WORDS(
            "Whoever reads the file can sign tokens. In the data of a static response it would even be sent to clients. Keep keys in a "
            "file of their own (jwk_local_path), encrypted where others can read it.")},
    ProblemText{
        "secret-member", PROBLEM_WORDS("%1 stands in the file in clear."),
        PROBLEM_WORDS("Its name says that it is a secret. Fill it in from the environment or a template when the gateway is deployed.")},
    ProblemText{
        "secret-keeper-inline",
        PROBLEM_WORDS("%1 holds the key itself: what it encrypts beside it, cypher_key and with it the key file, is as good as open."),
        PROBLEM_WORDS(
            "base64key:// carries the key itself. Fill it in when the gateway is deployed, or use a keeper elsewhere (awskms, gcpkms, "
            "azurekeyvault, hashivault).")},
    ProblemText{
        "schema-other-release",
        PROBLEM_WORDS("The file names the schema of release %1. What is said here are the rules of 2.13.8; your %1 may differ here."),
        PROBLEM_WORDS(
            "Token Lab knows the rules of KrakenD CE 2.13.8. Releases before 2.12 read files in another way, and names have changed.")},
    ProblemText{"version-odd", PROBLEM_WORDS("version %1 is read as 3."),
                PROBLEM_WORDS("Texts and fractions are turned into a whole number; the official schema wants the number 3.")},
    ProblemText{
        "legacy-namespace", PROBLEM_WORDS("%1 works, but is a name of the gateway's inside: today it is %2."),
        PROBLEM_WORDS(
            "The gateway replaces each public name by the inner one when it starts. The official schema knows the public names alone.")},
    ProblemText{"both-namespaces", PROBLEM_WORDS("%1 is dropped whole: %2 stands beside it."),
                PROBLEM_WORDS("Where both names of a component stand, the public one wins and nothing is merged.")},
    ProblemText{"signer-level", PROBLEM_WORDS("A signer at %1 level is ignored: nothing is signed."),
                PROBLEM_WORDS("auth/signer is read from the extra_config of an endpoint alone.")},
    ProblemText{"enterprise-only", PROBLEM_WORDS("%1 is read by the enterprise edition alone; the community edition ignores it."),
                PROBLEM_WORDS("Token Lab predicts the community edition 2.13.8.")},
};

} // namespace

std::span<const ProblemText> ruleTexts()
{
    return rows;
}

} // namespace tokenlab::text
