// How the window is laid out and reached: themes, menus, names for assistive programs, the keyboard, folds.
#include "ui/widgets/basics.h"

#include "walker.h"
#include "windowfixture.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QTabBar>
#include <QToolButton>

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

    void foldsBelow900()
    {
        m_window->resize(1280, 800);
        QTRY_VERIFY(!child<QWidget>("logView")->parentWidget()->isVisible());
        // The line about security stands above the form's fold.
        auto *fold = child<QToolButton>("securityFold");
        QTRY_COMPARE(fold->visibleRegion().boundingRect(), fold->rect());
        m_window->resize(1280, 1000);
        QTRY_VERIFY(child<QWidget>("logView")->parentWidget()->isVisible());
        QVERIFY(m_window->minimumSizeHint().width() <= 1280);
        QVERIFY(m_window->minimumSizeHint().height() <= 800);
    }
};

QTEST_MAIN(TestReach)
#include "tst_reach.moc"
