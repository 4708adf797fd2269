// `token-lab playground`: the printed addresses, files and commands work, and each --fault shows in `send`.
#include "program.h"

#include "core/playground/fault.h"

#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/stat.h>
#endif

#include <map>

using tokenlab::playground::FaultInfo;

namespace {

// A playground as a child process, told its addresses with --json.
class Playground
{
public:
    explicit Playground(const QStringList &arguments = {})
    {
        m_process.start(QStringLiteral(TOKENLAB_PROGRAM), QStringList{QStringLiteral("playground"), QStringLiteral("--json"),
                                                                      QStringLiteral("--https-port"), QStringLiteral("0")} +
                                                              arguments);
        QByteArray out;
        if (QTest::qWaitFor([&] { return (out += m_process.readAllStandardOutput()).endsWith('\n'); }, 30000))
            m_addresses = onlyObject(out);
    }
    ~Playground()
    {
        if (m_process.state() == QProcess::NotRunning)
            return;
        m_process.terminate();
        m_process.waitForFinished(20000);
    }
    // Ends it politely; its exit code.
    int end()
    {
        QSignalSpy finished(&m_process, &QProcess::finished);
        m_process.terminate();
        return (finished.count() > 0 || finished.wait(20000)) && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    [[nodiscard]] const QJsonObject &addresses() const { return m_addresses; }
    [[nodiscard]] QJsonObject https() const { return m_addresses.value(QStringLiteral("https")).toObject(); }
    [[nodiscard]] QString config() const { return https().value(QStringLiteral("config")).toString(); }

private:
    QProcess m_process;
    QJsonObject m_addresses;
};

struct Expected {
    QString verdict;
    int status;
    QString words; // in the signer's error, the start's, or the log
};

const std::map<QByteArray, Expected> &expectations()
{
    const auto refused = [](const char *words) { return Expected{QStringLiteral("refused"), 401, QString::fromLatin1(words)}; };
    const auto login = [](const char *words) { return Expected{QStringLiteral("refused"), 400, QString::fromLatin1(words)}; };
    const Expected good{QStringLiteral("signed"), 200, {}};
    static const std::map<QByteArray, Expected> all{
        {"expired", refused("x509: certificate has expired or is not yet valid: current time ")},
        {"not-yet-valid", refused("x509: certificate has expired or is not yet valid: current time ")},
        {"wrong-name", refused("x509: certificate is valid for 192.0.2.1, not 127.0.0.1")},
        {"wrong-ca", refused("x509: certificate signed by unknown authority")},
        {"common-name", refused("x509: certificate relies on legacy Common Name field, use SANs instead")},
        {"tls12-only", good},
        {"tls11-only", refused("remote error: tls: protocol version not supported")},
        {"one-suite", refused("remote error: tls: handshake failure")},
        {"not-tls", refused("http: server gave HTTP response to HTTPS client")},
        {"hang-up", refused("/jwk/symmetric.json\": EOF")},
        {"key-host-down", refused("connect: connection refused")},
        {"slow", good},
        {"silent", {QStringLiteral("does-not-start"), 0, QStringLiteral("waits for ever")}},
        {"drip", good},
        {"404", refused("no Keys has been found")},
        {"html", refused("should have a JSON content type for JWKS endpoint")},
        {"wrong-content-type", refused("should have a JSON content type for JWKS endpoint")},
        {"huge", {QStringLiteral("incomplete"), 0, QStringLiteral("larger than 67108864 bytes")}},
        {"truncated", refused("unexpected EOF")},
        {"bad-key", refused("invalid OCT (symmetric) key, missing k value")},
        {"empty-set", refused("no Keys has been found")},
        {"rotated-key", refused("no Keys have been found")}, // after a while
        {"redirect-loop", refused("stopped after 10 redirects")},
        {"redirect-to-http", good},
        {"login-401", login("invalid status code 401")},
        {"login-500", login("invalid status code 500")},
        {"login-204", login("invalid status code 204")},
        {"login-slow", good},
        {"login-silent", login("context deadline exceeded")},
        {"login-html", login("invalid character '<' looking for beginning of value")},
        {"login-not-json", login("invalid character 'W' looking for beginning of value")},
    };
    return all;
}

// All that the gateway would say, and the steps in words.
QString wordsOf(const QJsonObject &outcome)
{
    QStringList words;
    for (const char *part : {"start", "signer"})
        words << outcome.value(QLatin1String(part)).toObject().value(QStringLiteral("error")).toString();
    for (const QJsonValue &line : outcome.value(QStringLiteral("log")).toArray())
        words << line.toString();
    for (const QJsonValue &step : outcome.value(QStringLiteral("trace")).toArray())
        words << step.toObject().value(QStringLiteral("message")).toString();
    return words.join(QLatin1Char('\n'));
}

} // namespace

class PlaygroundTest : public QObject
{
    Q_OBJECT
    Program m_program;

    Ran send(const Playground &playground) const
    {
        return m_program.run({QStringLiteral("send"), QStringLiteral("--json"), QStringLiteral("--config"), playground.config(),
                              QStringLiteral("--data"), QString::fromUtf8(tokenlab::playground::demoRequestBody())});
    }

private Q_SLOTS:
    void faults_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const FaultInfo &info : tokenlab::playground::faults())
            QTest::newRow(info.name) << QByteArray(info.name);
    }
    void faults()
    {
        QFETCH(QByteArray, name);
        const auto expected = expectations().find(name);
        QVERIFY2(expected != expectations().end(), "a fault without an expectation");
        const Playground playground({QStringLiteral("--fault"), QString::fromLatin1(name)});
        QCOMPARE(playground.addresses().value(QStringLiteral("faults")).toArray(), QJsonArray{QString::fromLatin1(name)});
        Ran ran = send(playground);
        if (name == "rotated-key") {
            QCOMPARE(ran.code, 0);
            QTRY_VERIFY_WITH_TIMEOUT((ran = send(playground)).code != 0, 30000);
        }
        const QJsonObject said = onlyObject(ran.out);
        QVERIFY2(!said.isEmpty(), ran.err.constData());
        QCOMPARE(said.value(QStringLiteral("verdict")).toString(), expected->second.verdict);
        QCOMPARE(ran.code, expected->second.verdict == QLatin1String("signed") ? 0 : 1);
        QCOMPARE(said.value(QStringLiteral("response")).toObject().value(QStringLiteral("status")).toInt(), expected->second.status);
        QVERIFY2(wordsOf(said).contains(expected->second.words), ran.out.constData());
        // Without the fault the words are not there.
        QVERIFY(expected->second.words.isEmpty() == (ran.code == 0));
    }

    void withoutAFault()
    {
        Playground playground;
        QVERIFY(!playground.config().isEmpty());
        QVERIFY(playground.addresses().value(QStringLiteral("faults")).toArray().isEmpty());
        const Ran ran = send(playground);
        COMPARE_RAN(ran, 0);
        // The pins are those that the gateway's members take: the right one passes, another one does not.
        QFile file(playground.config());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        for (const char *which : {"leaf", "ca"}) {
            const QByteArray pin =
                playground.https().value(QStringLiteral("pins")).toObject().value(QLatin1String(which)).toString().toLatin1();
            QCOMPARE(pin.size(), 44);
            for (const QByteArray &one : {pin, QByteArray(43, 'A') + '='}) {
                m_program.write(QStringLiteral("pinned.json"),
                                QByteArray(text).replace("\"jwk_local_ca\"", "\"jwk_fingerprints\": [\"" + one + "\"], \"jwk_local_ca\""));
                const Ran pinned = m_program.run({QStringLiteral("send"), QStringLiteral("-c"), QStringLiteral("pinned.json"),
                                                  QStringLiteral("-d"), QStringLiteral("{\"user\":\"john\",\"pass\":\"doe\"}")});
                COMPARE_RAN(pinned, one == pin ? 0 : 1);
                QCOMPARE(pinned.out.contains("JWK client did not find a pinned key"), one != pin);
            }
        }
        // The manual's file reaches it too, where the machine trusts the CA.
        const QString bind = QStringLiteral("demo=") + playground.https().value(QStringLiteral("origin")).toString();
        const QStringList demo{QStringLiteral("send"), QStringLiteral("--config"), QStringLiteral("demo"), QStringLiteral("--bind"), bind};
        const Ran untrusted = m_program.run(demo);
        COMPARE_RAN(untrusted, 1);
        QVERIFY2(untrusted.out.contains("x509: certificate signed by unknown authority"), untrusted.out.constData());
        const QString ca = playground.https().value(QStringLiteral("ca")).toString();
        COMPARE_RAN(m_program.run(demo, {}, {{QStringLiteral("SSL_CERT_FILE"), ca}}), 0);
    }

#ifdef Q_OS_UNIX
    void filesArePrivateAndGo()
    {
        Playground playground;
        const QString ca = playground.https().value(QStringLiteral("ca")).toString();
        const QFileInfo info(ca);
        QVERIFY(info.isFile());
        const auto mode = [](const QString &path) {
            struct stat status = {};
            return stat(QFile::encodeName(path).constData(), &status) == 0 ? int(status.st_mode & 0777) : -1;
        };
        QCOMPARE(mode(info.path()), 0700);
        QCOMPARE(mode(ca), 0600);
        QCOMPARE(mode(playground.config()), 0600);
        QFile file(ca);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray pem = file.readAll();
        QVERIFY(pem.startsWith("-----BEGIN CERTIFICATE-----\n") && !pem.contains("PRIVATE"));
        QCOMPARE(playground.end(), 0);
        QVERIFY(!QFileInfo::exists(info.path()));
    }
#endif

    void faultsInWords()
    {
        QProcess process;
        process.start(QStringLiteral(TOKENLAB_PROGRAM),
                      QString(QStringLiteral("playground --https-port 0 --fault expired --fault slow")).split(QLatin1Char(' ')));
        QByteArray out;
        QTRY_VERIFY_WITH_TIMEOUT((out += process.readAllStandardOutput()).contains("--data"), 20000);
        for (const char *part : {"expired: The certificate ran out yesterday.", "slow: ", "jwk_local_ca ", "jwk_fingerprints "})
            QVERIFY2(out.contains(part), part);
        process.terminate();
        QVERIFY(process.waitForFinished(20000));
    }

    void list_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("--list-faults") << QStringList{QStringLiteral("--list-faults")};
        QTest::newRow("--fault list") << QStringList{QStringLiteral("--fault"), QStringLiteral("list")};
    }
    void list()
    {
        QFETCH(QStringList, arguments);
        const Ran plain = m_program.run(QStringList{QStringLiteral("playground")} + arguments);
        COMPARE_RAN(plain, 0);
        const Ran json = m_program.run(QStringList{QStringLiteral("playground"), QStringLiteral("--json")} + arguments);
        COMPARE_RAN(json, 0);
        const QJsonArray faults = onlyObject(json.out).value(QStringLiteral("faults")).toArray();
        QCOMPARE(std::size_t(faults.size()), tokenlab::playground::faults().size());
        for (const QJsonValue &fault : faults) {
            for (const char *member : {"name", "playground", "gateway"})
                QVERIFY(plain.out.contains(fault.toObject().value(QLatin1String(member)).toString().toUtf8()));
        }
    }

    void wrongUsage_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("a fault misspelt") << QStringLiteral("--fault expird") << 2 << QByteArray("did you mean expired?");
        QTest::newRow("no fault at all") << QStringLiteral("--fault qqqqqqqqqqqqqqqqqqqqqqq") << 2 << QByteArray("--list-faults");
        QTest::newRow("two of a group") << QStringLiteral("--fault expired --fault wrong-ca") << 2 << QByteArray("exclude one another");
        QTest::newRow("port out of range") << QStringLiteral("--https-port 70000") << 2 << QByteArray("--https-port");
        QTest::newRow("port taken") << QStringLiteral("--https-port %1") << 3 << QByteArray("is not free");
    }
    void wrongUsage()
    {
        QFETCH(QString, line);
        QFETCH(int, code);
        QFETCH(QByteArray, said);
        const QByteArray taken = m_program.origin().mid(m_program.origin().lastIndexOf(':') + 1);
        line.replace(QStringLiteral("%1"), QString::fromUtf8(taken));
        const Ran ran = m_program.run(QStringList{QStringLiteral("playground")} + line.split(QLatin1Char(' ')));
        COMPARE_RAN(ran, code);
        QVERIFY2(ran.err.contains(said), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), 1);
    }
};

QTEST_GUILESS_MAIN(PlaygroundTest)
#include "tst_playground.moc"
