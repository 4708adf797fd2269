#include "app/cli/parsepins.h"

#include "app/cli/filename.h"

#include <CLI/CLI.hpp>

namespace tokenlab::cli {

struct PinsArguments::Texts {
    std::string input, ca, config, endpoint, method, backend;
    std::vector<std::string> pins, binds;
    bool insecure = false, gatewayEnv = false, json = false;
};

PinsArguments::PinsArguments(CLI::App &program) : m_texts(std::make_unique<Texts>())
{
    Texts &texts = *m_texts;
    m_command =
        program.add_subcommand("pins", "A host's certificates as the gateway meets them, with the pins that jwk_fingerprints takes");
    m_command->add_option("INPUT", texts.input, "An https URL, or a file with certificates (PEM or DER)")->type_name("URL|CERT.pem");
    m_command->add_option("--ca", texts.ca, "A PEM file with a CA to trust, as jwk_local_ca")->type_name("FILE");
    const auto repeatable = [&](const char *name, std::vector<std::string> &into, const char *description) {
        return m_command->add_option(name, into, description)->take_all()->expected(1)->allow_extra_args(false);
    };
    repeatable("--pin", texts.pins, "A pin that the host must meet, as jwk_fingerprints (repeatable)")->type_name("PIN");
    m_command->add_flag("--insecure", texts.insecure, "Go on with an untrusted certificate, as disable_jwk_security does");
    m_command->add_option("--config", texts.config, "Instead of INPUT: the key host of an endpoint of this file, with the file's settings")
        ->type_name("FILE");
    m_command->add_option("--endpoint", texts.endpoint, "Path of the endpoint (default: the first that signs)")->type_name("PATH");
    m_command->add_option("--method", texts.method, "Method of the endpoint")->type_name("METHOD");
    m_command->add_option("--backend", texts.backend, "With --config: this host of its backends, with client_tls, not the key host")
        ->type_name("HOST");
    repeatable("--bind", texts.binds, "What the file names = what stands in for it here (repeatable)")->type_name("FROM=TO");
    m_command->add_flag("--gateway-env", texts.gatewayEnv, "Overlay KRAKEND_... variables of the environment, as the gateway does");
    m_command->add_flag("--json", texts.json, "Print {\"certificates\",\"protocol\",\"suite\",...}");
    m_command->footer(
        "\nOf each certificate that the host sends, and of those that make it trusted: subject, names, validity, key and pin.\n"
        "Exit codes: 0 the gateway would go on with this host, 1 it would not (the certificates are shown all the same),\n"
        "2 wrong usage or an unreadable file, 3 the host does not answer.\n"
        "\nExamples:\n"
        "  token-lab pins https://127.0.0.1:8443/jwk/symmetric.json --insecure\n"
        "  token-lab pins --config demo\n"
        "For the first, run token-lab playground in another terminal.");
}

PinsArguments::~PinsArguments() = default;

PinsOptions PinsArguments::options() const
{
    const auto bytes = [](const std::vector<std::string> &texts) {
        std::vector<QByteArray> out;
        for (const std::string &text : texts)
            out.push_back(QByteArray::fromStdString(text));
        return out;
    };
    PinsOptions out;
    out.input = fileText(QByteArray::fromStdString(m_texts->input));
    out.ca = fileText(QByteArray::fromStdString(m_texts->ca));
    out.config = fileText(QByteArray::fromStdString(m_texts->config));
    out.endpoint = QByteArray::fromStdString(m_texts->endpoint);
    out.method = QByteArray::fromStdString(m_texts->method);
    out.backend = QByteArray::fromStdString(m_texts->backend);
    out.pins = bytes(m_texts->pins);
    out.binds = bytes(m_texts->binds);
    out.insecure = m_texts->insecure;
    out.gatewayEnv = m_texts->gatewayEnv;
    out.json = m_texts->json;
    return out;
}

} // namespace tokenlab::cli
