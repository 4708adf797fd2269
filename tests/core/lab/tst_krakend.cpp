// Finding a krakend, its release and its check; starting one, good or bad, and its end.
#include "core/lab/gatewaylog.h"
#include "core/lab/privatefolder.h"
#include "core/lab/realgateway.h"
#include "fakegateway.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTcpSocket>

using namespace tokenlab;
using namespace tokenlab::lab;
using Trouble = twin::GatewayTrouble;

namespace {

const QByteArray document = "{\n  \"version\": 3,\n  \"port\": 8080,\n  \"endpoints\": [\n    {\"endpoint\": \"/a\", \"backend\": "
                            "[{\"host\": [\"http://127.0.0.1:1111\"], \"url_pattern\": \"/x\"}]}\n  ]\n}\n";

struct Ran {
    std::optional<Trouble> trouble;
    std::optional<RealGateway::End> end;
    bool listened = false;
    QByteArray log;
};

} // namespace

class KrakendTest : public QObject
{
    Q_OBJECT
    FakePrograms m_fakes;

    GatewaySetup setup(const QString &program) const
    {
        GatewaySetup made;
        made.program = {GatewayProgram::Binary, program, {}};
        made.document = document;
        made.folderParent = m_fakes.folder();
        return made;
    }

    // Until it has ended; a listening one is stopped.
    Ran run(const GatewaySetup &what) const
    {
        RealGateway gateway(what);
        Ran ran;
        connect(&gateway, &RealGateway::listening, &gateway, [&] {
            ran.listened = true;
            gateway.stop();
        });
        connect(&gateway, &RealGateway::failed, &gateway, [&](const Trouble &trouble) { ran.trouble = trouble; });
        connect(&gateway, &RealGateway::ended, &gateway, [&](const RealGateway::End &end) { ran.end = end; });
        gateway.start();
        (void)QTest::qWaitFor([&] { return ran.trouble || ran.end; }, 60000);
        ran.log = gateway.log();
        return ran;
    }

private Q_SLOTS:
    void find_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("trouble"); // -1: found
        QTest::addColumn<QString>("image");
        const QString good = m_fakes.script(QStringLiteral("good"), "exit 0");
        QFile plain(m_fakes.path(QStringLiteral("plain")));
        QVERIFY(plain.open(QIODevice::WriteOnly));
        (void)m_fakes.script(QStringLiteral("docker"), "exit 0");
        QTest::newRow("a path") << good << -1 << QString();
        QTest::newRow("a name in the PATH") << QStringLiteral("sh") << -1 << QString();
        QTest::newRow("no such file") << QStringLiteral("/nowhere/krakend") << int(Trouble::NotExecutable) << QString();
        QTest::newRow("a folder") << m_fakes.folder() << int(Trouble::NotExecutable) << QString();
        QTest::newRow("a file without the right to run") << plain.fileName() << int(Trouble::NotExecutable) << QString();
        QTest::newRow("docker: a version") << QStringLiteral("docker:2.13.8") << -1 << QStringLiteral("devopsfaith/krakend:2.13.8");
        QTest::newRow("docker: an image") << QStringLiteral("docker:krakend:2.12") << -1 << QStringLiteral("krakend:2.12");
        QTest::newRow("docker: nothing") << QStringLiteral("docker:") << int(Trouble::NotExecutable) << QString();
        QTest::newRow("docker: an option") << QStringLiteral("docker:--privileged") << int(Trouble::NotExecutable) << QString();
    }
    void find()
    {
        QFETCH(QString, name);
        QFETCH(int, trouble);
        QFETCH(QString, image);
        const QByteArray before = qgetenv("PATH");
        qputenv("PATH", m_fakes.folder().toUtf8() + ':' + before);
        const auto found = findGateway(name);
        qputenv("PATH", before);
        QCOMPARE(found ? -1 : int(found.error().kind), trouble);
        if (found)
            QCOMPARE(found->image, image);
    }

    void releaseIn_data()
    {
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<QByteArray>("release");
        QTest::newRow("2.13.8") << QByteArray("KrakenD Version: 2.13.8\nGo Version: 1.25.12\n") << QByteArray("2.13.8");
        QTest::newRow("coloured") << QByteArray("\x1b[1mKrakenD Version: 2.3.1\x1b[0m\n") << QByteArray("2.3.1");
        QTest::newRow("of a build") << QByteArray("KrakenD Version: v2.10.0-rc1\n") << QByteArray("2.10.0-rc1");
        QTest::newRow("another program") << QByteArray("GNU bash, version 5.2\n") << QByteArray();
        QTest::newRow("nothing") << QByteArray() << QByteArray();
    }
    void releaseIn()
    {
        QFETCH(QByteArray, output);
        QTEST(lab::releaseIn(output), "release");
    }

    void release_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QByteArray>("release"); // empty: trouble
        QTest::newRow("an older one") << m_fakes.script(QStringLiteral("old"), "echo 'KrakenD Version: 2.3.1' >&2") << QByteArray("2.3.1");
        QTest::newRow("another program") << m_fakes.script(QStringLiteral("other"), "echo hello") << QByteArray();
        QTest::newRow("it fails") << m_fakes.script(QStringLiteral("fails"), "exit 7") << QByteArray();
        QTest::newRow("no program") << QStringLiteral("/nowhere/krakend") << QByteArray();
        if (const auto real = findGateway(); real)
            QTest::newRow("the real one") << real->program << QByteArray("2.13.8");
    }
    void release()
    {
        QFETCH(QString, program);
        QFETCH(QByteArray, release);
        ReleaseQuery query({GatewayProgram::Binary, program, {}});
        std::optional<Release> answer;
        connect(&query, &ReleaseQuery::finished, &query, [&](const Release &got) { answer = got; });
        query.start();
        QTRY_VERIFY_WITH_TIMEOUT(answer, 30000);
        QCOMPARE(answer->ok() ? answer->value() : QByteArray(), release);
    }

    void readCheck_data()
    {
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("violations");
        QTest::newRow("ok") << QByteArray("Parsing configuration file: a.json\nSyntax OK!\n") << 0 << int(CheckAnswer::Ok) << QByteArray()
                            << 0;
        QTest::newRow("ok, coloured") << QByteArray("\x1b[32;1mSyntax OK!\x1b[0m\n") << 0 << int(CheckAnswer::Ok) << QByteArray() << 0;
        QTest::newRow("parse") << QByteArray(
                                      "Parsing configuration file: a.json\nERROR parsing the configuration file:\t'a.json': unsupported "
                                      "version: 2 (want: 3)\n\n")
                               << 1 << int(CheckAnswer::Parse) << QByteArray("unsupported version: 2 (want: 3)") << 0;
        QTest::newRow("routes") << QByteArray("ERROR testing the configuration file:\thandlers are already registered for path '/a'\n\n")
                                << 1 << int(CheckAnswer::Routes) << QByteArray("handlers are already registered for path '/a'") << 0;
        const QByteArray lint = "jsonschema validation failed with 'file:///x/schema.json#'\n- at '/endpoints/1': validation failed\n"
                                "  - at '/endpoints/1/alg': value must be one of 'A', 'B'\n  - at '/endpoints/1': additional properties "
                                "'typ' not allowed\n- at '': missing property 'version'";
        QTest::newRow("lint") << "ERROR linting the configuration file:\t" + lint + "\n\n" << 1 << int(CheckAnswer::Lint) << lint << 3;
        QTest::newRow("something else") << QByteArray("unknown command \"check\"\n") << 1 << int(CheckAnswer::Other)
                                        << QByteArray("unknown command \"check\"") << 0;
        QTest::newRow("says nothing") << QByteArray() << 0 << int(CheckAnswer::Other) << QByteArray() << 0;
    }
    void readCheck()
    {
        QFETCH(QByteArray, output);
        QFETCH(int, code);
        const CheckAnswer answer = lab::readCheck(output, code, "a.json");
        QTEST(int(answer.kind), "kind");
        QTEST(answer.text, "text");
        QTEST(int(answer.violations.size()), "violations");
        if (answer.violations.size() == 3) {
            QCOMPARE(answer.violations[0], (LintViolation{"/endpoints/1/alg", "value must be one of 'A', 'B'", 1}));
            QCOMPARE(answer.violations[2], (LintViolation{"", "missing property 'version'", 0}));
        }
    }

    void check_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("kind");
        QTest::newRow("good") << document << int(CheckAnswer::Ok);
        QTest::newRow("no JSON") << QByteArray("{") << int(CheckAnswer::Parse);
        QTest::newRow("empty") << QByteArray() << int(CheckAnswer::Parse);
        QTest::newRow("a member of no schema") << QByteArray(document).replace("\"port\"", "\"zzz\": 1, \"port\"")
                                               << int(CheckAnswer::Lint);
        QTest::newRow("a route twice") << QByteArray(document).replace("\"endpoints\": [",
                                                                       "\"endpoints\": [{\"endpoint\": \"/a\", \"backend\": [{\"host\": "
                                                                       "[\"http://127.0.0.1:1111\"], \"url_pattern\": \"/x\"}]},")
                                       << int(CheckAnswer::Routes);
    }
    void check()
    {
        QFETCH(QByteArray, text);
        SKIP_WITHOUT_KRAKEND(program);
        KrakendCheck asked(program.value(), text);
        std::optional<CheckAnswer> answer;
        connect(&asked, &KrakendCheck::finished, &asked, [&](const CheckAnswer &got) { answer = got; });
        asked.start();
        QTRY_VERIFY_WITH_TIMEOUT(answer, 30000);
        QTEST(int(answer->kind), "kind");
    }
    void checkWithoutProgram()
    {
        KrakendCheck asked({GatewayProgram::Binary, QStringLiteral("/nowhere/krakend"), {}}, document);
        std::optional<CheckAnswer> answer;
        connect(&asked, &KrakendCheck::finished, &asked, [&](const CheckAnswer &got) { answer = got; });
        asked.start();
        QTRY_VERIFY(answer);
        QCOMPARE(answer->kind, CheckAnswer::NotRun);
        QCOMPARE(answer->trouble.kind, Trouble::CannotStart);
    }

    void badGateways_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<bool>("timedOut");
        QTest::addColumn<bool>("crashed");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("hangs") << QByteArray("exec sleep 600") << true << false << 0 << QByteArray();
        QTest::newRow("hangs, and does not end when asked")
            << QByteArray("trap '' TERM; while :; do sleep 1; done") << true << false << -1 << QByteArray();
        QTest::newRow("refuses") << QByteArray(
                                        "printf '\\033[31;1mERROR parsing the configuration file:\\033[0m'; echo \" '$3': nope\"; exit 255")
                                 << false << false << 255 << QByteArray("ERROR parsing the configuration file: 'krakend.json': nope");
        QTest::newRow("panics") << QByteArray("echo 'goroutine 1'; echo 'panic: runtime error: index out of range'; exit 2") << false
                                << true << 2 << QByteArray("panic: runtime error: index out of range");
        QTest::newRow("killed") << QByteArray("echo last words; kill -KILL $$") << false << true << -1 << QByteArray("last words");
        QTest::newRow("ends at once") << QByteArray("exit 0") << false << false << 0 << QByteArray();
        QTest::newRow("floods its log") << QByteArray("exec yes '2026/11/24 10:00:00 KRAKEND DEBUG: flood'") << true << false << 0
                                        << QByteArray("2026/11/24 10:00:00 KRAKEND DEBUG: flood");
    }
    void badGateways()
    {
        QFETCH(QByteArray, script);
        QFETCH(int, exitCode);
        GatewaySetup what = setup(m_fakes.script(QStringLiteral("bad"), script));
        what.startDeadline = std::chrono::milliseconds(700);
        what.stopDeadline = std::chrono::milliseconds(300);
        const Ran ran = run(what);
        QVERIFY(ran.end);
        QVERIFY(!ran.listened && !ran.end->listened);
        QTEST(ran.end->timedOut, "timedOut");
        QTEST(ran.end->crashed, "crashed");
        if (exitCode >= 0 && !ran.end->timedOut)
            QCOMPARE(ran.end->exitCode, exitCode);
        const QByteArray whole = ran.log;
        QVERIFY(whole.size() < 12 * 1024 * 1024);
        QFETCH(QByteArray, text);
        if (!ran.end->timedOut)
            QCOMPARE(endText(whole), text);
        QCOMPARE(m_fakes.gatewayFolders(), QStringList());
    }

    void noProgram()
    {
        const Ran ran = run(setup(QStringLiteral("/nowhere/krakend")));
        QVERIFY(ran.trouble);
        QCOMPARE(ran.trouble->kind, Trouble::CannotStart);
        QCOMPARE(m_fakes.gatewayFolders(), QStringList());
    }
    void noFolder()
    {
        GatewaySetup what = setup(QStringLiteral("/bin/true"));
        what.folderParent = QStringLiteral("/nowhere");
        const Ran ran = run(what);
        QVERIFY(ran.trouble);
        QCOMPARE(ran.trouble->kind, Trouble::NoFolder);
    }

    // What a wrapper started ends too, though it is no child of ours.
    void wrapped()
    {
        GatewaySetup what =
            setup(m_fakes.script(QStringLiteral("wrapper"), "sleep 600 & echo $! > '" + m_fakes.folder().toUtf8() + "/inner'; wait"));
        what.startDeadline = std::chrono::milliseconds(500);
        const Ran ran = run(what);
        QVERIFY(ran.end && ran.end->timedOut);
        const qint64 inner = m_fakes.read(QStringLiteral("inner")).trimmed().toLongLong();
        QVERIFY(inner > 1);
        QTRY_VERIFY(isGone(inner));
    }

    void real()
    {
        SKIP_WITHOUT_KRAKEND(program);
        GatewaySetup what = setup(program->program);
        const Ran ran = run(what);
        QVERIFY(ran.listened);
        QVERIFY(ran.end && ran.end->listened && ran.end->asked && !ran.end->crashed);
        QVERIFY2(ran.log.contains("Starting KrakenD v2.13.8"), ran.log.constData());
        QCOMPARE(m_fakes.gatewayFolders(), QStringList());
    }

    void realRefuses()
    {
        SKIP_WITHOUT_KRAKEND(program);
        GatewaySetup what = setup(program->program);
        what.document.replace("\"version\": 3", "\"version\": 2");
        const Ran ran = run(what);
        QVERIFY(ran.end && !ran.end->listened && !ran.end->timedOut);
        QCOMPARE(endText(ran.log), QByteArray("ERROR parsing the configuration file: 'krakend.json': unsupported version: 2 (want: 3)"));
    }

    // Its folder is closed to others, and it goes with the object.
    void destroyed()
    {
        SKIP_WITHOUT_KRAKEND(program);
        auto gateway = std::make_unique<RealGateway>(setup(program->program));
        QSignalSpy listening(gateway.get(), &RealGateway::listening);
        gateway->start();
        QTRY_COMPARE_WITH_TIMEOUT(listening.size(), 1, 30000);
        const qint64 pid = gateway->processId();
        QVERIFY(pid > 1 && !isGone(pid));
        QVERIFY(isPrivateFolder(gateway->folder()));
        QCOMPARE(PrivateFolder::sweep(m_fakes.folder()), 0); // its owner lives
        QVERIFY(QDir(gateway->folder()).exists());
        gateway.reset();
        QVERIFY(isGone(pid));
        QCOMPARE(m_fakes.gatewayFolders(), QStringList());
    }

    void sweep()
    {
        // A folder whose owner is dead: nobody holds its lock. A process of it still runs.
        const QString folder = m_fakes.path(QStringLiteral("token-lab-gateway-999999-abcdef"));
        QVERIFY(QDir().mkdir(folder));
        QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        QFile lock(folder + QStringLiteral("/lock"));
        QVERIFY(lock.open(QIODevice::WriteOnly));
        lock.close();
        QProcess left;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("TOKENLAB_GATEWAY_FOLDER"), folder);
        left.setProcessEnvironment(environment);
        left.start(QStringLiteral("sleep"), {QStringLiteral("600")});
        QVERIFY(left.waitForStarted());
        const QString open = m_fakes.path(QStringLiteral("token-lab-gateway-1-open")); // not ours: others may write into it
        QVERIFY(QDir().mkdir(open));
        QFile::setPermissions(open, QFile::Permissions(0x7777));
        QCOMPARE(PrivateFolder::sweep(m_fakes.folder()), 1);
        QVERIFY(!QDir(folder).exists());
        QVERIFY(QDir(open).exists());
        QDir().rmdir(open);
#ifdef Q_OS_LINUX
        QVERIFY(left.waitForFinished(5000));
        QCOMPARE(left.exitStatus(), QProcess::CrashExit);
#else
        left.kill();
        left.waitForFinished();
#endif
    }

    void docker_data()
    {
        QTest::addColumn<QByteArray>("version"); // what `docker version` does
        QTest::addColumn<int>("trouble");
        QTest::newRow("the daemon answers") << QByteArray("echo 28.2.2") << -1;
        QTest::newRow("no daemon") << QByteArray("echo Cannot connect to the Docker daemon >&2; exit 1") << int(Trouble::DockerSilent);
    }
    // A docker that starts the real krakend on the mounted folder.
    void docker()
    {
        QFETCH(QByteArray, version);
        QFETCH(int, trouble);
        SKIP_WITHOUT_KRAKEND(real);
        const QByteArray note = m_fakes.folder().toUtf8() + "/docker.log";
        QFile::remove(QString::fromUtf8(note));
        GatewaySetup what = setup(
            m_fakes.script(QStringLiteral("docker"),
                           "echo \"$@\" >> '" + note + "'\ncase \"$1\" in\nversion) " + version +
                               " ;;\nrm) ;;\nrun)\n  for a in \"$@\"; do case \"$a\" in *:/token-lab:ro) folder=${a%:/token-lab:ro};; "
                               "esac; done\n  exec '" +
                               real->program.toUtf8() + "' run -c \"$folder/krakend.json\" ;;\nesac"));
        what.program.kind = GatewayProgram::Docker;
        what.program.image = QStringLiteral("devopsfaith/krakend:2.13.8");
        const Ran ran = run(what);
        QCOMPARE(ran.trouble ? int(ran.trouble->kind) : -1, trouble);
        QCOMPARE(ran.listened, trouble < 0);
        if (trouble >= 0)
            return;
        QTRY_VERIFY(m_fakes.read(QStringLiteral("docker.log")).contains("rm -f token-lab-gateway-"));
        const QByteArray calls = m_fakes.read(QStringLiteral("docker.log"));
        for (const char *part : {"run --rm --name token-lab-gateway-", "--network host", ":/token-lab:ro", "-e USAGE_DISABLE",
                                 "devopsfaith/krakend:2.13.8 run -c /token-lab/krakend.json"})
            QVERIFY2(calls.contains(part), (QByteArray(part) + " in\n" + calls).constData());
    }
};

QTEST_GUILESS_MAIN(KrakendTest)
#include "tst_krakend.moc"
