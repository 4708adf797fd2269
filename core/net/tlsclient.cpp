#include "core/net/tlsclient.h"

#include "core/crypto/clientkey.h"
#include "core/crypto/peerverify.h"

#include <QSslCertificate>
#include <QSslEllipticCurve>
#include <QSslKey>
#include <QVariant>

#include <algorithm>

namespace tokenlab::net {

namespace {

// The JWK client's own list; its TLS 1.3 entries have no effect.
constexpr quint16 DefaultSuites[] = {49199, 49195, 49200, 49196, 52392, 52393};

// All of TLS 1.2 that the gateway's client knows; it drops other numbers in silence.
constexpr quint16 KnownSuites[] = {5,     10,    47,    53,    60,    156,   157,   49159, 49161, 49162, 49169,
                                   49170, 49171, 49172, 49187, 49191, 49195, 49196, 49199, 49200, 52392, 52393};

std::vector<QByteArray> suiteNames(const TlsPolicy &policy)
{
    std::vector<QByteArray> names;
    const std::span<const quint16> numbers =
        policy.cipherSuites.empty() ? std::span<const quint16>(DefaultSuites) : std::span<const quint16>(policy.cipherSuites);
    for (const quint16 number : numbers) {
        if (std::find(std::begin(KnownSuites), std::end(KnownSuites), number) == std::end(KnownSuites))
            continue;
        const QByteArray name = crypto::cipherSuiteName(number);
        if (!name.isEmpty() && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    }
    return names;
}

QByteArray versionName(int version)
{
    switch (version) {
    case 0x0301:
        return "TLSv1";
    case 0x0302:
        return "TLSv1.1";
    case 0x0303:
        return "TLSv1.2";
    default:
        return "TLSv1.3";
    }
}

QSslKey readKey(const QByteArray &pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        QSslKey key(pem, algorithm);
        if (!key.isNull())
            return key;
    }
    // Ed25519: whatever Qt cannot read it passes on as it is.
    Qt::HANDLE handle = crypto::privateKeyHandle(pem);
    return handle ? QSslKey(handle) : QSslKey();
}

QList<QSslEllipticCurve> curvesOf(const TlsPolicy &policy)
{
    QList<QSslEllipticCurve> out;
    for (const quint16 number : policy.curves) {
        const char *name = number == 23   ? "prime256v1"
                           : number == 24 ? "secp384r1"
                           : number == 25 ? "secp521r1"
                           : number == 29 ? "X25519"
                                          : nullptr;
        if (const auto curve = QSslEllipticCurve::fromShortName(QLatin1String(name)); name && curve.isValid())
            out.append(curve);
    }
    return out;
}

// Settings with which the gateway's client gives up whatever the server is.
std::optional<http::TransportError> ownTrouble(const TlsPolicy &policy)
{
    const auto trouble = [](const char *text) { return http::TransportError{http::TransportError::TlsHandshake, text, {}}; };
    if (policy.minVersion > policy.maxVersion || policy.maxVersion < 0x0301)
        return trouble("tls: no supported versions satisfy MinVersion and MaxVersion");
    if (!policy.curves.empty() && curvesOf(policy).isEmpty())
        return trouble(policy.maxVersion >= 0x0304 ? "tls: no supported elliptic curves for ECDHE"
                                                   : "remote error: tls: handshake failure");
    return std::nullopt;
}

struct Alert {
    const char *openssl; // as OpenSSL prints the peer's alert
    const char *gateway;
};
constexpr Alert Alerts[] = {
    {"unexpected message", "unexpected message"},
    {"bad record mac", "bad record MAC"},
    {"record overflow", "record overflow"},
    {"decompression failure", "decompression failure"},
    {"handshake failure", "handshake failure"},
    {"no certificate", "no certificate"},
    {"bad certificate status response", "bad certificate status response"},
    {"bad certificate hash value", "bad certificate hash value"},
    {"bad certificate", "bad certificate"},
    {"unsupported certificate", "unsupported certificate"},
    {"certificate revoked", "revoked certificate"},
    {"certificate expired", "expired certificate"},
    {"certificate unknown", "unknown certificate"},
    {"certificate required", "certificate required"},
    {"certificate unobtainable", "certificate unobtainable"},
    {"illegal parameter", "illegal parameter"},
    {"unknown ca", "unknown certificate authority"},
    {"access denied", "access denied"},
    {"decode error", "error decoding message"},
    {"decrypt error", "error decrypting message"},
    {"export restriction", "export restriction"},
    {"protocol version", "protocol version not supported"},
    {"insufficient security", "insufficient security level"},
    {"internal error", "internal error"},
    {"inappropriate fallback", "inappropriate fallback"},
    {"user cancelled", "user canceled"},
    {"no renegotiation", "no renegotiation"},
    {"missing extension", "missing extension"},
    {"unsupported extension", "unsupported extension"},
    {"unrecognized name", "unrecognized name"},
    {"unknown psk identity", "unknown PSK identity"},
    {"no application protocol", "no application protocol"},
};

} // namespace

QSslConfiguration clientConfiguration(const TlsPolicy &policy)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    // Ours, in the encrypted() slot: Qt's rules are not the gateway's.
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setCaCertificates({});
    configuration.setSslOption(QSsl::SslOptionDisableSessionPersistence, true);
    configuration.setAllowedNextProtocols({});

    if (ownTrouble(policy))
        return configuration; // which handshake fails does not matter then
    int minimum = policy.minVersion;
    const std::vector<QByteArray> names = suiteNames(policy);
    if (names.empty())
        minimum = 0x0304; // an empty list would mean every suite to OpenSSL
    QByteArray list;
    for (const QByteArray &name : names)
        list += name + ':';
    // Level 0: the gateway's client takes RSA-1024 certificates.
    configuration.setBackendConfigurationOption("CipherString", (list.isEmpty() ? QByteArray("DEFAULT:") : list) + "@SECLEVEL=0");
    configuration.setProtocol(minimum >= 0x0304 ? QSsl::TlsV1_3OrLater : QSsl::TlsV1_2OrLater);
    if (minimum < 0x0303)
        configuration.setBackendConfigurationOption("MinProtocol", versionName(minimum));
    if (policy.maxVersion < 0x0304)
        configuration.setBackendConfigurationOption("MaxProtocol", versionName(std::max(policy.maxVersion, minimum)));
    if (!policy.curves.empty())
        configuration.setEllipticCurves(curvesOf(policy));
    for (const TlsPolicy::ClientCertificate &one : policy.clientCertificates) {
        if (!crypto::keyFitsCertificate(one.certificatePem, one.privateKeyPem))
            continue;
        const QList<QSslCertificate> chain = QSslCertificate::fromData(one.certificatePem, QSsl::Pem);
        const QSslKey key = readKey(one.privateKeyPem);
        if (chain.isEmpty() || key.isNull())
            continue;
        configuration.setLocalCertificateChain(chain);
        configuration.setPrivateKey(key);
        break;
    }
    return configuration;
}

std::optional<http::TransportError> peerTrouble(const QList<QSslCertificate> &sent, const TlsPolicy &policy, const QByteArray &host,
                                                bool checkPins)
{
    if (auto trouble = ownTrouble(policy))
        return trouble;
    std::vector<QByteArray> chain;
    for (const QSslCertificate &certificate : sent)
        chain.push_back(certificate.toDer());
    if (policy.verify) {
        crypto::CertificatePool roots = policy.systemRoots ? crypto::CertificatePool::system() : crypto::CertificatePool();
        for (const QByteArray &pem : policy.extraRoots)
            roots.addPem(pem);
        if (const auto verified = crypto::verifyPeer(chain, roots, host, systemNow()); !verified)
            return http::TransportError{http::TransportError::TlsUntrusted, verified.error().text, {}};
    }
    if (!checkPins || policy.pins.empty())
        return std::nullopt;
    // Any certificate that was sent counts, as in the gateway.
    for (const QByteArray &der : chain) {
        const auto pin = crypto::spkiPin(der);
        if (pin && std::find(policy.pins.begin(), policy.pins.end(), *pin) != policy.pins.end())
            return std::nullopt;
    }
    return http::TransportError{http::TransportError::PinMismatch, "JWK client did not find a pinned key", {}};
}

http::TransportError handshakeError(const QString &errorString, const TlsPolicy &policy)
{
    if (auto trouble = ownTrouble(policy))
        return *trouble;
    const QByteArray text = errorString.toUtf8().toLower();
    if (text.contains("wrong version number") || text.contains("packet length too long") || text.contains("unexpected eof while reading"))
        return text.contains("unexpected eof")
                   ? http::TransportError{http::TransportError::ClosedEarly, "EOF", {}}
                   : http::TransportError{http::TransportError::TlsNotTls, "tls: first record does not look like a TLS handshake", {}};
    if (text.contains("unsupported protocol"))
        return {http::TransportError::TlsHandshake, "tls: server selected unsupported protocol version", {}};
    const qsizetype alert = text.lastIndexOf("alert ");
    const QByteArray name = alert >= 0 ? text.sliced(alert + 6) : text;
    for (const Alert &one : Alerts) {
        if (!name.contains(one.openssl))
            continue;
        QByteArray word = one.gateway;
        // Without a suite of TLS 1.2 we offer 1.3 alone; the gateway offers 1.2 too and then has nothing in common with the server.
        if (word == "protocol version not supported" && suiteNames(policy).empty())
            word = "handshake failure";
        return {http::TransportError::TlsHandshake, "remote error: tls: " + word, {}};
    }
    if (text.contains("closed") || text.contains("eof"))
        return {http::TransportError::ClosedEarly, "EOF", {}};
    return {http::TransportError::TlsHandshake, "tls: handshake failed: " + errorString.toUtf8(), {}};
}

} // namespace tokenlab::net
