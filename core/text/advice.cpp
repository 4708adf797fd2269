#include "core/text/advice.h"

#include "core/text/text.h"

#include <QCoreApplication>

namespace tokenlab::text {

namespace {

struct AdviceTable {
    Q_DECLARE_TR_FUNCTIONS(Advice)
};

enum class Match { Equals, Begins, Contains };

// meaning and remedy go through tr(); %1 in them is the gateway's text made inert.
struct Row {
    Match match;
    const char *pattern;
    const char *meaning;
    const char *remedy;
};

bool matches(const Row &row, QByteArrayView text)
{
    const QByteArrayView pattern(row.pattern);
    switch (row.match) {
    case Match::Equals:
        return text == pattern;
    case Match::Begins:
        return text.startsWith(pattern);
    case Match::Contains:
        return text.contains(pattern);
    }
    return false;
}

template <std::size_t N>
Advice look(const Row (&table)[N], QByteArrayView text)
{
    const QString words = oneLine(text);
    const auto fill = [&](const char *source) {
        const QString pattern = AdviceTable::tr(source);
        return pattern.contains(QLatin1String("%1")) ? pattern.arg(words) : pattern;
    };
    const Row *found = nullptr;
    for (const Row &row : table) {
        if (!found && matches(row, text))
            found = &row;
    }
    if (!found)
        return {words, words, {}};
    QString brief = AdviceTable::tr(found->meaning);
    brief.remove(QLatin1String(" (%1)"));
    return {fill(found->meaning), brief.contains(QLatin1String("%1")) ? brief.arg(words) : brief, fill(found->remedy)};
}

#define WORDS(text) QT_TRANSLATE_NOOP("Advice", text)

// The first match wins: the particular before the general.
const Row signerTable[] = {
    {Match::Begins, "JWK client is using an insecure connection", WORDS("the gateway refuses a jwk_url that does not begin with https://"),
     WORDS("Serve the keys over https, or set disable_jwk_security to true (a local key file needs one of the two as well).")},
    {Match::Begins, "decoding fingerprint", WORDS("a pin in jwk_fingerprints is not base64url (%1)"),
     WORDS("Pins use - and _ and keep their = signs: 44 characters for a SHA-256.")},
    {Match::Begins, "failed to append", WORDS("the CA file of jwk_local_ca cannot be read (%1)"),
     WORDS("Give the path as the gateway sees it; it is read even for a local key file.")},
    {Match::Equals, "Get \"\": unsupported protocol scheme \"\"",
     WORDS("the key file has no key with this kid, and there is no jwk_url to look further"),
     WORDS("Set kid to that of a key in the file.")},
    {Match::Equals, "no Keys have been found", WORDS("the key set has no key with this kid"),
     WORDS("Set kid to that of a key in the set.")},
    {Match::Equals, "no Keys has been found", WORDS("the key set is empty: the document has no \u201ckeys\u201d with a key in it"),
     WORDS("A single JWK must stand inside {\"keys\":[\u2026]}.")},
    {Match::Begins, "should have a JSON content type", WORDS("the key host answers with a Content-Type that the gateway refuses"),
     WORDS("It must begin with application/json or application/jwk-set+json, in lower case.")},
    {Match::Contains, "unknown/unsupported algorithm", WORDS("the gateway does not know this alg, or the loaded key cannot sign with it"),
     WORDS("HS* needs an oct key, RS* and PS* an RSA key, ES* an EC key, EdDSA an Ed25519 key; names count letter by letter, HS256 and "
           "EdDSA.")},
    {Match::Contains, "unsupported key type/format", WORDS("the loaded key is a public one and cannot sign"),
     WORDS("Point jwk_url or jwk_local_path at the private key set.")},
    {Match::Begins, "json: cannot unmarshal", WORDS("a member has the wrong type (%1)"),
     WORDS("Compare the types of auth/signer's members, or of the key set, with the manual.")},
    {Match::Contains, "pinned key", WORDS("no certificate of the key host matches a pin of jwk_fingerprints"),
     WORDS("Take the SHA-256 of the public key (SPKI), not of the certificate.")},
    {Match::Contains, "certificate signed by unknown authority", WORDS("the key host's certificate is not trusted"),
     WORDS("Name its CA in jwk_local_ca, as a PEM file.")},
    {Match::Contains, "certificate has expired or is not yet valid", WORDS("the key host's certificate is out of date (%1)"),
     WORDS("Renew the certificate.")},
    {Match::Contains, "certificate is valid for", WORDS("the key host's certificate is for another name (%1)"),
     WORDS("Use a name in jwk_url that the certificate carries.")},
    {Match::Contains, "x509:", WORDS("the key host's certificate is refused (%1)"),
     WORDS("Mend the certificate, or name its CA in jwk_local_ca.")},
    {Match::Contains, "first record does not look like a TLS handshake", WORDS("the key host does not speak TLS on that port"),
     WORDS("Check port and scheme of jwk_url.")},
    {Match::Contains, "tls:", WORDS("TLS with the key host failed (%1)"), WORDS("Check cipher_suites and the host's TLS versions.")},
    {Match::Contains, "connection refused", WORDS("nothing listens at the key host (%1)"),
     WORDS("Start it, correct jwk_url, or bind the host to another one.")},
    {Match::Contains, "no such host", WORDS("the key host's name is not known (%1)"),
     WORDS("Correct jwk_url, or bind the host to one that is reachable from here.")},
    {Match::Contains, "stopped after 10 redirects", WORDS("the key host redirects for ever (%1)"),
     WORDS("Give the final address in jwk_url.")},
    {Match::Contains, "unsupported protocol scheme", WORDS("jwk_url has a scheme that the gateway cannot fetch (%1)"),
     WORDS("Use https:// or http://.")},
    {Match::Begins, "Get \"", WORDS("the keys could not be downloaded (%1)"),
     WORDS("Check jwk_url, or bind its host to one that is reachable from here.")},
    {Match::Begins, "parse \"", WORDS("jwk_url is no URL (%1)"), WORDS("Correct jwk_url.")},
    {Match::Begins, "open secrets.Keeper", WORDS("secret_url is not usable (%1)"), WORDS("For local secrets it reads base64key://KEY.")},
    {Match::Begins, "open keeper", WORDS("the key in secret_url is not usable (%1)"),
     WORDS("It is 32 bytes in base64url, with the = signs.")},
    {Match::Begins, "secrets (code", WORDS("cypher_key does not open with secret_url (%1)"),
     WORDS("Both must come from the same encryption.")},
    {Match::Begins, "cipher: message authentication failed", WORDS("the key file does not open with cypher_key"),
     WORDS("The file and cypher_key must come from the same encryption.")},
    {Match::Begins, "open ", WORDS("the key file cannot be opened (%1)"),
     WORDS("Give the path as the gateway sees it, or bind it to a file of this machine.")},
    {Match::Begins, "read ", WORDS("the key file cannot be read (%1)"), WORDS("Name a file.")},
    {Match::Begins, "illegal base64 data", WORDS("a base64 text is malformed (%1)"),
     WORDS("cypher_key wants standard base64 with = signs; the members of a JWK want base64url.")},
    {Match::Begins, "json: duplicate key", WORDS("a key has a member twice (%1)"),
     WORDS("One malformed key makes the whole set unusable: mend it.")},
    {Match::Begins, "go-jose/go-jose:", WORDS("a key of the set is malformed (%1)"),
     WORDS("One malformed key makes the whole set unusable: mend or remove it.")},
    {Match::Begins, "crypto/rsa:", WORDS("an RSA key of the set is malformed (%1)"),
     WORDS("One malformed key makes the whole set unusable: mend or remove it.")},
    {Match::Begins, "invalid character", WORDS("the key set is no JSON (%1)"), WORDS("Mend the document.")},
    {Match::Contains, "unexpected end of JSON input", WORDS("the key set is empty or cut short"), WORDS("Mend the document.")},
    {Match::Contains, "EOF", WORDS("the key set is empty or cut short (%1)"), WORDS("Look at what the key host sends.")},
};

const Row backendTable[] = {
    {Match::Begins, "invalid status code", WORDS("the backend did not answer 200 or 201 (%1), and the client gets 400 with an empty body"),
     WORDS("To hand the backend's status on, set return_error_details in the backend's backend/http.")},
    {Match::Begins, "no hosts available", WORDS("the backend has no host"), WORDS("Give it a host list.")},
    {Match::Contains, "context deadline exceeded", WORDS("the backend did not answer within the endpoint's timeout"),
     WORDS("Raise the endpoint's timeout, or make the backend faster.")},
    {Match::Contains, "connection refused", WORDS("nothing listens at the backend's host (%1)"),
     WORDS("Start it, or bind its host to another one.")},
    {Match::Contains, "no such host", WORDS("the backend's host name is not known (%1)"),
     WORDS("Correct it, or bind it to one that is reachable from here.")},
    {Match::Contains, "certificate", WORDS("the backend's certificate is refused (%1)"),
     WORDS("Name its CA in the top-level client_tls (ca_certs).")},
    {Match::Contains, "tls:", WORDS("TLS with the backend failed (%1)"), WORDS("See the top-level client_tls.")},
    {Match::Contains, "cannot unmarshal array into Go value of type map",
     WORDS("the backend answered an array where an object is expected"),
     WORDS("Set is_collection on the backend; its members then stand under \u201ccollection\u201d.")},
    {Match::Contains, "cannot unmarshal object into Go value of type []",
     WORDS("the backend answered an object where is_collection expects an array"), WORDS("Remove is_collection from the backend.")},
    {Match::Contains, "cannot unmarshal", WORDS("the backend's answer has the wrong JSON type (%1)"),
     WORDS("A signing endpoint needs a JSON object.")},
    {Match::Contains, "invalid character", WORDS("the backend's answer is no JSON (%1)"), WORDS("Let the backend answer a JSON object.")},
    {Match::Contains, "unexpected EOF", WORDS("the backend's answer is cut short"), WORDS("Look at what the backend sends.")},
    {Match::Equals, "EOF", WORDS("the backend's answer is empty"), WORDS("A signing endpoint needs a JSON object.")},
    {Match::Contains, "gzip: ", WORDS("the backend's answer says gzip and is not (%1)"), WORDS("Look at the backend's Content-Encoding.")},
    {Match::Contains, "stopped after 10 redirects", WORDS("the backend redirects for ever (%1)"),
     WORDS("Give its final address in url_pattern.")},
    {Match::Contains, "encoded url params", WORDS("a URL parameter is percent-encoded, which the gateway refuses"),
     WORDS("Send it in the query or the body instead.")},
};

const Row signingTable[] = {
    {Match::Contains, "bit key, got", WORDS("the key's curve does not fit the algorithm (%1)"),
     WORDS("ES256 needs P-256, ES384 P-384, ES512 P-521. The gateway starts with it, and answers 400 to each request.")},
    {Match::Contains, "keys are insecure", WORDS("the RSA key is too small (%1)"), WORDS("Use one of 2048 bits or more.")},
    {Match::Contains, "message too long", WORDS("the RSA key is too small for this algorithm"),
     WORDS("PS512 needs more than 1024 bits: use 2048 or more.")},
};

#undef WORDS

} // namespace

Advice signerAdvice(QByteArrayView gatewayText)
{
    return look(signerTable, gatewayText);
}

Advice backendAdvice(QByteArrayView gatewayText)
{
    return look(backendTable, gatewayText);
}

Advice signingAdvice(QByteArrayView gatewayText)
{
    return look(signingTable, gatewayText);
}

QString join(const Advice &advice)
{
    QString text = advice.meaning;
    if (!text.isEmpty())
        text[0] = text.at(0).toUpper();
    if (!text.endsWith(QLatin1Char('.')))
        text += QLatin1Char('.');
    return advice.remedy.isEmpty() ? text : text + QLatin1Char(' ') + advice.remedy;
}

QString sentenceOf(QByteArrayView gatewayText)
{
    return join({oneLine(gatewayText), {}, {}});
}

QString oneLine(QByteArrayView gatewayText)
{
    return inert(gatewayText.toByteArray().simplified());
}

} // namespace tokenlab::text
