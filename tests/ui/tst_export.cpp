// Export, writing back, blocks and templates in the real window.
#include "ui/export/exportdialog.h"
#include "ui/export/writebackdialog.h"
#include "ui/mainwindow.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/jsoneditor.h"
#include "ui/widgets/lineview.h"

#include "../core/lab/fakegateway.h"
#include "walker.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QToolButton>

using namespace tokenlab;
using namespace tokenlab::ui;

class TestExport : public QObject
{
    Q_OBJECT

    FakePrograms m_programs;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
    QString m_path;

    template <class T>
    T *child(const char *name)
    {
        T *found = m_window->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("no widget %s", name);
        return found;
    }
    LabSession *session() { return m_window->session(); }
    [[nodiscard]] QByteArray onDisk() const { return readFile(m_path).value(); }
    ExportDialog *openExport()
    {
        child<QAction>("exportAction")->trigger();
        return child<ExportDialog>("exportDialog");
    }
    QString write(const char *name, const QByteArray &bytes)
    {
        const QString path = m_folder->filePath(QString::fromLatin1(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("temporary file");
        return path;
    }

private Q_SLOTS:
    void initTestCase()
    {
        static QTemporaryDir settings;
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
        QCoreApplication::setOrganizationName(QStringLiteral("token-lab-test"));
        QCoreApplication::setApplicationName(QStringLiteral("token-lab-export"));
    }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(QStringLiteral("krakend.json"));
        MainWindow::Options options;
        options.session.playgroundPort = 0;
        m_window = std::make_unique<MainWindow>(options);
        m_window->start({});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QVERIFY(session()->save(m_path).ok());
    }
    void cleanup() { m_window.reset(); }

    void previewIsTheCommand_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("variables");
        QTest::addColumn<QString>("folder");
        for (int kind = 0; kind < 4; ++kind) {
            const QByteArray name = gateway::name(gateway::ExportKind(kind));
            QTest::newRow(name.constData()) << kind << false << QString();
            QTest::newRow((name + ", variables").constData()) << kind << true << QString();
        }
        QTest::newRow("gateway, relative") << 0 << false << QStringLiteral("/etc/krakend");
    }
    void previewIsTheCommand()
    {
        QFETCH(int, kind);
        QFETCH(bool, variables);
        QFETCH(QString, folder);
        if (!folder.isEmpty()) {
            QByteArray text = session()->document().bytes();
            text.replace("\"jwk_url\": \"http://your-backend/jwk/symmetric.json\"", "\"jwk_local_path\": \"/etc/krakend/keys/set.json\"");
            session()->openText(text, m_path);
            QVERIFY(session()->save(m_path).ok());
        }
        ExportDialog *dialog = openExport();
        dialog->setKind(gateway::ExportKind(kind));
        child<QCheckBox>("exportPlaceholders")->setChecked(variables);
        QStringList arguments{QStringLiteral("export"), m_path, QStringLiteral("--kind"),
                              QString::fromUtf8(gateway::name(gateway::ExportKind(kind)))};
        if (kind != 0)
            arguments << QStringLiteral("--endpoint") << QStringLiteral("/token");
        if (variables)
            arguments << QStringLiteral("--env");
        if (!folder.isEmpty()) {
            arguments << QStringLiteral("--relative") << folder;
            child<QLineEdit>("exportFolder")->setText(folder);
            child<QCheckBox>("exportRelative")->setChecked(true);
        }
        QProcess program;
        program.start(QStringLiteral(TOKENLAB_PROGRAM), arguments);
        QVERIFY(program.waitForFinished());
        QVERIFY2(program.exitCode() == 0, program.readAllStandardError().constData());
        const QByteArray wanted = program.readAllStandardOutput();
        QVERIFY(!wanted.isEmpty());
        QCOMPARE(dialog->text(), wanted);
        QCOMPARE(dialog->findChild<JsonEditor *>()->text(), wanted);
        QVERIFY(wanted.contains("{{ env ") == (variables && kind != 3) || kind == 3);
        QVERIFY(wanted.contains("/etc/krakend/") == false);
        child<QPushButton>("exportCopy")->click();
        QCOMPARE(QGuiApplication::clipboard()->text().toUtf8(), wanted);
        QCOMPARE(child<QPushButton>("exportWriteBack")->isEnabled(), kind == 0);
        QCOMPARE(nameless(dialog), QStringList());
    }

    void checklist()
    {
        const QString there = write("there.json", "{\"keys\":[]}");
        QFile::setPermissions(there, QFile::ReadOwner | QFile::WriteOwner);
        QByteArray text = session()->document().bytes();
        const QByteArray url = "\"jwk_url\": \"http://your-backend/jwk/symmetric.json\"";
        QVERIFY(text.count(url) >= 2);
        text.replace(text.indexOf(url), url.size(), "\"jwk_local_path\": \"" + there.toUtf8() + "\"");
        text.replace(text.indexOf(url), url.size(), "\"jwk_local_path\": \"/nowhere/keys.json\"");
        session()->openText(text, m_path);
        openExport();
        const auto *list = child<QListWidget>("exportChecklist");
        QMap<int, int> states;
        for (int i = 0; i < list->count(); ++i) {
            states[list->item(i)->data(Qt::UserRole).toInt()]++;
            QVERIFY(!list->item(i)->data(Qt::AccessibleTextRole).toString().isEmpty());
        }
        QCOMPARE(states[int(gateway::LocalState::Present)], 1);
        QVERIFY(states[int(gateway::LocalState::Missing)] >= 1);
        QVERIFY(states[int(gateway::LocalState::Unknown)] >= 1);
    }

    void secretsAreForTheirOwner()
    {
        QByteArray text = session()->document().bytes();
        text.replace(text.indexOf("\"jwk_url\""), 9, "\"cypher_key\": \"c2VjcmV0c2VjcmV0c2VjcmV0\", \"jwk_url\"");
        QVERIFY(text.contains("cypher_key"));
        session()->openText(text, m_path);
        openExport();
        QVERIFY(child<QLabel>("exportNotice")->text().contains(QStringLiteral("Secrets")));
        child<QPushButton>("exportSave")->click();
        const QString path = m_folder->filePath(QStringLiteral("out.json"));
        emit child<QFileDialog>("exportSaveDialog")->fileSelected(path);
        QCOMPARE(readFile(path).value(), text);
        QVERIFY(!(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::ReadOther)));
    }

    void writeBack()
    {
        const QByteArray before = onDisk();
        openExport();
        child<QCheckBox>("exportPlaceholders")->setChecked(true);
        const QByteArray wanted = child<ExportDialog>("exportDialog")->text();
        QVERIFY(wanted != before);
        child<QPushButton>("exportWriteBack")->click();
        const QByteArray shown = child<LineView>("differenceView")->text();
        QVERIFY(shown.contains("\n@@ ") && shown.contains("\n-") && shown.contains("\n+"));
        QVERIFY(shown.contains("{{ env "));
        QVERIFY(child<QLabel>("writeBackTakesOver")->isVisible());
        QCOMPARE(nameless(child<WriteBackDialog>("writeBackDialog")), QStringList());
        QCOMPARE(onDisk(), before); // not before it is confirmed

        // Another program writes meanwhile: its bytes are not lost unseen.
        write("krakend.json", before + "\n");
        child<QPushButton>("writeBackConfirm")->click();
        QCOMPARE(onDisk(), before + "\n");
        QVERIFY(child<QLabel>("writeBackError")->isVisible());

        child<QPushButton>("writeBackConfirm")->click();
        QCOMPARE(onDisk(), wanted);
        QCOMPARE(session()->document().bytes(), wanted);
        QVERIFY(!session()->isModified());
        child<QAction>("undoAction")->trigger();
        QCOMPARE(session()->document().bytes(), before); // one step
    }
    void nothingToWriteBack()
    {
        openExport();
        child<QPushButton>("exportWriteBack")->click();
        QVERIFY(!child<QPushButton>("writeBackConfirm")->isEnabled());
        QVERIFY(child<QLabel>("writeBackWords")->text().contains(QStringLiteral("already holds")));
        QVERIFY(!child<QLabel>("writeBackTakesOver")->isVisible());
        child<QPushButton>("writeBackCancel")->click();
    }

    // Compared in a thread: the window lives on, and nothing is written before the difference is there.
    void writeBackOfMuch()
    {
        QByteArray large = onDisk();
        const QByteArray filler = "\"x_filler\": \"" + QByteArray(200'000, 'x') + "\",\n  ";
        large.insert(large.indexOf("\"version\""), filler);
        m_window->openPath(write("krakend.json", large));
        QTRY_COMPARE(session()->document().bytes(), large);
        QTRY_VERIFY(session()->isIntact());
        openExport();
        child<QCheckBox>("exportPlaceholders")->setChecked(true);
        QTRY_VERIFY(child<QPushButton>("exportWriteBack")->isEnabled() && child<ExportDialog>("exportDialog")->text().contains("{{ env "));
        const QByteArray wanted = child<ExportDialog>("exportDialog")->text();
        child<QPushButton>("exportWriteBack")->click();
        auto *dialog = child<WriteBackDialog>("writeBackDialog");
        QVERIFY(dialog->isLooking());
        QVERIFY(!child<QPushButton>("writeBackConfirm")->isEnabled());
        QTRY_VERIFY(!dialog->isLooking());
        QVERIFY(child<LineView>("differenceView")->text().contains("\n+"));
        child<QPushButton>("writeBackConfirm")->click();
        QCOMPARE(onDisk(), wanted);
    }

    void blocks_data()
    {
        QTest::addColumn<QString>("action");
        QTest::addColumn<bool>("validator");
        QTest::newRow("protected") << QStringLiteral("addProtectedEndpointAction") << true;
        QTest::newRow("refresh") << QStringLiteral("addRefreshEndpointAction") << true;
    }
    void blocks()
    {
        QFETCH(QString, action);
        child<QPushButton>("sendButton")->click();
        QTRY_VERIFY(session()->outcome());
        const QByteArray before = session()->document().bytes();
        const std::size_t count = session()->service()->endpoints.size();
        child<QAction>(action.toLatin1().constData())->trigger();
        QCOMPARE(session()->service()->endpoints.size(), count + 1);
        QCOMPARE(session()->endpointIndex(), count);
        QTEST(session()->endpoint()->validator.has_value(), "validator");
        QCOMPARE(session()->endpoint()->signer.has_value(), action.contains(QStringLiteral("Refresh")));
        QVERIFY(!session()->configError());
        QCOMPARE(session()->document().undoStack()->count(), 1);
        child<QAction>("undoAction")->trigger();
        QCOMPARE(session()->document().bytes(), before);
        QCOMPARE(session()->service()->endpoints.size(), count);
    }
    void noBlockWithoutSigner()
    {
        session()->selectEndpoint(2); // the validator's
        QVERIFY(!session()->endpoint()->signer);
        QVERIFY(!child<QAction>("addProtectedEndpointAction")->isEnabled());
        QVERIFY(!child<QAction>("addRefreshEndpointAction")->isEnabled());
    }

    void aTemplateWithoutProgram()
    {
        const QByteArray known = qgetenv("TOKENLAB_KRAKEND");
        qputenv("TOKENLAB_KRAKEND", m_programs.path(QStringLiteral("missing")).toLocal8Bit());
        const QByteArray open = session()->document().bytes();
        m_window->openPath(write("krakend.tmpl", "{\"version\": 3, \"endpoints\": {{ marshal .endpoints }}}"));
        qputenv("TOKENLAB_KRAKEND", known);
        QVERIFY(child<QMessageBox>("reportBox")->text().contains(QStringLiteral("template")));
        QCOMPARE(session()->document().bytes(), open);
    }
    void aTemplateIsRendered()
    {
        SKIP_WITHOUT_KRAKEND(found);
        QByteArray text = session()->document().bytes();
        text.replace("\"version\": 3", "\"version\": {{ add 1 2 }}");
        QVERIFY(text.contains("{{ add"));
        const QString path = write("krakend.tmpl", text);
        m_window->openPath(path);
        QTRY_VERIFY_WITH_TIMEOUT(session()->isRendered(), 30000);
        QVERIFY(child<Banner>("noticeBanner")->isVisible());
        QVERIFY(child<Banner>("noticeBanner")->text().contains(QStringLiteral("Read-only")));
        QVERIFY(session()->isIntact());
        QVERIFY(!session()->isEditable());
        QVERIFY(session()->path().isEmpty());
        QVERIFY(!child<QAction>("addProtectedEndpointAction")->isEnabled());
        QVERIFY(!session()->save(path).ok());
        QCOMPARE(readFile(path).value(), text);
        openExport();
        QVERIFY(!child<QPushButton>("exportWriteBack")->isEnabled());
        QVERIFY(child<QLabel>("exportRefusal")->isVisible());
        child<QToolButton>("takeSnippet")->click();
        QVERIFY(!child<QLabel>("exportRefusal")->isVisible());
        QVERIFY(child<ExportDialog>("exportDialog")->text().contains("auth/signer"));
        // Saved elsewhere it is a file like any other.
        QVERIFY(session()->save(m_folder->filePath(QStringLiteral("rendered.json"))).ok());
        QVERIFY(session()->isEditable());
    }
};

QTEST_MAIN(TestExport)
#include "tst_export.moc"
