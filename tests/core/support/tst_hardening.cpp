// The process shuts itself: asked of a child, for it cannot be undone.
#include "core/support/hardening.h"

#include <QTest>

#ifdef Q_OS_LINUX
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace tokenlab;

class TestHardening : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void process_data()
    {
        QTest::addColumn<QByteArray>("allowed");
        QTest::addColumn<bool>("shut");
        QTest::newRow("as it is") << QByteArray() << true;
        QTest::newRow("any other value") << QByteArray("0") << true;
        QTest::newRow("must stay open: a debugger is allowed") << QByteArray("1") << false;
    }
    void process()
    {
#ifdef Q_OS_LINUX
        QFETCH(QByteArray, allowed);
        QFETCH(bool, shut);
        if (!isDumpable())
            QSKIP("not even this test may be looked at");
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            qputenv("TOKENLAB_ALLOW_DEBUGGER", allowed);
            const Hardening result = hardenProcess();
            _exit(int(result) * 2 + (isDumpable() ? 1 : 0));
        }
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        const auto result = Hardening(WEXITSTATUS(status) / 2);
        if (result == Hardening::Sanitized)
            QSKIP("under a sanitizer nothing is shut");
        QCOMPARE(result, shut ? Hardening::Done : Hardening::Allowed);
        QCOMPARE(WEXITSTATUS(status) % 2 == 1, !shut);
#else
        QSKIP("nothing is known for this system");
#endif
    }
};

QTEST_GUILESS_MAIN(TestHardening)
#include "tst_hardening.moc"
