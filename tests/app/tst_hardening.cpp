// The real program, looked at from outside while it runs: no core file, and nobody reads its memory.
#include "program.h"

#ifdef Q_OS_LINUX
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

class TestHardening : public QObject
{
    Q_OBJECT

private:
#ifdef Q_OS_LINUX
    // Root may look into every process by capabilities of its own; without them the same rules hold as for everybody. Children inherit
    // that.
    static void beLikeEverybody()
    {
        __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
        __user_cap_data_struct sets[2] = {};
        if (syscall(SYS_capget, &header, sets) != 0)
            return;
        for (const unsigned capability : {CAP_SYS_PTRACE, CAP_SYS_ADMIN, 38 /* CAP_PERFMON, unknown to older headers */}) {
            prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
            __user_cap_data_struct &set = sets[capability / 32];
            const __u32 others = ~(1U << (capability % 32));
            set.effective &= others;
            set.permitted &= others;
            set.inheritable &= others;
        }
        syscall(SYS_capset, &header, sets);
    }
#endif

    static QByteArray fileOf(qint64 pid, const char *name)
    {
        QFile file(QStringLiteral("/proc/%1/%2").arg(pid).arg(QLatin1String(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static bool hasNoCore(qint64 pid) { return fileOf(pid, "limits").contains("Max core file size        0                    0 "); }
    // The kernel asks the same as of a debugger before it shows these.
    static bool isOpen(qint64 pid) { return !fileOf(pid, "environ").isEmpty(); }

private Q_SLOTS:
    void initTestCase()
    {
#ifdef Q_OS_LINUX
        beLikeEverybody();
#else
        QSKIP("nothing is known for this system");
#endif
    }

    void program_data()
    {
        QTest::addColumn<QString>("allowed");
        QTest::addColumn<bool>("shut");
        QTest::newRow("as it is") << QString() << true;
        QTest::newRow("must stay open: TOKENLAB_ALLOW_DEBUGGER=1") << QStringLiteral("1") << false;
    }
    void program()
    {
        QFETCH(QString, allowed);
        QFETCH(bool, shut);
#if defined(__SANITIZE_ADDRESS__)
        QSKIP("under a sanitizer nothing is shut");
#endif
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("TOKENLAB_ALLOW_DEBUGGER"), allowed);
        process.setProcessEnvironment(environment);
        QByteArray said;
        connect(&process, &QProcess::readyReadStandardOutput, &process, [&] { said += process.readAllStandardOutput(); });
        // It says where it listens when it is ready: main() is long past its first line then.
        process.start(QStringLiteral(TOKENLAB_PROGRAM), {QStringLiteral("playground"), QStringLiteral("--json")});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(said.contains('}'), 30000);
        QCOMPARE(isOpen(process.processId()), !shut);
        if (shut)
            QVERIFY2(hasNoCore(process.processId()), fileOf(process.processId(), "limits").constData());
        process.terminate();
        QVERIFY(process.waitForFinished());
    }
};

QTEST_GUILESS_MAIN(TestHardening)
#include "tst_hardening.moc"
