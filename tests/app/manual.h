// The manual's endpoint, and the command that asks it of the playground.
#pragma once

#include <QByteArray>
#include <QStringList>

inline constexpr const char *login = R"j({"user":"john","pass":"doe"})j";

// The manual's endpoint; `signerMembers` are the signer's.
inline QByteArray
manual(const QByteArray &signerMembers = R"j("alg":"HS256","kid":"sim2","keys_to_sign":["access_token","refresh_token"])j",
       const QByteArray &url = "http://your-backend/jwk/symmetric.json")
{
    return R"j({"version":3,"endpoints":[{"endpoint":"/token","method":"POST","backend":[{"host":["https://backend"],"url_pattern":"/token-issuer"}],)j"
           R"j("extra_config":{"auth/signer":{)j" +
           signerMembers + R"j(,"jwk_url":")j" + url + R"j(","disable_jwk_security":true}}}]})j";
}

inline const QStringList binds{QStringLiteral("--bind"), QStringLiteral("https://backend=ORIGIN"), QStringLiteral("--bind"),
                               QStringLiteral("http://your-backend=ORIGIN")};

inline QStringList send(const QString &config, const QStringList &more = {})
{
    return QStringList{QStringLiteral("send"), QStringLiteral("--config"), config, QStringLiteral("--data"), QString::fromUtf8(login)} +
           binds + more;
}
