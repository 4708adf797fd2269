#include "core/lab/clienttls.h"

#include "core/crypto/clientkey.h"
#include "core/crypto/peerverify.h"
#include "core/lab/files.h"

namespace tokenlab::lab {

namespace {

// Go's own list, which holds where there is no client_tls; with it, and for key hosts, there are no CBC suites.
const std::vector<quint16> goSuites{0xc02f, 0xc02b, 0xc030, 0xc02c, 0xcca8, 0xcca9, 0xc009, 0xc013, 0xc00a, 0xc014};

QByteArray inSilence(const char *member, const QByteArray &why)
{
    return QByteArray("client_tls/") + member + ": " + why + "; the gateway passes over it without a word in its log";
}

} // namespace

BackendTls backendTls(const gateway::ClientTls &tls, const Bindings &bindings)
{
    BackendTls out;
    out.policy.verify = !tls.allowInsecure;
    out.policy.systemRoots = !tls.disableSystemCaPool;
    out.policy.cipherSuites = tls.cipherSuites.empty() ? goSuites : tls.cipherSuites;
    out.policy.curves = tls.curves;
    out.policy.minVersion = tls.minVersion;
    out.policy.maxVersion = tls.maxVersion;
    for (const QByteArray &path : tls.caCerts) {
        auto content = readFile(path, bindings);
        if (!content)
            out.notes.push_back(inSilence("ca_certs", content.error()));
        else if (crypto::CertificatePool pool; pool.addPem(*content) == 0)
            out.notes.push_back(inSilence("ca_certs", path + " holds no certificate"));
        else
            out.policy.extraRoots.push_back(std::move(*content));
    }
    for (const auto &[certificate, key] : tls.clientCerts) {
        auto certificatePem = readFile(certificate, bindings);
        auto keyPem = readFile(key, bindings);
        if (!certificatePem || !keyPem)
            out.notes.push_back(inSilence("client_certs", (certificatePem ? keyPem : certificatePem).error()));
        else if (!crypto::keyFitsCertificate(*certificatePem, *keyPem))
            out.notes.push_back(inSilence("client_certs", key + " holds no key for the certificate of " + certificate));
        else
            out.policy.clientCertificates.push_back({std::move(*certificatePem), std::move(*keyPem)});
    }
    return out;
}

} // namespace tokenlab::lab
