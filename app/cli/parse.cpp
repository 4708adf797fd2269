// The only file that includes CLI11: it takes seconds to compile.
#include "app/cli/filename.h"
#include "app/cli/options.h"
#include "app/cli/parsekeys.h"
#include "app/cli/parsepins.h"
#include "core/text/text.h"

#include <CLI/CLI.hpp>

namespace tokenlab::cli {

namespace {

constexpr const char *playgroundFirst = "In another terminal: token-lab playground\n";

// Options as CLI11 fills them, in its own string type.
struct RequestTexts {
    std::string config, endpoint, method, data;
    std::vector<std::string> headers, query, params, binds;
    CLI::Option *dataOption = nullptr;
};
struct Texts {
    RequestTexts send, simulate, compare, validate;
    std::string gateway;
    std::vector<std::string> responses, pins, faults;
    std::string jwks, kid, alg, typ, ca, signInput = "-", decodeInput = "-";
    std::string validateAt, validateCookie, validateToken;
    std::string exportConfig, exportEndpoint, exportMethod, exportKind = "gateway", exportOutput, exportRelative, exportPublic, exportAdd,
                                                            exportInto;
    int port = 0, httpsPort = 0;
};

QByteArray bytes(const std::string &s)
{
    return QByteArray::fromStdString(s);
}

QString text(const std::string &s)
{
    return fileText(bytes(s));
}

std::vector<QByteArray> list(const std::vector<std::string> &texts)
{
    std::vector<QByteArray> result;
    for (const std::string &s : texts)
        result.push_back(bytes(s));
    return result;
}

// An empty shell variable is not the default that leaving the option out is.
const CLI::Validator &notEmpty()
{
    static const CLI::Validator validator(
        [](const std::string &given) { return given.empty() ? std::string("is empty; leave it out for the default") : std::string(); }, {});
    return validator;
}

// One value an occurrence: a value list would swallow what follows, and `[1,2]` would become two values.
CLI::Option *repeatable(CLI::App *app, const std::string &name, std::vector<std::string> &into, const std::string &description)
{
    return app->add_option(name, into, description)
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void addRequest(CLI::App *app, RequestTexts &into, RequestOptions &options)
{
    app->add_option("--config,-c", into.config, "The gateway's file, - for standard input, or \"demo\" for the built-in example")
        ->type_name("FILE")
        ->required();
    app->add_option("--endpoint", into.endpoint,
                    "Path of the endpoint, or as a client asks for it, with its query (default: the first that signs)")
        ->type_name("PATH")
        ->check(notEmpty());
    app->add_option("--method", into.method, "Method of the request (default: the endpoint's)")->type_name("METHOD")->check(notEmpty());
    into.dataOption =
        app->add_option(
               "--data,-d", into.data,
               "Body of the request: a text, @FILE, or - for standard input; Content-Type: application/json is added unless -H gives one")
            ->type_name("TEXT");
    repeatable(app, "-H,--header", into.headers, "A header of the request, 'Name: value' (repeatable)")->type_name("HEADER");
    repeatable(app, "--query", into.query,
               "A query parameter, name=value, as plain text: it is percent-encoded here. What is encoded already goes into --endpoint "
               "PATH?QUERY (repeatable)")
        ->type_name("K=V");
    repeatable(app, "--param", into.params,
               "A {parameter} of the endpoint's path, name=value, as plain text: it is percent-encoded here (repeatable)")
        ->type_name("K=V");
    repeatable(app, "--bind", into.binds,
               "What the file names = what stands in for it here: a host or URL by a URL, a path by a file (repeatable); "
               "demo=URL: all hosts of the demo configuration")
        ->type_name("FROM=TO");
    app->add_flag("--gateway-env", options.gatewayEnv, "Overlay KRAKEND_... variables of the environment, as the gateway does");
    app->add_flag("--whole", options.whole, "Download the keys of all endpoints at the start, not of this one only");
    app->add_flag("--allow-unsigned", options.allowUnsigned, "Exit with 0 on a 2xx that is not, or only partly, signed");
    app->add_flag("--show-secrets", options.showSecrets,
                  "Show the values of Authorization, Cookie, API keys and their like, masked otherwise");
    app->add_flag("--json", options.json, "Print one JSON object");
}

// The options of validate that may be absent.
struct ValidateTexts {
    const CLI::Option *at, *cookie, *token;
};

ValidateTexts addValidate(CLI::App *app, Texts &into, ValidateOptions &options)
{
    app->add_option("--config,-c", into.validate.config, "The gateway's file, - for standard input, or \"demo\" for the built-in example")
        ->type_name("FILE")
        ->required();
    app->add_option("--endpoint", into.validate.endpoint, "Path of the endpoint (default: the first with auth/validator)")
        ->type_name("PATH")
        ->check(notEmpty());
    app->add_option("--method", into.validate.method, "Method of the endpoint")->type_name("METHOD")->check(notEmpty());
    ValidateTexts out{};
    out.at = app->add_option("--at", into.validateAt,
                             "Judge at another time: now, seconds since 1970, a date (0:00 UTC) or time like 2026-11-24T10:00:00Z, or a "
                             "distance like +1h")
                 ->type_name("TIME");
    out.cookie = app->add_option("--cookie", into.validateCookie,
                                 "A cookie of the request, NAME=VALUE; a NAME alone takes the token instead of the header")
                     ->type_name("COOKIE");
    repeatable(app, "-H,--header", into.validate.headers, "A header of the request, 'Name: value' (repeatable)")->type_name("HEADER");
    repeatable(app, "--bind", into.validate.binds,
               "What the file names = what stands in for it here: a URL by a URL or a file, a path by a file (repeatable)")
        ->type_name("FROM=TO");
    app->add_flag("--gateway-env", options.request.gatewayEnv, "Overlay KRAKEND_... variables of the environment, as the gateway does");
    app->add_flag("--json", options.json, "Print {\"status\",\"rule\",\"reason\"}");
    out.token =
        app->add_option("TOKEN", into.validateToken, "The token, or - (default, unless --cookie or -H brings one) for standard input");
    app->footer(
        std::string("\nExamples:\n") +
        "  echo '{\"iss\":\"https://your-backend\",\"aud\":[\"https://your.krakend.io\"],\"roles\":[\"role_a\"],\"exp\":4102444800}' "
        "| token-lab sign --jwks http://127.0.0.1:8400/jwk/symmetric.json --insecure --kid sim2 --alg HS256 "
        "| token-lab validate --config demo\n"
        "  token-lab validate --config krakend.json --endpoint /account --at +2h - < token.txt\n"
        "  token-lab validate --config krakend.json --cookie access_token - < token.txt\n"
        "  token-lab validate --config krakend.json --bind https://idp.example=http://127.0.0.1:8400 --json - < token.txt\n" +
        playgroundFirst);
    return out;
}

struct VerifyTexts {
    std::string jwks, ca, token = "-";
    std::vector<std::string> algs, pins;
};

void addVerify(CLI::App *app, VerifyTexts &into, VerifyOptions &options)
{
    app->add_option("--jwks", into.jwks, "The key set, one JWK, a PEM file or a certificate: a file, a URL, or - for standard input")
        ->type_name("FILE|URL")
        ->required();
    repeatable(app, "--alg", into.algs, "Accept this algorithm only (repeatable; default: every one that the key can do)")
        ->type_name("ALG");
    app->add_flag("--insecure", options.insecure, "Allow http and untrusted certificates for the URL, as disable_jwk_security does");
    app->add_option("--ca", into.ca, "A PEM file with a CA to trust for the URL, as jwk_local_ca")->type_name("FILE");
    repeatable(app, "--pin", into.pins, "A pin that the URL's host must match, as jwk_fingerprints (repeatable)")->type_name("PIN");
    app->add_flag("--json", options.json, "Print {\"valid\",\"reason\",\"alg\",\"kid\",\"header\",\"payload\",\"notes\"}");
    app->add_option("TOKEN", into.token, "A token, a file with one, or - (default) for standard input");
    app->footer(
        std::string(
            "\nStrict (RFC 7515, RFC 8725): the key decides which algorithms are possible; what the token says of keys (jwk, jku,\n"
            "x5u, x5c) is never followed; every liberty in spelling is refused with its name. Dates in claims are told, not\n"
            "judged: validate does that. Nothing else than the signature is proved: not that the gateway takes the token.\n"
            "Exit codes: 0 verified, 1 refused, 2 wrong usage or an unreadable file, 3 the URL does not answer with keys.\n"
            "\nExamples:\n"
            "  echo '{\"sub\":\"john\"}' | token-lab sign --jwks http://127.0.0.1:8400/jwk/symmetric.json --insecure --kid sim2 "
            "--alg HS256 | token-lab verify --jwks http://127.0.0.1:8400/jwk/symmetric.json --insecure\n"
            "  echo '{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}' "
            "| token-lab verify --jwks - --alg HS256 --json "
            "eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ.eyJzdWIiOiJhIn0.VeMrDl3Yij_AF6HgwrwduxiKyC5sGdfY1ZhLIBoekMk\n") +
        playgroundFirst);
}

Stop usage(const QByteArray &message, const QByteArray &command)
{
    const QByteArray sentence = message + " (see token-lab " + (command.isEmpty() ? "" : command + ' ') + "--help)";
    return {2, {}, "token-lab: " + sentence + '\n', sentence};
}

std::optional<Stop> finishVerify(const VerifyTexts &texts, VerifyOptions &options)
{
    options.jwks = text(texts.jwks);
    options.ca = text(texts.ca);
    options.pins = list(texts.pins);
    options.input = text(texts.token);
    for (const std::string &alg : texts.algs) {
        const auto algorithm = jose::algorithmFromName(bytes(alg));
        if (!algorithm) {
            std::vector<QByteArray> names;
            for (const jose::Algorithm known : jose::allAlgorithms())
                names.push_back(jose::name(known));
            const auto nearest = text::nearestName(bytes(alg), names);
            return usage("--alg " + text::inert(bytes(alg)).toUtf8() + ": no such algorithm" +
                             (nearest ? ", did you mean " + *nearest + '?' : QByteArray()),
                         "verify");
        }
        options.algs.push_back(*algorithm);
    }
    return std::nullopt;
}

struct CheckTexts {
    std::string config, endpoint, method, explain, format = "text", krakend;
    std::vector<std::string> binds;
    const CLI::Option *explained = nullptr;
};

void addCheck(CLI::App *app, CheckTexts &into, CheckOptions &options)
{
    app->add_option("FILE", into.config, "The gateway's file, - for standard input, or \"demo\" for the built-in example");
    app->add_flag("--offline", options.offline, "Look at the file alone: no key files, no key hosts, no krakend");
    app->add_flag("--fix", options.fix,
                  "Mend what is plainly wrong and safe to mend, and write the file back; everything else stays byte for byte");
    into.explained = app->add_option("--explain", into.explain, "What a code means and what to do about it; without CODE, of all codes")
                         ->type_name("CODE")
                         ->expected(0, 1);
    app->add_option("--format", into.format, "text (default), json, or github: annotations of a workflow")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "json", "github"}));
    app->add_flag("--json", options.json, "The same as --format json");
    app->add_flag("--all", options.all, "Print every warning and hint; as text, more than ten of one kind are summed up otherwise");
    app->add_option("--endpoint", into.endpoint, "Only this endpoint, and what concerns the whole gateway")
        ->type_name("PATH")
        ->check(notEmpty());
    app->add_option("--method", into.method, "Method of the endpoint")->type_name("METHOD")->check(notEmpty());
    repeatable(app, "--bind", into.binds,
               "What the file names = what stands in for it here: a URL by a URL or a file, a path by a file (repeatable)")
        ->type_name("FROM=TO");
    app->add_flag("--gateway-env", options.gatewayEnv, "Overlay KRAKEND_... variables of the environment, as the gateway does");
    app->add_option(
           "--krakend", into.krakend,
           "Ask this krakend's check -tn too; it has to answer (default: TOKENLAB_KRAKEND, else krakend in the PATH, where there is "
           "one). What it says is the last line")
        ->type_name("BINARY");
    app->footer("\nPlaces of a part of a file are those in the part; of a template, those of the rendered text.\n"
                "Key files and key hosts are looked at as the gateway would at its start, the key sets of validators too.\n"
                "Files with more than 2 million values are refused.\n"
                "Exit codes: 0 no error (there may be warnings), 1 an error, 2 wrong usage or an unreadable file, 3 a failure outside.\n"
                "\nExamples:\n"
                "  token-lab export demo -o krakend.json\n"
                "  token-lab check krakend.json --offline\n"
                "  token-lab check krakend.json --offline --fix\n"
                "  token-lab check krakend.json --offline --format github\n"
                "  token-lab check demo --bind demo=http://127.0.0.1:8400\n"
                "  token-lab check --explain url-insecure");
}

std::optional<Stop> finishCheck(const CheckTexts &texts, CheckOptions &options)
{
    options.config = text(texts.config);
    options.endpoint = bytes(texts.endpoint);
    options.method = bytes(texts.method);
    options.format = text(texts.format);
    options.krakend = text(texts.krakend);
    options.binds = list(texts.binds);
    if (texts.explained->count() > 0)
        options.explain = text(texts.explain);
    if (!options.explain && options.config.isEmpty())
        return usage("FILE is required", "check");
    return std::nullopt;
}

void finish(const RequestTexts &from, RequestOptions &options)
{
    options.config = text(from.config);
    options.endpoint = bytes(from.endpoint);
    options.method = bytes(from.method);
    if (from.dataOption && from.dataOption->count() > 0)
        options.data = bytes(from.data);
    options.headers = list(from.headers);
    options.query = list(from.query);
    options.params = list(from.params);
    options.binds = list(from.binds);
}

void finishValidate(const ValidateTexts &given, const Texts &texts, ValidateOptions &options)
{
    finish(texts.validate, options.request);
    options.request.json = options.json;
    if (given.at->count() > 0)
        options.at = text(texts.validateAt);
    if (given.cookie->count() > 0)
        options.cookie = bytes(texts.validateCookie);
    if (given.token->count() > 0)
        options.token = text(texts.validateToken);
}

QByteArray firstLine(const char *what)
{
    const QByteArray all = QByteArray(what).trimmed();
    return all.left(all.indexOf('\n') < 0 ? all.size() : all.indexOf('\n'));
}

} // namespace

const QStringList &commandNames()
{
    static const QStringList names{QStringLiteral("demo"),   QStringLiteral("send"),    QStringLiteral("simulate"),
                                   QStringLiteral("sign"),   QStringLiteral("decode"),  QStringLiteral("playground"),
                                   QStringLiteral("export"), QStringLiteral("compare"), QStringLiteral("validate"),
                                   QStringLiteral("check"),  QStringLiteral("keys"),    QStringLiteral("pins"),
                                   QStringLiteral("verify")};
    return names;
}

std::variant<Stop, Command> parse(const QByteArrayList &arguments)
{
    if (!arguments.isEmpty() && !arguments.first().startsWith('-') && !commandNames().contains(QString::fromUtf8(arguments.first()))) {
        std::vector<QByteArray> names;
        for (const QString &name : commandNames())
            names.push_back(name.toUtf8());
        const auto nearest = text::nearestName(arguments.first(), names);
        return usage("no command or file \"" + text::inert(arguments.first()).toUtf8() + '"' +
                         (nearest ? ", did you mean \"" + *nearest + "\"?" : QByteArray()),
                     {});
    }

    CLI::App app("Token Lab: what a KrakenD gateway's auth/signer would answer, and why", "token-lab");
    app.require_subcommand(0, 1);
    app.set_version_flag("-V,--version", "token-lab " TOKENLAB_VERSION);
    app.footer("\nWithout a command, token-lab [FILE] opens the window.\n"
               "Exit codes: 0 yes or done, 1 a negative answer, 2 wrong usage or an unreadable input, 3 a failure outside.\n"
               "token-lab COMMAND --help shows the options of a command and examples.");

    Texts texts;
    DemoOptions demo;
    SendOptions send;
    SimulateOptions simulate;
    SignOptions sign;
    DecodeOptions decode;
    PlaygroundOptions playground;
    ExportOptions exported;
    CompareOptions compare;
    CheckTexts checkTexts;
    CheckOptions check;
    ValidateOptions validate;
    VerifyTexts verifyTexts;
    VerifyOptions verify;

    CLI::App *demoApp = app.add_subcommand("demo", "The manual's example: payload, signed response, decoded tokens, configuration");
    demoApp->add_flag("--json", demo.json, "Print one JSON object, as send does");
    demoApp->footer("\nExamples:\n  token-lab demo\n  token-lab demo --json");

    CLI::App *sendApp = app.add_subcommand("send", "Ask the real key host and backends, and answer as the gateway would");
    addRequest(sendApp, texts.send, send.request);
    sendApp->footer(
        std::string("\nWhat the payload lacks stands under Hints, with its code for check --explain; in JSON it is the member problems.\n"
                    "\nExamples:\n") +
        "  token-lab send --config demo\n"
        "  token-lab send --config demo --data '{\"user\":\"john\",\"pass\":\"wrong\"}'\n"
        "  token-lab export demo -o krakend.json\n"
        "  token-lab send --config krakend.json --endpoint /token --data '{\"user\":\"john\",\"pass\":\"doe\"}' "
        "--bind https://backend=http://127.0.0.1:8400 --bind http://your-backend=http://127.0.0.1:8400\n" +
        playgroundFirst);

    CLI::App *simulateApp = app.add_subcommand("simulate", "The same with given backend responses instead of backends");
    addRequest(simulateApp, texts.simulate, simulate.request);
    simulateApp
        ->add_option("--response,-r", texts.responses,
                     "A file for each backend, in order, or - for standard input: an HTTP response as curl -i prints it, or a bare body")
        ->type_name("FILE")
        ->required();
    simulateApp->footer(
        std::string("\nWhat the payload lacks stands under Hints, with its code for check --explain; in JSON it is the member problems.\n"
                    "\nExamples:\n") +
        "  echo '{\"access_token\":{\"sub\":\"john\"},\"refresh_token\":{\"sub\":\"john\"}}' | token-lab simulate --config demo "
        "--response -\n" +
        playgroundFirst);

    CLI::App *signApp = app.add_subcommand("sign", "Sign one JSON object as the gateway would");
    signApp->add_option("--jwks", texts.jwks, "The private key set: a file, or a URL")->type_name("FILE|URL")->required();
    signApp->add_option("--kid", texts.kid, "The key's kid")->type_name("KID")->required();
    signApp->add_option("--alg", texts.alg, "HS256, RS256, PS256, ES256, EdDSA ...")->type_name("ALG")->required();
    signApp->add_option("--typ", texts.typ, "typ of the header (default: JWT)")->type_name("TYP");
    signApp->add_flag("--full", sign.full, "Flattened JSON instead of the compact form");
    signApp->add_flag("--insecure", sign.insecure, "Allow http and untrusted certificates for the URL, as disable_jwk_security does");
    signApp->add_option("--ca", texts.ca, "A PEM file with a CA to trust for the URL, as jwk_local_ca")->type_name("FILE");
    repeatable(signApp, "--pin", texts.pins, "A pin that the URL's host must match, as jwk_fingerprints (repeatable)")->type_name("PIN");
    signApp->add_flag("--json", sign.json, "Print {\"token\",\"header\",\"payload\"}");
    signApp->add_option("INPUT", texts.signInput, "A file with the JSON object, or - (default) for standard input");
    signApp->footer(
        std::string("\nExamples:\n") +
        "  echo '{\"sub\":\"john\"}' | token-lab sign --jwks http://127.0.0.1:8400/jwk/symmetric.json --insecure --kid sim2 --alg HS256\n" +
        playgroundFirst);

    CLI::App *decodeApp = app.add_subcommand("decode", "Take a token apart: header, claims with dates, oddities; never says valid");
    decodeApp->add_flag("--json", decode.json, "Print one JSON object");
    decodeApp->add_option("TOKEN", texts.decodeInput, "A token, a file with one, or - (default) for standard input");
    decodeApp->footer("\nExamples:\n"
                      "  token-lab decode eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ.eyJzdWIiOiJhIn0."
                      "VeMrDl3Yij_AF6HgwrwduxiKyC5sGdfY1ZhLIBoekMk");

    CLI::App *playgroundApp = app.add_subcommand("playground", "The demo backend and key host on loopback, until interrupted");
    CLI::Option *port = playgroundApp->add_option("--port", texts.port, "The port (default: 8400, or any free one)")
                            ->type_name("N")
                            ->check(CLI::Range(1, 65535));
    CLI::Option *httpsPort =
        playgroundApp->add_option("--https-port", texts.httpsPort, "The port of HTTPS (default: 8443, or any free one; 0: any free one)")
            ->type_name("N")
            ->check(CLI::Range(0, 65535));
    repeatable(playgroundApp, "--fault", texts.faults, "Something that goes wrong, to see what the gateway makes of it (repeatable)")
        ->type_name("NAME");
    playgroundApp->add_flag("--list-faults", playground.listFaults, "Print the faults and what the gateway does in each, and end");
    playgroundApp->add_flag("--json", playground.json, "Print one JSON object with its addresses");
    playgroundApp->footer("\nExamples:\n"
                          "  token-lab playground --port 8401\n"
                          "  token-lab playground --fault expired --fault login-slow\n"
                          "  token-lab playground --list-faults");

    CLI::App *exportApp = app.add_subcommand("export", "The configuration, ready to deploy");
    exportApp->add_option("FILE", texts.exportConfig, "The gateway's file, - for standard input, or \"demo\"")->required();
    exportApp->add_option("--endpoint", texts.exportEndpoint, "Path of the endpoint (default: the first that signs)")
        ->type_name("PATH")
        ->check(notEmpty());
    exportApp->add_option("--method", texts.exportMethod, "Method of the endpoint")->type_name("METHOD")->check(notEmpty());
    exportApp
        ->add_option("--kind", texts.exportKind,
                     "gateway (default), endpoint, signer, or validator: the endpoint's own, else the one that takes what its signer signs")
        ->type_name("KIND");
    exportApp->add_flag("--env", exported.environment,
                        "Hosts, key places and secrets as {{ env \"NAME\" }}: a template that the gateway reads with FC_ENABLE=1");
    exportApp->add_option("--relative", texts.exportRelative, "Absolute paths as seen from this folder, the gateway's working directory")
        ->type_name("DIR");
    exportApp
        ->add_option("--public", texts.exportPublic,
                     "URL or path of the public key set, for a validator that is made (default: a proposal)")
        ->type_name("URL|PATH");
    exportApp
        ->add_option(
            "--add", texts.exportAdd,
            "The whole file with something that goes with the signer of --endpoint: validator, for the endpoint of --into; protected, "
            "an endpoint behind it; or refresh, the endpoint that takes a refresh token. -o FILE writes it, --diff shows it")
        ->type_name("BLOCK")
        ->check(CLI::IsMember({"validator", "protected", "refresh"}));
    exportApp->add_option("--into", texts.exportInto, "--add validator: the endpoint that gets it, as /account or \"PUT /account\"")
        ->type_name("PATH")
        ->check(notEmpty());
    exportApp->add_flag("--checklist", exported.checklist,
                        "Print what must exist on the gateway's machine; the configuration goes to -o, if that is given");
    exportApp->add_flag("--diff", exported.difference, "Print what would change in the file (-o, else FILE itself) and write nothing");
    exportApp->add_flag(
        "--json", exported.json,
        "Print the checklist and the difference as JSON too; what --env makes is JSON only once the gateway has filled it in");
    exportApp->add_option("-o,--output", texts.exportOutput, "A file to write instead of standard output")->type_name("FILE");
    exportApp->footer("\nExamples:\n"
                      "  token-lab export demo --kind signer\n"
                      "  token-lab export demo -o krakend.json\n"
                      "  token-lab export demo --kind validator --endpoint /token\n"
                      "  token-lab export krakend.json --add refresh --diff\n"
                      "  token-lab export krakend.json --add validator --into /account -o krakend.json\n"
                      "  token-lab export krakend.json --env -o krakend.tmpl\n"
                      "  token-lab export krakend.json --checklist\n"
                      "  token-lab export krakend.json --env --diff");

    CLI::App *compareApp = app.add_subcommand("compare", "Put the same request to a real gateway too, and show every difference");
    addRequest(compareApp, texts.compare, compare.request);
    compareApp->remove_option(compareApp->get_option("--allow-unsigned")); // equal or not is all that counts
    compareApp
        ->add_option("--gateway,-g", texts.gateway,
                     "A krakend to start on the file (default: TOKENLAB_KRAKEND, else krakend in the PATH), docker:VERSION, or the URL of "
                     "a running gateway")
        ->type_name("URL|BINARY");
    compareApp->add_flag("--log", compare.log, "Print the whole log of the started gateway");
    compareApp->footer(
        std::string("\nThe gateway is started on a private copy of the file, on a private port of 127.0.0.1, and ended afterwards. The\n"
                    "backends are called once, by the lab; the gateway gets the same replies. Relative paths in the file begin in\n"
                    "the current directory, as for krakend run. A gateway at a URL calls the backends itself: times that lie close\n"
                    "together and identifiers made anew then are no difference.\n"
                    "Exit codes: 0 no difference, 1 a difference, 2 wrong usage, 3 the gateway cannot be asked.\n"
                    "\nExamples:\n"
                    "  token-lab compare --config demo\n"
                    "  token-lab compare --config krakend.json --gateway docker:2.13.8 --data '{\"user\":\"john\",\"pass\":\"doe\"}'\n"
                    "  token-lab compare --config krakend.json --gateway https://gateway.example --json\n") +
        playgroundFirst);

    CLI::App *validateApp = app.add_subcommand("validate", "What auth/validator would answer to a token: 200, 401, 403 or 500, and why");
    const ValidateTexts validated = addValidate(validateApp, texts, validate);

    CLI::App *checkApp = app.add_subcommand("check", "Every problem of a gateway file, with its place, the gateway's words and a fix");
    addCheck(checkApp, checkTexts, check);

    const KeysArguments keys(app);
    const PinsArguments pins(app);
    CLI::App *verifyApp = app.add_subcommand("verify", "Whether a token's signature is right, strictly, with a key from elsewhere");
    addVerify(verifyApp, verifyTexts, verify);

    std::vector<std::string> reversed;
    for (auto it = arguments.crbegin(); it != arguments.crend(); ++it)
        reversed.push_back(it->toStdString());
    const auto chosen = [&]() -> CLI::App * {
        const auto all = app.get_subcommands();
        return all.empty() ? nullptr : all.front();
    };
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::CallForVersion &version) {
        return Stop{0, QByteArray(version.what()) + '\n', {}, {}};
    } catch (const CLI::Success &) { // help
        return Stop{0, bytes(app.help()), {}, {}};
    } catch (const CLI::ParseError &error) {
        return usage(firstLine(error.what()), chosen() ? bytes(chosen()->get_name()) : QByteArray());
    }

    const CLI::App *command = chosen();
    if (!command)
        return Stop{0, bytes(app.help()), {}, {}};
    if (command == demoApp)
        return Command(demo);
    if (command == sendApp) {
        finish(texts.send, send.request);
        return Command(send);
    }
    if (command == simulateApp) {
        finish(texts.simulate, simulate.request);
        for (const std::string &file : texts.responses)
            simulate.responses.push_back(text(file));
        return Command(simulate);
    }
    if (command == compareApp) {
        finish(texts.compare, compare.request);
        compare.gateway = text(texts.gateway);
        return Command(compare);
    }
    if (command == validateApp) {
        finishValidate(validated, texts, validate);
        return Command(validate);
    }
    if (command == checkApp) {
        if (auto stop = finishCheck(checkTexts, check))
            return *stop;
        return Command(check);
    }
    if (command == pins.command())
        return Command(pins.options());
    if (command == keys.command()) {
        if (const auto options = keys.options())
            return Command(*options);
    }
    if (command == verifyApp) {
        if (auto stop = finishVerify(verifyTexts, verify))
            return *stop;
        return Command(verify);
    }
    if (command == signApp) {
        sign.jwks = text(texts.jwks);
        sign.kid = bytes(texts.kid);
        sign.alg = bytes(texts.alg);
        sign.typ = bytes(texts.typ);
        sign.ca = text(texts.ca);
        sign.pins = list(texts.pins);
        sign.input = text(texts.signInput);
        return Command(sign);
    }
    if (command == decodeApp) {
        decode.input = text(texts.decodeInput);
        return Command(decode);
    }
    if (command == playgroundApp) {
        if (port->count() > 0)
            playground.port = quint16(texts.port);
        if (httpsPort->count() > 0)
            playground.httpsPort = quint16(texts.httpsPort);
        playground.faults = list(texts.faults);
        return Command(playground);
    }
    exported.config = text(texts.exportConfig);
    exported.endpoint = bytes(texts.exportEndpoint);
    exported.method = bytes(texts.exportMethod);
    exported.kind = text(texts.exportKind);
    exported.output = text(texts.exportOutput);
    exported.relativeTo = text(texts.exportRelative);
    exported.publicSet = bytes(texts.exportPublic);
    exported.added = text(texts.exportAdd);
    exported.into = bytes(texts.exportInto);
    return Command(exported);
}

} // namespace tokenlab::cli
