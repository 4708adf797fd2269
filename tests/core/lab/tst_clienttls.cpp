// client_tls: what becomes of its members, and runs against TLS servers on loopback. Statuses and log lines were asked of the gateway.
#include "core/crypto/tlsidentity.h"
#include "core/lab/clienttls.h"
#include "core/lab/run.h"
#include "core/playground/server.h"

#include <QFile>
#include <QSignalSpy>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslEllipticCurve>
#include <QSslKey>
#include <QTemporaryDir>
#include <QTest>

using namespace tokenlab;

namespace {

QByteArray jsonOf(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

struct Peer {
    QSsl::SslProtocol protocol = QSsl::TlsV1_2OrLater;
    const char *curve = nullptr;
    bool wantsCertificate = false;
};

playground::Script answer(const playground::ServerRequest &request)
{
    playground::Script script;
    script.headers.append("Content-Type", "application/json");
    script.body = request.target == "/jwk" ? jsonOf("{'keys':[{'kty':'oct','kid':'k','k':'AAAA'}]}") : jsonOf("{'a':{}}");
    return script;
}

} // namespace

Q_DECLARE_METATYPE(Peer)

class TestClientTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid() && m_keys.listen().ok());
        qputenv("SSL_CERT_FILE", m_folder.filePath(QStringLiteral("none.pem")).toUtf8()); // no roots but the test's own
        qputenv("SSL_CERT_DIR", m_folder.path().toUtf8() + "/none");
        m_ca = identity("CA", true, crypto::TlsIdentityRequest::P256, nullptr);
        m_server = identity("server", false, crypto::TlsIdentityRequest::P256, &m_ca);
        const auto client = identity("client", false, crypto::TlsIdentityRequest::P256, &m_ca);
        const auto edwards = identity("client", false, crypto::TlsIdentityRequest::Ed25519, &m_ca);
        write("ca.pem", m_ca.certificatePem);
        write("bad.pem", "nothing here\n");
        write("c.pem", client.certificatePem);
        write("c.key", client.keyPem.view().toByteArray());
        write("ed.pem", edwards.certificatePem);
        write("ed.key", edwards.keyPem.view().toByteArray());
    }

    void mapping_data()
    {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<QByteArray>("policy"); // verify, system roots, versions; suites; curves; roots and client certificates
        const auto row = [](const char *name, const char *members, const QByteArray &policy) {
            QTest::newRow(name) << jsonOf(members) << policy;
        };
        const QByteArray suites = "c02f c02b c030 c02c cca8 cca9";
        row("asked: nothing: Go's own, CBC suites too", "",
            "verify system 303-304; " + suites + " c009 c013 c00a c014; ; 0 CA, 0 certificates");
        row("asked: empty: TLS 1.3, three curves", "'client_tls':{},",
            "verify system 304-304; " + suites + "; 25 24 23; 0 CA, 0 certificates");
        row("insecure", "'allow_insecure_connections':true,", "system 304-304; " + suites + "; 25 24 23; 0 CA, 0 certificates");
        row("insecure inside", "'client_tls':{'allow_insecure_connections':true},",
            "system 304-304; " + suites + "; 25 24 23; 0 CA, 0 certificates");
        row("everything",
            "'client_tls':{'ca_certs':['{D}/ca.pem','{D}/c.pem'],'disable_system_ca_pool':true,'min_version':'TLS11','max_version':'TLS12',"
            "'cipher_suites':[49171,5],'curve_preferences':[29,23],'client_certs':[{'certificate':'{D}/c.pem','private_key':'{D}/c.key'},"
            "{'certificate':'{D}/ed.pem','private_key':'{D}/ed.key'}]},",
            "verify 302-303; c013 5; 29 23; 2 CA, 2 certificates");
        row("useless files are left out",
            "'client_tls':{'ca_certs':['{D}/nope','{D}/bad.pem','{D}/ca.pem'],'client_certs':[{'certificate':'{D}/c.pem','private_key':"
            "'{D}/ed.key'},{'certificate':'{D}/nope','private_key':'{D}/c.key'},{'certificate':'{D}/c.pem','private_key':'{D}/c.pem'}]},",
            "verify system 304-304; " + suites + "; 25 24 23; 1 CA, 0 certificates");
    }
    void mapping()
    {
        QFETCH(QByteArray, members);
        const auto service = load(members, "http://h");
        QVERIFY(service);
        const net::TlsPolicy policy = lab::backendTls(service->clientTls, {}).policy;
        QByteArray text = policy.verify ? "verify " : "";
        text += policy.systemRoots ? "system " : "";
        text += QByteArray::number(policy.minVersion, 16) + '-' + QByteArray::number(policy.maxVersion, 16) + ';';
        for (const quint16 number : policy.cipherSuites)
            text += ' ' + QByteArray::number(number, 16);
        text += "; ";
        QByteArrayList curves;
        for (const quint16 number : policy.curves)
            curves.append(QByteArray::number(number));
        text += curves.join(' ') + "; " + QByteArray::number(qulonglong(policy.extraRoots.size())) + " CA, " +
                QByteArray::number(qulonglong(policy.clientCertificates.size())) + " certificates";
        QTEST(text, "policy");
    }

    void bindingsLeadToFiles()
    {
        lab::Bindings bindings;
        bindings.add({"/etc/ca.pem", m_folder.filePath(QStringLiteral("ca.pem")).toUtf8()});
        const auto service = load(jsonOf("'client_tls':{'ca_certs':['/etc/ca.pem','/etc/missing.pem']},"), "http://h");
        const lab::BackendTls tls = lab::backendTls(service->clientTls, bindings);
        QCOMPARE(tls.policy.extraRoots, (std::vector<QByteArray>{m_ca.certificatePem}));
        QCOMPARE(tls.notes, (std::vector<QByteArray>{"client_tls/ca_certs: open /etc/missing.pem: no such file or directory; the gateway "
                                                     "passes over it without a word in its log"}));
    }

    void runs_data()
    {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<Peer>("peer");
        QTest::addColumn<QByteArray>("error"); // after `Get "URL": `; empty: 200
        QTest::addColumn<QByteArray>("note");
        const auto row = [](const char *name, const QByteArray &members, const Peer &peer, const char *error, const char *note = "") {
            QTest::newRow(name) << QByteArray(members).replace('\'', '"') << peer << QByteArray(error) << QByteArray(note);
        };
        const auto insecure = [](const QByteArray &more) { return "'client_tls':{'allow_insecure_connections':true" + more + "},"; };
        const char *untrusted = "tls: failed to verify certificate: x509: certificate signed by unknown authority";
        const char *failure = "remote error: tls: handshake failure";
        const char *noVersion = "tls: no supported versions satisfy MinVersion and MaxVersion";
        const Peer plain, old{QSsl::TlsV1_2}, young{QSsl::TlsV1_3}, edwards{QSsl::TlsV1_2OrLater, "X25519"},
            nist{QSsl::TlsV1_2OrLater, "secp384r1"}, mutual{QSsl::TlsV1_2OrLater, nullptr, true}, mutualOld{QSsl::TlsV1_2, nullptr, true};
        row("asked: no client_tls", "", plain, untrusted);
        row("asked: its CA", "'client_tls':{'ca_certs':['{D}/ca.pem']},", plain, "");
        row("asked: its CA among others", "'client_tls':{'ca_certs':['{D}/nope.pem','{D}/bad.pem','{D}/ca.pem']},", plain, "",
            "open {D}/nope.pem: no such file or directory");
        row("asked: unreadable CA", "'client_tls':{'ca_certs':['{D}/nope.pem']},", plain, untrusted,
            "open {D}/nope.pem: no such file or directory");
        row("asked: CA file without certificates", "'client_tls':{'ca_certs':['{D}/bad.pem']},", plain, untrusted,
            "{D}/bad.pem holds no certificate");
        row("asked: insecure, top level", "'allow_insecure_connections':true,", plain, "");
        row("asked: insecure", insecure({}), plain, "");
        row("asked: no X25519 in the section's curves", insecure({}), edwards, failure);
        row("asked: X25519 by name", insecure(",'curve_preferences':[29]"), edwards, "");
        row("asked: X25519 alone, server P-384", insecure(",'curve_preferences':[29]"), nist, failure);
        row("asked: unknown curve", insecure(",'curve_preferences':[99]"), plain, "tls: no supported elliptic curves for ECDHE");
        row("asked: unknown curve and P-384", insecure(",'curve_preferences':[99,24]"), plain, "");
        row("asked: unknown curve, TLS 1.2", insecure(",'curve_preferences':[99],'min_version':'TLS12','max_version':'TLS12'"), old,
            failure);
        row("asked: max_version alone", insecure(",'max_version':'TLS12'"), plain, noVersion);
        row("asked: max_version alone, server 1.2", insecure(",'max_version':'TLS12'"), old, noVersion);
        row("asked: no versions, server 1.2", insecure({}), old, "remote error: tls: protocol version not supported");
        row("asked: min_version TLS12, server 1.2", insecure(",'min_version':'TLS12'"), old, "");
        row("asked: both TLS12, server 1.3", insecure(",'min_version':'TLS12','max_version':'TLS12'"), young,
            "remote error: tls: protocol version not supported");
        // This server closes where others send an alert first.
        row("no client certificate", insecure({}), mutual, "EOF");
        row("no client certificate, 1.2", insecure(",'min_version':'TLS12'"), mutualOld, "EOF");
        const QByteArray good = "{'certificate':'{D}/c.pem','private_key':'{D}/c.key'}";
        row("asked: client certificate", insecure(",'client_certs':[" + good + ']'), mutual, "");
        row("asked: Ed25519 client certificate", insecure(",'client_certs':[{'certificate':'{D}/ed.pem','private_key':'{D}/ed.key'}]"),
            mutual, "");
        row("asked: useless, then a good one",
            insecure(",'client_certs':[{'certificate':'{D}/c.pem','private_key':'{D}/ed.key'}," + good + ']'), mutual, "",
            "{D}/ed.key holds no key for the certificate of {D}/c.pem");
        row("asked: unreadable, then a good one",
            insecure(",'client_certs':[{'certificate':'{D}/c.pem','private_key':'{D}/x'}," + good + ']'), mutual, "",
            "client_tls/client_certs: open {D}/x: no such file or directory");
    }
    void runs()
    {
        QFETCH(QByteArray, members);
        QFETCH(Peer, peer);
        QFETCH(QByteArray, error);
        QFETCH(QByteArray, note);
        playground::Server server(answer);
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setLocalCertificate(QSslCertificate(m_server.certificatePem));
        configuration.setPrivateKey(QSslKey(m_server.keyPem.view().toByteArray(), QSsl::Ec));
        configuration.setProtocol(peer.protocol);
        configuration.setPeerVerifyMode(peer.wantsCertificate ? QSslSocket::VerifyPeer : QSslSocket::VerifyNone);
        configuration.setCaCertificates({QSslCertificate(m_ca.certificatePem)});
        if (peer.curve)
            configuration.setEllipticCurves({QSslEllipticCurve::fromShortName(QLatin1String(peer.curve))});
        QVERIFY(server.listenTls(configuration));
        const twin::Outcome outcome = play(load(members, server.origin()));
        if (error.isEmpty())
            QVERIFY2(outcome.log.empty(), outcome.log.empty() ? "" : outcome.log.front().constData());
        else
            QCOMPARE(outcome.log, (std::vector<QByteArray>{"ERROR [ENDPOINT: /t][JWTSigner] Proxy response: Get \"" + server.origin() +
                                                           "/x\": " + error}));
        QCOMPARE(outcome.response.status, error.isEmpty() ? 200 : 400);
        if (note.isEmpty())
            QVERIFY2(outcome.notes.empty(), outcome.notes.empty() ? "" : outcome.notes.front().constData());
        else
            QVERIFY2(!outcome.notes.empty() && outcome.notes.front().contains(note.replace("{D}", folder())),
                     outcome.notes.empty() ? "no note" : outcome.notes.front().constData());
    }

    void plainBackendsSayNothing()
    {
        const twin::Outcome outcome = play(load(jsonOf("'client_tls':{'ca_certs':['/nope.pem']},"), m_keys.origin()));
        QCOMPARE(outcome.verdict, twin::Verdict::Signed);
        QVERIFY(outcome.notes.empty());
    }

private:
    QByteArray folder() const { return m_folder.path().toUtf8(); }

    void write(const char *name, const QByteArray &content)
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }

    static crypto::TlsIdentity identity(const char *name, bool authority, crypto::TlsIdentityRequest::KeyKind kind,
                                        const crypto::TlsIdentity *issuer)
    {
        crypto::TlsIdentityRequest request;
        request.key = kind;
        request.commonName = name;
        request.authority = authority;
        request.forClientsOnly = request.commonName == "client";
        if (!authority)
            request.names = {"127.0.0.1"};
        request.notBefore.secondsSinceEpoch = systemNow().secondsSinceEpoch - 86400;
        request.notAfter.secondsSinceEpoch = systemNow().secondsSinceEpoch + 86400;
        auto made = crypto::makeTlsIdentity(request, issuer);
        return made ? *std::move(made) : crypto::TlsIdentity{};
    }

    std::shared_ptr<const gateway::ServiceConfig> load(QByteArray members, const QByteArray &origin) const
    {
        const QByteArray signer = "{\"alg\":\"HS256\",\"kid\":\"k\",\"keys_to_sign\":[\"a\"],\"disable_jwk_security\":true,\"jwk_url\":\"" +
                                  m_keys.origin() + "/jwk\"}";
        auto loaded = gateway::load("{\"version\":3," + members.replace("{D}", folder()) +
                                        "\"endpoints\":[{\"endpoint\":\"/t\",\"extra_config\":{\"auth/signer\":" + signer +
                                        "},\"backend\":[{\"host\":[\"" + origin + "\"],\"url_pattern\":\"/x\"}]}]}",
                                    QStringLiteral("krakend.json"));
        if (!loaded) {
            qWarning("%s", loaded.error().text.constData());
            return nullptr;
        }
        return std::make_shared<const gateway::ServiceConfig>(std::move(*loaded));
    }

    static twin::Outcome play(const std::shared_ptr<const gateway::ServiceConfig> &service)
    {
        lab::RunInput input;
        twin::Outcome outcome;
        if (!service)
            return outcome;
        input.service = service;
        input.request.method = "GET";
        input.request.target = "/t";
        lab::GatewayStart start(service, 0, {}, {});
        QSignalSpy started(&start, &lab::GatewayStart::finished);
        connect(&start, &lab::GatewayStart::finished, &start, [&input](const twin::SignerState &state) { input.signer = state; });
        start.start();
        if (!started.wait(20000))
            return outcome;
        lab::Run run(input);
        QSignalSpy finished(&run, &lab::Run::finished);
        connect(&run, &lab::Run::finished, &run, [&outcome](const twin::Outcome &result) { outcome = result; });
        run.start();
        if (!finished.wait(20000))
            qWarning("the run did not finish");
        return outcome;
    }

    QTemporaryDir m_folder;
    crypto::TlsIdentity m_ca, m_server;
    playground::Server m_keys{answer};
};

QTEST_GUILESS_MAIN(TestClientTls)
#include "tst_clienttls.moc"
