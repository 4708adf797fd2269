// The top-level tls: which files the gateway wants, and its words when it does not get them. Each row was asked.
#include "core/crypto/tlsidentity.h"
#include "core/lab/run.h"
#include "core/lab/servertls.h"
#include "core/support/clock.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace tokenlab;

class TestServerTls : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    void write(const char *name, const QByteArray &text) const
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }
    static std::shared_ptr<const gateway::ServiceConfig> load(const QByteArray &tls)
    {
        auto service =
            gateway::load(R"j({"version":3,"tls":)j" + tls +
                              R"j(,"endpoints":[{"endpoint":"/t","backend":[{"host":["http://127.0.0.1:9999"],"url_pattern":"/"}]}]})j",
                          QStringLiteral("krakend.json"));
        return service ? std::make_shared<const gateway::ServiceConfig>(std::move(*service)) : nullptr;
    }
    // `c.pem` in the file names stands for the one in the folder.
    [[nodiscard]] lab::Bindings bindings() const
    {
        lab::Bindings all;
        for (const char *name : {"c.pem", "k.pem", "other.pem", "bad.pem", "odd.pem"})
            all.add({name, m_folder.filePath(QLatin1String(name)).toUtf8()});
        return all;
    }

private Q_SLOTS:
    void initTestCase()
    {
        crypto::TlsIdentityRequest request;
        request.commonName = "x";
        request.names = {"localhost"};
        request.notBefore = {systemNow().secondsSinceEpoch - 86400};
        request.notAfter = {systemNow().secondsSinceEpoch + 86400};
        const auto one = crypto::makeTlsIdentity(request), other = crypto::makeTlsIdentity(request);
        QVERIFY(one && other);
        write("c.pem", one->certificatePem);
        write("k.pem", one->keyPem.view().toByteArray());
        write("other.pem", other->keyPem.view().toByteArray());
        write("bad.pem", "bad\n");
        write("odd.pem", "-----BEGIN FOO-----\nAAAA\n-----END FOO-----\n");
    }

    void words_data()
    {
        QTest::addColumn<QByteArray>("tls");
        QTest::addColumn<QByteArray>("error"); // empty: it listens
        const auto row = [](const char *name, const char *tls, const char *error) {
            QTest::newRow(qPrintable(QStringLiteral("asked: ") + QLatin1String(name)))
                << QByteArray(tls).replace('\'', '"') << QByteArray(error);
        };
        row("none", "null", "");
        row("a pair", "{'public_key':'c.pem','private_key':'k.pem'}", "");
        row("a list", "{'keys':[{'public_key':'c.pem','private_key':'k.pem'}]}", "");
        row("no certificate", "{'public_key':'nope.pem','private_key':'k.pem'}", "open nope.pem: no such file or directory");
        row("no key", "{'public_key':'c.pem','private_key':'nope.pem'}", "open nope.pem: no such file or directory");
        row("disabled", "{'public_key':'nope.pem','private_key':'k.pem','disabled':true}", "");
        row("disabled, as text", "{'public_key':'nope.pem','private_key':'k.pem','disabled':'true'}", "");
        row("path that is a number", "{'public_key':5,'private_key':'k.pem'}", "open 5: no such file or directory");
        row("second of a list", "{'keys':[{'public_key':'c.pem','private_key':'k.pem'},{'public_key':'two.pem','private_key':'k.pem'}]}",
            "open two.pem: no such file or directory");
        row("list before the pair", "{'keys':[{'public_key':'K.pem','private_key':'k.pem'}],'public_key':'P.pem','private_key':'k.pem'}",
            "open K.pem: no such file or directory");
        row("pair behind the list", "{'keys':[{'public_key':'c.pem','private_key':'k.pem'}],'public_key':'P.pem','private_key':'k.pem'}",
            "open P.pem: no such file or directory");
        row("empty", "{}", "public key not defined");
        row("empty list", "{'keys':[]}", "public key not defined");
        row("certificate alone", "{'public_key':'c.pem'}", "private key not defined");
        row("half a pair behind the list", "{'keys':[{'public_key':'c.pem','private_key':'k.pem'}],'private_key':'x'}",
            "public key not defined");
        row("no PEM for a certificate", "{'public_key':'bad.pem','private_key':'k.pem'}",
            "tls: failed to find any PEM data in certificate input");
        row("no PEM for a key", "{'public_key':'c.pem','private_key':'bad.pem'}", "tls: failed to find any PEM data in key input");
        row("switched", "{'public_key':'k.pem','private_key':'c.pem'}",
            "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched");
        row("certificate as a key", "{'public_key':'c.pem','private_key':'c.pem'}",
            "tls: found a certificate rather than a key in the PEM for the private key");
        row("another PEM", "{'public_key':'odd.pem','private_key':'k.pem'}",
            "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the following types: [FOO]");
        row("another's key", "{'public_key':'c.pem','private_key':'other.pem'}", "tls: private key does not match public key");
    }
    void words()
    {
        QFETCH(const QByteArray, tls);
        QFETCH(const QByteArray, error);
        const auto service = load(tls);
        QVERIFY(service);
        QCOMPARE(lab::serverTlsError(*service, bindings()), error);
    }

    // The whole way: no backend is asked, and nothing answers.
    void endsTheGateway()
    {
        lab::RunInput input;
        input.service = load(R"j({"public_key":"nope.pem","private_key":"k.pem"})j");
        QVERIFY(input.service);
        lab::GatewayStart start(input.service, 0, {}, {});
        QSignalSpy started(&start, &lab::GatewayStart::finished);
        connect(&start, &lab::GatewayStart::finished, &start, [&input](const twin::SignerState &state) { input.signer = state; });
        start.start();
        QVERIFY(started.wait());
        input.request.method = "GET";
        input.request.target = "/t";
        const twin::Outcome outcome = lab::simulate(input, std::span<const http::Reply>{}, systemNow());
        QCOMPARE(outcome.verdict, twin::Verdict::DoesNotStart);
        QCOMPARE(outcome.startError, QByteArray("open nope.pem: no such file or directory"));
        QCOMPARE(outcome.log, (std::vector<QByteArray>{"ERROR [SERVICE: Gin] open nope.pem: no such file or directory"}));
        QVERIFY(outcome.backends.empty());
        QCOMPARE(outcome.response.status, 0);
    }
};

QTEST_GUILESS_MAIN(TestServerTls)
#include "tst_servertls.moc"
