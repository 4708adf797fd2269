#include "tests/support/tlspairtools.h"

#include "core/http/message.h"

namespace tokenlab::testsupport {

using namespace pairs;
using playground::Script;

// client_tls (specification §13): each of a few configurations with the same crowd of backends.
std::vector<TlsPair> backendPairs(const TlsIdentities &ids)
{
    const QByteArray ca = "\"ca_certs\": [" + text(ids.file("backend-ca.pem", ids["ca"].certificatePem)) + ']';
    const QByteArray versions = ", \"min_version\": \"TLS12\", \"max_version\": \"TLS13\"";
    const QByteArray certificate = text(ids.file("client.pem", ids["client"].certificatePem));
    const QByteArray key = text(ids.file("client.key", ids["client"].keyPem.view().toByteArray()));
    const std::pair<const char *, QByteArray> configurations[] = {
        {"none", {}},
        {"CA", "\"client_tls\": {" + ca + "},"},
        {"CA and versions", "\"client_tls\": {" + ca + versions + "},"},
        {"insecure", "\"allow_insecure_connections\": true,"},
        {"TLS 1.1, CBC suites",
         "\"client_tls\": {" + ca + ", \"min_version\": \"TLS11\", \"max_version\": \"TLS12\", \"cipher_suites\": [49161, 49171]},"},
        {"client certificate", "\"client_tls\": {" + ca + versions + ", \"client_certs\": [{\"certificate\": " + certificate +
                                   ", \"private_key\": " + key + "}]},"},
        {"no system roots, unknown suites", "\"client_tls\": {\"disable_system_ca_pool\": true, \"cipher_suites\": [1]" + versions + "},"},
    };
    TlsHost demands;
    demands.clientCertificate = TlsHost::Demanded;
    TlsHost complains = of(TlsHost::OpenSsl);
    complains.arguments = {"-Verify", "1"};
    TlsHost h2;
    h2.protocols = {"h2", "http/1.1"};
    Script packed = tlsAnswer(http::gzip("{\"t\":{\"sub\":\"packed\"}}"));
    packed.headers.append("Content-Encoding", "gzip");
    const QByteArray body = "{\"t\":{\"sub\":\"john\"}}";
    const std::pair<const char *, TlsHost> hosts[] = {
        {"of the CA", shows("leaf")},
        {"of another CA", shows("by-other")},
        {"of the system's CA", shows("by-system")},
        {"expired", shows("expired")},
        {"another name", shows("wrong")},
        {"clients only", shows("clients-only")},
        {"TLS 1.1 alone", speaks({{"MinProtocol", "TLSv1.1"}, {"MaxProtocol", "TLSv1.1"}})},
        {"TLS 1.2 alone", speaks({{"MaxProtocol", "TLSv1.2"}})},
        {"TLS 1.3 alone", speaks({{"MinProtocol", "TLSv1.3"}})},
        {"CBC suite alone", speaks(tls12("ECDHE-ECDSA-AES128-SHA"))},
        {"X25519 alone", speaks({{"Groups", "X25519"}})},
        {"plain HTTP", raw(TlsHost::RawTcp, "HTTP/1.1 400 Bad Request\r\n\r\n")},
        {"nobody there", of(TlsHost::Nobody)},
        {"hung up", raw(TlsHost::RawTcp, {})},
        {"client certificate demanded", demands},
        {"client certificate missed", complains},
        {"packed", answers(packed)},
        {"cut", raw(TlsHost::RawTls, message("Content-Length: 99\r\n", body.chopped(4)))},
        {"cut behind the value", raw(TlsHost::RawTls, message("Content-Length: 99\r\n", body))},
        {"redirected", redirects("SELF/login/end")},
    };
    std::vector<TlsPair> out;
    for (const auto &[configuration, members] : configurations) {
        for (const auto &[name, host] : hosts) {
            TlsPair pair;
            pair.name = QByteArray("backend: ") + configuration + ": " + name;
            pair.host = host;
            pair.members = members;
            pair.backend = true;
            pair.url = "https://127.0.0.1:PORT/login";
            out.push_back(pair);
        }
    }
    return out;
}

} // namespace tokenlab::testsupport
