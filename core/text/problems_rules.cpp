#include "core/text/problems_rules.h"

#include "core/text/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace tokenlab::text {

namespace {

// %1, %2… are the problem's arguments.
struct Sentences {
    std::string_view id;
    const char *message;
    const char *explanation;
};

#define TEXT(text) QT_TRANSLATE_NOOP("Problems", text)

constexpr std::array sentences{
    Sentences{
        "cache-ttl-lost", TEXT("cache_ttl (%2) has no effect on %1: an endpoint that signs sends no Cache-Control header."),
        TEXT("The signer replaces the endpoint's own handler, which would have written the Cache-Control header. Tokens should not be "
             "cached anyway; remove the member so that nobody counts on it.")},
    Sentences{
        "output-encoding-lost", TEXT("output_encoding %2 has no effect on %1: an endpoint that signs always answers JSON."),
        TEXT("The signer writes its response as JSON by itself and never looks at output_encoding (only no-op acts, because it changes "
             "what the backends deliver). Remove the member, or take the signer to an endpoint that may answer JSON.")},
    Sentences{"rate-limit-lost", TEXT("The rate limit of %1 is not applied: the signer replaces the handler that it wraps."),
              TEXT("qos/ratelimit/router wraps the endpoint's own handler, and an endpoint that signs has another one. Limit logins by "
                   "qos/ratelimit/proxy at the backend, by qos/ratelimit/service, or before the gateway.")},
    Sentences{"lua-endpoint-lost",
              TEXT("The script modifier/lua-endpoint of %1 never runs: the signer replaces the handler that it wraps."),
              TEXT("modifier/lua-endpoint wraps the endpoint's own handler, and an endpoint that signs has another one. modifier/lua-proxy "
                   "and modifier/lua-backend still run, so does the script at service level.")},
    Sentences{"completed-header-lost",
              TEXT("%1 answers without X-Krakend-Completed and X-Krakend: clients cannot see whether all backends took part."),
              TEXT("An endpoint that signs writes neither of the two headers. It does not need the first: where a backend fails, the whole "
                   "request is answered with 400.")},
    Sentences{"error-message-lost", TEXT("return_error_msg of the router does not reach %1: its refusals have an empty body."),
              TEXT("The option makes the endpoint's own handler write the error into the body. An endpoint that signs has another handler: "
                   "its refusals are 400 or 401 without a body, and the reason stands in the gateway's log alone.")},
    Sentences{
        "partial-refused", TEXT("%1 answers 400 as soon as one of its %2 backends fails; other endpoints would answer with the rest."),
        TEXT("Merging gives the data that came together with an error, and the signer takes any error as a refusal. Where a part may be "
             "missing, give its backend backend/http.return_error_details: then its failure is data, and the answer is 200.")},
    Sentences{
        "failed-login-400",
        TEXT("When the backend refuses a login (%2), clients of %1 get %4 with an empty body. With return_error_details they would get "
             "%6: %7"),
        TEXT("Only 200 and 201 of a backend are good for the gateway. Everything else is an error, and an endpoint that signs answers "
             "every error with 400 and no body: the client cannot tell a wrong password from a broken backend. With "
             "backend/http.return_error_details the backend's status and body go out as a member error_NAME, and with a single backend "
             "the status goes to the client too. What the backend wrote is then visible to clients: look at it before you do.")},
    Sentences{
        "error-code-lost", TEXT("return_error_code does nothing on %1: an endpoint that signs answers every backend's error with 400."),
        TEXT("The option keeps the backend's status in the error, and the signer's handler never looks there. return_error_details does "
             "pass the status on.")},
    Sentences{"error-details-no-name",
              TEXT("return_error_details on a backend of %1 is no text with a name, so it is off, and return_error_code beside it too."),
              TEXT("The value is the name under which the details appear (error_NAME); an empty text, true or a number switches it off.")},
    Sentences{"created-becomes-ok", TEXT("The backend of %1 answered 201, the client got 200."),
              TEXT("The signer answers 200 for both good statuses of a backend, 200 and 201; there is no setting for it.")},
    Sentences{
        "chunked-body",
        TEXT("The backend of %1 answered %2 to a request with a body: perhaps it cannot read chunked bodies, as the gateway sends them."),
        TEXT("The gateway sends a body with Transfer-Encoding: chunked, unless Content-Length itself is forwarded "
             "(input_headers: [\"*\"]). A backend without chunked bodies works when it is called directly and fails behind the gateway.")},
    Sentences{"query-dropped", TEXT("The query parameter %2 of the last request to %1 did not reach the backend: it is not in %3."),
              TEXT("The gateway forwards only the query parameters that input_query_strings names; none without it, all with \"*\".")},
    Sentences{"header-dropped", TEXT("The header %2 of the last request to %1 did not reach the backend: it is not in %3."),
              TEXT("The gateway forwards only the headers that input_headers names; Content-Type alone without it, all with \"*\".")},
    Sentences{
        "no-op-unsigned", TEXT("%1 uses no-op, so nothing is signed: clients get {} with the backend's status."),
        TEXT("no-op hands the backend's answer through undecoded. There is no data that could be signed, the body becomes {}, and the "
             "backend's Content-Length does not fit it. Use json.")},
    Sentences{"no-host", TEXT("A backend of %1 has no host: every request fails with `no hosts available`."),
              TEXT("Neither the backend nor the top level names a host. The gateway starts all the same.")},
    Sentences{"host-without-scheme",
              TEXT("The host %2 of %1 has neither http:// nor https://, and disable_host_sanitize keeps the gateway from adding it: every "
                   "request fails."),
              TEXT("Without disable_host_sanitize the gateway puts http:// before a bare host. With it the host is taken as it stands.")},
    Sentences{
        "host-scheme-assumed", TEXT("The host %2 of %1 is called by http://: a scheme is missing."),
        TEXT("The gateway puts http:// before a host without scheme. Passwords then go to the backend in clear; write https:// where the "
             "backend has it.")},
    Sentences{"encoding-as-json", TEXT("The encoding %2 of a backend of %1 is no decoder of this edition: its answers are read as JSON."),
              TEXT("json, safejson, xml, rss, string and no-op have decoders. Everything else, fast-json and yaml of the schema and typing "
                   "mistakes too, silently uses the one of json.")},
    Sentences{"sd-unknown", TEXT("The service discovery %2 of a backend of %1 is not known: its hosts are taken as a fixed list."),
              TEXT("static, dns and dns-shared exist; everything else acts as static.")},
    Sentences{"url-pattern-no-slash", TEXT("url_pattern %2 of a backend of %1 does not begin with a slash; the gateway adds one."),
              TEXT("A path begins with a slash; one is put before where it is missing.")},
    Sentences{"url-pattern-missing", TEXT("A backend of %1 has no url_pattern: it is called at /."),
              TEXT("The gateway reads a missing url_pattern as the root of the host. The official schema demands it.")},
    Sentences{
        "parallel-share-body",
        TEXT("The backends of %1 are all asked by GET or HEAD at the same time and get one body between them: a request with a body is "
             "answered with 400."),
        TEXT("The gateway copies the request's body for each backend only where one of the methods may change something (POST, PUT…). "
             "Among GET and HEAD alone one backend reads it, the others fail with `http: invalid Read on closed Body`. Ask them in turn "
             "(sequential), or give one its real method.")},
    Sentences{"backend-twice", TEXT("This backend of %1 is the same as backend %2: it is asked twice for one answer."),
              TEXT("Two backends with the same method, hosts, path and shaping deliver the same members.")},
    Sentences{
        "backends-same-member", TEXT("Backends of %1 both deliver %2 (backend %3 and this one): %4 backends overwrite each other."),
        TEXT("Members are merged at the top level, a later one replaces an earlier one whole. Backends that are asked at the same time "
             "are merged in the order in which they answer, so which one wins changes from request to request. Use group, allow or "
             "mapping to keep them apart.")},
    Sentences{"timeout-negative", TEXT("The timeout of %1 is negative: every request fails at once."),
              TEXT("A negative timeout is kept as it is, and a deadline in the past ends each request before the backend is asked.")},
    Sentences{"concurrent-login", TEXT("concurrent_calls sends each login of %1 %2 times at once."),
              TEXT("The gateway asks the backend that many times and takes the first good answer. Each of the calls may write a session, "
                   "count as a failed attempt or send a message. It is meant for reading.")},
    Sentences{"member-case", TEXT("%1 works, because the gateway does not look at case here, but its name is %2."),
              TEXT("Outside of components, names match whatever their case. The official schema refuses other spellings.")},
    Sentences{"member-case-unused", TEXT("%1 is ignored, because %2 stands beside it."),
              TEXT("Names match whatever their case, the exact one first; another spelling of it is then not read.")},
    Sentences{
        "legacy-member", TEXT("%1 is a name of older releases and is ignored: today it is %2."),
        TEXT("headers_to_pass became input_headers, querystring_params input_query_strings, whitelist allow, blacklist deny. The old names "
             "are ignored without a word, so nothing is forwarded or filtered.")},
    Sentences{"unknown-member", TEXT("%1 is ignored: the gateway has no such member here."),
              TEXT("Unknown members are skipped without a word. A comment may begin with @, $, _ or #.")},
    Sentences{"unknown-component", TEXT("%1 is ignored: the gateway has no such component."),
              TEXT("Components of extra_config are known by their exact names; others are skipped without a word.")},
    Sentences{"component-level", TEXT("%1 has no effect here: it belongs to %2 level."),
              TEXT("Each component is read at certain levels of the file only: the service, an endpoint or a backend.")},
    Sentences{
        "key-misspelt", TEXT("keys_to_sign names %1, which the last payload does not have; %2 is there and went out unsigned."),
        TEXT("A name that is not in the payload is skipped without a log line: the answer is 200 and the claims go out in clear. Names are "
             "exact, case counts, and only members at the top level are looked at.")},
    Sentences{
        "key-missing", TEXT("keys_to_sign names %1, which the last payload does not have: nothing is signed for it."),
        TEXT("A name that is not in the payload is skipped without a log line. Dots have no meaning: only members at the top level are "
             "looked at.")},
    Sentences{"key-not-an-object", TEXT("%1 of the last payload is %2, not an object: it goes out unsigned."),
              TEXT("Only JSON objects are signed. Texts, numbers, arrays and null stay as they are, without a log line.")},
    Sentences{"claim-not-text", TEXT("%1 is %3, not a text: the token signs, and every KrakenD validator answers 401."),
              TEXT("iss, sub and jti have to be texts. A number is signed as it is, and no validator takes the token then, whatever it is "
                   "configured to look at. Let the backend write a text.")},
    Sentences{
        "aud-type", TEXT("%1 is %3: the token signs, and every KrakenD validator answers 401. aud has to be a text or an array of texts."),
        TEXT("A null, a number or an array with something else than texts makes the claims unreadable for the validator. Leave aud out, or "
             "write a text or an array of texts.")},
    Sentences{"time-not-number", TEXT("%1 is %3, not a number: the token signs, and every KrakenD validator answers 401."),
              TEXT("exp, nbf and iat are numbers, seconds since 1970. \"123\" in quotes is no number.")},
    Sentences{
        "time-milliseconds", TEXT("%1 (%3) looks like milliseconds: validators read seconds."),
        TEXT("exp in milliseconds lies some ten thousand years ahead, so the token never expires; nbf and iat in milliseconds lie in the "
             "future, so it is never valid. Divide by 1000.")},
    Sentences{"time-in-future", TEXT("%1 (%3) lies in the future: validators answer 401 until then."),
              TEXT("A validator allows for its leeway, a second unless configured. Look at the backend's clock and time zone.")},
    Sentences{
        "exp-missing", TEXT("%1 is missing: the token never expires."),
        TEXT("The signer adds no claim of its own, and a validator takes a token without exp for ever. The backend has to write exp.")},
    Sentences{"exp-past", TEXT("%1 (%3) has passed: validators answer 401."),
              TEXT("Perhaps the backend writes a fixed time, or its clock is wrong. A login should give a time ahead.")},
    Sentences{
        "validator-fatal", TEXT("The validator of %1 ends the whole gateway at its start: %2"),
        TEXT("Other than a signer, a validator with an unknown algorithm, undecodable pins, an unreadable key file or a cache beside a "
             "local key file makes the process exit.")},
    Sentences{"validator-crash", TEXT("The validator of %1 crashes the whole gateway at its start: %2"),
              TEXT("A nested roles_key shorter than four letters (a.b) and an encrypted key file shorter than 12 bytes run into a panic.")},
    Sentences{
        "validator-off", TEXT("The validator of %1 could not be built, so every request there is answered with 401: %2"),
        TEXT("A wrong type in its configuration, or an unprotected jwk_url without disable_jwk_security, is one WARNING line at the start; "
             "the endpoint then refuses everybody.")},
    Sentences{"leeway-one-second", TEXT("leeway %2 of the validator of %1 acts as one second."),
              TEXT("What is no duration (2s, 1m30s), or shorter than a second, is silently taken as one second.")},
    Sentences{"scopes-without-key", TEXT("The scopes of %1 (%2) are not checked: scopes_key is missing."),
              TEXT("Scopes count only where scopes_key says in which claim they stand; without it every valid token passes.")},
    Sentences{"scopes-key-unused", TEXT("scopes_key %2 of %1 does nothing without scopes."),
              TEXT("Both members are needed, else nothing is checked.")},
    Sentences{"roles-key-flat", TEXT("roles_key %2 of %1 is taken as one name with dots in it: roles_key_is_nested is not set."),
              TEXT("Without roles_key_is_nested the claim must be called exactly so, at the top level; else everybody gets 403.")},
    Sentences{"roles-key-url", TEXT("roles_key %2 of %1 is not taken apart although roles_key_is_nested is set: it begins with http."),
              TEXT("Names that begin with http are always looked up whole, for claims that are named by URLs.")},
    Sentences{"strategy-x5t",
              TEXT("The validator of %1 looks for keys by %2, which tokens signed by this gateway do not carry: they get 401."),
              TEXT("The signer writes alg, kid and typ into the header and nothing else. The x5t strategies then compare the kid with the "
                   "certificate's thumbprint and find nothing. Use kid.")},
    Sentences{"login-needs-token", TEXT("%1 signs and has a validator: it answers 401 unless the caller already has a valid token."),
              TEXT("The validator runs before anything is sent to the backend. That is right for a refresh, and wrong for a login.")},
    Sentences{"fit-algorithm", TEXT("The validator of %1 takes %4 alone, and tokens of %2 are signed with %3: they get 401."),
              TEXT("The header's alg must be the configured one exactly.")},
    Sentences{
        "fit-private-set",
        TEXT("The validator of %1 reads the same keys as the signer of %2, which are private: with %3 they cannot verify, and every "
             "token gets 401."),
        TEXT("For RS, PS, ES and EdDSA a validator needs the public keys; a private one is refused (unsupported key type). Publish the "
             "public half of the set under a place of its own (token-lab keys public).")},
    Sentences{
        "fit-other-set",
        TEXT("The validator of %1 reads its keys from another place than the signer of %2; for a symmetric algorithm they must be the same "
             "key."),
        TEXT("With HS256, HS384 and HS512 the secret that signs is the one that verifies. Two places can drift apart.")},
    Sentences{"fit-kid-missing", TEXT("The key set of the validator of %1 has no key %3, with which %2 signs: its tokens get 401."),
              TEXT("The validator looks the token's kid up in its own set.")},
    Sentences{"fit-issuer", TEXT("The validator of %1 demands the issuer %3, and the last payload of %2 says %4: its tokens get 401."),
              TEXT("iss must be equal to the configured issuer, a closing slash counts.")},
    Sentences{"fit-audience", TEXT("The validator of %1 demands the audience %3, and the last payload of %2 has %4: its tokens get 401."),
              TEXT("The token must contain all configured audiences.")},
    Sentences{
        "schema", TEXT("The official schema refuses this: %1"),
        TEXT("`krakend check -l` and `-n` compare the file with the official schema and refuse it here. The gateway itself runs with it.")},
    Sentences{
        "schema-unjudged", TEXT("Whether the official schema takes %1 is not known here."),
        TEXT("The members of this component are not among those that Token Lab knows. `krakend check -n` tells; `token-lab check` asks it "
             "where a krakend binary is known.")},
    Sentences{"secret-in-url", TEXT("%1 has a password in its URL."),
              TEXT("Whoever reads the file has it. Take it from the environment, or use another way to authenticate.")},
    Sentences{
        "secret-key-inline", TEXT("A private key (%1) stands in the file."),
        TEXT("Whoever reads the file can sign tokens. In the data of a static response it would even be sent to clients. Keep keys in a "
             "file of their own (jwk_local_path), encrypted where others can read it.")},
    Sentences{"secret-member", TEXT("%1 stands in the file in clear."),
              TEXT("Its name says that it is a secret. Fill it in from the environment or a template when the gateway is deployed.")},
    Sentences{
        "secret-keeper-inline", TEXT("%1 holds the key that opens cypher_key beside it: the encrypted key file is as good as open."),
        TEXT("base64key:// carries the key itself. Fill it in when the gateway is deployed, or use a keeper elsewhere (awskms, gcpkms, "
             "azurekeyvault, hashivault).")},
    Sentences{
        "schema-other-release",
        TEXT("The file names the schema of release %1. What is said here are the rules of 2.13.8; your %1 may differ here."),
        TEXT("Token Lab knows the rules of KrakenD CE 2.13.8. Releases before 2.12 read files in another way, and names have changed.")},
    Sentences{"version-odd", TEXT("version %1 is read as 3."),
              TEXT("Texts and fractions are turned into a whole number; the official schema wants the number 3.")},
    Sentences{
        "legacy-namespace", TEXT("%1 works, but is a name of the gateway's inside: today it is %2."),
        TEXT("The gateway replaces each public name by the inner one when it starts. The official schema knows the public names alone.")},
    Sentences{"both-namespaces", TEXT("%1 is dropped whole: %2 stands beside it."),
              TEXT("Where both names of a component stand, the public one wins and nothing is merged.")},
    Sentences{"signer-level", TEXT("A signer at %1 level is ignored: nothing is signed."),
              TEXT("auth/signer is read from the extra_config of an endpoint alone.")},
    Sentences{"enterprise-only", TEXT("%1 is read by the enterprise edition alone; the community edition ignores it."),
              TEXT("Token Lab predicts the community edition 2.13.8.")},
};

#undef TEXT

const Sentences *find(std::string_view id)
{
    const auto found = std::find_if(sentences.begin(), sentences.end(), [id](const Sentences &one) { return one.id == id; });
    return found == sentences.end() ? nullptr : found;
}

// Texts from outside, short and without control characters.
QString shown(const QByteArray &argument)
{
    constexpr qsizetype longest = 160;
    QString text = inert(argument);
    if (text.size() > longest)
        text = text.first(longest) + u'\u2026';
    return text;
}

QString filled(const char *pattern, const std::vector<QByteArray> &arguments)
{
    // In one pass: an argument may itself contain %1.
    const QString text = QCoreApplication::translate("Problems", pattern);
    QString out;
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text[at] == u'%' && at + 1 < text.size() && text[at + 1] >= u'1' && text[at + 1] <= u'9') {
            const auto index = std::size_t(text[at + 1].unicode() - u'1');
            if (index < arguments.size())
                out += shown(arguments[index]);
            ++at;
            continue;
        }
        out += text[at];
    }
    return out;
}

} // namespace

std::optional<QString> ruleMessage(const problems::Problem &problem)
{
    const Sentences *own = problem.code ? find(problem.code->id) : nullptr;
    if (!own)
        return std::nullopt;
    QString text = filled(own->message, problem.arguments);
    if (problem.code->id == "unknown-member" || problem.code->id == "unknown-component")
        if (problem.arguments.size() > 1 && !problem.arguments[1].isEmpty())
            text += u' ' + QCoreApplication::translate("Problems", "Was %1 meant?").arg(shown(problem.arguments[1]));
    return text;
}

std::optional<QString> ruleExplanation(const problems::Code &code)
{
    const Sentences *own = find(code.id);
    if (!own)
        return std::nullopt;
    return QCoreApplication::translate("Problems", own->explanation);
}

QString ruleLabel(const problems::Fix &fix)
{
    const auto argument = [&](std::size_t index) { return index < fix.arguments.size() ? shown(fix.arguments[index]) : QString(); };
    const auto tr = [](const char *text) { return QCoreApplication::translate("Problems", text); };
    if (fix.kind == "set")
        return tr("Set %1 to %2").arg(argument(0), argument(1));
    if (fix.kind == "remove")
        return tr("Remove %1").arg(argument(0));
    if (fix.kind == "rename")
        return tr("Rename %1 to %2").arg(argument(0), argument(1));
    if (fix.kind == "convert")
        return tr("Convert %1").arg(argument(0));
    return tr("Add %1 to %2").arg(argument(0), argument(1));
}

} // namespace tokenlab::text
