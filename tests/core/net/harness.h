// What the network tests share: one exchange run to its end, and TLS identities made once.
#pragma once

#include "core/crypto/peerverify.h"
#include "core/crypto/tlsidentity.h"
#include "core/net/exchange.h"
#include "core/playground/server.h"
#include "tests/support/turnoftheloop.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QTest>
#include <QTestEventLoop>

#include <optional>

namespace tokenlab::test {

inline std::optional<net::ExchangeResult> run(const http::Request &request, const net::ExchangePolicy &policy)
{
    std::optional<net::ExchangeResult> out;
    QTestEventLoop loop; // qWaitFor() polls every 10 ms, which would make every round trip as slow
    net::Exchange exchange(request, policy);
    QObject::connect(&exchange, &net::Exchange::finished, &exchange, [&](const net::ExchangeResult &result) {
        out = result;
        loop.exitLoop();
    });
    exchange.start();
    loop.enterLoopMSecs(60000);
    return out;
}

inline http::Request get(const QByteArray &url)
{
    http::Request request;
    request.url = url;
    request.headers = {{"User-Agent", "KrakenD Version 2.13.8"}};
    return request;
}

inline http::Request post(const QByteArray &url, const QByteArray &body)
{
    http::Request request = get(url);
    request.method = "POST";
    request.headers.append("Content-Type", "application/json");
    request.body = body;
    return request;
}

inline Instant daysFromNow(int days)
{
    return {systemNow().secondsSinceEpoch + qint64(days) * 86400};
}

inline crypto::TlsIdentityRequest identity(const QByteArray &name, const std::vector<QByteArray> &names)
{
    crypto::TlsIdentityRequest request;
    request.commonName = name;
    request.names = names;
    request.notBefore = daysFromNow(-1);
    request.notAfter = daysFromNow(30);
    return request;
}

inline crypto::TlsIdentityRequest authority(const QByteArray &name)
{
    crypto::TlsIdentityRequest request = identity(name, {});
    request.authority = true;
    return request;
}

inline QSslConfiguration serverConfiguration(const crypto::TlsIdentity &leaf, const std::vector<crypto::TlsIdentity> &further = {})
{
    QSslConfiguration out = QSslConfiguration::defaultConfiguration();
    QList<QSslCertificate> chain{QSslCertificate(leaf.certificatePem)};
    for (const crypto::TlsIdentity &one : further)
        chain.append(QSslCertificate(one.certificatePem));
    out.setLocalCertificateChain(chain);
    const QByteArray pem = leaf.keyPem.view().toByteArray();
    QSslKey key(pem, QSsl::Ec);
    if (key.isNull())
        key = QSslKey(pem, QSsl::Rsa);
    out.setPrivateKey(key);
    out.setPeerVerifyMode(QSslSocket::VerifyNone);
    return out;
}

} // namespace tokenlab::test
