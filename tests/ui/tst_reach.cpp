// How the window is laid out and reached: themes, menus, names for assistive programs, the keyboard, folds.
#include "core/gateway/edit.h"
#include "core/text/text.h"
#include "ui/columns.h"
#include "ui/request/stagestrip.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/chips.h"
#include "ui/widgets/longedit.h"

#include "walker.h"
#include "windowfixture.h"

#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QTabBar>
#include <QToolButton>

#include <Qsci/qsciscintilla.h>

using namespace tokenlab;
using namespace tokenlab::ui;

class TestReach : public QObject, protected WindowFixture
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { keepSettingsApart(); }
    void init() { QVERIFY(openWindow()); }
    void cleanup() { m_window.reset(); }

    void themes()
    {
        child<QAction>("theme2Action")->trigger();
        QVERIFY(tokens().dark);
        QCOMPARE(QSettings().value(QStringLiteral("theme")).toString(), QStringLiteral("dark"));
        child<QAction>("theme1Action")->trigger();
        QVERIFY(!tokens().dark);
        QCOMPARE(QGuiApplication::palette().color(QPalette::Window), lightTokens().window);
        child<QAction>("theme0Action")->trigger();
        QVERIFY(child<QAction>("theme0Action")->isChecked());
    }

    void actionsAreReachable()
    {
        QSet<QAction *> inMenus;
        std::function<void(const QWidget *)> collect = [&](const QWidget *menu) {
            const auto actions = menu->actions();
            for (QAction *action : actions) {
                inMenus << action;
                if (action->menu())
                    collect(action->menu());
            }
        };
        collect(m_window->menuBar());
        int named = 0;
        const auto actions = m_window->findChildren<QAction *>(QString(), Qt::FindDirectChildrenOnly);
        for (QAction *action : actions) {
            if (!action->objectName().endsWith(QLatin1String("Action")))
                continue;
            ++named;
            QVERIFY2(inMenus.contains(action), qPrintable(action->objectName()));
            QVERIFY2(!action->text().isEmpty(), qPrintable(action->objectName()));
        }
        QVERIFY(named > 20);
        // The check itself: an action in no menu is noticed.
        QAction stray;
        QVERIFY(!inMenus.contains(&stray));
    }

    void accessibleNames_data()
    {
        QTest::addColumn<bool>("spoilt");
        QTest::newRow("the window") << false;
        QTest::newRow("must fail: a field without a name") << true;
    }
    void accessibleNames()
    {
        QFETCH(bool, spoilt);
        send();
        QTRY_VERIFY(finished());
        if (spoilt)
            (new QLineEdit(m_window.get()))->setObjectName(QStringLiteral("nameless"));
        const QStringList found = nameless(m_window.get());
        QVERIFY2(found.isEmpty() != spoilt, qPrintable(found.join(QLatin1Char('\n'))));
    }

    void objectNames_data()
    {
        QTest::addColumn<bool>("there");
        for (const char *name :
             {"sendButton", "endpointList", "algorithmBox", "kidBox", "urlEdit", "methodBox", "requestBody", "replyBody", "responseBody",
              "stageStrip", "verdictLabel", "exportButton", "logView", "tokenCards", "sourceBox", "configEditor", "insecureBox", "fullBox"})
            QTest::newRow(name) << true;
        QTest::newRow("noSuchWidget") << false;
    }
    void objectNames()
    {
        QFETCH(bool, there);
        QCOMPARE(m_window->findChild<QWidget *>(QString::fromLatin1(QTest::currentDataTag())) != nullptr, there);
    }

    void nothingClipped_data()
    {
        QTest::addColumn<int>("page");
        QTest::newRow("signer") << 0;
        QTest::newRow("backend") << 1;
    }
    void nothingClipped()
    {
        QFETCH(int, page);
        m_window->resize(1280, 800);
        child<QTabBar>("sideTabs")->setCurrentIndex(page);
        child<QToolButton>("securityFold")->setChecked(true);
        send();
        QTRY_VERIFY(finished());
        QCOMPARE(child<QToolButton>("securityFold")->property("tone").toString(), QStringLiteral("warning"));
        const auto clipped = [this] {
            QStringList out;
            for (const QLabel *label : m_window->findChildren<QLabel *>()) {
                if (!label->isVisible() || label->text().isEmpty() || label->wordWrap() || label->inherits("tokenlab::ui::Pill"))
                    continue;
                if (label->contentsRect().width() < label->fontMetrics().horizontalAdvance(label->text()))
                    out << label->text();
            }
            return out;
        };
        QTRY_COMPARE(clipped(), QStringList()); // once the layout has settled
    }

    void keyboardReachesAll()
    {
        send();
        QTRY_VERIFY(finished());
        QTRY_VERIFY(child<QWidget>("tokenTree")->isVisible());
        QSet<QString> reached;
        child<QLineEdit>("urlEdit")->setFocus();
        for (int i = 0; i < 150 && QApplication::focusWidget(); ++i) {
            reached << QApplication::focusWidget()->objectName();
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        for (const char *name : {"methodBox",    "urlEdit",     "sourceBox",      "sendButton",     "exportButton", "endpointList",
                                 "algorithmBox", "kidBox",      "keysToSignEdit", "fullBox",        "securityFold", "requestBody",
                                 "replyBody",    "replyPretty", "responseBody",   "copyResponse",   "tokenTree",    "tokenCopy",
                                 "stageSign",    "sideTabs",    "bottomTabs",     "bindingsButton", "restartButton"})
            QVERIFY2(reached.contains(QString::fromLatin1(name)), name);
    }

    // The names as they stand in the file, the key that was pressed on the chip (or in the field: -1), what is left.
    void chipsByKeyboard_data()
    {
        QTest::addColumn<int>("chip");
        QTest::addColumn<int>("key");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("left");
        const QString both = QStringLiteral("access_token refresh_token");
        QTest::newRow("Delete on the first") << 0 << int(Qt::Key_Delete) << QString() << QStringLiteral("refresh_token");
        QTest::newRow("Backspace on the second") << 1 << int(Qt::Key_Backspace) << QString() << QStringLiteral("access_token");
        QTest::newRow("Backspace in the empty field") << -1 << int(Qt::Key_Backspace) << QString() << QStringLiteral("access_token");
        QTest::newRow("must fail: Backspace in a field with text") << -1 << int(Qt::Key_Backspace) << QStringLiteral("x") << both;
        QTest::newRow("must fail: another key") << 0 << int(Qt::Key_Space) << QString() << both;
    }
    void chipsByKeyboard()
    {
        QFETCH(int, chip);
        QFETCH(int, key);
        QFETCH(QString, typed);
        auto *field = child<QLineEdit>("keysToSignEdit");
        const auto *chips = qobject_cast<Chips *>(field->parentWidget());
        QVERIFY(chips);
        child<QComboBox>("kidBox")->setFocus();
        QStringList names;
        for (int i = 0; i < 30 && QApplication::focusWidget() != field; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            if (QApplication::focusWidget()->objectName() == QLatin1String("chip"))
                names << QApplication::focusWidget()->accessibleName();
            if (chip >= 0 && names.size() == chip + 1)
                break;
        }
        QVERIFY2(chip < 0 || names.size() == chip + 1, qPrintable(names.join(QLatin1Char('|'))));
        if (chip < 0)
            QCOMPARE(names.size(), 2); // on the way, in their order
        QVERIFY(names.first().startsWith(QStringLiteral("access_token")));
        if (!typed.isEmpty())
            QTest::keyClicks(field, typed);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key(key));
        QTEST(chips->names().join(QLatin1Char(' ')), "left");
        // The keyboard is not lost with the chip.
        QVERIFY(QApplication::focusWidget() && chips->isAncestorOf(QApplication::focusWidget()));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Left);
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("chip"));
    }

    void endpointsListFollowsItsContent_data()
    {
        QTest::addColumn<int>("endpoints");
        QTest::addColumn<int>("rowsInSight");
        QTest::newRow("three") << 3 << 3;
        QTest::newRow("six") << 6 << 6;
        QTest::newRow("forty-four: what the form leaves") << 44 << 8;
    }
    void endpointsListFollowsItsContent()
    {
        QFETCH(int, endpoints);
        QFETCH(int, rowsInSight);
        m_window->resize(1920, 1080);
        QByteArray text = "{\"version\":3,\"endpoints\":[";
        for (int i = 0; i < endpoints; ++i)
            text += QByteArray(i ? "," : "") + "{\"endpoint\":\"/e" + QByteArray::number(i) +
                    "\",\"backend\":[{\"host\":[\"http://127.0.0.1:10\"],\"url_pattern\":\"/x\"}]}";
        m_window->openPath(write("krakend.json", text + "]}"));
        auto *list = child<QAbstractItemView>("endpointList");
        QCOMPARE(list->model()->rowCount(), endpoints);
        const auto inSight = [&] { return list->viewport()->height() / list->sizeHintForRow(0); };
        QTRY_VERIFY2(inSight() >= rowsInSight, qPrintable(QString::number(inSight())));
        if (endpoints < 10)
            QTRY_VERIFY(list->height() < (endpoints + 2) * list->sizeHintForRow(0));
    }

    void columnsGrow()
    {
        m_window->resize(1280, 800);
        QTRY_VERIFY(child<QWidget>("endpointsDock")->width() <= 320);
        const int left = child<QWidget>("endpointsDock")->width(), right = child<QWidget>("responseDock")->width();
        m_window->resize(1920, 1080);
        QTRY_VERIFY(child<QWidget>("endpointsDock")->width() > left * 4 / 3);
        QTRY_VERIFY(child<QWidget>("responseDock")->width() > right * 4 / 3);
        m_window->resize(1280, 800);
        QTRY_VERIFY(qAbs(child<QWidget>("endpointsDock")->width() - left) <= 4);
        QTRY_VERIFY(qAbs(child<QWidget>("responseDock")->width() - right) <= 4);
    }

    void insideTheScreen_data()
    {
        QTest::addColumn<QRect>("window");
        QTest::addColumn<QRect>("wanted");
        const QRect fits(100, 50, 1000, 700);
        QTest::newRow("fits: left alone") << fits << fits;
        QTest::newRow("too large") << QRect(0, 0, 1480, 952) << QRect(0, 0, 1280, 800);
        QTest::newRow("off to the right") << QRect(900, 0, 1000, 700) << QRect(280, 0, 1000, 700);
        QTest::newRow("off to the left and above") << QRect(-500, -40, 1000, 700) << QRect(0, 0, 1000, 700);
    }
    void insideTheScreen()
    {
        QFETCH(QRect, window);
        QTEST(insideOf(QRect(0, 0, 1280, 800), window), "wanted");
    }

    // A short fact is shown whole or not at all, the verdict before the facts.
    void verdictIsWhole()
    {
        m_window->resize(1480, 952);
        const auto splice = gateway::edit::replaceText(*session()->tree(), session()->endpoint()->signerPointer, "keys_to_sign",
                                                       "access_token", QStringLiteral("acces_token"));
        session()->edit(splice, QStringLiteral("misspell"));
        send();
        QTRY_VERIFY(finished());
        const QString whole = text::verdict(*session()->outcome());
        QVERIFY(whole.size() > 50);
        QTRY_COMPARE(child<QLabel>("verdictLabel")->text(), whole);
        for (const StageButton *button : child<StageStrip>("stageStrip")->findChildren<StageButton *>())
            QCOMPARE(button->width(), button->sizeHint().width());
    }

    void editorsHaveOneLineHeight()
    {
        send();
        QTRY_VERIFY(finished());
        session()->selectEndpoint(1);
        const auto height = [this](const char *name) {
            return child<QsciScintilla>(name)->SendScintilla(QsciScintilla::SCI_TEXTHEIGHT, 0UL);
        };
        QCOMPARE(height("replyBody"), height("responseBody"));
        QCOMPARE(height("requestBody"), height("responseBody"));
        QCOMPARE(height("configEditor"), height("responseBody"));
    }

    void longUrlShowsItsEnd()
    {
        m_window->resize(1280, 800);
        auto *field = qobject_cast<LongEdit *>(child<QLineEdit>("keySourceEdit"));
        QVERIFY(field);
        child<QLineEdit>("urlEdit")->setFocus();
        const QString url = QStringLiteral("https://a-very-long-host-name.in-production.example.com/keys/jwk.json");
        field->setText(url);
        QVERIFY(field->shownText() != url);
        QVERIFY(field->shownText().startsWith(QStringLiteral("https:")));
        QVERIFY(field->shownText().endsWith(QStringLiteral("jwk.json")));
        QVERIFY(field->toolTip().contains(QStringLiteral("in-production")));
        field->setText(QStringLiteral("short"));
        QCOMPARE(field->shownText(), QStringLiteral("short"));
    }

    void foldsBelow900()
    {
        m_window->resize(1280, 800);
        QTRY_VERIFY(!child<QWidget>("problemsPanel")->isVisible());
        // The line about security stands above the form's fold.
        auto *fold = child<QToolButton>("securityFold");
        QTRY_COMPARE(fold->visibleRegion().boundingRect(), fold->rect());
        m_window->resize(1280, 1000);
        QTRY_VERIFY(child<QWidget>("problemsPanel")->isVisible());
        QVERIFY(m_window->minimumSizeHint().width() <= 1280);
        QVERIFY(m_window->minimumSizeHint().height() <= 800);
    }
};

QTEST_MAIN(TestReach)
#include "tst_reach.moc"
