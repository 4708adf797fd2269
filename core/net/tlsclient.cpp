#include "core/net/tlsclient.h"

#include "core/crypto/clientkey.h"
#include "core/crypto/peerverify.h"
#include "core/net/firstrecord.h"

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

// Go's client knows no other groups but the post-quantum ones, and signs with SHA-1 no more.
constexpr char Groups[] = "X25519:P-256:P-384:P-521";
constexpr char SignatureAlgorithms[] =
    "rsa_pss_rsae_sha256:ECDSA+SHA256:ed25519:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:RSA+SHA256:RSA+SHA384:"
    "RSA+SHA512:ECDSA+SHA384:ECDSA+SHA512";

// A suite with which TLS 1.2 stays among the versions that are offered and the suite itself is not, for want of its signatures.
constexpr quint16 UnofferedSuite = 0x00a2; // DHE-DSS-AES128-GCM-SHA256

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

struct AlertName {
    const char *openssl; // as OpenSSL prints the peer's alert
    int number;
};
// Longer ones before what they contain.
constexpr AlertName Alerts[] = {
    {"unexpected message", 10},
    {"bad record mac", 20},
    {"decryption failed", 21},
    {"record overflow", 22},
    {"decompression failure", 30},
    {"handshake failure", 40},
    {"bad certificate status response", 113},
    {"bad certificate hash value", 114},
    {"bad certificate", 42},
    {"unsupported certificate", 43},
    {"certificate revoked", 44},
    {"certificate expired", 45},
    {"certificate unknown", 46},
    {"certificate required", 116},
    {"certificate unobtainable", 111},
    {"illegal parameter", 47},
    {"unknown ca", 48},
    {"access denied", 49},
    {"decode error", 50},
    {"decrypt error", 51},
    {"export restriction", 60},
    {"protocol version", 70},
    {"insufficient security", 71},
    {"internal error", 80},
    {"inappropriate fallback", 86},
    {"user cancelled", 90},
    {"no renegotiation", 100},
    {"missing extension", 109},
    {"unsupported extension", 110},
    {"unrecognized name", 112},
    {"unknown psk identity", 115},
    {"no application protocol", 120},
};

constexpr QByteArrayView Unknown("tls: handshake failed: ");
constexpr char NotTls[] = "tls: first record does not look like a TLS handshake";

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
    QByteArray list;
    for (const QByteArray &name : names)
        list += name + ':';
    // An empty list would mean every suite to OpenSSL.
    if (names.empty() && crypto::cipherSuiteName(UnofferedSuite).isEmpty())
        minimum = 0x0304;
    else if (names.empty())
        list = crypto::cipherSuiteName(UnofferedSuite) + ':';
    // Level 0: the gateway's client takes RSA-1024 certificates.
    configuration.setBackendConfigurationOption("CipherString", (list.isEmpty() ? QByteArray("DEFAULT:") : list) + "@SECLEVEL=0");
    configuration.setProtocol(minimum >= 0x0304 ? QSsl::TlsV1_3OrLater : QSsl::TlsV1_2OrLater);
    if (minimum < 0x0303)
        configuration.setBackendConfigurationOption("MinProtocol", versionName(minimum));
    if (policy.maxVersion < 0x0304)
        configuration.setBackendConfigurationOption("MaxProtocol", versionName(std::max(policy.maxVersion, minimum)));
    configuration.setBackendConfigurationOption("SignatureAlgorithms", QByteArray(SignatureAlgorithms));
    if (policy.curves.empty())
        configuration.setBackendConfigurationOption("Groups", QByteArray(Groups));
    else
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
    const auto failed = [](const QByteArray &text) { return http::TransportError{http::TransportError::TlsHandshake, text, {}}; };
    const QByteArray text = errorString.toUtf8().toLower();
    if (text.contains("unexpected eof while reading"))
        return {http::TransportError::ClosedEarly, "EOF", {}};
    if (text.contains("wrong version number") || text.contains("packet length too long"))
        return {http::TransportError::TlsNotTls, NotTls, {}};
    if (text.contains("unsupported protocol"))
        return failed("tls: server selected unsupported protocol version");
    if (text.contains("no ciphers available"))
        return failed("remote error: tls: handshake failure"); // the gateway asks all the same
    // Alerts that OpenSSL has no name for: `reason(1099)`.
    if (const qsizetype at = text.indexOf("reason(1"); at >= 0 && text.indexOf(')', at) == at + 11) {
        if (const int number = text.sliced(at + 8, 3).toInt(); number > 0)
            return failed("remote error: " + alertWords(number));
    }
    // Of some alerts OpenSSL leaves the word out: `tlsv1 unrecognized name`.
    const qsizetype word = text.lastIndexOf("alert "), version = text.lastIndexOf("tlsv1 ");
    if (word >= 0 || version >= 0) {
        const QByteArray name = text.sliced(word >= 0 ? word : version).simplified();
        for (const AlertName &one : Alerts) {
            if (!name.contains(one.openssl))
                continue;
            QByteArray words = alertWords(one.number);
            // Without a suite of TLS 1.2 we may offer 1.3 alone; the gateway offers 1.2 too and then has nothing in common with the server.
            if (one.number == 70 && suiteNames(policy).empty() && crypto::cipherSuiteName(UnofferedSuite).isEmpty())
                words = alertWords(40);
            return failed("remote error: " + words);
        }
    }
    if (text.contains("closed") || text.contains("eof"))
        return {http::TransportError::ClosedEarly, "EOF", {}};
    return failed(Unknown.toByteArray() + errorString.toUtf8());
}

bool isUncertain(const http::TransportError &error)
{
    return error.kind == http::TransportError::TlsNotTls || error.text.startsWith(Unknown);
}

} // namespace tokenlab::net
