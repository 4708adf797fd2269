#include "core/net/seenhop.h"

#include "core/support/url.h"

#include <algorithm>

namespace tokenlab::net {

namespace {

int pinOf(const QByteArray &digest, const std::vector<QByteArray> &pins)
{
    const auto found = std::find(pins.begin(), pins.end(), digest);
    return found == pins.end() ? -1 : int(found - pins.begin());
}

SeenHop seenHop(const HopReport &report, const TlsPolicy &policy, const crypto::CertificatePool &roots, Instant now)
{
    SeenHop out;
    out.report = report;
    const auto url = Url::parse(report.url);
    out.secure = url && url->scheme == "https";
    if (report.certificates.empty() || !url)
        return out;
    const QByteArray host = url->hostName();
    out.trust = crypto::verifyPeer(report.certificates, roots, host, now);
    std::vector<QByteArray> path;
    if (*out.trust)
        path = (*out.trust)->path;
    const auto add = [&](const QByteArray &der, bool sent) {
        auto info = crypto::describeCertificate(der);
        if (!info)
            return;
        SeenCertificate one;
        one.der = der;
        one.sent = sent;
        one.verified = std::find(path.begin(), path.end(), der) != path.end();
        one.pin = pinOf(info->pin, policy.pins);
        one.info = *std::move(info);
        // Any certificate of the CA file is a root to the gateway, the peer's own too.
        one.vouches = !*out.trust && crypto::wouldVouchFor(der, report.certificates, host, now);
        out.pinMet = out.pinMet || (sent && one.pin >= 0);
        out.certificates.push_back(std::move(one));
    };
    for (const QByteArray &der : report.certificates)
        add(der, true);
    for (const QByteArray &der : path) {
        if (std::find(report.certificates.begin(), report.certificates.end(), der) == report.certificates.end())
            add(der, false);
    }
    return out;
}

} // namespace

std::vector<SeenHop> seenHops(const std::vector<HopReport> &hops, const TlsPolicy &policy, Instant now)
{
    crypto::CertificatePool roots = policy.systemRoots ? crypto::CertificatePool::system() : crypto::CertificatePool();
    for (const QByteArray &pem : policy.extraRoots)
        roots.addPem(pem);
    std::vector<SeenHop> out;
    for (const HopReport &hop : hops)
        out.push_back(seenHop(hop, policy, roots, now));
    return out;
}

} // namespace tokenlab::net
