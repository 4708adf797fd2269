#include "core/playground/certificates.h"

#include "core/crypto/peerverify.h"

#include <QRandomGenerator>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

namespace tokenlab::playground {

using crypto::makeTlsIdentity;
using crypto::TlsIdentity;
using crypto::TlsIdentityError;
using crypto::TlsIdentityRequest;

namespace {

constexpr qint64 Day = 24 * 3600;

// A name of its own in each run: the CA file of an earlier one is another authority, and not this one with a bad signature.
TlsIdentityRequest authority(const QByteArray &name)
{
    TlsIdentityRequest request;
    request.commonName = name + ' ' + QByteArray::number(QRandomGenerator::global()->generate(), 16);
    request.authority = true;
    request.notBefore = {systemNow().secondsSinceEpoch - 2 * Day};
    request.notAfter = {systemNow().secondsSinceEpoch + 365 * Day};
    return request;
}

TlsIdentityRequest host()
{
    TlsIdentityRequest request;
    request.commonName = "Token Lab playground";
    request.names = {"127.0.0.1", "::1", "localhost"};
    request.notBefore = {systemNow().secondsSinceEpoch - 2 * Day};
    request.notAfter = {systemNow().secondsSinceEpoch + 365 * Day};
    return request;
}

} // namespace

Result<Certificates, TlsIdentityError> Certificates::make()
{
    Certificates out;
    auto ca = makeTlsIdentity(authority("Token Lab playground CA"));
    if (!ca)
        return fail(ca.error());
    out.m_ca = std::move(ca).value();
    auto leaf = makeTlsIdentity(host(), &out.m_ca);
    if (!leaf)
        return fail(leaf.error());
    out.m_leaf = std::move(leaf).value();
    return out;
}

Result<QSslConfiguration, TlsIdentityError> Certificates::configuration(const FaultSet &faults) const
{
    TlsIdentity shown = m_leaf, issuer = m_ca;
    if (const auto fault = faults.of(FaultGroup::Certificate)) {
        TlsIdentityRequest request = host();
        request.keyPem = m_leaf.keyPem; // so that the pin stays, and the fault is the only one
        if (*fault == Fault::Expired) {
            request.notAfter = {systemNow().secondsSinceEpoch - Day};
        } else if (*fault == Fault::NotYetValid) {
            request.notBefore = {systemNow().secondsSinceEpoch + Day};
        } else if (*fault == Fault::WrongName) {
            request.commonName = "wrong-host.example";
            request.names = {"wrong-host.example", "192.0.2.1"};
        } else if (*fault == Fault::CommonName) {
            request.commonName = "127.0.0.1";
            request.names = {};
        } else if (*fault == Fault::WrongCa) {
            auto other = makeTlsIdentity(authority("Some other CA"));
            if (!other)
                return fail(other.error());
            issuer = std::move(other).value();
        }
        auto made = makeTlsIdentity(request, &issuer);
        if (!made)
            return fail(made.error());
        shown = std::move(made).value();
    }

    QSslConfiguration out = QSslConfiguration::defaultConfiguration();
    out.setLocalCertificateChain({QSslCertificate(shown.certificatePem), QSslCertificate(issuer.certificatePem)});
    QByteArray pem = shown.keyPem.view().toByteArray();
    out.setPrivateKey(QSslKey(pem, QSsl::Ec));
    crypto::wipe(pem);
    out.setPeerVerifyMode(QSslSocket::VerifyNone);
    out.setProtocol(QSsl::TlsV1_2OrLater);
    const auto port = faults.of(FaultGroup::Port);
    if (port == Fault::Tls12Only || port == Fault::OneSuite)
        out.setProtocol(QSsl::TlsV1_2);
    if (port == Fault::OneSuite)
        out.setBackendConfigurationOption("CipherString", QByteArray("ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"));
    if (port == Fault::Tls11Only) {
        // Qt would not go below 1.2 by itself; SHA-1, which TLS 1.1 signs with, needs level 0.
        out.setBackendConfigurationOption("CipherString", QByteArray("DEFAULT:@SECLEVEL=0"));
        out.setBackendConfigurationOption("MinProtocol", QByteArray("TLSv1.1"));
        out.setBackendConfigurationOption("MaxProtocol", QByteArray("TLSv1.1"));
    }
    return out;
}

QByteArray Certificates::pin(const TlsIdentity &identity)
{
    const auto hash = crypto::spkiPin(identity.certificateDer);
    return hash ? hash->toBase64(QByteArray::Base64UrlEncoding) : QByteArray();
}

} // namespace tokenlab::playground
