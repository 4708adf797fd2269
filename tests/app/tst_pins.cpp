// pins as a user meets it: files, hosts, a document's hosts; exit codes and the one JSON object.
#include "program.h"

class TestPins : public QObject
{
    Q_OBJECT

private:
    Program m_program;
    tokenlab::playground::DemoBackend m_tls{tokenlab::systemNow};

    [[nodiscard]] QStringList words(const QString &line) const
    {
        QString text = line;
        text.replace(QLatin1String("TLS"), QString::fromUtf8(m_tls.tls()->origin))
            .replace(QLatin1String("LEAFPIN"), QString::fromUtf8(m_tls.tls()->leafPin));
        return text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QString folder = m_program.path(QStringLiteral("tls"));
        QVERIFY(QDir().mkpath(folder));
        const auto port = m_tls.startHttps(0, true, folder);
        QVERIFY2(port.ok(), port ? "" : qPrintable(port.error().text));
        m_program.write(QStringLiteral("ca.pem"), m_tls.tls()->caPem);
        m_program.write(QStringLiteral("text.txt"), "no certificate\n");
        QFile configuration(m_tls.tls()->configurationFile);
        QVERIFY(configuration.open(QIODevice::ReadOnly));
        m_program.write(QStringLiteral("krakend.json"), configuration.readAll());
    }

    void pins_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said"); // on stdout for 0 and 1, else on either
        const auto row = [](const char *name, const char *arguments, int code, const char *said) {
            QTest::newRow(name) << QString::fromUtf8(arguments) << code << QByteArray(said);
        };
        row("a file", "ca.pem", 0, "pin");
        row("a host, its CA given", "TLS/jwk/symmetric.json --ca ca.pem", 0, "trusted, up to");
        row("and its pin", "TLS/jwk/symmetric.json --ca ca.pem --pin LEAFPIN", 0, "pin 0 met by");
        row("trust not asked for", "TLS/jwk/symmetric.json --insecure", 0, "anybody can stand in for this host");
        row("plain http", "ORIGIN/jwk/symmetric.json", 0, "Answer        ok     200");
        row("a document's key host", "--config krakend.json", 0, "trusted, up to");
        row("no: nobody vouches", "TLS/jwk/symmetric.json", 1, "x509: certificate signed by unknown authority");
        row("no: another pin", "TLS/jwk/symmetric.json --ca ca.pem --pin QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=", 1,
            "JWK client did not find a pinned key");
        row("must fail: a pin that is none", "TLS --pin AA", 2, "illegal base64 data at input byte 0");
        row("must fail: no certificate in it", "text.txt", 2, "text.txt holds no certificate");
        row("must fail: no such file", "nothing.pem", 2, "no such file");
        row("must fail: a CA without one", "TLS --ca text.txt", 2, "text.txt holds no certificate in PEM form");
        row("must fail: nothing to look at", "", 2, "a URL or a file with certificates is wanted");
        row("must fail: two things", "ca.pem --config krakend.json", 2, "a URL or a file with certificates is wanted");
        row("must fail: another backend", "--config krakend.json --backend https://nobody.example", 2, "has no backend host");
        row("must fail: trust beside a document", "--config krakend.json --insecure", 2, "trust and pins are the file's");
        row("must fail: nothing listens", "https://127.0.0.1:1/", 3, "connection refused");
    }
    void pins()
    {
        QFETCH(const QString, arguments);
        QFETCH(const int, code);
        QFETCH(const QByteArray, said);
        const Ran ran = m_program.run(QStringList{QStringLiteral("pins")} + words(arguments));
        QCOMPARE(ran.code, code);
        QVERIFY2((ran.out + ran.err).contains(said), (ran.out + ran.err).constData());
        QVERIFY(code != 2 || ran.out.isEmpty());
        // The same for scripts: one object, and the same exit code.
        const Ran json = m_program.run(QStringList{QStringLiteral("pins"), QStringLiteral("--json")} + words(arguments));
        QCOMPARE(json.code, code);
        const QJsonObject object = QJsonDocument::fromJson(json.out).object();
        QVERIFY2(!object.isEmpty(), json.out.constData());
        QCOMPARE(object.contains(QStringLiteral("certificates")), code != 2);
    }

    void json()
    {
        const Ran ran = m_program.run(words(QStringLiteral("pins TLS/jwk/symmetric.json --ca ca.pem --json")));
        QCOMPARE(ran.code, 0);
        const QJsonObject object = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(object.value(QStringLiteral("protocol")).toString(), QStringLiteral("TLSv1.3"));
        QVERIFY(object.value(QStringLiteral("trusted")).toBool());
        QVERIFY(object.value(QStringLiteral("error")).isNull());
        const QJsonObject leaf = object.value(QStringLiteral("certificates")).toArray().first().toObject();
        QCOMPARE(leaf.value(QStringLiteral("pin")).toString(), QString::fromUtf8(m_tls.tls()->leafPin));
        QVERIFY(leaf.value(QStringLiteral("sent")).toBool() && leaf.value(QStringLiteral("verified")).toBool());
    }

    // What pins prints is what jwk_fingerprints takes.
    void pinIntoTheDocument()
    {
        for (const bool right : {true, false}) {
            QByteArray text = m_program.read(QStringLiteral("krakend.json"));
            const QByteArray pin = right ? m_tls.tls()->leafPin : QByteArray(43, 'A') + '=';
            text.replace("\"jwk_local_ca\"", "\"jwk_fingerprints\": [\"" + pin + "\"], \"jwk_local_ca\"");
            m_program.write(QStringLiteral("pinned.json"), text);
            QStringList arguments = words(QStringLiteral("send --config pinned.json --json --data"));
            arguments.append(QStringLiteral("{\"user\":\"john\",\"pass\":\"doe\"}"));
            const Ran ran = m_program.run(arguments);
            const QJsonObject object = QJsonDocument::fromJson(ran.out).object();
            QCOMPARE(object.value(QStringLiteral("verdict")).toString() == QLatin1String("signed"), right);
        }
    }
};

QTEST_GUILESS_MAIN(TestPins)
#include "tst_pins.moc"
