// The Playground window: each fault is switched on by its box, sent, and judged as `token-lab send` judges the same document against the
// same playground; the CA, the pins and the bindings; and playgrounds that do not run.
#include "core/text/text.h"
#include "ui/playground/addressescard.h"
#include "ui/playground/documentuse.h"
#include "ui/playground/faultsmodel.h"
#include "ui/playground/playgrounddialog.h"
#include "ui/request/stagestrip.h"

#include "answer.h"
#include "walker.h"
#include "windowfixture.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QTcpServer>
#include <QToolButton>
#include <QTreeView>

using namespace tokenlab;
using namespace tokenlab::ui;
using playground::Fault;
using playground::FaultGroup;
using playground::FaultInfo;
using playground::FaultSet;

namespace {

constexpr int patience = 60000;

} // namespace

class TestPlayground : public QObject, protected WindowFixture
{
    Q_OBJECT
    Program m_program;

    Playground *playground() { return session()->playground(); }
    PlaygroundDialog *openDialog()
    {
        QTest::mouseClick(child<QToolButton>("playgroundButton"), Qt::LeftButton);
        return child<PlaygroundDialog>("playgroundDialog");
    }
    // By the keyboard, in the tree of the dialog.
    void toggle(Fault fault)
    {
        auto *tree = child<QTreeView>("faultsTree");
        const auto *model = qobject_cast<FaultsModel *>(tree->model());
        tree->setFocus();
        tree->setCurrentIndex(model->indexOf(fault));
        QTest::keyClick(tree, Qt::Key_Space);
    }
    void choose(const char *box, int data)
    {
        auto *combo = child<QComboBox>(box);
        combo->setCurrentIndex(combo->findData(data));
        emit combo->activated(combo->currentIndex());
    }
    // `send` from the window's document, bindings and request.
    Ran sendByCommand()
    {
        m_program.write(QStringLiteral("window.json"), session()->document().bytes());
        QStringList arguments{QStringLiteral("send"),       QStringLiteral("--json"),
                              QStringLiteral("--config"),   QStringLiteral("window.json"),
                              QStringLiteral("--endpoint"), QString::fromUtf8(session()->endpoint()->path),
                              QStringLiteral("--data"),     QString::fromUtf8(session()->draft().body)};
        for (const lab::Binding &binding : session()->bindings().all())
            arguments << QStringLiteral("--bind") << QString::fromUtf8(binding.from + '=' + binding.to);
        return m_program.run(arguments);
    }
    void sendAndWait()
    {
        send();
        QTRY_VERIFY_WITH_TIMEOUT(finished() && session()->isSettled(), patience);
    }
    void overHttps()
    {
        openDialog();
        QTest::mouseClick(child<QPushButton>("usePlaygroundHttps"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
    }

private Q_SLOTS:
    void initTestCase() { keepSettingsApart(); }
    void init() { QVERIFY(openWindow()); }
    void cleanup() { m_window.reset(); }

    void faults_data()
    {
        QTest::addColumn<int>("fault");
        for (const FaultInfo &info : playground::faults())
            QTest::newRow(info.name) << int(info.fault);
    }
    void faults()
    {
        QFETCH(int, fault);
        const auto one = Fault(fault);
        const QString name = QString::fromLatin1(playground::faultInfo(one).name);
        overHttps();
        playground()->backend()->setPace({100, 2, 1000});
        sendAndWait();
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);

        toggle(one);
        QCOMPARE(playground()->faults(), FaultSet{one});
        auto *status = child<QToolButton>("playgroundButton");
        QVERIFY(status->text().endsWith(QStringLiteral(": ") + name));
        QVERIFY(child<QToolButton>("statusNoFault")->isVisible());
        QCOMPARE(child<QLabel>("faultEffect")->text(), playground::faultEffect(one));
        QCOMPARE(child<QLabel>("faultConsequence")->text(), playground::faultConsequence(one));
        QVERIFY2(child<QLabel>("faultHint")->isHidden(), qPrintable(child<QLabel>("faultHint")->text()));
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        sendAndWait();
        if (one == Fault::RotatedKey) {
            // Who runs keeps its keys; who starts now, as `send` does, finds none of its name.
            QTRY_VERIFY_WITH_TIMEOUT(child<QWidget>("oldKeyBanner")->isVisible(), patience);
            sendAndWait();
            QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
            QVERIFY(child<QLabel>("playgroundGateway")->text().contains(QStringLiteral("still signs with the old key")));
            child<QWidget>("oldKeyBanner")->findChild<QToolButton *>(QStringLiteral("bannerAction"))->click();
            QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
            sendAndWait();
            QVERIFY(!child<QWidget>("oldKeyBanner")->isVisible());
        }
        const Answer window = of(*session()->outcome());
        const Ran ran = sendByCommand();
        const QJsonObject said = onlyObject(ran.out);
        QVERIFY2(!said.isEmpty(), ran.err.constData());
        const Answer command = of(said);
        const QString differs = difference(window, command);
        QVERIFY2(differs.isEmpty(), qPrintable(differs));

        // It stands in the window: the verdict, the strip, the sentence, and here.
        const QString verdict = text::verdict(*session()->outcome());
        QVERIFY(child<QLabel>("verdictLabel")->accessibleName().contains(verdict));
        QVERIFY2(child<QLabel>("playgroundOutcome")->text().startsWith(verdict), qPrintable(child<QLabel>("playgroundOutcome")->text()));
        const auto *strip = child<StageStrip>("stageStrip");
        const auto failing = strip->firstFailing();
        QCOMPARE(failing.has_value(), !command.failing.isEmpty());
        if (failing) {
            QCOMPARE(QString::fromLatin1(twin::name(strip->trace()[*failing].stage)), command.failing);
            QCOMPARE(timeless(child<QLabel>("failureSentence")->text()), command.words);
            QVERIFY(timeless(child<QLabel>("playgroundOutcome")->text()).contains(command.words));
        }

        child<QToolButton>("statusNoFault")->click();
        QVERIFY(playground()->faults().isEmpty());
        QVERIFY(!status->text().contains(name));
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        sendAndWait();
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
    }

    void mustDifferFromAnotherFault()
    {
        overHttps();
        toggle(Fault::Expired);
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        sendAndWait();
        const Answer window = of(*session()->outcome());
        playground()->setRestartsGateway(false);
        toggle(Fault::WrongName);
        QVERIFY(!difference(window, of(onlyObject(sendByCommand().out))).isEmpty());
        toggle(Fault::WrongName);
        QVERIFY(playground()->faults().isEmpty());
        QVERIFY(!difference(window, of(onlyObject(sendByCommand().out))).isEmpty());
    }

    void model()
    {
        FaultsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        connect(&model, &FaultsModel::asked, &model, &FaultsModel::setFaults);
        int rows = 0;
        for (int group = 0; group < model.rowCount(); ++group)
            rows += model.rowCount(model.index(group, 0));
        QCOMPARE(std::size_t(rows), playground::faults().size());
        const auto check = [&](Fault fault, Qt::CheckState state) {
            return model.setData(model.indexOf(fault), state, Qt::CheckStateRole);
        };
        const auto isOn = [&](Fault fault) { return model.indexOf(fault).data(Qt::CheckStateRole).toInt() == Qt::Checked; };
        QVERIFY(check(Fault::Expired, Qt::Checked));
        QVERIFY(check(Fault::Html, Qt::Checked));
        QVERIFY(isOn(Fault::Expired) && isOn(Fault::Html));
        QVERIFY(check(Fault::WrongCa, Qt::Checked)); // in place of the other of its group
        QVERIFY(!isOn(Fault::Expired) && isOn(Fault::WrongCa) && isOn(Fault::Html));
        QVERIFY(check(Fault::WrongCa, Qt::Unchecked));
        QVERIFY(!isOn(Fault::WrongCa) && isOn(Fault::Html));
        QVERIFY(!model.setData(model.index(0, 0), Qt::Checked, Qt::CheckStateRole)); // a group has no box
    }

    void addresses()
    {
        auto *dialog = openDialog();
        const auto *tls = playground()->tls();
        QVERIFY(tls);
        const std::pair<const char *, QString> fields[] = {{"playgroundHttp", QString::fromUtf8(playground()->origin())},
                                                           {"playgroundHttps", QString::fromUtf8(tls->origin)},
                                                           {"playgroundCa", tls->caFile},
                                                           {"playgroundLeafPin", QString::fromLatin1(tls->leafPin)},
                                                           {"playgroundCaPin", QString::fromLatin1(tls->caPin)}};
        for (const auto &[name, wanted] : fields) {
            auto *field = child<QLineEdit>(name);
            QCOMPARE(field->text(), wanted);
            field->parentWidget()->findChild<QToolButton *>()->click();
            QCOMPARE(QGuiApplication::clipboard()->text(), wanted);
        }
        child<QToolButton>("copyCaPem")->click();
        QCOMPARE(QGuiApplication::clipboard()->text().toUtf8(), tls->caPem);
        QVERIFY(!tls->caPem.contains("PRIVATE"));
        QVERIFY(QFileInfo::exists(tls->caFile));
        QCOMPARE(tls->leafPin.size(), 44);

        // Each endpoint that is listed is there, over HTTP and, with the CA, over HTTPS.
        auto *list = child<QTreeView>("playgroundEndpoints");
        QSslConfiguration trusting = QSslConfiguration::defaultConfiguration();
        trusting.setCaCertificates(QSslCertificate::fromData(tls->caPem));
        QNetworkAccessManager network;
        for (int row = 0; row < list->model()->rowCount(); ++row) {
            const QString method = list->model()->index(row, 0).data().toString(), path = list->model()->index(row, 1).data().toString();
            list->setCurrentIndex(list->model()->index(row, 0));
            list->findChild<QAction *>(QStringLiteral("copyPlaygroundEndpoint"))->trigger();
            QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromUtf8(playground()->origin()) + path);
            for (const QByteArray &origin : {playground()->origin(), tls->origin}) {
                QNetworkRequest request(QUrl(QString::fromUtf8(origin) + path));
                request.setSslConfiguration(trusting);
                request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
                QByteArray body = playground::demoRequestBody();
                if (path == QLatin1String("/refresh"))
                    body = "{\"refresh_token\":\"x\"}";
                std::unique_ptr<QNetworkReply> reply(method == QLatin1String("POST") ? network.post(request, body) : network.get(request));
                QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), patience);
                QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 200);
            }
        }
        QVERIFY(dialog->isVisible());
    }

    void caSaved()
    {
        auto *dialog = openDialog();
        const QString good = m_folder->filePath(QStringLiteral("own-ca.pem"));
        dialog->addresses()->saveCa(m_folder->filePath(QStringLiteral("nowhere/ca.pem")));
        QVERIFY(child<QLabel>("playgroundWords")->text().contains(QStringLiteral("was left as it was")));
        QCOMPARE(child<QLineEdit>("playgroundCa")->text(), playground()->tls()->caFile);
        dialog->addresses()->saveCa(good);
        QCOMPARE(child<QLineEdit>("playgroundCa")->text(), good);
        const auto saved = readFile(good);
        QVERIFY(saved.ok());
        QCOMPARE(*saved, playground()->tls()->caPem);

        // The document takes the saved one, and a gateway that reads it signs.
        child<QPushButton>("usePlaygroundHttps")->click();
        QVERIFY(session()->document().bytes().contains("\"jwk_local_ca\": \"" + good.toUtf8() + '"'));
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        sendAndWait();
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
        QVERIFY(playgroundReach(*session(), good).namesCa);
        // Without it the same host is of an unknown authority.
        QVERIFY(QFile::remove(good));
        session()->restartGateway();
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        QVERIFY(session()->signer().state.error.has_value());
        QCOMPARE(child<QLineEdit>("playgroundCa")->text(), good); // as it was shown; the next time the private file is
        QCOMPARE(dialog->addresses()->caFile(), playground()->tls()->caFile);
    }

    void bindingUndo()
    {
        openDialog();
        const QByteArray before = session()->document().bytes();
        const auto lead = [this] { return playgroundReach(*session(), {}).lead; };
        QCOMPARE(lead(), HostsLead::Http);
        choose("playgroundLead", int(HostsLead::Https));
        QCOMPARE(lead(), HostsLead::Https);
        QCOMPARE(session()->bindings().all().size(), std::size_t(2));
        for (const lab::Binding &binding : session()->bindings().all())
            QCOMPARE(binding.to, playground()->tls()->origin);
        QCOMPARE(session()->document().bytes(), before); // never in the file
        QVERIFY(!session()->isModified());
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        // The keys are fetched without a look at the certificate; the login's client trusts nobody it does not know.
        sendAndWait();
        QCOMPARE(session()->outcome()->response.status, 400);
        QVERIFY(difference(of(*session()->outcome()), of(onlyObject(sendByCommand().out))).isEmpty());
        child<QAction>("undoAction")->trigger();
        QCOMPARE(lead(), HostsLead::Http);
        QCOMPARE(child<QComboBox>("playgroundLead")->currentData().toInt(), int(HostsLead::Http));
        child<QAction>("redoAction")->trigger();
        QCOMPARE(lead(), HostsLead::Https);
        choose("playgroundLead", int(HostsLead::AsWritten));
        QCOMPARE(lead(), HostsLead::AsWritten);
        QVERIFY(session()->bindings().all().empty());
        child<QAction>("undoAction")->trigger();
        child<QAction>("undoAction")->trigger();
        QCOMPARE(lead(), HostsLead::Http);
        QVERIFY(!session()->document().undoStack()->canUndo());
        // A binding of one host alone is neither; the box tells so and others stay.
        lab::Bindings one;
        one.add({"https://backend", playground()->origin()});
        one.add({"https://elsewhere", "http://127.0.0.1:1"});
        session()->setBindings(one);
        QCOMPARE(child<QComboBox>("playgroundLead")->currentData().toInt(), int(HostsLead::Several));
        choose("playgroundLead", int(HostsLead::Http));
        QCOMPARE(session()->bindings().all().size(), std::size_t(3));
        QCOMPARE(child<QComboBox>("playgroundLead")->findData(int(HostsLead::Several)), -1);
    }

    void httpsIsOneUndo()
    {
        openDialog();
        const QByteArray before = session()->document().bytes();
        const auto bindings = [this] {
            QByteArrayList out;
            for (const lab::Binding &one : session()->bindings().all())
                out << one.from + '=' + one.to;
            std::sort(out.begin(), out.end());
            return out;
        };
        const QByteArrayList bindingsBefore = bindings();
        const auto *button = child<QPushButton>("usePlaygroundHttps");
        QVERIFY(button->isEnabled());
        child<QPushButton>("usePlaygroundHttps")->click();
        const QByteArray after = session()->document().bytes();
        QCOMPARE(after.count("\"jwk_local_ca\""), 3);
        QCOMPARE(after.count("\"jwk_url\": \"https://your-backend/jwk/"), 3);
        QVERIFY(!after.contains("disable_jwk_security"));
        QVERIFY(after.contains("\"ca_certs\"") && after.contains("\"min_version\": \"TLS12\""));
        QCOMPARE(bindings(),
                 QByteArrayList({"https://backend=" + playground()->tls()->origin, "https://your-backend=" + playground()->tls()->origin}));
        QVERIFY(!button->isEnabled()); // all of it is set
        QVERIFY(session()->isIntact());
        child<QAction>("undoAction")->trigger();
        QCOMPARE(session()->document().bytes(), before);
        QCOMPARE(bindings(), bindingsBefore);
        QVERIFY(!session()->document().undoStack()->canUndo());
        QVERIFY(button->isEnabled());
        child<QAction>("redoAction")->trigger();
        QCOMPARE(session()->document().bytes(), after);
    }

    void faultThatDoesNotShow_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<bool>("hinted");
        QTest::newRow("expired") << int(Fault::Expired) << true;
        QTest::newRow("one suite") << int(Fault::OneSuite) << true;
        QTest::newRow("redirect to http") << int(Fault::RedirectToHttp) << true;
        QTest::newRow("must not be: key host down") << int(Fault::KeyHostDown) << false;
        QTest::newRow("must not be: page of the key host") << int(Fault::Html) << false;
        QTest::newRow("must not be: login") << int(Fault::Login401) << false;
    }
    void faultThatDoesNotShow()
    {
        QFETCH(int, fault);
        QFETCH(bool, hinted);
        openDialog(); // over HTTP, as the demonstration is
        toggle(Fault(fault));
        QCOMPARE(child<QLabel>("faultHint")->isVisible(), hinted);
        QCOMPARE(child<QPushButton>("useHttpsForFault")->isVisible(), hinted);
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        sendAndWait();
        QCOMPARE(session()->outcome()->verdict == twin::Verdict::Signed, hinted);
        if (!hinted)
            return;
        child<QPushButton>("useHttpsForFault")->click();
        QVERIFY(!child<QLabel>("faultHint")->isVisible());
        QCOMPARE(playgroundReach(*session(), {}).keys, Playground::Side::Https);
    }

    // A gateway that runs keeps what it has; a login is asked each time.
    void withoutARestart()
    {
        openDialog();
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        auto *restarts = child<QCheckBox>("restartWithFault");
        QVERIFY(restarts->isChecked());
        restarts->setChecked(false);
        toggle(Fault::BadKey);
        QVERIFY(!session()->signer().loading);
        sendAndWait();
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
        QVERIFY(child<QLabel>("playgroundGateway")->text().contains(QStringLiteral("keys that it loaded at its start")));
        child<QToolButton>("playgroundRestart")->click();
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        sendAndWait();
        QCOMPARE(session()->outcome()->response.status, 401);
        // The host is well again, the gateway is not until it starts.
        QTest::mouseClick(child<QToolButton>("noFaultButton"), Qt::LeftButton);
        sendAndWait();
        QCOMPARE(session()->outcome()->response.status, 401);
        QVERIFY(child<QLabel>("playgroundGateway")->text().contains(QStringLiteral("without its signer")));
        restarts->setChecked(true);
        toggle(Fault::Login401);
        QVERIFY(!session()->signer().loading);
        QVERIFY(child<QLabel>("playgroundOutcome")->text().startsWith(QStringLiteral("Before the switch")));
        session()->restartGateway();
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        sendAndWait();
        QCOMPARE(session()->outcome()->response.status, 400);
        QVERIFY(!child<QLabel>("playgroundOutcome")->text().startsWith(QStringLiteral("Before the switch")));
    }

    void portTakenAtTheStart()
    {
        auto taken = std::make_unique<QTcpServer>();
        QVERIFY(taken->listen(QHostAddress::LocalHost));
        MainWindow::Options options;
        options.session.playgroundPort = taken->serverPort();
        options.session.playgroundHttpsPort = 0;
        options.session.anyPlaygroundPort = false;
        m_window = std::make_unique<MainWindow>(options);
        m_window->start({});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        auto *status = child<QToolButton>("playgroundButton");
        QVERIFY2(status->text().contains(QStringLiteral("could not start")), qPrintable(status->text()));
        QVERIFY(session()->bindings().all().empty());
        openDialog();
        const auto *state = child<QLabel>("playgroundState");
        QVERIFY2(state->text().contains(QString::number(taken->serverPort())), qPrintable(state->text()));
        auto *start = child<QPushButton>("startPlayground");
        QVERIFY(start->isVisible());
        QVERIFY(!child<QTreeView>("faultsTree")->isEnabled());
        QVERIFY(!child<QPushButton>("usePlaygroundHttps")->isEnabled());
        QVERIFY(!child<QToolButton>("copyCaPem")->isEnabled());
        start->click();
        QVERIFY(!playground()->isRunning()); // still taken
        taken.reset();
        start->click();
        QVERIFY(playground()->isRunning() && playground()->tls());
        QVERIFY(!start->isVisible());
        QVERIFY(status->text().startsWith(QStringLiteral("Playground on 127.0.0.1:")));
        choose("playgroundLead", int(HostsLead::Http));
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        sendAndWait();
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
    }

    // While nothing listened, another program took the port.
    void portTakenMeanwhile()
    {
        openDialog();
        const quint16 port = quint16(QUrl(QString::fromUtf8(playground()->origin())).port());
        toggle(Fault::KeyHostDown);
        auto taken = std::make_unique<QTcpServer>();
        QVERIFY(taken->listen(QHostAddress::LocalHost, port));
        child<QToolButton>("noFaultButton")->click();
        QVERIFY2(!playground()->trouble().isEmpty(), "the port was opened though it is taken");
        QCOMPARE(child<QLabel>("playgroundState")->text(), playground()->trouble());
        QCOMPARE(child<QLabel>("playgroundState")->property("role").toString(), QStringLiteral("bad"));
        QVERIFY(child<QPushButton>("startPlayground")->isVisible());
        taken.reset();
        child<QPushButton>("startPlayground")->click();
        QVERIFY(playground()->trouble().isEmpty());
        session()->restartGateway();
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        sendAndWait();
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
    }

    void ownDocument_data()
    {
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<bool>("hasUrl");
        QTest::newRow("key URL") << QByteArray("\"jwk_url\":\"https://keys.production.example/jwk/symmetric.json\"") << true;
        QTest::newRow("must not be: key file") << QByteArray("\"jwk_local_path\":\"keys.json\"") << false;
    }
    void ownDocument()
    {
        QFETCH(QByteArray, keys);
        QFETCH(bool, hasUrl);
        QByteArray text = configuration("https://login.production.example", keys);
        text.replace("\"/login\"", "\"/token-issuer\"")
            .replace("\"kid\":\"k\"", "\"kid\":\"sim2\"")
            .replace("\"access_token\"", "\"access_token\"");
        const QString path = write("own.json", text);
        MainWindow::Options options;
        options.session.playgroundPort = 0;
        options.session.playgroundHttpsPort = 0;
        m_window = std::make_unique<MainWindow>(options);
        m_window->start(path);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QVERIFY(!playground()->isRunning());
        QCOMPARE(child<QToolButton>("playgroundButton")->text(), QStringLiteral("Playground not running"));
        openDialog();
        QVERIFY(!playground()->isRunning()); // looking starts nothing
        QVERIFY(!child<QComboBox>("playgroundLead")->isEnabled());
        child<QPushButton>("startPlayground")->click();
        QVERIFY(playground()->isRunning() && playground()->tls());
        QCOMPARE(session()->document().bytes(), text);
        QCOMPARE(child<QPushButton>("usePlaygroundHttps")->isEnabled(), hasUrl);
        toggle(Fault::Html);
        QVERIFY(child<QLabel>("faultHint")->text().contains(QStringLiteral("leads to the playground")));
        child<QToolButton>("noFaultButton")->click();
        if (!hasUrl)
            return;

        // As it stands it leads elsewhere: the CA is named, nothing else is touched.
        child<QPushButton>("usePlaygroundHttps")->click();
        QVERIFY(session()->document().bytes().contains("\"jwk_local_ca\""));
        QVERIFY(session()->document().bytes().contains("disable_jwk_security"));
        QVERIFY(session()->bindings().all().empty());
        child<QAction>("undoAction")->trigger();
        QCOMPARE(session()->document().bytes(), text);

        choose("playgroundLead", int(HostsLead::Https));
        QCOMPARE(session()->bindings().all().size(), std::size_t(2));
        QCOMPARE(session()->document().bytes(), text);
        child<QPushButton>("usePlaygroundHttps")->click();
        const QByteArray used = session()->document().bytes();
        QVERIFY(used.contains("\"jwk_local_ca\"") && used.contains("\"ca_certs\"") && !used.contains("disable_jwk_security"));
        QVERIFY(used.contains("https://keys.production.example/jwk/symmetric.json"));
        RequestDraft draft = session()->draft();
        draft.body = playground::demoRequestBody();
        session()->setDraft(draft);
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        sendAndWait();
        QCOMPARE(session()->outcome()->verdict, twin::Verdict::Signed);
        toggle(Fault::WrongCa);
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), patience);
        sendAndWait();
        const QString differs = difference(of(*session()->outcome()), of(onlyObject(sendByCommand().out)));
        QVERIFY2(differs.isEmpty(), qPrintable(differs));
        QCOMPARE(session()->outcome()->response.status, 401);
    }

    void reach()
    {
        QTest::keyClick(m_window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        auto *dialog = child<PlaygroundDialog>("playgroundDialog");
        QVERIFY(dialog->isVisible());
        QCOMPARE(nameless(dialog), QStringList());
        QVERIFY(dialog->minimumSizeHint().width() <= 1264 && dialog->minimumSizeHint().height() <= 740);
        QVERIFY(dialog->width() <= 1264 && dialog->height() <= 740);
        // A box by the mouse: its fault is the one that is told.
        auto *tree = child<QTreeView>("faultsTree");
        const QModelIndex html = qobject_cast<FaultsModel *>(tree->model())->indexOf(Fault::Html);
        const QRect row = tree->visualRect(html);
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, QPoint(row.left() + 9, row.center().y()));
        QCOMPARE(playground()->faults(), FaultSet{Fault::Html});
        QCOMPARE(tree->currentIndex(), html);
        QCOMPARE(child<QLabel>("faultEffect")->text(), playground::faultEffect(Fault::Html));
        toggle(Fault::Login401);
        toggle(Fault::Expired);
        QVERIFY(child<QAction>("noFaultAction")->isEnabled());
        m_window->activateWindow();
        QTest::keyClick(m_window.get(), Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(playground()->faults().isEmpty());
        QVERIFY(!child<QAction>("noFaultAction")->isEnabled());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QVERIFY(!dialog->isVisible());
        QVERIFY(playground()->isRunning());
    }
};

QTEST_MAIN(TestPlayground)
#include "tst_playground.moc"
