#include "tests/support/tlspairtools.h"

#include <QCryptographicHash>

namespace tokenlab::testsupport {

using namespace pairs;

std::vector<TlsPair> trustPairs(const TlsIdentities &ids)
{
    std::vector<TlsPair> out;
    const auto row = [&](const QByteArray &name, const TlsHost &host, const QByteArray &members) {
        out.push_back({"trust: " + name, host, members});
    };
    const QByteArray &ca = ids["ca"].certificatePem;
    const auto holds = [&](const QByteArray &name, const QByteArray &content) { return trusts(ids.file(name, content)); };
    const QByteArray body = QByteArray(ca).replace("-----BEGIN CERTIFICATE-----\n", "").replace("-----END CERTIFICATE-----\n", "");
    const QByteArray key = ids["leaf"].keyPem.view().toByteArray();

    row("right CA", shows("leaf"), trusts(ids, {"ca"}));
    row("no file", shows("leaf"), NothingElse);
    row("wrong CA", shows("leaf"), trusts(ids, {"other-ca"}));
    row("wrong CA, the right one sent", shows("leaf", {"ca"}), trusts(ids, {"other-ca"}));
    row("leaf as CA", shows("leaf"), trusts(ids, {"leaf"}));
    row("self-signed", shows("self"), trusts(ids, {"ca"}));
    row("self-signed as CA", shows("self"), trusts(ids, {"self"}));
    row("root of SSL_CERT_FILE", shows("by-system"), NothingElse);
    row("root of SSL_CERT_FILE beside a file", shows("by-system"), trusts(ids, {"ca"}));
    row("intermediate sent", shows("by-middle", {"middle"}), trusts(ids, {"ca"}));
    row("intermediate and root sent", shows("by-middle", {"middle", "ca"}), trusts(ids, {"ca"}));
    row("intermediate not sent", shows("by-middle"), trusts(ids, {"ca"}));
    row("intermediate as CA", shows("by-middle"), trusts(ids, {"middle"}));
    row("intermediate beside the root", shows("by-middle"), trusts(ids, {"ca", "middle"}));
    row("intermediate behind strangers", shows("by-middle", {"other-ca", "system-ca", "middle"}), trusts(ids, {"ca"}));
    row("leaf sent twice", shows("leaf", {"leaf", "ca"}), trusts(ids, {"ca"}));
    row("several, the right one last", shows("leaf"), trusts(ids, {"other-ca", "twin-ca", "ca"}));
    row("several of one name", shows("leaf"), trusts(ids, {"twin-ca", "ca"}));
    row("same name, another key", shows("leaf"), trusts(ids, {"twin-ca"}));
    row("same name, another RSA key", shows("by-rsa"), trusts(ids, {"rsa-twin-ca"}));
    row("DER", shows("leaf"), holds("ca.der", ids["ca"].certificateDer));
    row("empty file", shows("leaf"), holds("empty.pem", ""));
    row("a private key alone", shows("leaf"), holds("key.pem", key));
    row("a key before the certificate", shows("leaf"), holds("key-ca.pem", key + ca));
    row("missing", shows("leaf"), trusts(ids.folder() + "/missing.pem"));
    row("a folder", shows("leaf"), trusts(ids.folder()));
    row("CRLF", shows("leaf"), holds("crlf.pem", QByteArray(ca).replace('\n', "\r\n")));
    row("CR alone", shows("leaf"), holds("cr.pem", QByteArray(ca).replace('\n', '\r')));
    row("text before it", shows("leaf"), holds("leading.pem", "subject=Pairs CA\nissuer=Pairs CA\n" + ca));
    row("text before it on its line", shows("leaf"), holds("inline.pem", "ca: " + ca));
    row("a byte order mark", shows("leaf"), holds("bom.pem", "\xef\xbb\xbf" + ca));
    row("indented", shows("leaf"), holds("indented.pem", "  " + QByteArray(ca).replace('\n', "\n  ")));
    row("text behind it", shows("leaf"), holds("trailing.pem", ca + "the end"));
    row("text behind it on its line", shows("leaf"), holds("behind.pem", ca.trimmed() + " the end\n"));
    row("blanks behind its lines", shows("leaf"), holds("blanks.pem", QByteArray(ca).replace('\n', " \t\n")));
    row("no last line feed", shows("leaf"), holds("bare.pem", ca.trimmed()));
    row("base64 on one line", shows("leaf"),
        holds("long.pem", "-----BEGIN CERTIFICATE-----\n" + QByteArray(body).replace('\n', "") + "\n-----END CERTIFICATE-----\n"));
    row("all on one line", shows("leaf"), holds("one-line.pem", QByteArray(ca).replace('\n', "")));
    row("blank lines within", shows("leaf"), holds("gaps.pem", QByteArray(ca).replace('\n', "\n\n")));
    row("a broken block before it", shows("leaf"),
        holds("broken.pem", "-----BEGIN CERTIFICATE-----\nrub!bish\n-----END CERTIFICATE-----\n" + ca));
    row("no DER in the block before it", shows("leaf"),
        holds("no-der.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + ca));
    row("a block without an end before it", shows("leaf"), holds("endless.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n" + ca));
    row("another's end", shows("leaf"), holds("mixed.pem", QByteArray(ca).replace("END CERTIFICATE", "END X509")));
    row("headers in the block", shows("leaf"),
        holds("headers.pem", QByteArray(ca).replace("CERTIFICATE-----\nM", "CERTIFICATE-----\nName: x\n\nM")));
    row("TRUSTED CERTIFICATE", shows("leaf"), holds("trusted.pem", QByteArray(ca).replace("CERTIFICATE", "TRUSTED CERTIFICATE")));
    row("lower case", shows("leaf"), holds("lower.pem", QByteArray(ca).replace("CERTIFICATE", "certificate")));
    row("padding left out", shows("leaf"), holds("unpadded.pem", QByteArray(ca).replace('=', "")));
    row("a byte too many behind the DER", shows("leaf"),
        holds("longer.pem",
              "-----BEGIN CERTIFICATE-----\n" + (ids["ca"].certificateDer + '\0').toBase64() + "\n-----END CERTIFICATE-----\n"));
    row("expired root", shows("by-old-ca"), trusts(ids, {"old-ca"}));
    row("expired intermediate", shows("by-old-middle", {"old-middle"}), trusts(ids, {"ca"}));
    row("SHA-1 root", shows("by-sha1-ca"), trusts(ids, {"sha1-ca"}));
    row("version 1 root", shows("by-v1-ca"), trusts(ids, {"v1-ca"}));
    row("version 1 intermediate", shows("by-v1-middle", {"v1-middle"}), trusts(ids, {"ca"}));
    row("path length kept", shows("by-short"), trusts(ids, {"short-ca"}));
    row("path length exceeded", shows("by-below-short", {"below-short"}), trusts(ids, {"short-ca"}));
    row("root that may not sign", shows("by-no-sign"), trusts(ids, {"no-sign-ca"}));
    row("root for clients alone", shows("by-clients-ca"), trusts(ids, {"clients-ca"}));
    row("signed by a leaf", shows("by-leaf", {"leaf"}), trusts(ids, {"ca"}));
    row("signed by a leaf that is a root", shows("by-leaf"), trusts(ids, {"leaf"}));
    row("RSA root", shows("by-rsa"), trusts(ids, {"rsa-ca"}));
    row("RSA-1024 root", shows("by-weak"), trusts(ids, {"weak-ca"}));
    row("Ed25519 root", shows("by-ed"), trusts(ids, {"ed-ca"}));
    for (const char *name : {"only-this-ca", "other-addresses-ca", "not-this-ca"})
        row(name, shows(QByteArray("by-") + name), trusts(ids, {name}));
    row("name constraints and another use", shows("bad-name-and-use"), trusts(ids, {"not-this-ca"}));
    for (const char *name : {"only-example-ca", "not-example-ca", "no-keys-ca"}) {
        row(name, shows(QByteArray("by-") + name), trusts(ids, {name}));
        out.back().url = "https://keys.example:PORT/jwk"; // through the proxy, as all names that are not loopback's
    }
    return out;
}

std::vector<TlsPair> certificatePairs(const TlsIdentities &ids)
{
    std::vector<TlsPair> out;
    const QByteArray ca = trusts(ids, {"ca"});
    const auto row = [&](const QByteArray &name, const TlsHost &host, const QByteArray &members = {}) {
        out.push_back({"certificate: " + name, host, members.isEmpty() ? ca : members});
    };
    const auto asked = [&](const QByteArray &name, const TlsHost &host, const QByteArray &hostName) {
        row(name, host);
        out.back().url = "https://" + hostName + ":PORT/jwk";
    };
    for (const char *key : {"rsa", "p384", "p521", "ed25519", "ed448", "k256"}) {
        row(QByteArray(key) + ", TLS 1.2", speaks({{"MaxProtocol", "TLSv1.2"}}, key));
        row(QByteArray(key) + ", TLS 1.3", speaks({{"MinProtocol", "TLSv1.3"}}, key));
    }
    const auto weak = [](const QByteArray &leaf, const QByteArrayList &arguments = {}) {
        TlsHost host = of(TlsHost::OpenSsl);
        host.leaf = leaf;
        host.arguments = arguments;
        return host;
    };
    row("rsa-1024, TLS 1.2", weak("rsa-1024", {"-tls1_2"}));
    row("rsa-1024, TLS 1.3", weak("rsa-1024", {"-tls1_3"}));
    row("SHA-1", weak("sha1"));
    row("SHA-1, the leaf as CA", weak("sha1"), trusts(ids, {"sha1"}));
    row("SHA-1 with RSA", weak("sha1-rsa"), trusts(ids, {"rsa-ca"}));
    row("MD5", weak("md5"), trusts(ids, {"rsa-ca"}));
    out.back().labError = "@x509 certificate signed by unknown authority (possibly because of \"x509: cannot verify signature: insecure "
                          "algorithm MD5-RSA\" while trying to verify candidate authority certificate \"Rsa CA\")";
    row("SHA-384", shows("sha384"));
    row("expired", shows("expired"));
    row("expired, as CA", shows("expired"), trusts(ids, {"expired"}));
    row("not yet valid", shows("future"));
    row("expired, nothing asked", shows("expired"), Insecure);
    row("self-signed, nothing asked", shows("self"), Insecure);
    row("wrong name, nothing asked", shows("wrong"), Insecure);
    row("SHA-1, nothing asked", weak("sha1"), Insecure);
    row("critical extension, nothing asked", shows("critical"), Insecure);

    row("wrong names", shows("wrong"));
    row("names without an address", shows("dns-only"));
    row("address", shows("ip-only"));
    asked("addresses without a name", shows("ip-only"), "localhost");
    asked("by name", shows("dns-only"), "localhost");
    asked("by name in capitals", shows("dns-only"), "LocalHost");
    asked("capitals in the certificate", shows("upper"), "keys.example");
    asked("name with a last dot", shows("upper"), "keys.example.");
    row("common name alone, address", shows("cn-ip"));
    asked("common name alone, name", shows("cn-name"), "keys.example");
    asked("common name alone, another", shows("cn-other"), "keys.example");
    asked("common name beside other names", shows("cn-and-san"), "keys.example");
    asked("wildcard", shows("wildcard"), "keys.example");
    asked("wildcard, two labels", shows("wildcard"), "a.keys.example");
    asked("wildcard, its own domain", shows("wildcard"), "example");
    asked("a star alone", shows("star"), "keys");
    asked("a star within a label", shows("inner-star"), "keys.example");
    asked("URI alone", shows("uri-only"), "keys.example");
    row("version 1, address", shows("v1-leaf"));
    asked("version 1, name", shows("v1-leaf"), "localhost");
    row("IPv6", at(shows("leaf"), "::1"));
    row("IPv6 that is not named", at(shows("ip-only"), "::1"));
    row("IPv6 in full", at(shows("leaf"), "::1"));
    out.back().url = "https://[0:0:0:0:0:0:0:1]:PORT/jwk";
    asked("IPv4 in IPv6's clothes", shows("leaf"), "[::ffff:127.0.0.1]");
    row("another address of loopback", at(shows("leaf"), "127.0.0.2"));
    asked("a name with an underscore", shows("leaf"), "under_score.example");

    row("no extended usage", shows("no-usage"));
    row("clients only", shows("clients-only"));
    row("clients only, as CA", shows("clients-only"), trusts(ids, {"clients-only"}));
    row("any usage", shows("any-usage"));
    row("signing of code", shows("code-signing"));
    row("no digitalSignature, TLS 1.2", speaks({{"MaxProtocol", "TLSv1.2"}}, "no-signing"));
    row("no digitalSignature, TLS 1.3", shows("no-signing"));
    row("RSA, keyEncipherment alone, TLS 1.2", speaks({{"MaxProtocol", "TLSv1.2"}}, "rsa-encipherment"));
    row("RSA, keyEncipherment alone, TLS 1.3", shows("rsa-encipherment"));
    row("unknown critical extension", shows("critical"));
    row("unknown critical extension, as CA", shows("critical"), trusts(ids, {"critical"}));
    row("unknown extension", shows("uncritical"));
    row("an authority as leaf", shows("authority-leaf"));
    return out;
}

std::vector<TlsPair> pinPairs(const TlsIdentities &ids)
{
    std::vector<TlsPair> out;
    const auto row = [&](const QByteArray &name, const TlsHost &host, const QByteArray &members) {
        out.push_back({"pin: " + name, host, members});
    };
    const QByteArray ca = trusts(ids, {"ca"});
    const QByteArray leaf = ids.pin("leaf"), wrong = ids.pin("other-ca");
    const QByteArray digest = QByteArray::fromBase64(leaf, QByteArray::Base64UrlEncoding);
    const QByteArray wholeDigest =
        QCryptographicHash::hash(ids["leaf"].certificateDer, QCryptographicHash::Sha256).toBase64(QByteArray::Base64UrlEncoding);
    QByteArray bits = leaf; // the last bits of the last character, which say nothing
    bits[42] = char(bits[42] + 1);
    for (const auto &[version, options] : {std::pair<const char *, Options>("1.2", {{"MaxProtocol", "TLSv1.2"}}),
                                           std::pair<const char *, Options>("1.3", {{"MinProtocol", "TLSv1.3"}})}) {
        row(QByteArray(version) + ", of the leaf", speaks(options), ca + pins({leaf}));
        row(QByteArray(version) + ", wrong", speaks(options), ca + pins({wrong}));
        row(QByteArray(version) + ", wrong, nothing asked", speaks(options), Insecure + pins({wrong}));
    }
    row("of the CA that was sent", shows("leaf", {"ca"}), ca + pins({ids.pin("ca")}));
    row("of the CA that was not sent", shows("leaf"), ca + pins({ids.pin("ca")}));
    row("of the intermediate", shows("by-middle", {"middle"}), ca + pins({ids.pin("middle")}));
    row("of the intermediate that is in the file alone", shows("by-middle"), trusts(ids, {"middle"}) + pins({ids.pin("middle")}));
    row("of a stray certificate", shows("leaf", {"other-ca"}), ca + pins({wrong}));
    row("of an RSA key", shows("rsa"), ca + pins({ids.pin("rsa")}));
    row("of an Ed25519 key", shows("ed25519"), ca + pins({ids.pin("ed25519")}));
    row("of a P-521 key", shows("p521"), ca + pins({ids.pin("p521")}));
    row("several, one of them right", shows("leaf"), ca + pins({wrong, leaf}));
    row("several, all wrong", shows("leaf"), ca + pins({wrong, ids.pin("twin-ca")}));
    row("none in the list", shows("leaf"), ca + pins({}));
    row("an empty one", shows("leaf"), ca + pins({""}));
    row("without its padding", shows("leaf"), ca + pins({QByteArray(leaf).replace('=', "")}));
    row("padded twice", shows("leaf"), ca + pins({leaf + '='}));
    row("with a line feed within", shows("leaf"), ca + pins({leaf.first(20) + '\n' + leaf.sliced(20)}));
    row("with a blank behind", shows("leaf"), ca + pins({leaf + ' '}));
    row("with loose last bits", shows("leaf"), ca + pins({bits}));
    row("of the base64 with + and /", shows("leaf"), ca + pins({QByteArray("+/") + leaf.sliced(2)}));
    row("in hex", shows("leaf"), ca + pins({digest.toHex()}));
    row("with sha256//", shows("leaf"), ca + pins({"sha256//" + leaf}));
    row("of the whole certificate", shows("leaf"), ca + pins({wholeDigest}));
    row("the manual's", shows("leaf"), ca + pins({"S3Jha2VuRCBpcyB0aGUgYmVzdCBnYXRld2F5LCBhbmQgeW91IGtub3cgaXQ=="}));
    row("second of two not to be read", shows("leaf"), ca + pins({leaf}));
    row("right, untrusted", shows("leaf"), trusts(ids, {"other-ca"}) + pins({leaf}));
    row("right, expired", shows("expired"), ca + pins({ids.pin("expired")}));
    row("right, nothing asked", shows("self"), Insecure + pins({ids.pin("self")}));
    row("right, nothing asked, expired", shows("expired"), Insecure + pins({ids.pin("expired")}));
    row("wrong over http", of(TlsHost::Http), Insecure + pins({wrong}));
    row("not to be read over http", of(TlsHost::Http), Insecure + pins({"!"}));
    row("wrong through a proxy", shows("leaf"), ca + pins({wrong}));
    out.back().url = "https://keys.example:PORT/jwk";
    row("redirect to a host without it", redirects("OTHER/end"), trusts(ids, {"ca"}) + pins({leaf}));
    out.back().other = shows("rsa");
    row("redirect to a host with it", redirects("OTHER/end"), trusts(ids, {"ca"}) + pins({leaf, ids.pin("rsa")}));
    out.back().other = shows("rsa");
    row("http, then a host without it", redirects("OTHER/end", 302, TlsHost::Http), Insecure + pins({wrong}));
    out.back().other = shows("rsa");
    row("not to be read beside a key file", shows("leaf"),
        ca + pins({"!"}) + ", \"jwk_local_path\": " + text(ids.file("keys.json", tlsKeySet())));
    row(
        "h2 offered, wrong",
        [] {
            TlsHost host;
            host.protocols = {"h2", "http/1.1"};
            return host;
        }(),
        ca + pins({wrong}));
    return out;
}

} // namespace tokenlab::testsupport
