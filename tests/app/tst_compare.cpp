// compare as a user meets it; and that the gateway it starts never outlives it.
#include "program.h"

#include <csignal>

namespace {

QByteArray jsonOf(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

bool isGone(qint64 pid)
{
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!stat.open(QIODevice::ReadOnly))
        return true;
    const QByteArray text = stat.readAll();
    return text.mid(text.lastIndexOf(')') + 2, 1) == "Z"; // a zombie that nobody has asked after
}

// The processes whose environment names a folder below this one.
QList<qint64> gatewaysOf(const QString &folder)
{
    QList<qint64> found;
    for (const QString &name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(QStringLiteral("/proc/%1/environ").arg(name));
        if (name.toLongLong() > 1 && file.open(QIODevice::ReadOnly) &&
            file.readAll().contains("TOKENLAB_GATEWAY_FOLDER=" + folder.toUtf8()) && !isGone(name.toLongLong()))
            found.append(name.toLongLong());
    }
    return found;
}

QString krakend()
{
    const QString named = qEnvironmentVariable("TOKENLAB_KRAKEND");
    return named.isEmpty() ? QStandardPaths::findExecutable(QStringLiteral("krakend")) : named;
}

} // namespace

class CompareCommandTest : public QObject
{
    Q_OBJECT
    Program m_program;
    QTemporaryDir m_runtime; // stands for XDG_RUNTIME_DIR

    [[nodiscard]] QStringList folders() const
    {
        return QDir(m_runtime.path()).entryList({QStringLiteral("token-lab-gateway-*")}, QDir::Dirs);
    }
    [[nodiscard]] QString script(const QString &name, const QByteArray &lines) const
    {
        m_program.write(name, "#!/bin/sh\n" + lines + '\n');
        QFile::setPermissions(m_program.path(name), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return m_program.path(name);
    }
    [[nodiscard]] Ran compare(const QStringList &more, const QMap<QString, QString> &environment = {}) const
    {
        QMap<QString, QString> all = environment;
        all.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_runtime.path());
        return m_program.run(QStringList{QStringLiteral("compare"), QStringLiteral("--config"), QStringLiteral("demo"),
                                         QStringLiteral("--bind"), QStringLiteral("demo=ORIGIN")} +
                                 more,
                             {}, all);
    }

private Q_SLOTS:
    void manualsExample()
    {
        if (krakend().isEmpty())
            QSKIP("no krakend: TOKENLAB_KRAKEND names none and the PATH has none");
        const Ran ran = compare({});
        COMPARE_RAN(ran, 0);
        QVERIFY2(ran.out.startsWith("No difference: both answer 200\n"), ran.out.constData());
        const Ran asJson = compare({QStringLiteral("--json")});
        COMPARE_RAN(asJson, 0);
        const QJsonObject object = onlyObject(asJson.out);
        QCOMPARE(object.value(QLatin1String("equal")), QJsonValue(true));
        QCOMPARE(object.value(QLatin1String("differences")).toArray().size(), 0);
        QCOMPARE(object.value(QLatin1String("gateway")).toObject().value(QLatin1String("release")), QJsonValue(QStringLiteral("2.13.8")));
        QCOMPARE(folders(), QStringList());
    }

    void difference()
    {
        tokenlab::playground::Server other([](const tokenlab::playground::ServerRequest &) {
            tokenlab::playground::Script script;
            script.status = 500;
            return script;
        });
        QVERIFY(other.listen());
        const QString url = QString::fromUtf8(other.origin());
        const Ran ran = compare({QStringLiteral("--gateway"), url});
        COMPARE_RAN(ran, 1);
        QVERIFY2(ran.out.contains("\xe2\x89\xa0 Status"), ran.out.constData());
        const Ran asJson = compare({QStringLiteral("--gateway"), url, QStringLiteral("--json")});
        COMPARE_RAN(asJson, 1);
        const QJsonArray differences = onlyObject(asJson.out).value(QLatin1String("differences")).toArray();
        QVERIFY(!differences.isEmpty());
        const QJsonObject first = differences.first().toObject();
        QCOMPARE(first.value(QLatin1String("where")), QJsonValue(QStringLiteral("status")));
        QCOMPARE(first.value(QLatin1String("lab")), QJsonValue(QStringLiteral("200")));
        QCOMPARE(first.value(QLatin1String("gateway")), QJsonValue(QStringLiteral("500")));
    }

    void refused_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("words");
        const QString gateway = QStringLiteral("--gateway");
        QTest::newRow("no such program") << QStringList{gateway, QStringLiteral("/nowhere/krakend")} << 2
                                         << QByteArray("is no program that can be started");
        QTest::newRow("a URL without a host") << QStringList{gateway, QStringLiteral("http://")} << 2
                                              << QByteArray("is no URL of a gateway");
        QTest::newRow("nobody listens") << QStringList{gateway, QStringLiteral("http://127.0.0.1:1")} << 3 << QByteArray("does not answer");
        QTest::newRow("a program that is no gateway")
            << QStringList{gateway, QStringLiteral("/bin/true")} << 3 << QByteArray("the gateway cannot be asked: /bin/true is no KrakenD");
        QTest::newRow("one that talks") << QStringList{gateway, script(QStringLiteral("talks"), "echo hello; exit 7")} << 3
                                        << QByteArray("is no KrakenD");
        QTest::newRow("docker without an image") << QStringList{gateway, QStringLiteral("docker:")} << 2 << QByteArray("is no program");
        QTest::newRow("an unknown option") << QStringList{QStringLiteral("--nonsense")} << 2 << QByteArray("--nonsense");
    }
    void refused()
    {
        QFETCH(QStringList, more);
        QFETCH(int, code);
        QFETCH(QByteArray, words);
        const Ran ran = compare(more);
        COMPARE_RAN(ran, code);
        QVERIFY2(ran.err.contains(words), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), 1);
    }

    void nothingKnown()
    {
        const Ran ran = compare({}, {{QStringLiteral("TOKENLAB_KRAKEND"), QStringLiteral("/nowhere/krakend")}});
        COMPARE_RAN(ran, 2);
    }

    void gatewayEnds()
    {
        const Ran ran = compare({QStringLiteral("--gateway"),
                                 script(QStringLiteral("ends"), "echo \"ERROR parsing the configuration file: '$3': nope\"; exit 1")});
        COMPARE_RAN(ran, 1);
        QVERIFY2(ran.out.contains("ends with 1: ERROR parsing the configuration file: 'krakend.json': nope"), ran.out.constData());
    }

    void help()
    {
        const Ran ran = m_program.run({QStringLiteral("compare"), QStringLiteral("--help")});
        COMPARE_RAN(ran, 0);
        for (const char *part : {"--gateway", "--log", "docker:VERSION", "Examples:", "token-lab compare --config demo"})
            QVERIFY2(ran.out.contains(part), part);
        QVERIFY(!ran.out.contains("--allow-unsigned"));
    }

    void killed_data()
    {
        QTest::addColumn<QString>("how");
        QTest::newRow("a program") << QStringLiteral("exec");
        QTest::newRow("a program behind a script") << QStringLiteral("wrapped");
        QTest::newRow("the real gateway") << QStringLiteral("real");
    }
    // kill -9: the gateway dies with the program, and the next start sweeps its folder.
    void killed()
    {
#ifndef Q_OS_LINUX
        QSKIP("only Linux tells a child of its parent's death");
#endif
        QFETCH(QString, how);
        // The key host of another endpoint stays silent: the lab does not ask it, and the gateway waits for it for ever.
        tokenlab::playground::Server silent([](const tokenlab::playground::ServerRequest &) {
            tokenlab::playground::Script script;
            script.silent = true;
            return script;
        });
        QVERIFY(silent.listen());
        QString program;
        if (how == QLatin1String("real")) {
            program = krakend();
            if (program.isEmpty())
                QSKIP("no krakend: TOKENLAB_KRAKEND names none and the PATH has none");
        } else {
            program = script(how, how == QLatin1String("exec") ? "exec sleep 600" : "sleep 600 & wait");
        }
        const QByteArray origin = m_program.origin();
        const QByteArray signer =
            jsonOf("'extra_config':{'auth/signer':{'alg':'HS256','kid':'sim2','keys_to_sign':['access_token'],'disable_jwk_security':true,"
                   "'jwk_url':'");
        const QByteArray backend = jsonOf("'method':'POST','backend':[{'host':['") + origin + jsonOf("'],'url_pattern':'/token-issuer'}],");
        m_program.write(QStringLiteral("two.json"), jsonOf("{'version':3,'endpoints':[{'endpoint':'/token',") + backend + signer + origin +
                                                        jsonOf("/jwk/symmetric.json'}}},{'endpoint':'/other',") + backend + signer +
                                                        silent.origin() + jsonOf("/set'}}}]}"));
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_runtime.path());
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(TOKENLAB_PROGRAM),
                      {QStringLiteral("compare"), QStringLiteral("--config"), m_program.path(QStringLiteral("two.json")),
                       QStringLiteral("--data"), QStringLiteral("{}"), QStringLiteral("--gateway"), program});
        // Qt's own loop has to turn: the backend lives in this process.
        const std::size_t wanted = how == QLatin1String("wrapped") ? 2 : 1;
        QTRY_VERIFY_WITH_TIMEOUT(std::size_t(gatewaysOf(m_runtime.path()).size()) >= wanted, 30000);
        const QList<qint64> gateways = gatewaysOf(m_runtime.path());
        QCOMPARE(folders().size(), 1);
        ::kill(pid_t(process.processId()), SIGKILL);
        QTRY_COMPARE(process.state(), QProcess::NotRunning);
        QCOMPARE(process.exitStatus(), QProcess::CrashExit);
        if (how != QLatin1String("wrapped"))
            for (const qint64 pid : gateways)
                QTRY_VERIFY_WITH_TIMEOUT(isGone(pid), 10000);
        QCOMPARE(folders().size(), 1); // nobody was left to remove it
        const Ran next = compare({QStringLiteral("--gateway"), script(QStringLiteral("next"), "exit 0")});
        COMPARE_RAN(next, 3); // no KrakenD
        for (const qint64 pid : gateways)
            QTRY_VERIFY_WITH_TIMEOUT(isGone(pid), 10000);
        QCOMPARE(folders(), QStringList());
    }

    // Ctrl+C and a polite kill leave nothing at all.
    void terminated()
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_runtime.path());
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(TOKENLAB_PROGRAM),
                      {QStringLiteral("compare"), QStringLiteral("--config"), QStringLiteral("demo"), QStringLiteral("--bind"),
                       QStringLiteral("demo=") + QString::fromUtf8(m_program.origin()), QStringLiteral("--gateway"),
                       script(QStringLiteral("hangs"), "exec sleep 600")});
        QTRY_COMPARE_WITH_TIMEOUT(folders().size(), 1, 30000);
        process.terminate();
        QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 20000);
        QCOMPARE(process.exitCode(), 3);
        QCOMPARE(folders(), QStringList());
        QCOMPARE(gatewaysOf(m_runtime.path()), QList<qint64>());
    }
};

QTEST_GUILESS_MAIN(CompareCommandTest)
#include "tst_compare.moc"
