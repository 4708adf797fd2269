// The Comparison page in the real window: against programs that behave like a krakend, and against the real one where it is known.
#include "ui/compare/comparepanel.h"
#include "ui/compare/comparetable.h"
#include "ui/mainwindow.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/lineview.h"

#include "../core/lab/fakegateway.h"
#include "walker.h"

#include "core/playground/server.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QToolButton>

using namespace tokenlab;
using namespace tokenlab::ui;

class TestCompare : public QObject
{
    Q_OBJECT

    FakePrograms m_programs;
    std::unique_ptr<MainWindow> m_window;

    template <class T>
    T *child(const char *name)
    {
        T *found = m_window->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("no widget %s", name);
        return found;
    }
    LabSession *session() { return m_window->session(); }
    CompareRunner *runner() { return child<ComparePanel>("comparePanel")->runner(); }
    CompareModel *model() { return qobject_cast<CompareModel *>(child<QTableView>("compareTable")->model()); }
    void openWindow()
    {
        MainWindow::Options options;
        options.session.playgroundPort = 0;
        m_window = std::make_unique<MainWindow>(options);
        m_window->resize(1480, 952);
        m_window->start({});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void compareWith(const QString &gateway)
    {
        child<QComboBox>("gatewayBox")->setEditText(gateway);
        child<QAction>("compareAction")->trigger();
    }
    void send()
    {
        child<QPushButton>("sendButton")->click();
        QTRY_VERIFY(session()->outcome());
    }
    // A gateway elsewhere that answers every request with this.
    static playground::Script answerOf(int status, const QByteArray &body)
    {
        playground::Script script;
        script.status = status;
        script.headers.append("Content-Type", "application/json");
        script.body = body;
        return script;
    }
    int differing()
    {
        int count = 0;
        for (int i = 0; i < model()->rowCount(); ++i)
            count += model()->row(i).mark == CompareRow::Differs ? 1 : 0;
        return count;
    }

private Q_SLOTS:
    void initTestCase()
    {
        static QTemporaryDir settings;
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
        QCoreApplication::setOrganizationName(QStringLiteral("token-lab-test"));
        QCoreApplication::setApplicationName(QStringLiteral("token-lab-compare"));
    }
    void init()
    {
        QSettings().clear();
        openWindow();
    }
    void cleanup() { m_window.reset(); }

    void spans_data()
    {
        QTest::addColumn<QByteArray>("a");
        QTest::addColumn<QByteArray>("b");
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<QByteArray>("right");
        const auto row = [](const char *name, const char *a, const char *b, const char *left, const char *right) {
            QTest::newRow(name) << QByteArray(a) << QByteArray(b) << QByteArray(left) << QByteArray(right);
        };
        row("one character", "abc", "axc", "b", "x");
        row("longer", "abc", "abbc", "", "b");
        row("nothing", "", "abc", "", "abc");
        row("equal", "abc", "abc", "", "");
        row("all", "abc", "xyz", "abc", "xyz");
        row("whole characters", "x\xC3\xA4y", "x\xC3\xB6y", "\xC3\xA4", "\xC3\xB6");
        row("whole characters at the end", "x\xC3\xA4", "x\xC4\xA4", "\xC3\xA4", "\xC4\xA4");
    }
    void spans()
    {
        QFETCH(QByteArray, a);
        QFETCH(QByteArray, b);
        const auto [x, y] = differingSpans(a, b);
        QTEST(a.mid(x.begin, x.length), "left");
        QTEST(b.mid(y.begin, y.length), "right");
    }

    void bodies_data()
    {
        QTest::addColumn<QByteArray>("lab");
        QTest::addColumn<QByteArray>("gateway");
        QTest::addColumn<QByteArrayList>("left");
        QTest::addColumn<QByteArrayList>("right");
        QTest::newRow("equal") << QByteArray("{\"a\":1}") << QByteArray("{\"a\":1}") << QByteArrayList{} << QByteArrayList{};
        QTest::newRow("a number") << QByteArray("{\"a\":1,\"b\":2}") << QByteArray("{\"a\":1,\"b\":3}") << QByteArrayList{"2"}
                                  << QByteArrayList{"3"};
        QTest::newRow("only there") << QByteArray("{\"a\":1}") << QByteArray("{\"a\":1,\"b\":3}") << QByteArrayList{""}
                                    << QByteArrayList{",", "  \"b\": 3\n"};
        QTest::newRow("no JSON") << QByteArray("fine") << QByteArray("fire") << QByteArrayList{"n"} << QByteArrayList{"r"};
        QTest::newRow("empty") << QByteArray() << QByteArray("x") << QByteArrayList{} << QByteArrayList{"x"};
        QTest::newRow("a megabyte in one line")
            << QByteArray(1 << 20, 'a') + 'x' << QByteArray(1 << 20, 'a') + 'y' << QByteArrayList{"x"} << QByteArrayList{"y"};
    }
    void bodies()
    {
        QFETCH(QByteArray, lab);
        QFETCH(QByteArray, gateway);
        const BodyPair pair = bodyPair(lab, gateway);
        const auto texts = [](const QByteArray &text, const std::vector<Span> &spans) {
            QByteArrayList list;
            for (const Span &span : spans)
                list << text.mid(span.begin, span.length);
            return list;
        };
        QTEST(texts(pair.lab, pair.labSpans), "left");
        QTEST(texts(pair.gateway, pair.gatewaySpans), "right");
    }

    void beforeTheFirstOne()
    {
        child<QTabBar>("bottomTabs")->setCurrentIndex(child<QTabBar>("bottomTabs")->count() - 1);
        QVERIFY(child<QWidget>("comparePanel")->isVisible());
        QVERIFY(child<QPushButton>("compareButton")->isVisible());
        QVERIFY(!child<QTableView>("compareTable")->isVisible());
        QVERIFY(child<QLabel>("compareText")->text().contains(QStringLiteral("real KrakenD")));
        QCOMPARE(nameless(child<ComparePanel>("comparePanel")), QStringList());
        QCOMPARE(nameless(child<ComparePanel>("comparePanel")->actions()), QStringList());
    }

    void noProgram()
    {
        compareWith(m_programs.path(QStringLiteral("nothing-here")));
        QCOMPARE(runner()->state(), CompareRunner::State::Failed);
        QVERIFY(child<QLabel>("compareText")->isVisible());
        QVERIFY(child<QLabel>("compareText")->text().contains(QStringLiteral("is no program that can be started")));
        QVERIFY(child<QToolButton>("compareFix")->isVisible());
        QVERIFY(!child<QTableView>("compareTable")->isVisible());
    }

    void aGatewayElsewhere()
    {
        playground::Server server([](const playground::ServerRequest &) { return answerOf(404, "{\"note\":\"\xE2\x80\xAE<b>\"}"); });
        QVERIFY(server.listen());
        send();
        compareWith(QString::fromUtf8(server.origin()));
        QTRY_VERIFY(runner()->result());
        QCOMPARE(server.received().size(), std::size_t(1));
        QCOMPARE(server.received().front().target, session()->draft().target);
        QVERIFY(!runner()->result()->comparison.equal());
        QCOMPARE(child<Pill>("compareSummary")->tone(), Tone::Bad);
        QCOMPARE(std::size_t(differing()), runner()->result()->comparison.differences.size());
        QCOMPARE(model()->row(0).mark, CompareRow::Differs);
        QCOMPARE(model()->row(0).lab, QByteArray("200"));
        QCOMPARE(model()->row(0).gateway, QByteArray("404"));
        QVERIFY(model()->index(0, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("differs")));
        // A log that nobody has is not offered; what came from outside stays inert.
        auto *tabs = child<QTabBar>("compareTabs");
        QVERIFY(!tabs->isTabVisible(2));
        tabs->setCurrentIndex(1);
        QTRY_VERIFY(child<LineView>("gatewayBodyView")->text().contains("note"));
        QVERIFY(child<QLabel>("compareNotes")->text().contains(QStringLiteral("own file")));
        for (int i = 0; i < model()->rowCount(); ++i)
            QVERIFY(!model()->index(i, 2).data().toString().contains(QChar(0x202e)));
        child<QToolButton>("copyComparison")->click();
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("404")));

        // A change makes it a result of before.
        session()->selectEndpoint(1);
        QVERIFY(runner()->isOutdated());
        QCOMPARE(child<Pill>("compareSummary")->tone(), Tone::Neutral);
        QVERIFY(child<QLabel>("compareContext")->text().contains(QStringLiteral("of an older configuration")));
    }

    void longBodies()
    {
        const QByteArray body = "{\"text\":\"" + QByteArray(1 << 20, 'x') + "\"}";
        playground::Server server([&body](const playground::ServerRequest &) { return answerOf(200, body); });
        QVERIFY(server.listen());
        compareWith(QString::fromUtf8(server.origin())); // nothing was sent before: the lab is asked too
        QTRY_VERIFY_WITH_TIMEOUT(runner()->result(), 20000);
        child<QTabBar>("compareTabs")->setCurrentIndex(1);
        QTRY_VERIFY_WITH_TIMEOUT(child<LineView>("gatewayBodyView")->text().size() > (1 << 20), 20000);
        for (int i = 0; i < model()->rowCount(); ++i)
            QVERIFY(model()->row(i).gateway.size() < 5000);
    }

    void cancel_data()
    {
        QTest::addColumn<QString>("how");
        for (const char *how : {"button", "document", "endpoint", "window"})
            QTest::newRow(how) << QString::fromLatin1(how);
    }
    void cancel()
    {
        QFETCH(QString, how);
        const QString pidFile = m_programs.path(QStringLiteral("pid-") + how);
        const QString program = m_programs.script(QStringLiteral("hang-") + how, "echo $$ > '" + pidFile.toUtf8() + "'\nexec sleep 600");
        send();
        compareWith(program);
        QVERIFY(runner()->isBusy());
        QVERIFY(child<QPushButton>("cancelCompare")->isVisible());
        QTRY_VERIFY(!m_programs.read(QStringLiteral("pid-") + how).trimmed().isEmpty());
        const qint64 pid = m_programs.read(QStringLiteral("pid-") + how).trimmed().toLongLong();
        QVERIFY(!isGone(pid));
        if (how == QLatin1String("button")) {
            child<QPushButton>("cancelCompare")->click();
            QCOMPARE(runner()->state(), CompareRunner::State::Nothing);
        } else if (how == QLatin1String("document")) {
            session()->openText(session()->document().bytes(), {});
            QCOMPARE(runner()->state(), CompareRunner::State::Stopped);
            QVERIFY(child<QLabel>("compareText")->text().contains(QStringLiteral("of an older configuration")));
        } else if (how == QLatin1String("endpoint")) {
            session()->selectEndpoint(1);
            QCOMPARE(runner()->state(), CompareRunner::State::Stopped);
        } else {
            m_window.reset();
        }
        QTRY_VERIFY(isGone(pid));
    }

    void whichGatewayIsRemembered()
    {
        compareWith(m_programs.path(QStringLiteral("missing")));
        compareWith(QStringLiteral("http://user:secret@127.0.0.1:1/"));
        QTRY_COMPARE(runner()->state(), CompareRunner::State::Failed);
        m_window.reset();
        openWindow();
        QCOMPARE(child<QComboBox>("gatewayBox")->currentText(), m_programs.path(QStringLiteral("missing")));
        QVERIFY(!QSettings().value(QStringLiteral("gateways")).toStringList().join(QLatin1Char(' ')).contains(QStringLiteral("secret")));
    }

    void noneOnTheDemonstration()
    {
        SKIP_WITHOUT_KRAKEND(found);
        send();
        compareWith({});
        QTRY_VERIFY_WITH_TIMEOUT(!runner()->isBusy(), 60000);
        QVERIFY2(runner()->result(), qPrintable(child<QLabel>("compareText")->text()));
        QCOMPARE(differing(), 0);
        QCOMPARE(child<QLabel>("compareSummary")->text(), QStringLiteral("No difference: both answer 200"));
        QCOMPARE(child<Pill>("compareSummary")->tone(), Tone::Neutral);
        QVERIFY(child<QTableView>("compareTable")->isVisible());
        QStringList told;
        for (int i = 0; i < model()->rowCount(); ++i)
            told << model()->row(i).what;
        for (const char *wanted : {"Status", "Token access_token, payload", "Received by backend 1, request", "Log"})
            QVERIFY2(told.contains(QLatin1String(wanted)), wanted);
        QVERIFY(child<LineView>("gatewayLogView")->text().contains("Listening"));
    }

    void anIntroducedDifference()
    {
        SKIP_WITHOUT_KRAKEND(found);
        // A gateway that is not what the lab knows: another algorithm in its file.
        const QString program = m_programs.script(QStringLiteral("other"), "for last; do file=\"$last\"; done\n"
                                                                           "case \"$1\" in run) for one; do [ -f \"$one\" ] && sed -i "
                                                                           "s/HS256/HS512/ \"$one\"; done;; esac\nexec '" +
                                                                               found.value().program.toUtf8() + "' \"$@\"");
        send();
        compareWith(program);
        QTRY_VERIFY_WITH_TIMEOUT(!runner()->isBusy(), 60000);
        QVERIFY2(runner()->result(), qPrintable(child<QLabel>("compareText")->text()));
        QVERIFY(differing() >= 2);
        QVERIFY(child<QLabel>("compareSummary")->text().contains(QStringLiteral("difference")));
        QCOMPARE(child<Pill>("compareSummary")->tone(), Tone::Bad);
        QVERIFY(model()->row(0).what.contains(QStringLiteral("header member alg")));
        QCOMPARE(model()->row(0).lab, QByteArray("\"HS256\""));
        QCOMPARE(model()->row(0).gateway, QByteArray("\"HS512\""));
    }
};

QTEST_MAIN(TestCompare)
#include "tst_compare.moc"
