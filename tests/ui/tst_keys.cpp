// The Keys window: what comes in, what is shown, edited, undone, and what goes out; encrypted sets; stand-in keys.
#include "core/jose/keynumbers.h"
#include "core/keys/encrypted.h"
#include "core/keys/maker.h"
#include "ui/keys/encryptdialog.h"
#include "ui/keys/keydetails.h"
#include "ui/keys/keyquestions.h"
#include "ui/keys/keysdialog.h"
#include "ui/keys/keysmodel.h"
#include "ui/keys/newkeydialog.h"
#include "ui/keys/standin.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/clearingclipboard.h"
#include "windowfixture.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QToolButton>
#include <QTreeView>

using namespace tokenlab;
using namespace tokenlab::ui;

namespace {

QString recorded(const char *name)
{
    return QStringLiteral(TOKENLAB_TEST_DATA "/keys/") + QString::fromLatin1(name);
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

keys::Entry made(jose::KeyType type, const QByteArray &kid)
{
    keys::MakeRequest request;
    request.type = type;
    request.bits = type == jose::KeyType::Rsa ? 2048 : 256;
    request.kid = {keys::KidRule::Given, kid, {}};
    auto entry = keys::make(request, {});
    if (!entry)
        qFatal("a key");
    return *std::move(entry);
}

// The value of a private member as it stands in the JWK.
QByteArray privatePart(const keys::Entry &entry)
{
    const QByteArray json = entry.json().view().toByteArray();
    for (const QByteArray &name : {QByteArray("\"k\":\""), QByteArray("\"d\":\"")}) {
        const qsizetype at = json.indexOf(name);
        if (at >= 0)
            return json.mid(at + name.size(), json.indexOf('"', at + name.size()) - at - name.size());
    }
    return {};
}

} // namespace

class TestKeys : public QObject, private WindowFixture
{
    Q_OBJECT

    KeysDialog *m_keys = nullptr;

    template <class T>
    T *part(const char *name)
    {
        T *found = m_keys->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("no %s", name);
        return found;
    }
    template <class T>
    T *shown(const char *name) // a dialog that is open
    {
        for (T *one : m_window->findChildren<T *>(QString::fromLatin1(name))) {
            if (one->isVisible())
                return one;
        }
        return nullptr;
    }
    QString notice() { return part<Banner>("keysNotice")->isHidden() ? QString() : part<Banner>("keysNotice")->text(); }
    const keys::Entries &entries() { return m_keys->set()->entries(); }
    void addMade(std::initializer_list<keys::Entry> some) { m_keys->set()->add(some, QStringLiteral("test")); }
    void select(int row)
    {
        auto *table = part<QTreeView>("keysTable");
        table->setCurrentIndex(table->model()->index(row, 0));
    }

private Q_SLOTS:
    void initTestCase()
    {
        keepSettingsApart();
        QStandardPaths::setTestModeEnabled(true);
        QDir(StandIn::usualFolder()).removeRecursively();
    }
    void init()
    {
        QVERIFY(openWindow());
        QTRY_VERIFY(session()->isSettled());
        child<QAction>("keysAction")->trigger();
        m_keys = m_window->findChild<KeysDialog *>();
        QVERIFY(m_keys);
        QVERIFY(m_keys->isVisible());
        QVERIFY(!m_keys->isModal());
    }
    void cleanup()
    {
        m_keys = nullptr;
        m_window.reset();
    }
    void cleanupTestCase() { QDir(StandIn::usualFolder()).removeRecursively(); }

    void model()
    {
        KeysModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        const keys::Entry weak = keys::secretEntry(crypto::SecretBytes{QByteArrayView("short")});
        const keys::Entry broken = keys::Entry::ofJson("{\"kty\":\"RSA\",\"kid\":\"broken\"}");
        model.setRows(keys::survey({made(jose::KeyType::Ec, "a"), weak, broken, made(jose::KeyType::Ed25519, "a")}));
        QCOMPARE(model.rowCount(), 4);
        const auto cell = [&](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(cell(0, KeysModel::KidColumn), QStringLiteral("a"));
        QCOMPARE(cell(0, KeysModel::TypeColumn), QStringLiteral("EC"));
        QCOMPARE(cell(0, KeysModel::SizeColumn), QStringLiteral("P-256"));
        QCOMPARE(cell(0, KeysModel::AlgColumn), QStringLiteral("ES256"));
        QCOMPARE(cell(0, KeysModel::HalfColumn), QStringLiteral("private"));
        QCOMPARE(cell(0, KeysModel::ThumbprintColumn).size(), 43);
        QCOMPARE(cell(1, KeysModel::HalfColumn), QStringLiteral("secret"));
        QCOMPARE(cell(1, KeysModel::SizeColumn), QStringLiteral("40 bit"));
        QVERIFY(!cell(1, KeysModel::WarningColumn).isEmpty());
        QVERIFY(!model.index(1, KeysModel::WarningColumn).data(Qt::DecorationRole).value<QIcon>().isNull());
        QVERIFY(!cell(2, KeysModel::WarningColumn).isEmpty());
        QVERIFY(!cell(3, KeysModel::WarningColumn).isEmpty()); // the ID is there twice
        model.setRows({});
        QCOMPARE(model.rowCount(), 0);
    }

    void imports_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("kind"); // "": refused
        const auto row = [](const char *name, const char *kind) { QTest::newRow(name) << recorded(name) << QByteArray(kind); };
        row("rsa.pkcs1.pem", "RSA");
        row("rsa.pkcs8.der", "RSA");
        row("rsa.cert.pem", "RSA");
        row("p256.sec1.pem", "EC");
        row("p384.pkcs8.pem", "EC");
        row("ed25519.pkcs8.pem", "OKP");
        row("ed25519.spki.der", "OKP");
        row("sshrsa.openssh", "RSA");
        row("sshed.openssh.pub", "OKP");
        row("thumbprints.json", ""); // must fail: JSON, and no key
        row("x25519.pkcs8.pem", "");
        row("there is no such file", "");
    }
    void imports()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, kind);
        m_keys->addFile(file);
        QTRY_VERIFY(!entries().empty() || (!notice().isEmpty() && !notice().startsWith(QStringLiteral("Reading"))));
        QCOMPARE(entries().empty(), kind.isEmpty());
        if (!kind.isEmpty())
            QCOMPARE(m_keys->set()->rows().front().kty, kind);
        QVERIFY(!notice().isEmpty());
    }

    void passphraseIsAskedAgain()
    {
        m_keys->addFile(recorded("p256.sealed.pem"));
        QTRY_VERIFY(shown<PassphraseDialog>("passphraseDialog"));
        auto *first = shown<PassphraseDialog>("passphraseDialog");
        QVERIFY(!first->findChild<QLabel *>(QStringLiteral("passphraseWrong")));
        QTest::keyClicks(first->findChild<QLineEdit *>(QStringLiteral("passphraseField")), QStringLiteral("wrong"));
        first->accept();
        QTRY_VERIFY(shown<QLabel>("passphraseWrong"));
        auto *second = shown<PassphraseDialog>("passphraseDialog");
        second->findChild<QLineEdit *>(QStringLiteral("passphraseField"))->setText(QStringLiteral("test-only-passphrase"));
        QTest::keyClick(second, Qt::Key_Return);
        QTRY_COMPARE(entries().size(), std::size_t(1));
        QVERIFY(entries().front().hasPrivateMembers());
    }

    void textOrBytes()
    {
        const QByteArray hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        m_keys->addText(hex);
        QTRY_VERIFY(shown<ReadingDialog>("readingDialog"));
        auto *dialog = shown<ReadingDialog>("readingDialog");
        auto *choice = dialog->findChild<QComboBox *>(QStringLiteral("readingChoice"));
        QVERIFY(choice->count() >= 2);
        QVERIFY(dialog->findChild<QLabel *>(QStringLiteral("readingLength0"))->text().contains(QStringLiteral("bits")));
        auto *bytes = dialog->findChild<QLabel *>(QStringLiteral("readingBytes1"));
        QVERIFY(bytes->text().isEmpty());
        dialog->findChild<QCheckBox *>(QStringLiteral("readingShowBytes"))->setChecked(true);
        QVERIFY(!bytes->text().isEmpty());
        int wanted = -1;
        for (int i = 0; i < choice->count(); ++i) {
            if (choice->itemText(i).contains(QStringLiteral("hex"), Qt::CaseInsensitive))
                wanted = i;
        }
        QVERIFY(wanted >= 0);
        choice->setCurrentIndex(wanted);
        QCOMPARE(dialog->chosen().bits(), qsizetype(256));
        dialog->accept();
        QTRY_COMPARE(entries().size(), std::size_t(1));
        QCOMPARE(m_keys->set()->rows().front().bits, 256);
    }

    void makesEachKind_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("rule");
        QTest::addColumn<QByteArray>("alg");
        QTest::addColumn<bool>("good");
        QTest::newRow("secret 512, by hand") << 0 << 2 << 2 << QByteArray("HS512") << true;
        QTest::newRow("RSA 2048, by thumbprint") << 1 << 0 << 0 << QByteArray("RS256") << true;
        QTest::newRow("P-521, by date") << 2 << 2 << 1 << QByteArray("ES512") << true;
        QTest::newRow("Ed25519, by thumbprint") << 3 << 0 << 0 << QByteArray("EdDSA") << true;
        QTest::newRow("must fail: an ID that is there") << 2 << 0 << 2 << QByteArray("ES256") << false;
    }
    void makesEachKind()
    {
        QFETCH(int, kind);
        QFETCH(int, size);
        QFETCH(int, rule);
        QFETCH(QByteArray, alg);
        QFETCH(bool, good);
        addMade({made(jose::KeyType::Ec, "taken")});
        part<QPushButton>("newKeyButton")->click();
        auto *dialog = shown<NewKeyDialog>("newKeyDialog");
        QVERIFY(dialog);
        dialog->findChild<QComboBox *>(QStringLiteral("newKeyKind"))->setCurrentIndex(kind);
        dialog->findChild<QComboBox *>(QStringLiteral("newKeySize"))->setCurrentIndex(size);
        dialog->findChild<QComboBox *>(QStringLiteral("newKeyKidRule"))->setCurrentIndex(rule);
        auto *kid = dialog->findChild<QLineEdit *>(QStringLiteral("newKeyKid"));
        QCOMPARE(kid->isVisible(), rule == 2);
        if (rule == 2)
            QTest::keyClicks(kid, good ? QStringLiteral("mine") : QStringLiteral("taken"));
        auto *create = dialog->findChild<QPushButton *>(QStringLiteral("newKeyCreate"));
        QCOMPARE(create->isEnabled(), good);
        QCOMPARE(dialog->findChild<QLabel *>(QStringLiteral("newKeyError"))->isVisible(), !good);
        if (!good) {
            dialog->reject();
            return;
        }
        create->click();
        QTRY_COMPARE_WITH_TIMEOUT(entries().size(), std::size_t(2), 60000);
        const keys::Row &row = m_keys->set()->rows().back();
        QCOMPARE(row.alg, alg);
        QCOMPARE(row.use, QByteArray("sig"));
        QVERIFY(row.findings.empty());
        if (rule == 0)
            QCOMPARE(row.kid, row.thumbprint);
        else if (rule == 2)
            QCOMPARE(row.kid, QByteArray("mine"));
        QVERIFY(m_keys->set()->isModified());
    }

    void makingStops()
    {
        part<QPushButton>("newKeyButton")->click();
        auto *dialog = shown<NewKeyDialog>("newKeyDialog");
        dialog->findChild<QComboBox *>(QStringLiteral("newKeyKind"))->setCurrentIndex(1);
        dialog->findChild<QComboBox *>(QStringLiteral("newKeySize"))->setCurrentIndex(2);
        auto *create = dialog->findChild<QPushButton *>(QStringLiteral("newKeyCreate"));
        create->click();
        auto *progress = dialog->findChild<QProgressBar *>(QStringLiteral("makeProgress"));
        QVERIFY(progress->isVisible());
        QVERIFY(!create->isEnabled());
        QTest::keyClick(dialog, Qt::Key_Escape); // the key first, then the dialog
        QVERIFY(dialog->isVisible());
        QVERIFY(progress->isHidden());
        QVERIFY(create->isEnabled());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QVERIFY(!dialog->isVisible());
        QVERIFY(entries().empty());
    }

    void editsAndUndo()
    {
        addMade({made(jose::KeyType::Ec, "one"), made(jose::KeyType::Ed25519, "two")});
        select(0);
        auto *kid = part<QLineEdit>("keyKid");
        QCOMPARE(kid->text(), QStringLiteral("one"));
        kid->selectAll();
        QTest::keyClicks(kid, QStringLiteral("first"));
        QTest::keyClick(kid, Qt::Key_Return);
        QCOMPARE(entries().front().labels().kid, QByteArray("first"));
        QVERIFY(m_keys->isVisible()); // Return in a field closes nothing
        kid->selectAll();
        QTest::keyClicks(kid, QStringLiteral("two"));
        QTest::keyClick(kid, Qt::Key_Return);
        QCOMPARE(entries().front().labels().kid, QByteArray("first"));
        QVERIFY(part<QLabel>("keyLabelError")->isVisible());
        m_keys->set()->undoStack()->undo();
        QCOMPARE(entries().front().labels().kid, QByteArray("one"));
        select(1);
        part<QAction>("removeKeysAction")->trigger();
        QCOMPARE(entries().size(), std::size_t(1));
        part<QAction>("undoKeysAction")->trigger();
        QCOMPARE(entries().size(), std::size_t(2));
        part<QAction>("undoKeysAction")->trigger();
        QVERIFY(entries().empty());
        QVERIFY(!m_keys->set()->isModified());
        part<QAction>("redoKeysAction")->trigger();
        QCOMPARE(entries().size(), std::size_t(2));
    }

    void sameIdIsAsked_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QList<QByteArray>>("kids");
        QTest::newRow("replace") << QStringLiteral("duplicateReplace") << QList<QByteArray>{"same", "other"};
        QTest::newRow("another ID") << QStringLiteral("duplicateRename") << QList<QByteArray>{"same", "other", "same-2"};
        QTest::newRow("must fail: cancelled") << QString() << QList<QByteArray>{"same", "other"};
    }
    void sameIdIsAsked()
    {
        QFETCH(QString, answer);
        QFETCH(QList<QByteArray>, kids);
        addMade({made(jose::KeyType::Ec, "same"), made(jose::KeyType::Ec, "other")});
        m_keys->addText(made(jose::KeyType::Ed25519, "same").json().view().toByteArray());
        QTRY_VERIFY(shown<QMessageBox>("duplicateKidBox"));
        auto *box = shown<QMessageBox>("duplicateKidBox");
        if (answer.isEmpty())
            box->reject();
        else
            box->findChild<QPushButton *>(answer)->click();
        QTRY_VERIFY(!shown<QMessageBox>("duplicateKidBox"));
        QList<QByteArray> found;
        for (const keys::Entry &entry : entries())
            found << entry.labels().kid;
        QCOMPARE(found, kids);
        QCOMPARE(m_keys->set()->rows().front().kty, QByteArray(answer == QLatin1String("duplicateReplace") ? "OKP" : "EC"));
    }

    void privateMembersAreHidden()
    {
        const keys::Entry secret = made(jose::KeyType::Oct, "s"), pair = made(jose::KeyType::Rsa, "r");
        addMade({secret, pair});
        auto *members = part<QPlainTextEdit>("keyMembers");
        auto *reveal = part<QToolButton>("showPrivateMembers");
        for (int row = 0; row < 2; ++row) {
            select(row);
            const QString marker = QString::fromLatin1(privatePart(entries()[std::size_t(row)]));
            QVERIFY(marker.size() > 20);
            QVERIFY(!members->toPlainText().contains(marker));
            QVERIFY(members->toPlainText().contains(QStringLiteral("kty")));
            reveal->click();
            QVERIFY(members->toPlainText().contains(marker));
            select(1 - row);
            select(row);
            QVERIFY(!members->toPlainText().contains(marker));
        }
        reveal->click();
        m_keys->hide();
        QVERIFY(!reveal->isChecked());
        // What the gateway refuses may hold private members all the same.
        const keys::Entry odd = keys::Entry::ofJson("{\"kty\":\"odd\",\"secret\":\"marker-of-mine\"}");
        QVERIFY(!membersText(odd, false).contains("marker-of-mine"));
        QVERIFY(membersText(odd, true).contains("marker-of-mine"));
    }

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
        QTest::newRow("must fail: encrypted") << QByteArray("HS256")
                                              << QByteArray("\"jwk_local_path\":\"/no/such/keys.enc\",\"secret_url\":\"base64key://\"")
                                              << false;
    }
    void standIn()
    {
        QFETCH(QByteArray, alg);
        QFETCH(QByteArray, source);
        QFETCH(bool, offered);
        if (source.isEmpty())
            source = "\"jwk_local_path\":\"" + write("keys.json", keySet).toUtf8() + '"';
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
        QCOMPARE(session()->bindings().all().size(), bindings + 1);
        const QString path = QString::fromUtf8(session()->bindings().all().back().to);
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

    void namedForEverybody()
    {
        addMade({made(jose::KeyType::Ec, "e")});
        for (const QWidget *widget : m_keys->findChildren<QWidget *>()) {
            const bool focusable = widget->focusPolicy() != Qt::NoFocus && !widget->objectName().startsWith(QStringLiteral("qt_"));
            if (!focusable || !widget->isVisible())
                continue;
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            const auto *box = qobject_cast<const QComboBox *>(widget->parentWidget());
            QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()) || box ||
                         qobject_cast<const QLabel *>(widget),
                     qPrintable(QString::fromLatin1(widget->metaObject()->className()) + widget->objectName()));
        }
    }
};

QTEST_MAIN(TestKeys)
#include "tst_keys.moc"
