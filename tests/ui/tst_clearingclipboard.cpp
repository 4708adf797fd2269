// A secret leaves the clipboard after its time, and nothing else does.
#include "ui/widgets/clearingclipboard.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace tokenlab;
using namespace tokenlab::ui;
using namespace std::chrono_literals;

namespace {

QClipboard *board()
{
    return QGuiApplication::clipboard();
}

constexpr auto never = 24h;

} // namespace

class TestClearingClipboard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { board()->clear(); }

    void goesAfterItsTime()
    {
        ClearingClipboard clipboard(board(), 10ms);
        QSignalSpy cleared(&clipboard, &ClearingClipboard::cleared), changed(&clipboard, &ClearingClipboard::changed);
        clipboard.copy(QStringLiteral("s\u00e9cret"));
        QCOMPARE(board()->text(), QStringLiteral("s\u00e9cret"));
        QCOMPARE(board()->mimeData()->data(QStringLiteral("x-kde-passwordManagerHint")), QByteArray("secret"));
        QVERIFY(clipboard.holds());
        QTRY_COMPARE(cleared.size(), 1);
        QVERIFY(board()->text().isEmpty());
        QVERIFY(!clipboard.holds());
        QCOMPARE(changed.size(), 2);
        QCOMPARE(clipboard.remaining(), 0ms);
    }

    void mustStay_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("another text") << QStringLiteral("other");
        QTest::newRow("the secret and more") << QStringLiteral("secret ");
        QTest::newRow("nothing") << QString();
    }
    void mustStay()
    {
        QFETCH(QString, text);
        ClearingClipboard clipboard(board(), never);
        QSignalSpy cleared(&clipboard, &ClearingClipboard::cleared);
        clipboard.copy(QStringLiteral("secret"));
        board()->setText(text);
        clipboard.clear(); // what the timer does
        QCOMPARE(board()->text(), text);
        QCOMPARE(cleared.size(), 0);
        QVERIFY(!clipboard.holds());
    }

    // What came back after another text is the user's own doing.
    void copiedAgainByHand()
    {
        ClearingClipboard clipboard(board(), never);
        clipboard.copy(QStringLiteral("secret"));
        board()->setText(QStringLiteral("other"));
        board()->setText(QStringLiteral("secret"));
        clipboard.clear();
        QCOMPARE(board()->text(), QStringLiteral("secret"));
    }

    void aSecondSecret()
    {
        ClearingClipboard clipboard(board(), never);
        clipboard.copy(QStringLiteral("first"));
        const auto before = clipboard.remaining();
        QVERIFY(before > 0ms && before <= never);
        clipboard.copy(crypto::SecretBytes(QByteArrayView("second")));
        QVERIFY(clipboard.holds());
        QCOMPARE(board()->text(), QStringLiteral("second"));
        clipboard.clear();
        QVERIFY(board()->text().isEmpty());
        clipboard.clear(); // nothing more
        QVERIFY(!clipboard.holds());
    }

    void goesWithItsOwner()
    {
        auto clipboard = std::make_unique<ClearingClipboard>(board(), never);
        clipboard->copy(QStringLiteral("secret"));
        clipboard.reset();
        QVERIFY(board()->text().isEmpty());
        clipboard = std::make_unique<ClearingClipboard>(board(), never);
        clipboard->copy(QStringLiteral("secret"));
        board()->setText(QStringLiteral("other"));
        clipboard.reset();
        QCOMPARE(board()->text(), QStringLiteral("other"));
    }
};

QTEST_MAIN(TestClearingClipboard)
#include "tst_clearingclipboard.moc"
