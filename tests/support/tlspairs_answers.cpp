#include "tests/support/tlspairtools.h"

#include "core/http/message.h"

namespace tokenlab::testsupport {

using namespace pairs;
using playground::Script;

namespace {

Script gzipped(const QByteArray &bytes, bool chunked = false)
{
    Script script = tlsAnswer(bytes);
    script.headers.append("Content-Encoding", "gzip");
    script.chunked = chunked;
    return script;
}

// A record of one alert of TLS.
QByteArray alert(char number)
{
    return QByteArray("\x15\x03\x03\x00\x02\x02", 6) + number;
}

} // namespace

std::vector<TlsPair> handshakePairs(const TlsIdentities &ids)
{
    std::vector<TlsPair> out;
    const QByteArray ca = trusts(ids, {"ca"});
    const auto row = [&](const QByteArray &name, const TlsHost &host, const QByteArray &numbers) {
        out.push_back({"handshake: " + name, host, numbers.isEmpty() ? ca : ca + suites(numbers)});
    };
    const auto suite = [&](const QByteArray &name, const char *leaf, const QByteArray &numbers) {
        row(name + " alone, " + (numbers.isEmpty() ? QByteArray("default") : '[' + numbers + ']'), speaks(tls12(name), leaf), numbers);
    };
    const auto upTo = [](const char *version) { return Options{{"MinProtocol", version}, {"MaxProtocol", version}}; };
    for (const char *version : {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}) {
        row(QByteArray(version) + " alone, default", speaks(upTo(version)), {});
        row(QByteArray(version) + " alone, [49195]", speaks(upTo(version)), "49195");
        row(QByteArray(version) + " alone, [4865]", speaks(upTo(version)), "4865");
        row(QByteArray(version) + " alone, the manual's [5, 10]", speaks(upTo(version)), "5, 10");
    }
    row("an unknown number", speaks(upTo("TLSv1.2")), "65535");
    row("an unknown number beside a known one", speaks(upTo("TLSv1.2")), "65535, 49195");
    row("a number too large", shows("leaf"), "65536");
    suite("ECDHE-RSA-AES128-GCM-SHA256", "rsa", {});
    suite("ECDHE-RSA-AES128-GCM-SHA256", "rsa", "49200");
    suite("ECDHE-RSA-AES128-GCM-SHA256", "rsa", "49200, 49199");
    suite("ECDHE-RSA-AES256-GCM-SHA384", "rsa", {});
    suite("ECDHE-ECDSA-AES256-GCM-SHA384", "leaf", {});
    suite("ECDHE-ECDSA-AES256-GCM-SHA384", "leaf", "49195");
    suite("ECDHE-RSA-CHACHA20-POLY1305", "rsa", {});
    suite("ECDHE-ECDSA-CHACHA20-POLY1305", "leaf", {});
    suite("ECDHE-ECDSA-CHACHA20-POLY1305", "leaf", "52393");
    suite("ECDHE-ECDSA-AES128-SHA", "leaf", {});
    suite("ECDHE-ECDSA-AES128-SHA", "leaf", "49161");
    suite("ECDHE-ECDSA-AES128-SHA256", "leaf", {});
    suite("ECDHE-ECDSA-AES128-SHA256", "leaf", "49187");
    suite("ECDHE-ECDSA-AES256-SHA384", "leaf", "49188");
    suite("ECDHE-RSA-AES256-SHA", "rsa", "49172");
    suite("AES128-GCM-SHA256", "rsa", {});
    suite("AES128-GCM-SHA256", "rsa", "156");
    suite("AES128-SHA", "rsa", "47");
    suite("AES256-SHA", "rsa", "53");
    suite("AES128-SHA256", "rsa", "60");
    suite("AES256-SHA256", "rsa", "61");
    suite("DHE-RSA-AES128-GCM-SHA256", "rsa", {});
    suite("DHE-RSA-AES128-GCM-SHA256", "rsa", "158");
    suite("ECDHE-ECDSA-AES128-CCM", "leaf", "49324");
    row("suites of RSA, certificate of ECDSA", speaks({{"MaxProtocol", "TLSv1.2"}}), "49199");
    row("suites of ECDSA, certificate of RSA", speaks({{"MaxProtocol", "TLSv1.2"}}, "rsa"), "49195");
    row("suites of ECDSA, certificate of Ed25519", speaks({{"MaxProtocol", "TLSv1.2"}}, "ed25519"), "49195");
    row("TLS_CHACHA20_POLY1305_SHA256 alone", speaks({{"MinProtocol", "TLSv1.3"}, {"Ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"}}), {});
    row("TLS_AES_128_CCM_SHA256 alone", speaks({{"MinProtocol", "TLSv1.3"}, {"Ciphersuites", "TLS_AES_128_CCM_SHA256"}}), {});
    for (const char *group : {"X25519", "P-256", "P-384", "P-521", "X448", "ffdhe2048"}) {
        row(QByteArray("group ") + group + ", TLS 1.3", speaks({{"MinProtocol", "TLSv1.3"}, {"Groups", group}}), {});
        if (QByteArray(group) != "ffdhe2048")
            row(QByteArray("group ") + group + ", TLS 1.2", speaks({{"MaxProtocol", "TLSv1.2"}, {"Groups", group}}), {});
    }
    for (const char *algorithm : {"RSA+SHA1", "RSA+SHA224", "RSA+SHA256", "RSA-PSS+SHA512"})
        row(QByteArray("signature ") + algorithm + ", TLS 1.2",
            speaks({{"MaxProtocol", "TLSv1.2"}, {"SignatureAlgorithms", algorithm}}, "rsa"), {});
    row("signature ECDSA+SHA1, TLS 1.2", speaks({{"MaxProtocol", "TLSv1.2"}, {"SignatureAlgorithms", "ECDSA+SHA1"}}), {});

    for (const auto &[version, options] : {std::pair<const char *, Options>("1.2", {{"MaxProtocol", "TLSv1.2"}}),
                                           std::pair<const char *, Options>("1.3", {{"MinProtocol", "TLSv1.3"}})}) {
        TlsHost host = speaks(options);
        TlsHost strict = of(TlsHost::OpenSsl);
        strict.arguments = {"-Verify", "1", QByteArray("-tls1_") + version[2]};
        row(QByteArray("client certificate demanded, TLS ") + version, strict, {});
        host.clientCertificate = TlsHost::Demanded;
        row(QByteArray("hung up for want of a client certificate, TLS ") + version, host, {});
        host.clientCertificate = TlsHost::Asked;
        row(QByteArray("client certificate asked for, TLS ") + version, host, {});
        host = speaks(options);
        host.protocols = {"h2", "http/1.1"};
        row(QByteArray("h2 offered, TLS ") + version, host, {});
        host.protocols = {"h2"};
        row(QByteArray("h2 alone, TLS ") + version, host, {});
    }

    const auto url = [&](const QByteArray &one) { out.back().url = one; };
    const auto insecure = [&] { out.back().members = Insecure; };
    row("nobody there", of(TlsHost::Nobody), {});
    row("nobody there, with a password", of(TlsHost::Nobody), {});
    url("https://user:secret@127.0.0.1:PORT/jwk");
    row("plain HTTP", of(TlsHost::Http), {});
    url("https://127.0.0.1:PORT/jwk");
    row("plain HTTP, insecure with a pin", of(TlsHost::Http), {});
    url("https://127.0.0.1:PORT/jwk");
    out.back().members = Insecure + pins({ids.pin("leaf")});
    row("TLS where http was asked", shows("leaf"), {});
    url("http://127.0.0.1:PORT/jwk");
    insecure();
    row("http without disable_jwk_security", of(TlsHost::Http), {});
    row("HTTPS:// in capitals", shows("leaf"), {});
    url("HTTPS://127.0.0.1:PORT/jwk");
    row("HTTPS:// in capitals, insecure", shows("leaf"), {});
    url("HTTPS://127.0.0.1:PORT/jwk");
    insecure();
    row("SSH", raw(TlsHost::RawTcp, "SSH-2.0-OpenSSH_9.2\r\n"), {});
    row("HTTP at once", raw(TlsHost::RawTcp, "HTTP/1.1 400 Bad Request\r\n\r\n"), {});
    row("three bytes", raw(TlsHost::RawTcp, "abc"), {});
    row("hung up", raw(TlsHost::RawTcp, {}), {});
    row("reset", raw(TlsHost::RawTcp, {}, TlsHost::Reset), {});
    row("half a record", raw(TlsHost::RawTcp, QByteArray("\x16\x03\x03\x00\x40\x02\x00", 7)), {});
    row("a record of zeros", raw(TlsHost::RawTcp, QByteArray("\x16\x03\x03\x00\x04\x00\x00\x00\x00", 9)), {});
    row("a record of an unknown kind", raw(TlsHost::RawTcp, QByteArray("\x63\x03\x03\x00\x02\x00\x00", 7)), {});
    row("application data", raw(TlsHost::RawTcp, QByteArray("\x17\x03\x03\x00\x02\x00\x00", 7)), {});
    row("a record too long", raw(TlsHost::RawTcp, QByteArray("\x16\x03\x03\xff\xff\x00\x00", 7)), {});
    row("a warning, then the end", raw(TlsHost::RawTcp, QByteArray("\x15\x03\x03\x00\x02\x01\x00", 7)), {});
    for (const auto &[name, number] :
         {std::pair("handshake failure", 40), std::pair("bad certificate", 42), std::pair("illegal parameter", 47),
          std::pair("decode error", 50), std::pair("protocol version", 70), std::pair("insufficient security", 71),
          std::pair("internal error", 80), std::pair("inappropriate fallback", 86), std::pair("missing extension", 109),
          std::pair("unsupported extension", 110), std::pair("certificate unobtainable", 111), std::pair("unrecognized name", 112),
          std::pair("bad certificate status response", 113), std::pair("unknown PSK identity", 115), std::pair("certificate required", 116),
          std::pair("no application protocol", 120), std::pair("unknown", 99)})
        row(QByteArray("alert ") + name, raw(TlsHost::RawTcp, alert(char(number))), {});
    return out;
}

std::vector<TlsPair> answerPairs(const TlsIdentities &ids)
{
    std::vector<TlsPair> out;
    const QByteArray ca = trusts(ids, {"ca"});
    const auto row = [&](const QByteArray &name, const TlsHost &host, const QByteArray &members = {}) {
        out.push_back({name, host, members.isEmpty() ? ca : members});
    };
    const auto other = [&](const TlsHost &host) { out.back().other = host; };

    row("redirect: to another host", redirects("OTHER/end"));
    other(at(shows("leaf"), "::1"));
    row("redirect: to an untrusted host", redirects("OTHER/end"));
    other(shows("by-other"));
    row("redirect: to a host of another name", redirects("OTHER/end"));
    other(at(shows("leaf"), "127.0.0.2"));
    row("redirect: to http", redirects("OTHER/end"));
    other(of(TlsHost::Http));
    row("redirect: to http, where nobody is", redirects("http://127.0.0.1:1/end"));
    row("redirect: from http to https", redirects("OTHER/end", 302, TlsHost::Http), Insecure);
    other(shows("self"));
    row("redirect: round and round", redirects("SELF/jwk"));
    row("redirect: round and round, relative", redirects("/jwk"));
    row("redirect: relative", redirects("end"));
    row("redirect: relative to the root", redirects("/a/b/../end?x=1"));
    row("redirect: without a scheme", redirects("//127.0.0.1:1/end"));
    row("redirect: without a place", redirects({}));
    row("redirect: to no URL", redirects("http://[::1"));
    row("redirect: to another scheme", redirects("ftp://127.0.0.1/end"));
    row("redirect: with a password", redirects("https://user:secret@127.0.0.1:1/end"));
    for (const int status : {300, 301, 303, 304, 307, 308})
        row("redirect: status " + QByteArray::number(status), redirects("SELF/end", status));
    row("redirect: the password goes along", redirects("SELF/end"));
    out.back().url = "https://user:secret@127.0.0.1:PORT/jwk";
    row("redirect: the password stays", redirects("OTHER/end"));
    other(at(shows("leaf"), "::1"));
    out.back().url = "https://user:secret@127.0.0.1:PORT/jwk";
    row("redirect: one that the host ends", redirects("OTHER/end"));
    other(raw(TlsHost::RawTls, {}));

    const QByteArray packed = http::gzip(tlsKeySet());
    QByteArray wrongSum = packed;
    wrongSum[packed.size() - 5] = char(~wrongSum[packed.size() - 5]);
    row("gzip: asked for", answers(gzipped(packed)));
    row("gzip: in chunks", answers(gzipped(packed, true)));
    row("gzip: not what came", answers(gzipped(tlsKeySet())));
    row("gzip: of nothing", answers(gzipped({})));
    row("gzip: cut", answers(gzipped(packed.chopped(20))));
    row("gzip: without its sum", answers(gzipped(packed.chopped(4))));
    row("gzip: wrong sum", answers(gzipped(wrongSum)));
    row("gzip: twice", answers(gzipped(http::gzip(packed))));
    row("gzip: two members", answers(gzipped(http::gzip("{\"keys\":") + http::gzip(tlsKeySet().sliced(8)))));
    row("gzip: cut by the connection",
        raw(TlsHost::RawTls, message("Content-Encoding: gzip\r\nContent-Length: 200\r\n", packed.first(60))));
    for (const char *encoding : {"GZIP", "deflate", "br", "gzip, gzip", "identity"}) {
        Script script = tlsAnswer(packed);
        script.headers.append("Content-Encoding", encoding);
        row(QByteArray("encoding: ") + encoding, answers(script));
    }

    const QByteArray set = tlsKeySet();
    const auto cut = [&](const char *name, const QByteArray &bytes, TlsHost::After after) {
        row(QByteArray("cut: ") + name, raw(TlsHost::RawTls, bytes, after));
    };
    const QByteArray chunk = QByteArray::number(set.size(), 16) + "\r\n" + set;
    cut("Content-Length too long, the value whole", message("Content-Length: 999\r\n", set), TlsHost::Close);
    cut("Content-Length too long, the value cut", message("Content-Length: 999\r\n", set.chopped(9)), TlsHost::Close);
    cut("Content-Length too short", message("Content-Length: 20\r\n", set), TlsHost::Close);
    cut("nothing of a Content-Length", message("Content-Length: 999\r\n", {}), TlsHost::Close);
    cut("Content-Length 0", message("Content-Length: 0\r\n", {}), TlsHost::Close);
    cut("Content-Length too long, no close_notify", message("Content-Length: 999\r\n", set.chopped(9)), TlsHost::Fin);
    cut("a chunk cut", message("Transfer-Encoding: chunked\r\n", chunk.chopped(9)), TlsHost::Close);
    cut("no last chunk, the value whole", message("Transfer-Encoding: chunked\r\n", chunk + "\r\n"), TlsHost::Close);
    cut("a bad chunk size", message("Transfer-Encoding: chunked\r\n", "zz\r\n" + set), TlsHost::Close);
    cut("until the end, with close_notify", message({}, set), TlsHost::Close);
    cut("until the end, without close_notify", message({}, set), TlsHost::Fin);
    cut("the value cut, with close_notify", message({}, set.chopped(9)), TlsHost::Close);
    cut("the value cut, without close_notify", message({}, set.chopped(9)), TlsHost::Fin);
    cut("an empty body, with close_notify", message({}, {}), TlsHost::Close);
    cut("an empty body, without close_notify", message({}, {}), TlsHost::Fin);
    cut("the value cut, reset", message({}, set.chopped(9)), TlsHost::Reset);
    cut("the head cut", message({}, {}).chopped(9), TlsHost::Close);
    cut("the head cut, without close_notify", message({}, {}).chopped(9), TlsHost::Fin);
    cut("no answer", {}, TlsHost::Close);
    cut("no answer, without close_notify", {}, TlsHost::Fin);
    cut("no answer, reset", {}, TlsHost::Reset);
    cut("garbage", "garbage\r\n\r\n", TlsHost::Close);
    cut("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + set, TlsHost::Close);
    cut("HTTP/2 at once", QByteArray("\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64", 15), TlsHost::Close);

    const auto login = [&](const char *name, const QByteArray &user) {
        row(QByteArray("password: ") + name, shows("leaf"));
        out.back().url = "https://" + user + "@127.0.0.1:PORT/jwk";
    };
    login("name and password", "user:secret");
    login("name alone", "user");
    login("password alone", ":secret");
    login("escaped", "us%40er:se%3Acr%2Fet%20");
    login("of UTF-8", "us%C3%A9r:%E2%82%AC");
    login("a colon in the password", "user:a:b");
    login("empty", "");
    login("badly escaped", "us%zzer:x");
    row("password: refused host's", shows("by-other"));
    out.back().url = "https://user:secret@127.0.0.1:PORT/jwk";
    {
        Script script = tlsAnswer("{}");
        script.status = 401;
        script.headers.append("WWW-Authenticate", "Basic realm=\"keys\"");
        row("password: asked for with 401", answers(script));
        script.body = set;
        row("status: 401 with the keys", answers(script));
        script = tlsAnswer(set);
        script.status = 404;
        row("status: 404 with the keys", answers(script));
        script.status = 500;
        row("status: 500 with the keys", answers(script));
        script = tlsAnswer(set);
        script.headers.set("Content-Type", "text/html");
        row("type: text/html", answers(script));
        script.headers.set("Content-Type", "application/jwk-set+json; charset=utf-8");
        row("type: application/jwk-set+json", answers(script));
        script.headers.remove("Content-Type");
        row("type: none", answers(script));
    }
    return out;
}

} // namespace tokenlab::testsupport
