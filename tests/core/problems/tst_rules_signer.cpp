// What keeps a gateway from starting, and what is wrong with signers, their keys and their TLS: for each code a document (with the files
// and hosts behind it) that must raise it, where, and one that must not; and what fixes make of the file.
#include "core/crypto/hash.h"
#include "core/crypto/peerverify.h"
#include "core/crypto/tlsidentity.h"
#include "core/jose/base64.h"
#include "core/problems/fixes.h"
#include "core/text/problems.h"
#include "tests/core/problems/signerworld.h"

#include <QTest>

#include <set>

using namespace tokenlab;
using namespace tokenlab::problems;

namespace {

struct Row {
    QByteArray code;
    QByteArray text;
    QByteArray pointer;
    bool raised = true;
    World world;
};

QByteArray q(const char *text)
{
    return inQuotes(text);
}

const QByteArray signerAt = "/endpoints/0/extra_config/auth~1signer";

// The members of a signer, in single quotes.
QByteArray signer(const char *members)
{
    return withEndpoint({}, {}, {}, q("'auth/signer':{") + q(members) + '}');
}
QByteArray localSigner(const char *members)
{
    return signer((QByteArray("'keys_to_sign':['a'],'jwk_local_path':'k.json','disable_jwk_security':true,") + members).constData());
}
QByteArray httpsSigner(const char *members)
{
    return signer((QByteArray("'keys_to_sign':['a'],'jwk_url':'https://keys/jwk.json',") + members).constData());
}

World offline()
{
    World world;
    world.online = false;
    return world;
}
World files(const QByteArray &content)
{
    World world;
    world.files["k.json"] = content;
    return world;
}
World answers(const http::Reply &reply)
{
    World world;
    world.reply = reply;
    return world;
}
World failing(const char *text)
{
    World world;
    world.transport = http::TransportError{http::TransportError::Other, text, "https://keys/jwk.json"};
    return world;
}

QByteArray setOf(const std::vector<jose::Key> &keys)
{
    jose::KeySet set;
    set.keys = keys;
    return jose::writePrivateSet(set).view().toByteArray();
}
jose::Key oct(int bytes, const char *kid)
{
    return *jose::generateOct(bytes, kid);
}
QByteArray goodSet()
{
    static const QByteArray set = setOf({oct(64, "k1")});
    return set;
}
QByteArray publicEc()
{
    jose::KeySet set;
    set.keys.push_back(*jose::generateEc("P-256", "k1"));
    return jose::writePublicSet(set);
}

crypto::TlsIdentity identity(const QByteArray &name)
{
    crypto::TlsIdentityRequest request;
    request.commonName = name;
    request.names = {name};
    request.notBefore.secondsSinceEpoch = 1'600'000'000;
    request.notAfter.secondsSinceEpoch = 4'000'000'000;
    return *crypto::makeTlsIdentity(request);
}

QByteArray withPin(const QByteArray &pin, const char *url = "https://keys/jwk.json", const char *more = "")
{
    return q("{'version':3,'host':['https://b'],'endpoints':[{'endpoint':'/t','backend':[{'url_pattern':'/x'}],'extra_config':{'auth/"
             "signer':{'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_url':'") +
           url + q("'") + q(more) + q(",'jwk_fingerprints':['") + pin + q("']}}}]}");
}

std::vector<Row> startRows()
{
    std::vector<Row> out;
    const auto must = [&](const char *code, const QByteArray &text, const QByteArray &pointer, const World &world = offline()) {
        out.push_back({code, text, pointer, true, world});
    };
    const auto mustNot = [&](const char *code, const QByteArray &text, const World &world = offline()) {
        out.push_back({code, text, {}, false, world});
    };
    const QByteArray plain = withEndpoint();
    const auto top = [](const char *members) { return withEndpoint({}, {}, q(members)); };
    const auto backend = [](const char *members) { return withEndpoint({}, q(members)); };

    must("config-json", q("{'version':3,}"), {});
    mustNot("config-json", plain);
    must("config-type", top("'port':'x'"), "/port");
    must("config-type", q("[]"), {});
    mustNot("config-type", top("'port':'8081'"));
    must("config-duration", top("'timeout':'2000'"), "/timeout");
    must("config-duration", top("'timeout':''"), "/timeout");
    mustNot("config-duration", top("'timeout':'2s'"));
    must("config-version", q("{'version':2,'endpoints':[]}"), "/version");
    must("config-version", q("{'endpoints':[]}"), "/version");
    mustNot("config-version", plain);
    must("config-null", q("{'version':3,'endpoints':[null]}"), "/endpoints/0");
    must("config-null", q("{'version':3,'endpoints':[{'endpoint':'/t','backend':[null]}]}"), "/endpoints/0/backend/0");
    mustNot("config-null", q("{'version':3,'endpoints':[]}"));
    must("config-ip", top("'listen_ip':'localhost'"), "/listen_ip");
    mustNot("config-ip", top("'listen_ip':'::1'"));
    must("host-invalid", backend("'host':['HTTP://h']"), "/endpoints/0/backend/0/host/0");
    must("host-invalid", backend("'host':['http://h/path']"), "/endpoints/0/backend/0/host/0");
    mustNot("host-invalid", backend("'host':['h:8000']"));
    must("path-forbidden", q("{'version':3,'endpoints':[{'endpoint':'/__debug/x','backend':[{'url_pattern':'/'}]}]}"),
         "/endpoints/0/endpoint");
    mustNot("path-forbidden", plain);
    must("no-backend", withEndpoint(q("'backend':[]")), "/endpoints/0");
    mustNot("no-backend", plain);
    must("no-op-several", withEndpoint(q("'output_encoding':'no-op','backend':[{'url_pattern':'/a'},{'url_pattern':'/b'}]")),
         "/endpoints/0/output_encoding");
    mustNot("no-op-several", withEndpoint(q("'output_encoding':'no-op'")));
    must("url-parameters", q("{'version':3,'host':['h'],'endpoints':[{'endpoint':'/t/{id}','backend':[{'url_pattern':'/{di}'}]}]}"),
         "/endpoints/0/backend/0/url_pattern");
    mustNot("url-parameters", q("{'version':3,'host':['h'],'endpoints':[{'endpoint':'/t/{id}','backend':[{'url_pattern':'/{id}'}]}]}"));
    const auto two = [](const char *first, const char *second) {
        return q("{'version':3,'host':['h'],'endpoints':[{'endpoint':'") + first + q("','backend':[{'url_pattern':'/x'}]},{'endpoint':'") +
               second + q("','backend':[{'url_pattern':'/x'}]}]}");
    };
    must("route-twice", two("/t", "/t"), "/endpoints/1");
    mustNot("route-twice", two("/t", "/u"));
    must("route-conflict", two("/t/{a}", "/t/{b}"), "/endpoints/1");
    mustNot("route-conflict", two("/t/{a}", "/u/{b}"));
    must("method-unsupported",
         q("{'version':3,'host':['h'],'endpoints':[{'endpoint':'/t','method':'HEAD','backend':[{'url_pattern':'/'}]}]}"),
         "/endpoints/0/method");
    mustNot("method-unsupported", plain);
    const auto logging = [&](const char *members) {
        return top((QByteArray("'extra_config':{'telemetry/logging':{") + members + "}}").constData());
    };
    must("log-not-bool", logging("'level':'ERROR','stdout':'true'"), "/extra_config/telemetry~1logging/stdout");
    must("log-not-bool", logging("'syslog':null"), "/extra_config/telemetry~1logging/syslog");
    mustNot("log-not-bool", logging("'level':1,'stdout':true"));
    must("port-invalid", top("'port':70000"), "/port");
    mustNot("port-invalid", top("'port':65535"));
    World noTls;
    noTls.listenError = "open /no: no such file or directory";
    must("server-tls", top("'tls':{'public_key':'/no','private_key':'/no'}"), "/tls", noTls);
    mustNot("server-tls", plain, World());
    World noClient;
    noClient.clientTlsNotes = {"ca_certs: open /no: no such file or directory"};
    must("client-tls-file", top("'client_tls':{'ca_certs':['/no']}"), "/client_tls", noClient);
    mustNot("client-tls-file", plain, World());
    return out;
}

std::vector<Row> memberRows()
{
    std::vector<Row> out;
    const auto must = [&](const char *code, const QByteArray &text, const char *member, const World &world = offline()) {
        out.push_back({code, text, signerAt + (*member ? QByteArray("/") + member : QByteArray()), true, world});
    };
    const auto mustNot = [&](const char *code, const QByteArray &text, const World &world = offline()) {
        out.push_back({code, text, {}, false, world});
    };
    const QByteArray plain = withEndpoint();
    must("signer-type", httpsSigner("'alg':'HS256','kid':5"), "kid");
    must("signer-type", signer("'alg':'HS256','kid':'k','keys_to_sign':'a','jwk_url':'https://k/j'"), "keys_to_sign");
    must("signer-type", httpsSigner("'alg':'HS256','kid':'k','full':'true'"), "full");
    must("signer-type", withEndpoint({}, {}, {}, q("'auth/signer':[]")), "");
    mustNot("signer-type", plain);
    must("cypher-key-base64", localSigner("'alg':'HS256','kid':'k1','cypher_key':'AAE-_w'"), "cypher_key");
    mustNot("cypher-key-base64", localSigner("'alg':'HS256','kid':'k1','cypher_key':'AAE+/w=='"));
    must("url-insecure", signer("'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_url':'http://k/j'"), "jwk_url");
    must("url-insecure", signer("'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_url':'HTTPS://k/j'"), "jwk_url");
    mustNot("url-insecure", plain);
    must("local-flag-missing", signer("'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_local_path':'k.json'"), "jwk_local_path");
    mustNot("local-flag-missing", localSigner("'alg':'HS256','kid':'k1'"));
    must("flag-false-local", signer("'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_local_path':'k.json','disable_jwk_security':false"),
         "disable_jwk_security");
    mustNot("flag-false-local", localSigner("'alg':'HS256','kid':'k1'"));
    must("flag-over-https", httpsSigner("'alg':'HS256','kid':'k1','disable_jwk_security':true"), "disable_jwk_security");
    mustNot("flag-over-https", plain);
    must("url-plain", signer("'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_url':'http://k/j','disable_jwk_security':true"),
         "jwk_url");
    mustNot("url-plain", plain);
    must("url-missing", signer("'alg':'HS256','kid':'k1','keys_to_sign':['a'],'disable_jwk_security':true"), "");
    must("url-missing", signer("'alg':'HS256','kid':'k1','keys_to_sign':['a']"), "");
    mustNot("url-missing", plain);
    must("url-invalid", signer("'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_url':'file:///x','disable_jwk_security':true"),
         "jwk_url");
    must("url-invalid", signer("'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_url':'https://[::1'"), "jwk_url", World());
    mustNot("url-invalid", plain);
    must("url-own-gateway", signer("'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_url':'https://localhost:8080/j'"), "jwk_url",
         World());
    mustNot("url-own-gateway", signer("'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_url':'https://localhost:8081/j'"));
    must("url-unused", localSigner("'alg':'HS256','kid':'k1','jwk_url':'https://k/j'"), "jwk_url");
    mustNot("url-unused", plain);
    must("alg-missing", httpsSigner("'kid':'k1'"), "");
    mustNot("alg-missing", plain);
    must("alg-unknown", httpsSigner("'alg':'HS255','kid':'k1'"), "alg");
    mustNot("alg-unknown", plain);
    must("alg-case", httpsSigner("'alg':'hs256','kid':'k1'"), "alg");
    mustNot("alg-case", httpsSigner("'alg':'EdDSA','kid':'k1'"));
    must("kid-empty", httpsSigner("'alg':'HS256'"), "");
    mustNot("kid-empty", plain);
    must("keys-to-sign-empty", signer("'alg':'HS256','kid':'k1','jwk_url':'https://k/j','keys_to_sign':[]"), "keys_to_sign");
    mustNot("keys-to-sign-empty", plain);
    must("keys-to-sign-dotted", signer("'alg':'HS256','kid':'k1','jwk_url':'https://k/j','keys_to_sign':['a.b']"), "keys_to_sign/0");
    mustNot("keys-to-sign-dotted", plain);
    must("keys-to-sign-twice", signer("'alg':'HS256','kid':'k1','jwk_url':'https://k/j','keys_to_sign':['a','b','a']"), "keys_to_sign/2");
    mustNot("keys-to-sign-twice", plain);
    must("typ-schema", httpsSigner("'alg':'HS256','kid':'k1','typ':'at+jwt'"), "typ");
    mustNot("typ-schema", plain);
    must("signer-ignored", httpsSigner("'alg':'HS256','kid':'k1','leeway':'1s'"), "leeway");
    must("signer-ignored", httpsSigner("'alg':'HS256','kid':'k1','cache_duration':5"), "cache_duration");
    mustNot("signer-ignored", httpsSigner("'alg':'HS256','kid':'k1','@comment':'x'"));
    must("signer-typo", httpsSigner("'alg':'HS256','kid':'k1','jwk_fingerprint':[]"), "jwk_fingerprint");
    mustNot("signer-typo", httpsSigner("'alg':'HS256','kid':'k1','leeway':'1s'"));
    must("signer-case", httpsSigner("'ALG':'HS256','kid':'k1'"), "ALG");
    mustNot("signer-case", plain);
    must("signer-case-unused", httpsSigner("'ALG':'HS384','alg':'HS256','kid':'k1'"), "ALG");
    mustNot("signer-case-unused", plain);
    must("cypher-without-keeper", localSigner("'alg':'HS256','kid':'k1','cypher_key':'AAAA'"), "cypher_key");
    mustNot("cypher-without-keeper", plain);
    must("keeper-unused", httpsSigner("'alg':'HS256','kid':'k1','secret_url':'base64key://x'"), "secret_url");
    mustNot("keeper-unused", plain);
    must("keeper-elsewhere", localSigner("'alg':'HS256','kid':'k1','secret_url':'awskms://x'"), "secret_url", files(goodSet()));
    mustNot("keeper-elsewhere", plain);
    must("suite-unknown", httpsSigner("'alg':'HS256','kid':'k1','cipher_suites':[49199,9999]"), "cipher_suites/1");
    mustNot("suite-unknown", httpsSigner("'alg':'HS256','kid':'k1','cipher_suites':[49199]"));
    must("suite-tls13", httpsSigner("'alg':'HS256','kid':'k1','cipher_suites':[4865,49199]"), "cipher_suites/0");
    mustNot("suite-tls13", httpsSigner("'alg':'HS256','kid':'k1','cipher_suites':[49199]"));
    must("suite-legacy", httpsSigner("'alg':'HS256','kid':'k1','cipher_suites':[5,49199]"), "cipher_suites/0");
    mustNot("suite-legacy", localSigner("'alg':'HS256','kid':'k1','cipher_suites':[5]"));
    must("suite-none-tls12", httpsSigner("'alg':'HS256','kid':'k1','cipher_suites':[4865]"), "cipher_suites");
    mustNot("suite-none-tls12", plain);
    must("ca-unused", localSigner("'alg':'HS256','kid':'k1','jwk_local_ca':'ca.pem'"), "jwk_local_ca");
    mustNot("ca-unused", httpsSigner("'alg':'HS256','kid':'k1','jwk_local_ca':'ca.pem'"));
    return out;
}

std::vector<Row> keyRows()
{
    std::vector<Row> out;
    const auto must = [&](const char *code, const QByteArray &text, const char *member, const World &world) {
        out.push_back({code, text, signerAt + (*member ? QByteArray("/") + member : QByteArray()), true, world});
    };
    const auto mustNot = [&](const char *code, const QByteArray &text, const World &world) {
        out.push_back({code, text, {}, false, world});
    };
    const QByteArray local = localSigner("'alg':'HS256','kid':'k1'"), remote = httpsSigner("'alg':'HS256','kid':'k1'");
    const World good = files(goodSet()), served = answers(keyReply(goodSet()));
    const auto locked = [](const char *more) {
        return localSigner(
            (QByteArray("'alg':'HS256','kid':'k1','secret_url':'base64key://smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4=',") + more)
                .constData());
    };
    const char *cypher = "'cypher_key':'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXtv7E3WaLqbxy/cG7zboKe0Xnr1B6gxfPZKOoieQF38zN49hbHcCrj1gW2yRH6UtS'";

    must("key-file-unreadable", local, "jwk_local_path", World());
    mustNot("key-file-unreadable", local, good);
    must("key-file-short", locked(cypher), "jwk_local_path", files("short"));
    mustNot("key-file-short", local, good);
    must("keeper-url", localSigner("'alg':'HS256','kid':'k1','secret_url':'base64key://AAAA'"), "secret_url", good);
    mustNot("keeper-url", local, good);
    must("key-file-locked", locked(cypher), "jwk_local_path", files(QByteArray(60, 'x')));
    must("key-file-locked", locked("'cypher_key':'AAAA'"), "cypher_key", files(QByteArray(60, 'x')));
    mustNot("key-file-locked", local, good);
    must("key-set-invalid", local, "jwk_local_path", files("[]"));
    must("key-set-invalid", remote, "jwk_url", answers(keyReply("")));
    mustNot("key-set-invalid", local, good);
    must("key-element-bad", local, "jwk_local_path", files(q("{'keys':[{'kty':'oct','kid':'k1','k':'AAAA'},{'kty':'foo'}]}")));
    must("key-element-bad", remote, "jwk_url", answers(keyReply(q("{'keys':[{'kty':'oct'}]}"))));
    mustNot("key-element-bad", local, good);
    must("key-set-empty", remote, "jwk_url", answers(keyReply("{}")));
    mustNot("key-set-empty", remote, served);
    must("kid-not-in-file", localSigner("'alg':'HS256','kid':'k2'"), "kid", good);
    mustNot("kid-not-in-file", local, good);
    World both = good;
    both.reply = keyReply(goodSet());
    must("kid-crash", localSigner("'alg':'HS256','kid':'k2','jwk_url':'https://k/j'"), "kid", both);
    mustNot("kid-crash", localSigner("'alg':'HS256','kid':'k1','jwk_url':'https://k/j'"), both);
    must("kid-absent", httpsSigner("'alg':'HS256','kid':'k2'"), "kid", served);
    mustNot("kid-absent", remote, served);
    must("kid-twice", local, "kid", files(setOf({oct(64, "k1"), oct(64, "k1")})));
    mustNot("kid-twice", local, good);
    must("key-public", localSigner("'alg':'ES256','kid':'k1'"), "kid", files(publicEc()));
    mustNot("key-public", local, good);
    must("key-algorithm", localSigner("'alg':'RS256','kid':'k1'"), "alg", good);
    mustNot("key-algorithm", local, good);
    const World curve = files(setOf({*jose::generateEc("P-256", "k1")}));
    must("key-curve", localSigner("'alg':'ES384','kid':'k1'"), "alg", curve);
    mustNot("key-curve", localSigner("'alg':'ES256','kid':'k1'"), curve);
    must("hmac-empty", local, "kid", files(q("{'keys':[{'kty':'oct','kid':'k1','k':''}]}")));
    mustNot("hmac-empty", local, good);
    must("hmac-weak", local, "kid", files(setOf({oct(16, "k1")})));
    mustNot("hmac-weak", local, good);
    must("key-says-other", local, "alg", files(q("{'keys':[{'kty':'oct','kid':'k1','alg':'HS512','k':'AAAA'}]}")));
    must("key-says-other", local, "kid", files(q("{'keys':[{'kty':'oct','kid':'k1','use':'enc','k':'AAAA'}]}")));
    mustNot("key-says-other", local, good);
    must("key-type-header", remote, "jwk_url", answers(keyReply(goodSet(), "text/html")));
    mustNot("key-type-header", remote, served);
    must("key-set-large", remote, "jwk_url", answers(keyReply(goodSet() + QByteArray(1100000, ' '))));
    mustNot("key-set-large", remote, served);
    World led = served;
    led.reply->finalUrl = "http://keys/jwk.json";
    must("key-redirect-http", remote, "jwk_url", led);
    mustNot("key-redirect-http", remote, served);
    must("key-status", remote, "jwk_url", answers(keyReply(goodSet(), "application/json", 500)));
    mustNot("key-status", remote, served);
    must("key-download", remote, "jwk_url", World());
    mustNot("key-download", remote, served);
    World silent;
    silent.hangs = true;
    must("key-host-silent", remote, "jwk_url", silent);
    mustNot("key-host-silent", remote, served);
    World unseen;
    unseen.transport = http::TransportError{http::TransportError::TooLarge, "the body is larger than 67108864 bytes", {}};
    must("key-host-unseen", remote, "jwk_url", unseen);
    mustNot("key-host-unseen", remote, served);
    must("key-host-untrusted", remote, "jwk_url",
         failing("tls: failed to verify certificate: x509: certificate signed by unknown authority"));
    mustNot("key-host-untrusted", remote, served);
    // TLS with certificates.
    const crypto::TlsIdentity host = identity("keys"), other = identity("other");
    const QByteArray hostPin = jose::encodeBase64Url(*crypto::spkiPin(host.certificateDer));
    const QByteArray certificateHash = jose::encodeBase64Url(crypto::digest(crypto::Hash::Sha256, host.certificateDer));
    World pinned = served, mismatch = failing("JWK client did not find a pinned key"), stray = served, proxy = served;
    pinned.peer = mismatch.peer = {host.certificateDer};
    pinned.verified = stray.verified = {host.certificateDer};
    stray.peer = {host.certificateDer, other.certificateDer};
    proxy.proxied = true;
    must("pin-undecodable", withPin("AAAA+"), "jwk_fingerprints/0", offline());
    mustNot("pin-undecodable", withPin(hostPin), pinned);
    must("pin-length", withPin("AAAA"), "jwk_fingerprints/0", offline());
    mustNot("pin-length", withPin(hostPin), pinned);
    must("pin-mismatch", withPin(jose::encodeBase64Url(QByteArray(32, 'x'))), "jwk_fingerprints", mismatch);
    mustNot("pin-mismatch", withPin(hostPin), pinned);
    must("pin-of-certificate", withPin(certificateHash), "jwk_fingerprints/0", mismatch);
    mustNot("pin-of-certificate", withPin(hostPin), pinned);
    must("pin-stray", withPin(jose::encodeBase64Url(*crypto::spkiPin(other.certificateDer))), "jwk_fingerprints", stray);
    mustNot("pin-stray", withPin(hostPin), stray);
    must("pin-ignored", withPin(hostPin, "http://keys/jwk.json", ",'disable_jwk_security':true"), "jwk_fingerprints", offline());
    must("pin-ignored", withPin(hostPin), "jwk_fingerprints", proxy);
    mustNot("pin-ignored", withPin(hostPin), pinned);
    const QByteArray withCa = httpsSigner("'alg':'HS256','kid':'k1','jwk_local_ca':'ca'");
    must("ca-unreadable", withCa, "jwk_local_ca", served);
    World ca = served;
    ca.files["ca"] = host.certificatePem;
    mustNot("ca-unreadable", withCa, ca);
    mustNot("ca-der", withCa, ca);
    mustNot("ca-empty", withCa, ca);
    ca.files["ca"] = host.certificateDer;
    must("ca-der", withCa, "jwk_local_ca", ca);
    ca.files["ca"] = "nothing";
    must("ca-empty", withCa, "jwk_local_ca", ca);
    return out;
}

// Keys of sizes that are not generated here.
std::vector<Row> rsaRows()
{
    std::vector<Row> out;
    const World normal = files(setOf({*jose::generateRsa(2048, "k1")}));
    for (const char *code : {"rsa-refused", "rsa-too-short", "rsa-weak"})
        out.push_back({code, localSigner("'alg':'PS512','kid':'k1'"), {}, false, normal});
    // 512 bits, thrown away.
    const World tiny = files(q("{'keys':[{'kty':'RSA','kid':'k1','e':'AQAB','n':'mJls_P5U9gZV1PB7PRb9B_Ucg8TuMSa6p2tEK_jk2FLIOgXp-Vl"
                               "wXooK26g6oX_YSDN1bFlUKB9EPYbC20p8Kw','d':'TwsyDD5FjgasERfcDkHJIYUSlyK76tPP3YbPkiNjjrVN1Kpt6MxYpIZdDQ"
                               "EcdU2U5pZ2OmaMVShj32oE4S9zEQ','p':'yqQZeqdV650V0jzIElERB3WSNybPMKQBMVdUbS-FaJk','q':'wMgMOVyRx4TDO7H"
                               "TSewLaBEwSwRqcAvK7qZ5farz8WM'}]}"));
    out.push_back({"rsa-refused", localSigner("'alg':'RS256','kid':'k1'"), signerAt + "/alg", true, tiny});
    QFile recorded(QStringLiteral(TOKENLAB_TEST_DATA "/gateway-cases.json"));
    if (!recorded.open(QIODevice::ReadOnly))
        return out;
    const auto document = json::parse(recorded.readAll());
    // The recorded sets with short keys, each under the algorithm that it was recorded with.
    const json::Value cases = document->root().isArray() ? document->root() : document->root().find("cases");
    std::set<QByteArray> seen;
    for (const json::Value &one : cases.elements()) {
        const QByteArray body = one.find("jwks").find("body").bytes();
        const json::Value config = one.find("endpoint").find("extra_config").find("auth/signer");
        const auto set = jose::parseKeySet(body, jose::SetSource::Remote);
        const jose::Key *key = set ? set->find(config.find("kid").bytes()) : nullptr;
        const QByteArray alg = config.find("alg").bytes();
        if (!key || !key->isPrivate() || key->type() != jose::KeyType::Rsa || key->bits() >= 2048)
            continue;
        const auto made = jose::Signer::create(*key, alg, {}, false);
        if (!made)
            continue;
        const auto token = made->sign("{}");
        const char *code = token ? "rsa-weak" : token.error().kind == jose::SignError::MessageTooLong ? "rsa-too-short" : "rsa-refused";
        if (!seen.insert(code).second)
            continue;
        out.push_back({code, localSigner(("'alg':'" + alg + "','kid':'" + key->kid() + '\'').constData()),
                       signerAt + (token ? "/kid" : "/alg"), true, files(body)});
    }
    return out;
}

const std::vector<Row> &rows()
{
    static const std::vector<Row> all = [] {
        std::vector<Row> out = startRows();
        for (const auto &more : {memberRows(), keyRows(), rsaRows()})
            out.insert(out.end(), more.begin(), more.end());
        return out;
    }();
    return all;
}

const Problem *findAt(const List &list, const QByteArray &code, const QByteArray &pointer)
{
    for (const Problem &problem : list)
        if (problem.code && code == QByteArrayView(problem.code->id.data(), qsizetype(problem.code->id.size())) &&
            problem.pointer == pointer)
            return &problem;
    return nullptr;
}

} // namespace

class TestRulesSigner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void raised_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < rows().size(); ++i)
            QTest::addRow("%s %s %d", rows()[i].code.constData(), rows()[i].raised ? "must" : "must not", int(i)) << int(i);
    }
    void raised()
    {
        QFETCH(int, index);
        const Row &row = rows()[std::size_t(index)];
        Checked checked;
        checkWorld(row.text, row.world, checked);
        const Problem *found = row.raised ? findAt(checked.problems, row.code, row.pointer) : findProblem(checked.problems, row.code);
        QByteArray seen;
        for (const Problem &problem : checked.problems)
            seen += QByteArray(problem.code->id.data(), qsizetype(problem.code->id.size())) + ' ' + problem.pointer + "; ";
        QVERIFY2((found != nullptr) == row.raised, (row.text + "\n" + seen).constData());
        if (!found)
            return;
        const QString message = text::message(*found);
        QVERIFY2(!message.contains(QLatin1String("%1")) && message.size() > 20, qPrintable(message));
        QVERIFY(found->code->offline || row.world.online);
        if (!row.world.online && found->code->offline)
            return;
    }

    // What a fix makes of the file is JSON without this problem at this place; all outside its splices stays.
    void fixes_data() { raised_data(); }
    void fixes()
    {
        QFETCH(int, index);
        const Row &row = rows()[std::size_t(index)];
        if (!row.raised)
            return;
        Checked checked;
        checkWorld(row.text, row.world, checked);
        const Problem *found = findAt(checked.problems, row.code, row.pointer);
        QVERIFY(found);
        for (const Fix &fix : found->fixes) {
            QVERIFY(!text::label(fix, *found).isEmpty());
            const QByteArray changed = gateway::edit::apply(row.text, fix.edit);
            QVERIFY2(json::SyntaxTree::parse(changed), changed.constData());
            QCOMPARE(gateway::edit::apply(changed, gateway::edit::inverse(row.text, fix.edit)), row.text);
            if (row.world.transport)
                continue; // the host's answer stays what it is in this world
            Checked after;
            checkWorld(changed, row.world, after);
            // Another URL may bring the same trouble with the key host; the member itself is what was mended.
            const Problem *left = findAt(after.problems, row.code, row.pointer);
            QVERIFY2(!left || left->arguments != found->arguments, changed.constData());
        }
    }

    void everyCodeHasRows()
    {
        std::set<QByteArray> must, mustNot, others{"krakend-check", "config-format", "config-other"};
        for (const Row &row : rows())
            (row.raised ? must : mustNot).insert(row.code);
        for (const Code &code : ruleCodes())
            others.insert(QByteArray(code.id.data(), qsizetype(code.id.size())));
        for (const Code &code : catalog()) {
            const QByteArray id(code.id.data(), qsizetype(code.id.size()));
            if (others.contains(id))
                continue;
            QVERIFY2(must.contains(id), id.constData());
            QVERIFY2(mustNot.contains(id), id.constData());
        }
    }

    void otherFormats()
    {
        Input input;
        input.configError = gateway::ConfigError{gateway::ConfigError::NotReadYet, "YAML", {}, -1};
        QVERIFY(findProblem(check(input), "config-format"));
        input.configError = gateway::ConfigError{gateway::ConfigError::Parse, "something new", {}, -1};
        QVERIFY(findProblem(check(input), "config-other"));
        input.configError.reset();
        QVERIFY(check(input).empty());
    }

    void startLines()
    {
        Checked checked;
        checkWorld(q("{'version':2}"), offline(), checked);
        QCOMPARE(findProblem(checked.problems, "config-version")->gateway,
                 QByteArray("ERROR parsing the configuration file: 'krakend.json': unsupported version: 2 (want: 3)"));
        Checked insecure;
        checkWorld(signer("'alg':'HS256','kid':'k1','keys_to_sign':['a'],'jwk_url':'http://k/j'"), offline(), insecure);
        const Problem *problem = findProblem(insecure.problems, "url-insecure");
        QCOMPARE(problem->gateway, QByteArray("ERROR [ENDPOINT: /token][JWTSigner] Unable to create the signer: JWK client is using an "
                                              "insecure connection to the JWK service"));
        QCOMPARE(problem->effect, Problem::SignerOff);
        QCOMPARE(problem->severity, Severity::Error);
    }

    void pinsAreConverted_data()
    {
        QTest::addColumn<QByteArray>("written");
        const QByteArray pin = QByteArray::fromHex("fbff00112233445566778899aabbccddeeff00112233445566778899aabbccfe");
        QTest::newRow("hex") << pin.toHex();
        QTest::newRow("colons") << pin.toHex(':').toUpper();
        QTest::newRow("standard alphabet") << pin.toBase64();
        QTest::newRow("without padding") << pin.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        QTest::newRow("curl") << QByteArray("sha256/"
                                            "/" +
                                            pin.toBase64());
        QTest::newRow("hex in base64") << pin.toHex().toBase64();
    }
    void pinsAreConverted()
    {
        QFETCH(QByteArray, written);
        const QByteArray right = "-_8AESIzRFVmd4iZqrvM3e7_ABEiM0RVZneImaq7zP4=";
        Checked checked;
        checkWorld(withPin(written), offline(), checked);
        const Applied applied = applySafe(withPin(written), checked.problems);
        QCOMPARE(applied.problems.size(), std::size_t(1));
        QCOMPARE(applied.text, withPin(right));
    }

    void safeFixesUntilNothingIsLeft()
    {
        QByteArray text = httpsSigner("'alg':'hs256','KID':'k1','cipher_suites':[4865,9999,49199]");
        int rounds = 0;
        for (; rounds < 20; ++rounds) {
            Checked checked;
            checkWorld(text, offline(), checked);
            const Applied applied = applySafe(text, checked.problems);
            if (applied.problems.empty())
                break;
            text = applied.text;
        }
        QVERIFY(rounds > 0 && rounds < 20);
        QCOMPARE(text, httpsSigner("'alg':'HS256','kid':'k1','cipher_suites':[49199]"));
    }
};

QTEST_GUILESS_MAIN(TestRulesSigner)
#include "tst_rules_signer.moc"
