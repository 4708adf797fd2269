// Members of auth/signer.
#include "core/text/problemtable.h"

#include <array>

namespace tokenlab::text {

namespace {

constexpr std::array rows{
    ProblemText{"signer-type", PROBLEM_WORDS("%1: %2 has a value of the wrong type, so nothing will be signed (%3)."),
                PROBLEM_WORDS("What stands below extra_config is taken as it is: texts, flags, numbers and lists are not turned into each "
                              "other. Until it is mended every request to the endpoint is 401.")},
    ProblemText{"cypher-key-base64", PROBLEM_WORDS("%1: cypher_key is no base64 text (%2)."),
                PROBLEM_WORDS("It is standard base64 (+ and /) with its = signs, and it is decoded even where it is not used. Every "
                              "request to the endpoint is 401.")},
    ProblemText{"url-insecure", PROBLEM_WORDS("%1: the gateway refuses the key URL %2, because it does not begin with https://."),
                PROBLEM_WORDS("Keys should not travel in clear, so another scheme needs disable_jwk_security. Without it every request is "
                              "401. Better is https: the flag also turns off every check of certificates. A URL that is never asked, "
                              "beside jwk_local_path, counts as well.")},
    ProblemText{"local-flag-missing",
                PROBLEM_WORDS("%1: a key file without jwk_url needs disable_jwk_security, or the gateway refuses it."),
                PROBLEM_WORDS("The rule about secure URLs is applied even where there is none: an empty jwk_url does not begin with "
                              "https://. With a key file the flag opens nothing, as nobody is asked.")},
    ProblemText{"flag-false-local", PROBLEM_WORDS("%1: disable_jwk_security is false, and a key file without jwk_url needs it to be true."),
                PROBLEM_WORDS("The schema wants the flag to be there and takes either value, but with false the rule about secure URLs is "
                              "applied to an empty URL, and every request is 401.")},
    ProblemText{
        "flag-over-https",
        PROBLEM_WORDS("%1: disable_jwk_security turns off all checks of the certificate of %2. Anybody in between can hand out keys."),
        PROBLEM_WORDS("Over https the flag means: neither the chain, nor the name, nor the dates are looked at (pins still count). For a "
                      "private CA name its file in jwk_local_ca instead.")},
    ProblemText{"url-plain", PROBLEM_WORDS("%1: the private keys travel in clear from %2."),
                PROBLEM_WORDS("The set that a signer loads holds private keys. Over http everybody on the way can read and replace them. "
                              "Serve them over https, or from a file with jwk_local_path.")},
    ProblemText{"url-missing", PROBLEM_WORDS("%1: the signer has neither jwk_url nor jwk_local_path: there is no key to sign with."),
                PROBLEM_WORDS("One of the two is needed: the address of a JWK set with the private key, or the path of a file with it.")},
    ProblemText{
        "url-invalid", PROBLEM_WORDS("%1: the gateway cannot ask %2 for keys. %3"),
        PROBLEM_WORDS("Only http and https addresses with a host are fetched. A file is named in jwk_local_path, without a scheme.")},
    ProblemText{"url-own-gateway",
                PROBLEM_WORDS("%1: the keys are to come from this gateway itself (%2), which does not listen yet while it loads them."),
                PROBLEM_WORDS("Signers are built before the port is opened, so a gateway can never load its keys through itself. Name the "
                              "host that really has them.")},
    ProblemText{"url-unused",
                PROBLEM_WORDS("%1: jwk_url (%2) is not asked as long as the file has the key; when it lacks it, the gateway crashes."),
                PROBLEM_WORDS("jwk_local_path goes first. If the kid is not in the file, the gateway turns to jwk_url, and when that "
                              "delivers keys it ends with a nil pointer. The schema wants one of the two.")},
    ProblemText{
        "alg-missing", PROBLEM_WORDS("%1: alg is missing, and it has no default."),
        PROBLEM_WORDS("Name the algorithm that the key is for: HS256 for a shared secret, RS256, PS256, ES256 or EdDSA for a key pair.")},
    ProblemText{
        "alg-unknown", PROBLEM_WORDS("%1: there is no algorithm \"%2\"."),
        PROBLEM_WORDS(
            "HS256 to HS512, RS256 to RS512, PS256 to PS512, ES256 to ES512 and EdDSA are known. Every request to the endpoint is 401.")},
    ProblemText{
        "alg-case", PROBLEM_WORDS("%1: the algorithm is written %3, not \"%2\"."),
        PROBLEM_WORDS("Names of algorithms are compared letter by letter. In another case none is found, and every request is 401.")},
    ProblemText{"kid-empty", PROBLEM_WORDS("%1: without a kid the signer takes the key that has none itself."),
                PROBLEM_WORDS("An absent kid is an empty one, and selects the last key of the set without a kid. Tokens then carry an "
                              "empty kid, and validators that look keys up by it may find none. The schema wants a kid.")},
    ProblemText{"keys-to-sign-empty", PROBLEM_WORDS("%1: keys_to_sign names nothing, so nothing is signed: all claims go out in clear."),
                PROBLEM_WORDS("The signer takes the response over, signs the top-level members that keys_to_sign names, and sends the "
                              "others as they are. An empty list is no error to the gateway.")},
    ProblemText{"keys-to-sign-dotted", PROBLEM_WORDS("%1: \"%2\" means a member with a dot in its name, not one inside \"%3\"."),
                PROBLEM_WORDS("Only top-level members are signed, and a dot has no meaning. Bring the object to the top with target or "
                              "mapping of the backend, or name the whole member.")},
    ProblemText{"keys-to-sign-twice", PROBLEM_WORDS("%1: \"%2\" is named twice and signed once."),
                PROBLEM_WORDS("The second time the member is a token already, and is left alone.")},
    ProblemText{"typ-schema", PROBLEM_WORDS("%1: typ \"%2\" works, but the official schema refuses it."),
                PROBLEM_WORDS("The gateway writes it into the header of each token. krakend check with -l or -n fails on the file all the "
                              "same, because the schema does not know the member. Leave it out where JWT will do.")},
    ProblemText{"signer-ignored", PROBLEM_WORDS("%1: the signer does not know \"%2\" and ignores it without a word."),
                PROBLEM_WORDS("Some of these are members of auth/validator, others of other products. A signer adds no claims, no times "
                              "and no cache: what is to be in the token must come from the backend.")},
    ProblemText{"signer-typo", PROBLEM_WORDS("%1: the signer does not know \"%2\" and ignores it. Did you mean \"%3\"?"),
                PROBLEM_WORDS("Unknown members are no error to the gateway; what was meant just does not happen.")},
    ProblemText{"signer-case", PROBLEM_WORDS("%1: \"%2\" is read as \"%3\", but the official schema knows only that spelling."),
                PROBLEM_WORDS("Members of the signer are found whatever their case; krakend check with -l or -n is not so patient.")},
    ProblemText{"signer-case-unused", PROBLEM_WORDS("%1: \"%2\" is ignored, because \"%3\" is there too."),
                PROBLEM_WORDS("Of several spellings the one in lower case counts.")},
    ProblemText{"cypher-without-keeper",
                PROBLEM_WORDS("%1: cypher_key does nothing without secret_url: the key file is read as plain JSON."),
                PROBLEM_WORDS("An encrypted file takes both: secret_url names the keeper that opens cypher_key, which opens the file.")},
    ProblemText{"keeper-unused", PROBLEM_WORDS("%1: secret_url does nothing here: only key files are decrypted."),
                PROBLEM_WORDS("What jwk_url delivers is read as it is. For an encrypted set use jwk_local_path.")},
};

} // namespace

std::span<const ProblemText> signerTexts()
{
    return rows;
}

} // namespace tokenlab::text
