// What goes out of the Keys window: copies, files, and the half that others may have; nothing private where a public one was asked for.
#include "core/keys/import.h"
#include "keysfixture.h"
#include "ui/keys/keyquestions.h"
#include "ui/widgets/clearingclipboard.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QToolButton>

using namespace tokenlab;
using namespace tokenlab::ui;

class TestKeysFiles : public QObject, private KeysFixture
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { keepSettingsApart(); }
    void init()
    {
        QVERIFY(openWindow());
        QTRY_VERIFY(session()->isSettled());
        QVERIFY(openKeys());
    }
    void cleanup() { closeAll(); }

    void copies()
    {
        addMade({made(jose::KeyType::Ec, "e"), made(jose::KeyType::Oct, "s")});
        select(0);
        const QString marker = QString::fromLatin1(privatePart(entries().front()));
        part<QToolButton>("copyPublicJwk")->click();
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("\"x\"")));
        QVERIFY(!QGuiApplication::clipboard()->text().contains(marker));
        part<QToolButton>("copyPrivateJwk")->click();
        auto *box = shown<QMessageBox>("copyPrivateBox");
        QVERIFY(box);
        QVERIFY(!QGuiApplication::clipboard()->text().contains(marker));
        box->findChild<QPushButton *>(QStringLiteral("copyPrivateConfirm"))->click();
        QVERIFY(QGuiApplication::clipboard()->text().contains(marker));
        auto *clearing = session()->findChild<ClearingClipboard *>();
        QVERIFY(clearing && clearing->holds());
        clearing->clear();
        QVERIFY(!QGuiApplication::clipboard()->text().contains(marker));
        select(1);
        QVERIFY(!part<QAction>("copyPublicKeysAction")->isEnabled()); // a secret has no public half
    }

    void savesForTheOwnerAlone()
    {
        addMade({made(jose::KeyType::Ec, "e"), made(jose::KeyType::Oct, "s")});
        const QString path = m_folder->filePath(QStringLiteral("keys.json"));
        QVERIFY(QFile(path).open(QIODevice::WriteOnly)); // an older one, readable by others
        QFile::setPermissions(path, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadOther);
        m_keys->saveTo(path);
        QVERIFY(!m_keys->set()->isModified());
        QCOMPARE(QFile::permissions(path) & (QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::WriteOther),
                 QFileDevice::Permissions());
        const auto set = jose::parseKeySet(contents(path), jose::SetSource::LocalFile);
        QVERIFY(set.ok());
        QCOMPARE(set->keys.size(), std::size_t(2));
        m_keys->openFile(path);
        QTRY_COMPARE(m_keys->set()->path(), path);
        QVERIFY(!m_keys->set()->isModified());
        // No folder: the set stays unsaved, and it is said.
        addMade({made(jose::KeyType::Ec, "f")});
        m_keys->saveTo(m_folder->filePath(QStringLiteral("no/such/folder/keys.json")));
        QVERIFY(m_keys->set()->isModified());
        QVERIFY(!notice().isEmpty());
    }

    void publicWaysHaveNothingPrivate()
    {
        addMade({made(jose::KeyType::Ec, "e"), made(jose::KeyType::Rsa, "r"), made(jose::KeyType::Ed25519, "o"),
                 made(jose::KeyType::Oct, "s"), keys::Entry::ofJson("{\"kty\":\"odd\",\"kid\":\"z\",\"d\":\"marker-of-mine\"}")});
        part<QTreeView>("keysTable")->clearSelection();
        const QString set = m_folder->filePath(QStringLiteral("public.json")), pem = m_folder->filePath(QStringLiteral("public.pem")),
                      known = m_folder->filePath(QStringLiteral(".well-known/jwks.json")),
                      asked = m_folder->filePath(QStringLiteral("jwks.json"));
        m_keys->exportPublic(set);
        QVERIFY2(notice().contains(QStringLiteral("3 public keys")), qPrintable(notice()));
        QVERIFY(notice().contains(QStringLiteral("\u201cs\u201d")));
        QVERIFY(notice().contains(QStringLiteral("\u201cz\u201d")));
        m_keys->exportWellKnown(m_folder->path());
        QVERIFY(notice().contains(QStringLiteral("Left out")));
        m_keys->exportPem(pem);
        QVERIFY(notice().contains(QStringLiteral("Left out")));
        // Asked for the private ones under such a name, none is written; nor in the place of the set.
        const QString wrong = m_folder->filePath(QStringLiteral("public-keys.pem"));
        m_keys->exportPrivatePem(entries(), wrong, {});
        QVERIFY(!QFile::exists(wrong));
        QVERIFY(notice().contains(QStringLiteral("another name")));
        // Saved under a name that others read: asked, and the public set is what is proposed.
        m_keys->saveTo(asked);
        auto *box = shown<QMessageBox>("publicNameBox");
        QVERIFY(box);
        QVERIFY(!QFile::exists(asked));
        QCOMPARE(box->defaultButton(), box->findChild<QPushButton *>(QStringLiteral("savePublicInstead")));
        box->findChild<QPushButton *>(QStringLiteral("savePublicInstead"))->click();
        QTRY_VERIFY(QFile::exists(asked));
        for (const QString &path : {set, pem, known, asked}) {
            const QByteArray text = contents(path);
            QVERIFY2(!text.isEmpty(), qPrintable(path));
            for (const keys::Entry &entry : entries())
                QVERIFY2(!text.contains(privatePart(entry)), qPrintable(path));
            QVERIFY(!text.contains("PRIVATE"));
        }
        QCOMPARE(contents(pem).count("BEGIN PUBLIC KEY"), 3);
        QVERIFY(contents(set).contains("\"e\""));
        // Nothing public at all: no file.
        m_keys->set()->reset({made(jose::KeyType::Oct, "s")}, {});
        const QString none = m_folder->filePath(QStringLiteral("none.json"));
        m_keys->exportPublic(none);
        QVERIFY(!QFile::exists(none));
        m_keys->exportPem(none);
        QVERIFY(!QFile::exists(none));
        m_keys->exportWellKnown(m_folder->filePath(QStringLiteral("empty")));
        QVERIFY(!QFile::exists(m_folder->filePath(QStringLiteral("empty/.well-known/jwks.json"))));
    }

    void nothingUnsavedIsLost()
    {
        addMade({made(jose::KeyType::Ec, "e")});
        m_keys->reject();
        auto *box = shown<QMessageBox>("unsavedKeysBox");
        QVERIFY(box);
        QVERIFY(m_keys->isVisible());
        box->button(QMessageBox::Cancel)->click();
        QVERIFY(m_keys->isVisible());
        m_window->close();
        QVERIFY(m_window->isVisible());
        QTRY_VERIFY(shown<QMessageBox>("unsavedKeysBox"));
        shown<QMessageBox>("unsavedKeysBox")->button(QMessageBox::Discard)->click();
        QVERIFY(!m_keys->isVisible());
        QVERIFY(entries().empty()); // no key stays in memory
        m_window->close();
        QVERIFY(!m_window->isVisible());
    }

    void takesTheDocumentsSet()
    {
        m_window->openPath(write(
            "krakend.json", configuration("http://127.0.0.1:9999", "\"jwk_local_path\":\"" + write("keys.json", keySet).toUtf8() + '"')));
        QTRY_VERIFY(session()->isSettled());
        m_keys->takeFromDocument(false);
        QCOMPARE(entries().size(), std::size_t(1));
        QCOMPARE(m_keys->set()->path(), m_folder->filePath(QStringLiteral("keys.json")));
        QVERIFY(!m_keys->set()->isModified());
        m_keys->takeFromDocument(true); // a secret alone: nothing public in it
        QCOMPARE(entries().size(), std::size_t(1));
        QVERIFY(notice().contains(QStringLiteral("nothing public")));
    }

    void settingsHoldNothing()
    {
        addMade({made(jose::KeyType::Ec, "marker-kid")});
        const QByteArray marker = privatePart(entries().front());
        m_keys->saveTo(m_folder->filePath(QStringLiteral("keys.json")));
        m_keys->reject();
        m_window->close();
        QSettings settings;
        settings.sync();
        QVERIFY(!contents(settings.fileName()).contains(marker));
        QVERIFY(!contents(settings.fileName()).contains("marker-kid"));
    }

    // A private key as PEM: asked plainly first, for its owner alone, and read back as what it was.
    void privatePem_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("passphrase");
        QTest::addColumn<QString>("again");
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("written");
        const auto row = [](const char *name, jose::KeyType type, const char *passphrase, const char *again, const char *file,
                            bool written) {
            QTest::newRow(name) << int(type) << QString::fromUtf8(passphrase) << QString::fromUtf8(again) << QString::fromUtf8(file)
                                << written;
        };
        row("EC, in clear", jose::KeyType::Ec, "", "", "private.pem", true);
        row("RSA, in clear", jose::KeyType::Rsa, "", "", "key.pem", true);
        row("Ed25519, in clear", jose::KeyType::Ed25519, "", "", "key.pem", true);
        row("EC, sealed", jose::KeyType::Ec, "p\u00e4ss phrase", "p\u00e4ss phrase", "key.pem", true);
        row("must fail: the passphrases differ", jose::KeyType::Ec, "one", "other", "key.pem", false);
        row("must fail: a file that others read", jose::KeyType::Ec, "", "", "public.pem", false);
        row("must fail: a folder that others read", jose::KeyType::Ec, "", "", ".well-known/key.pem", false);
        row("must fail: no such folder", jose::KeyType::Ec, "", "", "no/such/key.pem", false);
    }
    void privatePem()
    {
        QFETCH(int, type);
        QFETCH(QString, passphrase);
        QFETCH(QString, again);
        QFETCH(QString, file);
        QFETCH(bool, written);
        addMade({made(jose::KeyType(type), "e"), made(jose::KeyType::Oct, "s")});
        part<QTreeView>("keysTable")->clearSelection();
        auto *action = part<QAction>("exportPrivatePemKeysAction");
        QVERIFY(action->isEnabled());
        action->trigger();
        auto *ask = shown<PrivatePemDialog>("privatePemDialog");
        QVERIFY(ask);
        QVERIFY(!shown<QFileDialog>("privatePemFile")); // asked first
        QVERIFY(ask->findChild<QLabel *>(QStringLiteral("privatePemWhat"))->text().contains(QStringLiteral("\u201ce\u201d")));
        auto *field = ask->findChild<QLineEdit *>(QStringLiteral("privatePemPassphrase"));
        QCOMPARE(field->echoMode(), QLineEdit::Password);
        field->setText(passphrase);
        ask->findChild<QLineEdit *>(QStringLiteral("privatePemAgain"))->setText(again);
        auto *next = ask->findChild<QPushButton *>(QStringLiteral("privatePemNext"));
        QCOMPARE(next->isEnabled(), passphrase == again);
        if (passphrase != again) {
            ask->reject();
            return;
        }
        next->click();
        auto *choose = shown<QFileDialog>("privatePemFile");
        QVERIFY(choose);
        const QString path = m_folder->filePath(file);
        if (QFile old(path); old.open(QIODevice::WriteOnly)) // one that others could read
            old.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadOther);
        emit choose->fileSelected(path);
        choose->reject();
        QTRY_VERIFY_WITH_TIMEOUT(!notice().isEmpty() && notice() != QStringLiteral("Writing\u2026"), 30000);
        const QByteArray text = contents(path);
        QCOMPARE(text.contains("PRIVATE KEY"), written);
        if (!written) {
            QVERIFY(text.isEmpty());
            return;
        }
        QCOMPARE(text.contains("ENCRYPTED"), !passphrase.isEmpty());
        QVERIFY(!(QFile::permissions(path) & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
        QByteArray utf8 = passphrase.toUtf8();
        const crypto::SecretBytes secret{QByteArrayView(utf8)};
        const auto read = keys::import(text, {passphrase.isEmpty() ? nullptr : &secret, {}});
        QVERIFY(read.ok());
        QCOMPARE(read->entries.size(), std::size_t(1)); // the secret has no such form
        QVERIFY(jose::sameKey(*read->entries.front().key(), *entries().front().key()));
        QVERIFY(read->entries.front().hasPrivateMembers());
        QVERIFY(notice().contains(passphrase.isEmpty() ? QStringLiteral("in clear") : QStringLiteral("passphrase")));
        QVERIFY(m_keys->set()->isModified()); // an export is not a save
    }

    void privatePemIsOfferedForPrivateKeys()
    {
        auto *action = part<QAction>("exportPrivatePemKeysAction");
        QVERIFY(!action->isEnabled());
        const keys::Entry pair = made(jose::KeyType::Ec, "e");
        addMade({keys::Entry::ofJson(*pair.publicJson()), made(jose::KeyType::Oct, "s")});
        part<QTreeView>("keysTable")->clearSelection();
        QVERIFY(!action->isEnabled()); // public, and a secret
        addMade({made(jose::KeyType::Ec, "f")});
        part<QTreeView>("keysTable")->clearSelection();
        QVERIFY(action->isEnabled());
        action->trigger();
        auto *ask = shown<PrivatePemDialog>("privatePemDialog");
        QVERIFY(ask);
        QString all;
        for (const QLabel *label : ask->findChildren<QLabel *>())
            all += label->text() + QLatin1Char('\n');
        QVERIFY2(all.contains(QStringLiteral("\u201ce\u201d (its public half alone is here)")), qPrintable(all));
        QVERIFY2(all.contains(QStringLiteral("\u201cs\u201d (a secret")), qPrintable(all));
        QTest::keyClick(ask, Qt::Key_Escape);
        QVERIFY(!shown<QFileDialog>("privatePemFile"));
    }
};

QTEST_MAIN(TestKeysFiles)
#include "tst_keysfiles.moc"
