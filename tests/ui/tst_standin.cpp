// Encrypted sets for the document, and stand-in keys where its own cannot be had.
#include "core/keys/encrypted.h"
#include "keysfixture.h"
#include "ui/keys/encryptdialog.h"
#include "ui/keys/standin.h"
#include "ui/widgets/clearingclipboard.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QGuiApplication>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QToolButton>

using namespace tokenlab;
using namespace tokenlab::ui;

class TestStandIn : public QObject, private KeysFixture
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        keepSettingsApart();
        QStandardPaths::setTestModeEnabled(true);
        QDir(StandIn::usualFolder()).removeRecursively();
    }
    void cleanupTestCase() { QDir(StandIn::usualFolder()).removeRecursively(); }
    void init()
    {
        QVERIFY(openWindow());
        QTRY_VERIFY(session()->isSettled());
        QVERIFY(openKeys());
    }
    void cleanup() { closeAll(); }

    void encryptsForTheDocument()
    {
        m_window->openPath(write(
            "krakend.json", configuration("http://127.0.0.1:9999", "\"jwk_local_path\":\"" + write("keys.json", keySet).toUtf8() + '"')));
        QTRY_VERIFY(session()->isSettled());
        m_keys->takeFromDocument(false);
        const QByteArray before = session()->document().bytes();
        part<QAction>("encryptKeysAction")->trigger();
        auto *dialog = shown<EncryptDialog>("encryptDialog");
        QVERIFY(dialog);
        auto *put = dialog->findChild<QPushButton *>(QStringLiteral("putIntoDocument"));
        dialog->findChild<QPushButton *>(QStringLiteral("encryptMake"))->click();
        QVERIFY(put->isVisible());
        QVERIFY(!put->isEnabled()); // the file first
        auto *url = dialog->findChild<QLineEdit *>(QStringLiteral("madeSecretUrl"));
        auto *cypher = dialog->findChild<QLineEdit *>(QStringLiteral("madeCypherKey"));
        QCOMPARE(url->echoMode(), QLineEdit::Password);
        dialog->findChild<QToolButton *>(QStringLiteral("copySecretUrl"))->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), url->text());
        QVERIFY(session()->findChild<ClearingClipboard *>()->holds());
        const QString path = m_folder->filePath(QStringLiteral("keys.enc"));
        dialog->saveFile(path);
        QVERIFY(!(QFile::permissions(path) & QFileDevice::ReadOther));
        QVERIFY(put->isEnabled());
        const int steps = session()->document().undoStack()->index();
        put->click();
        QCOMPARE(session()->document().undoStack()->index(), steps + 1);
        QTRY_VERIFY(session()->isSettled() && session()->signer().state.signer);
        QCOMPARE(session()->signer().state.config.secretUrl, url->text().toUtf8());
        QCOMPARE(session()->signer().state.config.localPath, path.toUtf8());
        session()->document().undoStack()->undo();
        QCOMPARE(session()->document().bytes(), before);
        session()->document().undoStack()->redo();
        QTRY_VERIFY(session()->isSettled() && session()->signer().state.signer);

        // Open and re-key, with what is right and what is wrong.
        const QString secret = url->text(), key = cypher->text();
        dialog->reject();
        QTRY_VERIFY(!shown<EncryptDialog>("encryptDialog"));
        part<QAction>("encryptKeysAction")->trigger();
        dialog = shown<EncryptDialog>("encryptDialog");
        QCOMPARE(dialog->findChild<QLineEdit *>(QStringLiteral("sealedSecretUrl"))->text(), secret); // the document's own
        QCOMPARE(dialog->findChild<QLineEdit *>(QStringLiteral("sealedCypherKey"))->text(), key);
        dialog->findChild<QLineEdit *>(QStringLiteral("sealedCypherKey"))->setText(QStringLiteral("AAAA"));
        QSignalSpy opened(dialog, &EncryptDialog::opened);
        dialog->openSealed();
        QVERIFY(opened.isEmpty());
        QVERIFY(!dialog->findChild<QLabel *>(QStringLiteral("encryptWords"))->text().isEmpty());
        dialog->findChild<QLineEdit *>(QStringLiteral("sealedCypherKey"))->setText(key);
        dialog->findChild<QCheckBox *>(QStringLiteral("sealedKeepUrl"))->setChecked(true);
        dialog->rekey();
        QCOMPARE(dialog->findChild<QLineEdit *>(QStringLiteral("madeSecretUrl"))->text(), secret);
        QVERIFY(dialog->findChild<QLineEdit *>(QStringLiteral("madeCypherKey"))->text() != key);
        dialog->openSealed();
        QCOMPARE(opened.size(), 1);
        QCOMPARE(entries().size(), std::size_t(1));
        QVERIFY(m_keys->set()->path().isEmpty());
    }

    void standIn_data()
    {
        QTest::addColumn<QByteArray>("alg");
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<bool>("offered");
        const QByteArray away("\"jwk_url\":\"http://127.0.0.1:9/jwk.json\"");
        QTest::newRow("host that is away, HS256") << QByteArray("HS256") << away << true;
        QTest::newRow("host that is away, RS256") << QByteArray("RS256") << away << true;
        QTest::newRow("host that is away, EdDSA") << QByteArray("EdDSA") << away << true;
        QTest::newRow("file that is not there, ES384")
            << QByteArray("ES384") << QByteArray("\"jwk_local_path\":\"/no/such/keys.json\"") << true;
        QTest::newRow("a key that cannot do it, ES256") << QByteArray("ES256") << QByteArray() << true;
        QTest::newRow("must fail: the key is there") << QByteArray("HS256") << QByteArray() << false;
        QTest::newRow("must fail: no such algorithm") << QByteArray("XS256") << away << false;
        QTest::newRow("encrypted, file that is not there")
            << QByteArray("HS256") << QByteArray("\"jwk_local_path\":\"/no/such/keys.enc\",\"secret_url\":\"base64key://\"") << true;
        QTest::newRow("encrypted, opened by a service elsewhere, ES256")
            << QByteArray("ES256") << QByteArray("\"jwk_local_path\":\"ENC\",\"secret_url\":\"awskms://x\",\"cypher_key\":\"QUFBQQ==\"")
            << true;
        QTest::newRow("encrypted, another secret")
            << QByteArray("HS256")
            << QByteArray("\"jwk_local_path\":\"ENC\",\"secret_url\":\"base64key://"
                          "smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4=\",\"cypher_key\":\"QUFBQQ==\"")
            << true;
        QTest::newRow("authorities that are not there, a host")
            << QByteArray("ES256") << QByteArray("\"jwk_local_ca\":\"/no/such/ca.pem\"," + away) << true;
        QTest::newRow("must fail: not encrypted, and no set") << QByteArray("HS256") << QByteArray("\"jwk_local_path\":\"ENC\"") << false;
    }
    void standIn()
    {
        QFETCH(QByteArray, alg);
        QFETCH(QByteArray, source);
        QFETCH(bool, offered);
        if (source.isEmpty())
            source = "\"jwk_local_path\":\"" + write("keys.json", keySet).toUtf8() + '"';
        source.replace("ENC", write("keys.enc", "no set, and nothing that opens").toUtf8());
        m_window->openPath(write("krakend.json", configuration("http://127.0.0.1:9999", source).replace("HS256", alg)));
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled(), 20000);
        auto *banner = child<Banner>("standInBanner");
        auto *action = child<QAction>("standInAction");
        QCOMPARE(action->isEnabled(), offered);
        QCOMPARE(banner->isVisible(), offered);
        if (!offered)
            return;
        const QByteArray document = session()->document().bytes();
        const auto bindings = session()->bindings().all().size();
        banner->findChild<QToolButton *>(QStringLiteral("bannerAction"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled() && session()->signer().state.signer, 60000);
        QCOMPARE(session()->document().bytes(), document);
        QVERIFY(!session()->isModified()); // nothing of it is in the document
        const auto added = std::size_t(source.contains("jwk_local_ca") ? 2 : 1);
        QCOMPARE(session()->bindings().all().size(), bindings + added);
        const QString path = QString::fromUtf8(session()->bindings().all()[bindings].to);
        QVERIFY(path.startsWith(StandIn::usualFolder()));
        QVERIFY(!(QFile::permissions(path) & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
        QVERIFY(!(QFile::permissions(StandIn::usualFolder()) & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
        QCOMPARE(session()->signer().state.signer->algorithm(), *jose::algorithmFromName(alg));
        QVERIFY(banner->isVisible());
        // Its public set is offered.
        banner->findChild<QToolButton *>(QStringLiteral("bannerAction"))->click();
        QCOMPARE(m_keys->set()->path(), path);
        QCOMPARE(m_keys->set()->rows().back().kid, QByteArray("k"));
        // One undo.
        child<QAction>("undoAction")->trigger();
        QCOMPARE(session()->bindings().all().size(), bindings);
        QVERIFY(!QFile::exists(path));
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled() && session()->signer().state.error, 20000);
        QVERIFY(action->isEnabled());
        child<QAction>("redoAction")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(session()->isSettled() && session()->signer().state.signer, 20000);
        child<QAction>("undoAction")->trigger();
    }

    void standInForAuthoritiesAlone()
    {
        // The key file is here; only what the gateway reads before it is not.
        const QByteArray source = "\"jwk_local_ca\":\"/no/such/ca.pem\",\"jwk_local_path\":\"" + write("keys.json", keySet).toUtf8() + '"';
        m_window->openPath(write("krakend.json", configuration("http://127.0.0.1:9999", source)));
        QTRY_VERIFY(session()->isSettled());
        auto *banner = child<Banner>("standInBanner");
        QVERIFY(banner->isVisible());
        QVERIFY2(banner->text().contains(QStringLiteral("jwk_local_ca")), qPrintable(banner->text()));
        const auto bindings = session()->bindings().all().size();
        banner->findChild<QToolButton *>(QStringLiteral("bannerAction"))->click();
        QTRY_VERIFY(session()->isSettled() && session()->signer().state.signer);
        QCOMPARE(session()->bindings().all().size(), bindings + 1);
        QCOMPARE(session()->signer().state.keys.keys.size(), std::size_t(1)); // the document's own
        QVERIFY(banner->isVisible());
        QVERIFY(!session()->isModified());
        const QString path = QString::fromUtf8(session()->bindings().all().back().to);
        QVERIFY(QFile::exists(path));
        child<QAction>("undoAction")->trigger();
        QVERIFY(!QFile::exists(path));
        QTRY_VERIFY(session()->isSettled() && session()->signer().state.error);
        child<QAction>("redoAction")->trigger();
        QTRY_VERIFY(session()->isSettled() && session()->signer().state.signer);
        child<QAction>("undoAction")->trigger();
    }

    // The other keys of an encrypted set do not come to lie on the disk in clear.
    void encryptedKeysStayOffTheDisk()
    {
        const keys::Entry other = made(jose::KeyType::Ec, "other"), own = made(jose::KeyType::Ec, "k");
        const auto sealed = keys::sealSet(keys::writePrivate({other, own}));
        QVERIFY(sealed.ok());
        const QByteArray source = "\"jwk_local_path\":\"" + write("keys.enc", sealed->file).toUtf8() + "\",\"secret_url\":\"" +
                                  sealed->secretUrl.view().toByteArray() + "\",\"cypher_key\":\"" + sealed->cypherKey + '"';
        m_window->openPath(write("krakend.json", configuration("http://127.0.0.1:9999", source))); // HS256: the key cannot do it
        QTRY_VERIFY(session()->isSettled());
        QVERIFY(child<QAction>("standInAction")->isEnabled());
        const auto bindings = session()->bindings().all().size();
        child<QAction>("standInAction")->trigger();
        QTRY_VERIFY(session()->isSettled() && session()->signer().state.signer);
        const QByteArray text = contents(QString::fromUtf8(session()->bindings().all()[bindings].to));
        QVERIFY(text.contains("\"k\""));
        QVERIFY(!text.contains(privatePart(other)));
        QVERIFY(!text.contains(privatePart(own)));
        child<QAction>("undoAction")->trigger();
    }
};

QTEST_MAIN(TestStandIn)
#include "tst_standin.moc"
