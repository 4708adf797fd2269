// Problems in the real window: they come with an edit, go with a fix, come back with undo; marks, places, previews, verdicts of validators.
#include "ui/endpoint/endpointmodel.h"
#include "ui/mainwindow.h"
#include "ui/problems/fieldmarks.h"
#include "ui/problems/problemdelegate.h"
#include "ui/problems/problemmodel.h"
#include "ui/problems/problemspanel.h"
#include "ui/tokens/tokenspanel.h"
#include "ui/widgets/basics.h"

#include "core/json/parse.h"
#include "core/text/problems.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include <Qsci/qsciscintilla.h>

using namespace tokenlab;
using namespace tokenlab::ui;

namespace {

const QByteArray keySet =
    R"({"keys":[{"kty":"oct","kid":"k","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]})";

// A signer and two validators over one key file; extra: further endpoints.
QByteArray configuration(const QByteArray &host, const QByteArray &keys, const QByteArray &extra = {})
{
    const QByteArray backend = "\"backend\": [{\"host\": [\"" + host + "\"], \"url_pattern\": \"/login\"}]";
    const QByteArray source = "\"jwk_local_path\": \"" + keys + "\", \"disable_jwk_security\": true";
    return "{\n  \"version\": 3,\n  \"endpoints\": [\n    {\n      \"endpoint\": \"/t\",\n      \"method\": \"POST\",\n      " + backend +
           ",\n      \"extra_config\": {\n        \"auth/signer\": {\n          \"alg\": \"HS256\",\n          \"kid\": \"k\",\n          "
           "\"keys_to_sign\": [\"access_token\"],\n          " +
           source + "\n        }\n      }\n    }" + extra + "\n  ]\n}\n";
}

QByteArray validatorEndpoint(const QByteArray &path, const QByteArray &keys, const QByteArray &more)
{
    return ",\n    {\"endpoint\": \"" + path + "\", \"backend\": [{\"host\": [\"http://127.0.0.1:10\"], \"url_pattern\": \"/a\"}], " +
           "\"extra_config\": {\"auth/validator\": {\"alg\": \"HS256\", \"jwk_local_path\": \"" + keys +
           "\", \"disable_jwk_security\": true" + more + "}}}";
}

} // namespace

class TestProblems : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
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
    ProblemRunner *runner() { return m_window->findChild<ProblemRunner *>(); }
    QTreeView *view() { return child<QTreeView>("problemsView"); }
    QString write(const char *name, const QByteArray &bytes)
    {
        const QString path = m_folder->filePath(QString::fromLatin1(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("temporary file");
        return path;
    }
    void open(const QByteArray &text) { m_window->openPath(write("krakend.json", text)); }
    QByteArray keys() { return write("keys.json", keySet).toUtf8(); }
    // Over the whole document, as an edit of the user.
    void replace(const QByteArray &from, const QByteArray &to)
    {
        const qsizetype at = session()->document().bytes().indexOf(from);
        if (at < 0)
            qFatal("no such text");
        session()->document().edit(json::Splice{{at, at + from.size()}, to}, QStringLiteral("Typing"));
    }
    int rowOf(const char *code)
    {
        for (int row = 0; row < view()->model()->rowCount(); ++row) {
            const auto *filter = static_cast<const ProblemFilter *>(view()->model());
            const auto *model = static_cast<const ProblemModel *>(filter->sourceModel());
            if (model->problem(filter->mapToSource(filter->index(row, 0)).row()).code->id == code)
                return row;
        }
        return -1;
    }
    void choose(const char *code)
    {
        view()->setFocus();
        view()->setCurrentIndex(view()->model()->index(rowOf(code), ProblemModel::WhatColumn));
    }
    void trigger(const char *action) { view()->findChild<QAction *>(QString::fromLatin1(action))->trigger(); }
    bool settled() { return runner()->isSettled() && !runner()->isFixing() && !runner()->isLoading(); }

private Q_SLOTS:
    void initTestCase()
    {
        static QTemporaryDir settings;
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
        QCoreApplication::setOrganizationName(QStringLiteral("token-lab-test"));
        QCoreApplication::setApplicationName(QStringLiteral("token-lab-test"));
    }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        MainWindow::Options options;
        options.session.playgroundPort = 0;
        m_window = std::make_unique<MainWindow>(options);
        m_window->resize(1480, 952);
        m_window->start({});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanup() { m_window.reset(); }

    void modelIsSound()
    {
        ProblemModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        ProblemFilter filter;
        filter.setSourceModel(&model);
        QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        Question question;
        question.fileName = QStringLiteral("krakend.json");
        question.source = configuration("http://h:8000", "none.json");
        question.source.replace("HS256", "hs256");
        const auto judged = std::make_shared<const Judged>(judge(question));
        QVERIFY(!judged->list.empty());
        model.setJudged(judged);
        QCOMPARE(model.rowCount(), int(judged->list.size()));
        QVERIFY(!model.index(0, ProblemModel::WhatColumn).data().toString().isEmpty());
        for (const problems::Severity severity : {problems::Severity::Error, problems::Severity::Warning, problems::Severity::Hint})
            filter.setSeverity(severity, false);
        QCOMPARE(filter.rowCount(), 0);
        model.setJudged(std::make_shared<const Judged>());
        QCOMPARE(model.rowCount(), 0);
    }

    void comesGoesComesBack()
    {
        open(configuration("http://127.0.0.1:10", keys()));
        QTRY_VERIFY(settled());
        QCOMPARE(rowOf("alg-case"), -1);
        replace("HS256", "hs256");
        QTRY_VERIFY(settled() && rowOf("alg-case") >= 0);
        QVERIFY(child<CountBadge>("problemBadge")->counts()[0] > 0);
        const QByteArray broken = session()->document().bytes();
        choose("alg-case");
        // A click on the link is the fix.
        const QModelIndex index = view()->currentIndex().siblingAtColumn(ProblemModel::FixColumn);
        const auto *delegate = static_cast<ProblemDelegate *>(view()->itemDelegate());
        view()->scrollTo(index);
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, delegate->linkRect(view()->visualRect(index), index).center());
        QVERIFY(session()->document().bytes() != broken);
        QTRY_VERIFY(settled() && rowOf("alg-case") < 0);
        QVERIFY(session()->document().bytes().contains("\"alg\": \"HS256\""));
        child<QAction>("undoAction")->trigger();
        QCOMPARE(session()->document().bytes(), broken);
        QTRY_VERIFY(settled() && rowOf("alg-case") >= 0);
        // The keyboard does the same.
        choose("alg-case");
        trigger("problemFixAction");
        QTRY_VERIFY(settled() && rowOf("alg-case") < 0);
    }

    void nothingFound()
    {
        open(configuration("http://127.0.0.1:10", keys()));
        QTRY_VERIFY(settled());
        const bool clean = runner()->judged()->list.empty();
        QCOMPARE(child<QLabel>("problemsNotice")->isVisibleTo(child<QWidget>("problemsPanel")), clean);
        for (const char *name : {"showErrors", "showWarnings", "showHints"})
            child<QToolButton>(name)->setChecked(false);
        QVERIFY(child<QLabel>("problemsNotice")->isVisibleTo(child<QWidget>("problemsPanel")));
        QVERIFY(!view()->isVisible());
    }

    void fixAllIsOneStep()
    {
        open(configuration("http://127.0.0.1:10", keys()));
        replace("HS256", "hs256");
        replace("\"url_pattern\": \"/login\"", "\"url_pattern\": \"/login\", \"Encoding\": \"json\"");
        QTRY_VERIFY(settled() && runner()->judged()->safe >= 2);
        const QByteArray broken = session()->document().bytes();
        const int steps = session()->document().undoStack()->count();
        child<QToolButton>("fixAllSafe")->click();
        QTRY_VERIFY(settled() && runner()->judged()->safe == 0);
        QCOMPARE(session()->document().undoStack()->count(), steps + 1);
        QVERIFY(json::parse(session()->document().bytes()));
        QCOMPARE(rowOf("alg-case"), -1);
        child<QAction>("undoAction")->trigger();
        QCOMPARE(session()->document().bytes(), broken);
        QTRY_VERIFY(settled() && runner()->judged()->safe >= 2);
    }

    void fixOfAnOlderTextDoesNothing()
    {
        open(configuration("http://127.0.0.1:10", keys()));
        replace("HS256", "hs256");
        QTRY_VERIFY(settled() && rowOf("alg-case") >= 0);
        choose("alg-case");
        replace("\"kid\"", " \"kid\"");
        const QByteArray now = session()->document().bytes();
        trigger("problemFixAction"); // must fail: the list is of the text before
        QCOMPARE(session()->document().bytes(), now);
        QTRY_VERIFY(settled() && rowOf("alg-case") >= 0);
    }

    void jumps()
    {
        open(configuration("http://127.0.0.1:10", keys()));
        child<QTabBar>("sideTabs")->setCurrentIndex(1);
        replace("HS256", "hs256");
        replace("\"version\": 3,", "\"version\": 3,\n  \"nonsense_member\": 1,");
        QTRY_VERIFY(settled() && rowOf("alg-case") >= 0);
        // A member with a field: the form, with the field in focus.
        choose("alg-case");
        QTest::keyClick(view(), Qt::Key_Return);
        QCOMPARE(child<QTabBar>("sideTabs")->currentIndex(), 0);
        QVERIFY(child<QComboBox>("algorithmBox")->hasFocus());
        // Others: the text, selected.
        if (const int row = rowOf("unknown-member"); row >= 0) {
            choose("unknown-member");
            QTest::keyClick(view(), Qt::Key_Return);
            QCOMPARE(child<QTabBar>("sideTabs")->currentIndex(), 2);
            QVERIFY(child<QsciScintilla>("configEditor")->selectedText().contains(QStringLiteral("nonsense_member")));
        } else {
            QFAIL("an unknown member is a problem");
        }
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("/nonsense_member"));
    }

    void explains()
    {
        open(configuration("http://127.0.0.1:10", keys()));
        replace("HS256", "hs256");
        QTRY_VERIFY(settled() && rowOf("alg-case") >= 0);
        choose("alg-case");
        QTest::keyClick(view(), Qt::Key_F1);
        auto *popup = m_window->findChild<QFrame *>(QStringLiteral("problemPopup"));
        QVERIFY(popup && popup->isVisible());
        QVERIFY(popup->findChild<QLabel *>(QStringLiteral("problemExplanation"))->text().size() > 20);
        QTest::keyClick(popup, Qt::Key_Escape);
        QTRY_VERIFY(!m_window->findChild<QFrame *>(QStringLiteral("problemPopup")));
    }

    void marks()
    {
        open(configuration("http://127.0.0.1:10", keys(), validatorEndpoint("/a", keys(), {})));
        QTRY_VERIFY(settled());
        auto *mark = child<FieldMark>("algorithmBoxMark");
        QVERIFY(!mark->isVisible());
        replace("HS256", "hs256");
        QTRY_VERIFY(settled() && mark->isVisible());
        QVERIFY(!mark->toolTip().isEmpty());
        const QModelIndex signing = child<QAbstractItemView>("endpointList")->model()->index(0, 0);
        QVERIFY(signing.data(EndpointModel::CountsRole).value<Counts>()[0] > 0);
        const QByteArray broken = session()->document().bytes();
        QTest::mouseClick(mark, Qt::LeftButton);
        auto *popup = m_window->findChild<QFrame *>(QStringLiteral("problemPopup"));
        QVERIFY(popup);
        popup->findChild<QToolButton *>(QStringLiteral("popupFix"))->click();
        QVERIFY(session()->document().bytes() != broken);
        QTRY_VERIFY(settled() && !mark->isVisible());
    }

    void refusedLoginIsShownBefore()
    {
        QTRY_VERIFY(settled() && rowOf("failed-login-400") >= 0);
        const QByteArray before = session()->document().bytes();
        choose("failed-login-400");
        trigger("problemFixAction");
        QCOMPARE(session()->document().bytes(), before);
        auto *popup = m_window->findChild<QFrame *>(QStringLiteral("problemPopup"));
        QVERIFY(popup);
        QCOMPARE(popup->findChild<QLabel *>(QStringLiteral("previewBeforeStatus"))->text(), QStringLiteral("400"));
        QCOMPARE(popup->findChild<QLabel *>(QStringLiteral("previewAfterStatus"))->text(), QStringLiteral("401"));
        QVERIFY(popup->findChild<QLabel *>(QStringLiteral("previewAfterBody"))->text().contains(QStringLiteral("error_token")));
        QVERIFY(popup->findChild<QLabel *>(QStringLiteral("previewLeak")));
        popup->findChild<QPushButton *>(QStringLiteral("previewApply"))->click();
        QVERIFY(session()->document().bytes().contains("\"return_error_details\": \"token\""));
        QCOMPARE(session()->document().undoStack()->count(), 1);
    }

    void foldedLine()
    {
        open(configuration("http://127.0.0.1:10", keys()));
        replace("HS256", "hs256");
        QTRY_VERIFY(settled() && rowOf("alg-case") >= 0);
        QVERIFY(!child<QLabel>("foldedLine")->isVisible());
        m_window->resize(1280, 800);
        QTRY_VERIFY(child<QLabel>("foldedLine")->isVisible());
        QVERIFY(child<QLabel>("foldedLine")->text().contains(QStringLiteral("error")));
        QVERIFY(!child<QToolButton>("fixAllSafe")->isVisible());
    }

    void manyEndpoints()
    {
        const QByteArray file = keys();
        QByteArray extra;
        for (int i = 0; i < 1000; ++i)
            extra += validatorEndpoint("/a" + QByteArray::number(i), file, {});
        open(configuration("http://127.0.0.1:10", file, extra));
        // The window answers while the judgement is under way.
        bool answered = false;
        QTimer::singleShot(0, this, [&answered] { answered = true; });
        QTRY_VERIFY(answered);
        QTRY_VERIFY_WITH_TIMEOUT(settled(), 60000);
        QCOMPARE(runner()->judged()->endpoints.size(), std::size_t(1001));
    }

    void verdicts_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("words");
        const QByteArray good = "{\"access_token\":{\"sub\":\"x\",\"iss\":\"me\",\"roles\":[\"r\"],\"exp\":4102444800}}";
        QTest::newRow("passes") << good << QByteArray() << 200 << QStringLiteral("GET /a: 200");
        QTest::newRow("must fail: expired") << QByteArray("{\"access_token\":{\"sub\":\"x\",\"exp\":1000000000}}") << QByteArray() << 401
                                            << QStringLiteral("expired");
        QTest::newRow("must fail: issuer") << good << QByteArray(", \"issuer\": \"you\"") << 401 << QStringLiteral("me");
        QTest::newRow("must fail: roles") << good << QByteArray(", \"roles\": [\"admin\"]") << 403 << QStringLiteral("403");
    }
    void verdicts()
    {
        QFETCH(QByteArray, payload);
        QFETCH(QByteArray, more);
        QFETCH(int, status);
        QFETCH(QString, words);
        playground::Server server([payload](const playground::ServerRequest &) {
            playground::Script script;
            script.headers.append("Content-Type", "application/json");
            script.body = payload;
            return script;
        });
        QVERIFY(server.listen().ok());
        open(configuration(server.origin(), keys(), validatorEndpoint("/a", keys(), more)));
        child<QPushButton>("sendButton")->click();
        QTRY_VERIFY(session()->outcome());
        QTRY_VERIFY(!m_window->findChildren<QToolButton *>(QStringLiteral("verdictRow")).isEmpty());
        auto *row = child<QToolButton>("verdictRow");
        QVERIFY2(row->accessibleName().contains(words), qPrintable(row->accessibleName()));
        QCOMPARE(child<Pill>("verdictPill")->text(), QStringLiteral("GET /a: %1").arg(status));
        QCOMPARE(child<Pill>("verdictPill")->tone(), status == 200 ? Tone::Good : Tone::Bad);
        row->click();
        auto *popup = m_window->findChild<QFrame *>(QStringLiteral("verdictPopup"));
        QVERIFY(popup);
        popup->findChild<QToolButton *>(QStringLiteral("verdictGo"))->click();
        QCOMPARE(child<QTabBar>("sideTabs")->currentIndex(), 2);
        // Judged again when the document changes.
        if (status == 200) {
            replace("\"auth/validator\": {\"alg\": \"HS256\"", "\"auth/validator\": {\"alg\": \"HS512\"");
            QTRY_COMPARE(child<Pill>("verdictPill")->tone(), Tone::Bad);
        }
    }

    // The gateway's start has the key set already: Problems looks at that one.
    void asksTheKeyHostOnce()
    {
        playground::Server host([](const playground::ServerRequest &) {
            playground::Script script;
            script.headers.append("Content-Type", "application/json");
            script.body = keySet;
            return script;
        });
        QVERIFY(host.listen().ok());
        QByteArray text = configuration("http://127.0.0.1:10", keys());
        text.replace("\"jwk_local_path\": \"" + keys() + '"', "\"jwk_url\": \"" + host.origin() + "/k\"");
        open(text);
        QTRY_VERIFY(!host.received().empty());
        QTRY_VERIFY(session()->isSettled() && settled());
        QVERIFY(runner()->judged()->wanted.empty());
        QCOMPARE(host.received().size(), std::size_t(1));
        // Must ask again: another start of the gateway.
        session()->restartGateway();
        QTRY_VERIFY(session()->isSettled() && settled());
        QCOMPARE(host.received().size(), std::size_t(2));
    }

    void addsAValidator()
    {
        playground::Server server([](const playground::ServerRequest &) {
            playground::Script script;
            script.headers.append("Content-Type", "application/json");
            script.body = "{\"access_token\":{\"sub\":\"x\",\"exp\":4102444800}}";
            return script;
        });
        QVERIFY(server.listen().ok());
        open(configuration(server.origin(), keys()));
        child<QPushButton>("sendButton")->click();
        QTRY_VERIFY(session()->outcome());
        auto *add = child<QToolButton>("addValidator");
        QTRY_VERIFY(add->isVisibleTo(m_window.get()));
        const QByteArray before = session()->document().bytes();
        add->click();
        QVERIFY(session()->document().bytes().contains("auth/validator"));
        QTRY_VERIFY(!m_window->findChildren<QToolButton *>(QStringLiteral("verdictRow")).isEmpty());
        QTRY_COMPARE(child<Pill>("verdictPill")->tone(), Tone::Good);
        child<QAction>("undoAction")->trigger();
        QCOMPARE(session()->document().bytes(), before);
    }
};

QTEST_MAIN(TestProblems)
#include "tst_problems.moc"
