// Keys of the signer, and TLS to the host that has them.
#include "core/text/problemtable.h"

#include <array>

namespace tokenlab::text {

namespace {

constexpr std::array rows{
    ProblemText{"key-file-unreadable", PROBLEM_WORDS("%1: the key file %2 cannot be read (%3)."),
                PROBLEM_WORDS("The path is seen from the gateway's working directory, on its machine, with its rights. Without the file "
                              "every request is 401.")},
    ProblemText{"key-file-short",
                PROBLEM_WORDS("%1: the key file %2 is too short to be an encrypted one: the gateway crashes at its start."),
                PROBLEM_WORDS("An encrypted file begins with a nonce of 12 bytes, and the gateway cuts it off without looking. An empty or "
                              "truncated file therefore ends the whole gateway, not this endpoint alone.")},
    ProblemText{"keeper-url", PROBLEM_WORDS("%1: secret_url names no usable keeper."),
                PROBLEM_WORDS("For local secrets it is base64key:// and 32 bytes in base64 with - and _ and the = signs, nothing behind "
                              "it. A / in the key ends the name of the host. The key stands in the gateway's own line; here *** stands in "
                              "its place.")},
    ProblemText{
        "keeper-elsewhere",
        PROBLEM_WORDS("%1: the key file is opened by %2, a service that is not asked here: whether the signer can be built is not known."),
        PROBLEM_WORDS("awskms, azurekeyvault, gcpkms and hashivault are asked by the gateway at its start. Bind jwk_local_path to a plain "
                      "test set to try the rest.")},
    ProblemText{"key-file-locked", PROBLEM_WORDS("%1: the key file %2 does not open with secret_url and cypher_key (%3)."),
                PROBLEM_WORDS("secret_url opens cypher_key, and that opens the file: all three must come from the same encryption.")},
    ProblemText{
        "key-set-invalid", PROBLEM_WORDS("%1: %2 is no JWK set (%3)."),
        PROBLEM_WORDS("A set is {\"keys\": [...]}. A bare key, an array or a text behind it is something else, and every request is 401.")},
    ProblemText{"key-element-bad", PROBLEM_WORDS("%1: element %3 of %2 spoils the whole set (%4)."),
                PROBLEM_WORDS("Nothing is skipped: one key of an unknown kind, with a missing member or a wrong length makes the set "
                              "unreadable, whichever key the signer wants. Take it out of the set.")},
    ProblemText{"key-set-empty", PROBLEM_WORDS("%1: %2 delivers no key at all."),
                PROBLEM_WORDS("A document without a filled \"keys\" is an empty set; a single JWK must stand inside {\"keys\": [...]}.")},
    ProblemText{"kid-not-in-file",
                PROBLEM_WORDS("%1: the file %3 has no key \"%2\" (it has: %5). The gateway then turns to jwk_url, which does not help: %4"),
                PROBLEM_WORDS("What the log shows is the error of that second step and names neither the kid nor the file. Set kid to that "
                              "of a key in the file.")},
    ProblemText{
        "kid-crash",
        PROBLEM_WORDS("%1: the file %3 has no key \"%2\" (it has: %5), and jwk_url delivers keys: the gateway crashes at its start."),
        PROBLEM_WORDS("When a kid is missing in the file the gateway downloads jwk_url, and putting those keys beside the file's ends in a "
                      "nil pointer: the process ends, and every endpoint with it.")},
    ProblemText{
        "kid-absent", PROBLEM_WORDS("%1: %3 has no key \"%2\" (it has: %4)."),
        PROBLEM_WORDS(
            "The kid is compared letter by letter. The key is looked up once, at the start; a key that appears later is not noticed.")},
    ProblemText{"kid-twice", PROBLEM_WORDS("%1: the set has %3 keys \"%2\"; the last of them signs."),
                PROBLEM_WORDS("Validators may take another one. Give every key a kid of its own, best its thumbprint.")},
    ProblemText{"key-public", PROBLEM_WORDS("%1: key \"%2\" is a public one and cannot sign."),
                PROBLEM_WORDS("A signer needs the private half (member d); validators need the public one. Point the signer to the private "
                              "set, where nobody else can read it.")},
    ProblemText{"key-algorithm", PROBLEM_WORDS("%1: %2 cannot be done with key \"%3\", which is of type %4."),
                PROBLEM_WORDS("HS* needs an oct key, RS* and PS* an RSA key, ES* an EC key, EdDSA an Ed25519 key. Every request is 401.")},
    ProblemText{"key-curve",
                PROBLEM_WORDS("%1: %2 needs another curve than that of key \"%3\" (%4). The gateway starts, and every request is 400."),
                PROBLEM_WORDS("ES256 goes with P-256, ES384 with P-384 and ES512 with P-521. It is only noticed when a token is signed.")},
    ProblemText{"rsa-refused",
                PROBLEM_WORDS("%1: key \"%3\" has %4 bits, and the gateway signs with no RSA key below 1024. Every request is 400."),
                PROBLEM_WORDS("It is only noticed when a token is signed. Use 2048 bits or more.")},
    ProblemText{
        "rsa-too-short", PROBLEM_WORDS("%1: key \"%3\" of %4 bits is too short for %2. Every request is 400."),
        PROBLEM_WORDS(
            "PSS needs room for two hashes and two bytes: PS512 does not fit into 1024 bits. Use a longer key, or a shorter hash.")},
    ProblemText{
        "rsa-weak", PROBLEM_WORDS("%1: key \"%2\" has %3 bits; 2048 are the least that standards allow."),
        PROBLEM_WORDS(
            "RFC 7518 wants at least 2048 bits for RS* and PS*. The gateway does not mind, other validators may refuse the token.")},
    ProblemText{"hmac-empty", PROBLEM_WORDS("%1: the secret of key \"%2\" is empty: everybody can make such tokens."),
                PROBLEM_WORDS("An empty k is accepted and signs like any other. Generate a secret of at least the hash's length.")},
    ProblemText{"hmac-weak", PROBLEM_WORDS("%1: the secret of key \"%2\" has %3 bits, %5 wants %4."),
                PROBLEM_WORDS("RFC 7518 wants a secret at least as long as the hash; shorter ones can be guessed from one token. Other "
                              "libraries refuse them.")},
    ProblemText{"key-says-other",
                PROBLEM_WORDS("%1: key \"%2\" says %3 %4 of itself. The gateway does not look at it; other libraries do."),
                PROBLEM_WORDS("alg, use and key_ops of a key are ignored when it signs and when it validates. Strict validators elsewhere "
                              "may refuse such a key.")},
    ProblemText{
        "key-type-header", PROBLEM_WORDS("%1: %2 answers with the content type \"%3\", which the gateway refuses."),
        PROBLEM_WORDS("It must begin with application/json or application/jwk-set+json, in lower case. It is looked at before the body.")},
    ProblemText{
        "key-set-large", PROBLEM_WORDS("%1: %2 delivers %3 bytes, read at every start."),
        PROBLEM_WORDS(
            "There is no limit; the set is downloaded once for every endpoint that signs. Keep the signer's keys in a set of their own.")},
    ProblemText{"key-redirect-http", PROBLEM_WORDS("%1: %2 leads on to http: the keys travel in clear."),
                PROBLEM_WORDS("Redirects are followed, up to ten, and the rule about https is applied to the configured address alone.")},
    ProblemText{"key-status", PROBLEM_WORDS("%1: %2 answers with status %3, which the gateway does not look at."),
                PROBLEM_WORDS("Only content type and body count: an error page that is JSON is read as a key set.")},
    ProblemText{"key-download", PROBLEM_WORDS("%1: the keys cannot be fetched from %2 (%3)."),
                PROBLEM_WORDS("It is tried once, at the start, and never again: every request is 401 until the gateway is restarted.")},
    ProblemText{"key-host-silent", PROBLEM_WORDS("%1: %2 stays silent, and the gateway waits for ever: no endpoint comes up."),
                PROBLEM_WORDS("The download has no time limit beyond the handshake, and the port is opened after all signers are built.")},
    ProblemText{"key-host-unseen", PROBLEM_WORDS("%1: what %2 answers cannot be seen as the gateway sees it (%3)."),
                PROBLEM_WORDS("The network library shows less than the gateway's. Nothing is said about this signer.")},
    ProblemText{"pin-undecodable", PROBLEM_WORDS("%1: the pin \"%2\" is no base64url text, so the signer is not built (%3)."),
                PROBLEM_WORDS("Pins use - and _ and keep their = signs: 44 characters for a SHA-256. Hex, colons, + and / or missing = "
                              "signs are refused, even where pins are not used. The example of the manual is such a one.")},
    ProblemText{
        "pin-length", PROBLEM_WORDS("%1: the pin \"%2\" has %3 bytes; a SHA-256 has 32, so it never matches."),
        PROBLEM_WORDS(
            "The length is not checked by the gateway. A pin is the SHA-256 of the public key (SubjectPublicKeyInfo) in base64url.")},
    ProblemText{"pin-mismatch", PROBLEM_WORDS("%1: no certificate of %2 matches a pin."),
                PROBLEM_WORDS("A pin is the SHA-256 of the public key of any certificate that the host sends: openssl x509 -in cert.pem "
                              "-pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64 | tr +/ -_")},
    ProblemText{
        "pin-of-certificate",
        PROBLEM_WORDS("%1: this pin is the hash of a whole certificate; the gateway compares that of its public key."),
        PROBLEM_WORDS("SHA-256 fingerprints that browsers and openssl x509 -fingerprint print are of the certificate, and never match.")},
    ProblemText{"pin-stray", PROBLEM_WORDS("%1: the pins match only a certificate that %2 sends beside its chain. It proves nothing."),
                PROBLEM_WORDS("Every certificate that is sent counts, also one that has nothing to do with the trust in the host. Pin the "
                              "host's own key or its CA's.")},
    ProblemText{
        "pin-ignored", PROBLEM_WORDS("%1: the pins are not looked at (%2)."),
        PROBLEM_WORDS("They are compared for direct https connections alone: not for http, not for a key file, and not through a proxy.")},
    ProblemText{"ca-unreadable", PROBLEM_WORDS("%1: the CA file %2 cannot be read (%3)."),
                PROBLEM_WORDS("It is read at the start even where it is not needed, for a key file for example. Every request is 401.")},
    ProblemText{"ca-der", PROBLEM_WORDS("%1: the CA file %2 is DER; the gateway reads PEM alone and ignores it without a word."),
                PROBLEM_WORDS("Convert it: openssl x509 -inform der -in CA.der -out CA.pem.")},
    ProblemText{"ca-empty", PROBLEM_WORDS("%1: the CA file %2 holds no certificate that can be read; it is ignored without a word."),
                PROBLEM_WORDS("Only blocks BEGIN CERTIFICATE count. Without one the host is trusted by the system's list alone.")},
    ProblemText{"ca-unused", PROBLEM_WORDS("%1: jwk_local_ca is read but not used here (%2)."),
                PROBLEM_WORDS("It only counts for an https download whose certificate is verified. It must exist all the same.")},
    ProblemText{"key-host-untrusted", PROBLEM_WORDS("%1: the certificate of %2 is refused (%3)."),
                PROBLEM_WORDS("It must be signed by a CA of the system or of jwk_local_ca, carry the host's name as a subject alternative "
                              "name, and be valid now.")},
    ProblemText{"suite-unknown", PROBLEM_WORDS("%1: the gateway knows no cipher suite %2 and ignores it."),
                PROBLEM_WORDS("Suites are IANA numbers in decimal: 49199, 49195, 49200, 49196, 52392 and 52393 are the usual ones.")},
    ProblemText{"suite-tls13",
                PROBLEM_WORDS("%1: cipher suite %2 belongs to TLS 1.3, where the list has no effect; the schema refuses it."),
                PROBLEM_WORDS("The list filters those of TLS 1.2. All suites of TLS 1.3 are offered in any case.")},
    ProblemText{"suite-legacy", PROBLEM_WORDS("%1: cipher suite %2 is one that is off by default, for a reason."),
                PROBLEM_WORDS("RC4 and 3DES are broken, CBC with SHA-256 and suites without forward secrecy are weak. A list that names "
                              "them turns them on again.")},
    ProblemText{"suite-none-tls12", PROBLEM_WORDS("%1: the list leaves no cipher suite for TLS 1.2: only hosts with TLS 1.3 can be asked."),
                PROBLEM_WORDS("None of its numbers is a suite of TLS 1.2 that the gateway has.")},
};

} // namespace

std::span<const ProblemText> keyTexts()
{
    return rows;
}

} // namespace tokenlab::text
