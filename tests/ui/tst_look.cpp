// What a picture of the window would show: marks and colours at what is wrong and nowhere else, flat selections, characters that stay
// apart.
#include "core/gateway/edit.h"
#include "ui/bindings/bindingsdialog.h"
#include "ui/request/stagestrip.h"
#include "ui/request/whypopup.h"
#include "ui/widgets/elidedbox.h"

#include "windowfixture.h"

#include <QAction>
#include <QFontDatabase>
#include <QLabel>
#include <QTreeView>

using namespace tokenlab;
using namespace tokenlab::ui;

class TestLook : public QObject, protected WindowFixture
{
    Q_OBJECT

    void set(const char *member, const QByteArray &json)
    {
        session()->edit(gateway::edit::setMember(*session()->tree(), session()->endpoint()->signerPointer, member, json), {});
    }
    [[nodiscard]] static QString role(const QLabel *label) { return label->property("role").toString(); }

private Q_SLOTS:
    void initTestCase() { keepSettingsApart(); }
    void init() { QVERIFY(openWindow()); }
    void cleanup() { m_window.reset(); }

    void onlyTheWrongIsRed_data()
    {
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("note"); // at the algorithm
        QTest::addColumn<bool>("keysWrong");
        QTest::newRow("unknown algorithm") << QByteArray("alg") << QByteArray("\"hs256\"") << QStringLiteral("does not know") << false;
        QTest::newRow("no algorithm") << QByteArray("alg") << QByteArray("\"\"") << QStringLiteral("needs an algorithm") << false;
        QTest::newRow("algorithm of another key") << QByteArray("alg") << QByteArray("\"RS256\"") << QStringLiteral("RSA") << false;
        QTest::newRow("key ID of no key") << QByteArray("kid") << QByteArray("\"nobody\"") << QString() << true;
        QTest::newRow("no such host") << QByteArray("jwk_url") << QByteArray("\"http://127.0.0.1:1/jwk.json\"") << QString() << true;
        QTest::newRow("must fail to find a fault") << QByteArray("typ") << QByteArray("\"JWT\"") << QString() << false;
    }
    void onlyTheWrongIsRed()
    {
        QFETCH(QByteArray, member);
        QFETCH(QByteArray, json);
        QFETCH(QString, note);
        QFETCH(bool, keysWrong);
        QTRY_VERIFY(session()->isSettled());
        set(member.constData(), json);
        QTRY_VERIFY(session()->isSettled());
        const auto *line = child<QLabel>("keyLine");
        const auto *at = child<QLabel>("algorithmNote");
        QCOMPARE(role(line), keysWrong ? QStringLiteral("bad") : QStringLiteral("muted"));
        QCOMPARE(at->isHidden(), note.isEmpty());
        QVERIFY2(at->text().contains(note), qPrintable(at->text()));
        QCOMPARE(role(at), QStringLiteral("bad"));
    }

    void closedAlgorithm_data()
    {
        QTest::addColumn<QByteArray>("alg");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("whole");
        QTest::newRow("known") << QByteArray("HS384") << QStringLiteral("HS384") << QStringLiteral("HS384 — needs an oct key");
        QTest::newRow("unknown") << QByteArray("hs256") << QStringLiteral("hs256") << QStringLiteral("hs256 — unknown to the gateway");
        QTest::newRow("none") << QByteArray() << QStringLiteral("none") << QStringLiteral("none — the gateway needs one");
        QTest::newRow("must not fit") << QByteArray(200, 'w') << QStringLiteral("www…") << QString(200, QLatin1Char('w'));
    }
    void closedAlgorithm()
    {
        QFETCH(QByteArray, alg);
        QFETCH(QString, shown);
        QFETCH(QString, whole);
        QTRY_VERIFY(session()->isSettled());
        set("alg", "\"none\""); // what the file once had leaves the list again
        set("alg", '"' + alg + '"');
        QTRY_VERIFY(session()->isSettled());
        auto *box = child<ElidedBox>("algorithmBox");
        QVERIFY(box->toolTip().contains(whole));
        QCOMPARE(box->currentData().toString().toUtf8(), alg);
        const bool fits = !shown.endsWith(QChar(0x2026));
        QVERIFY(box->shownText().startsWith(shown.left(3)));
        QCOMPARE(box->shownText() == box->currentText(), fits);
        QCOMPARE(box->shownText().endsWith(QChar(0x2026)), !fits);
        QCOMPARE(box->findData(QStringLiteral("none")), -1);
        QVERIFY(fits || box->width() < child<QWidget>("signerScroll")->width());
    }

    void whatTheEndpointLacks_data()
    {
        QTest::addColumn<int>("endpoint");
        QTest::addColumn<bool>("sent");
        QTest::addColumn<bool>("signer");
        QTest::addColumn<bool>("validator");
        QTest::newRow("signer") << 0 << false << true << false;
        QTest::newRow("signer, sent") << 0 << true << true << false;
        QTest::newRow("validator") << 2 << false << false << true;
        QTest::newRow("validator, sent") << 2 << true << false << true;
    }
    void whatTheEndpointLacks()
    {
        QFETCH(int, endpoint);
        QFETCH(bool, sent);
        QFETCH(bool, signer);
        QFETCH(bool, validator);
        session()->selectEndpoint(std::size_t(endpoint));
        QTRY_VERIFY(session()->isSettled());
        if (sent) {
            send();
            QTRY_VERIFY(finished());
        }
        const auto *strip = child<StageStrip>("stageStrip");
        QCOMPARE(strip->summary(twin::Stage::Validators).absent, !validator);
        QCOMPARE(strip->summary(twin::Stage::Key).absent, !signer);
        QCOMPARE(strip->summary(twin::Stage::Sign).absent, !signer);
        QVERIFY(!strip->summary(twin::Stage::Backend).absent);
        auto *button = child<QAbstractButton>(validator ? "stageSign" : "stageValidators");
        const QString words = validator ? QStringLiteral("no signer on this endpoint") : QStringLiteral("no validator on this endpoint");
        QVERIFY(button->toolTip().contains(words));
        QVERIFY(button->accessibleName().contains(words));
        button->click();
        const auto *popup = child<WhyPopup>("whyPopup");
        const auto labels = popup->findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(),
                            [](const QLabel *label) { return label->text().contains(QStringLiteral("This endpoint has no")); }));
        QVERIFY(std::none_of(labels.begin(), labels.end(),
                             [](const QLabel *label) { return label->text().contains(QStringLiteral("Not played")); }));
    }
    // After a failure the later stages were not reached: nobody says that they were not needed.
    void notReached()
    {
        QTRY_VERIFY(session()->isSettled());
        set("alg", "\"hs256\"");
        QTRY_VERIFY(session()->isSettled());
        send();
        QTRY_VERIFY(finished());
        QVERIFY(child<QAbstractButton>("stageKey")->accessibleName().contains(QStringLiteral("failed")));
        QVERIFY(child<QAbstractButton>("stageSign")->accessibleName().contains(QStringLiteral("not reached")));
    }

    void flatSelection_data()
    {
        QTest::addColumn<QString>("theme");
        QTest::addColumn<bool>("chosen");
        for (const bool chosen : {true, false}) {
            QTest::newRow(chosen ? "light" : "light, must not be filled: another row") << QStringLiteral("theme1Action") << chosen;
            QTest::newRow(chosen ? "dark" : "dark, must not be filled: another row") << QStringLiteral("theme2Action") << chosen;
        }
    }
    void flatSelection()
    {
        QFETCH(QString, theme);
        QFETCH(bool, chosen);
        child<QAction>(theme.toLatin1().constData())->trigger();
        BindingsDialog dialog(session()->service().get(), session()->bindings());
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        auto *table = dialog.findChild<QTreeView *>(QStringLiteral("bindingsTable"));
        dialog.activateWindow();
        table->setFocus();
        QTRY_VERIFY(table->hasFocus());
        table->setCurrentIndex(table->model()->index(0, 0));
        const QRect row = table->visualRect(table->model()->index(chosen ? 0 : 1, 0));
        const QImage picture = table->viewport()->grab(QRect(0, row.top(), table->viewport()->width(), row.height())).toImage();
        // Down the row, past the texts: one colour but for the line around it.
        const int x = picture.width() - 12;
        for (int y = 2; y < picture.height() - 2; ++y)
            QCOMPARE(picture.pixelColor(x, y) == tokens().accentSoft, chosen);
        child<QAction>("theme0Action")->trigger();
    }

    void charactersStayApart_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<bool>("joins");
        QTest::newRow("ours") << monoFont().family() << false;
        QTest::newRow("DejaVu Sans Mono") << QStringLiteral("DejaVu Sans Mono") << false;
        QTest::newRow("must fail: JetBrains Mono") << QStringLiteral("JetBrains Mono") << true;
    }
    void charactersStayApart()
    {
        QFETCH(QString, family);
        QFETCH(bool, joins);
        if (!QFontDatabase::families().contains(family))
            QSKIP("a face that is not installed here");
        QCOMPARE(joinsCharacters(QFont(family)), joins);
        // Down to the smallest use, which has the same face.
        QCOMPARE(smallMonoFont().family(), monoFont().family());
    }
};

QTEST_MAIN(TestLook)
#include "tst_look.moc"
