#include "core/lab/servertls.h"

#include "core/crypto/clientkey.h"
#include "core/lab/files.h"

#include <QByteArrayList>

#include <algorithm>

namespace tokenlab::lab {

namespace {

// What stands behind `-----BEGIN `, block by block.
QByteArrayList pemTypes(const QByteArray &text)
{
    static const QByteArray begin = "-----BEGIN ";
    QByteArrayList types;
    for (const QByteArray &line : text.split('\n')) {
        const QByteArray plain = line.trimmed();
        if (plain.startsWith(begin) && plain.endsWith("-----") && plain.size() >= begin.size() + 5)
            types.append(plain.sliced(begin.size()).chopped(5));
    }
    return types;
}

bool isPrivateKey(const QByteArray &type)
{
    return type.endsWith("PRIVATE KEY");
}

QByteArray skipped(const QByteArrayList &types)
{
    return " after skipping PEM blocks of the following types: [" + types.join(' ') + ']';
}

// Go's tls.X509KeyPair.
QByteArray pairError(const QByteArray &certificate, const QByteArray &key)
{
    const QByteArrayList certificateTypes = pemTypes(certificate), keyTypes = pemTypes(key);
    if (certificateTypes.isEmpty())
        return QByteArrayLiteral("tls: failed to find any PEM data in certificate input");
    if (!certificateTypes.contains("CERTIFICATE"))
        return certificateTypes.size() == 1 && isPrivateKey(certificateTypes.constFirst())
                   ? QByteArrayLiteral("tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM "
                                       "inputs may have been switched")
                   : "tls: failed to find \"CERTIFICATE\" PEM block in certificate input" + skipped(certificateTypes);
    if (keyTypes.isEmpty())
        return QByteArrayLiteral("tls: failed to find any PEM data in key input");
    if (std::none_of(keyTypes.cbegin(), keyTypes.cend(), isPrivateKey))
        return keyTypes.size() == 1 && keyTypes.constFirst() == "CERTIFICATE"
                   ? QByteArrayLiteral("tls: found a certificate rather than a key in the PEM for the private key")
                   : "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input" + skipped(keyTypes);
    // The gateway has several sentences for what is wrong with a pair; this is the usual one.
    return crypto::keyFitsCertificate(certificate, key) ? QByteArray() : QByteArrayLiteral("tls: private key does not match public key");
}

} // namespace

QByteArray serverTlsError(const gateway::ServiceConfig &service, const Bindings &bindings)
{
    if (!service.serverTls)
        return {};
    for (const auto &[certificate, key] : *service.serverTls) {
        if (certificate.isEmpty())
            return QByteArrayLiteral("public key not defined");
        if (key.isEmpty())
            return QByteArrayLiteral("private key not defined");
        const auto certificatePem = readFile(certificate, bindings);
        if (!certificatePem)
            return certificatePem.error();
        const auto keyPem = readFile(key, bindings);
        if (!keyPem)
            return keyPem.error();
        if (QByteArray error = pairError(*certificatePem, *keyPem); !error.isEmpty())
            return error;
    }
    return {};
}

} // namespace tokenlab::lab
