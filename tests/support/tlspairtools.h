// What the rows of TLS pairs are written with.
#pragma once

#include "tests/support/tlspairs.h"

namespace tokenlab::testsupport::pairs {

inline QByteArray text(const QByteArray &value)
{
    return '"' + QByteArray(value).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r") + '"';
}

inline QByteArray trusts(const QByteArray &path)
{
    return "\"jwk_local_ca\": " + text(path);
}

// `jwk_local_ca` with the certificates of these names.
inline QByteArray trusts(const TlsIdentities &ids, const QByteArrayList &names)
{
    QByteArray pem;
    for (const QByteArray &name : names)
        pem += ids[name].certificatePem;
    return trusts(ids.file(names.join('+') + ".pem", pem));
}

inline QByteArray pins(const QByteArrayList &pins)
{
    QByteArrayList quoted;
    for (const QByteArray &pin : pins)
        quoted.append(text(pin));
    return ", \"jwk_fingerprints\": [" + quoted.join(", ") + ']';
}

inline QByteArray suites(const QByteArray &numbers)
{
    return ", \"cipher_suites\": [" + numbers + ']';
}

inline const QByteArray NothingElse = "\"full\": false";
inline const QByteArray Insecure = "\"disable_jwk_security\": true";

inline TlsHost shows(const QByteArray &leaf, const QByteArrayList &further = {})
{
    TlsHost host;
    host.leaf = leaf;
    host.further = further;
    return host;
}

using Options = std::vector<std::pair<QByteArray, QByteArray>>;

inline TlsHost speaks(const Options &options, const QByteArray &leaf = "leaf")
{
    TlsHost host;
    host.leaf = leaf;
    host.options = options;
    return host;
}

inline Options tls12(const QByteArray &suite)
{
    return {{"MaxProtocol", "TLSv1.2"}, {"CipherString", suite + ":@SECLEVEL=0"}};
}

inline TlsHost answers(const playground::Script &script, TlsHost::Kind kind = TlsHost::Https)
{
    TlsHost host;
    host.kind = kind;
    host.script = script;
    return host;
}

inline TlsHost redirects(const QByteArray &location, int status = 302, TlsHost::Kind kind = TlsHost::Https)
{
    playground::Script script;
    script.status = status;
    if (!location.isEmpty())
        script.headers.append("Location", location);
    return answers(script, kind);
}

inline TlsHost raw(TlsHost::Kind kind, const QByteArray &bytes, TlsHost::After after = TlsHost::Close)
{
    TlsHost host;
    host.kind = kind;
    host.raw = bytes;
    host.after = after;
    return host;
}

inline QByteArray message(const QByteArray &headers, const QByteArray &body)
{
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + headers + "\r\n" + body;
}

inline TlsHost at(TlsHost host, const QByteArray &address)
{
    host.address = address;
    return host;
}

inline TlsHost of(TlsHost::Kind kind)
{
    TlsHost host;
    host.kind = kind;
    return host;
}

} // namespace tokenlab::testsupport::pairs
