// The Keys window: what comes in, what is shown, edited and undone.
#include "keysfixture.h"
#include "ui/keys/keydetails.h"
#include "ui/keys/keyquestions.h"
#include "ui/keys/newkeydialog.h"
#include "ui/widgets/elidedlabel.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QToolButton>

using namespace tokenlab;
using namespace tokenlab::ui;

class TestKeys : public QObject, private KeysFixture
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

    void headlineGivesUpItsMiddle_data()
    {
        QTest::addColumn<QByteArray>("kid");
        QTest::addColumn<bool>("cut");
        QTest::newRow("short") << QByteArray("k") << false;
        QTest::newRow("a thumbprint and more") << QByteArray(180, 'x').append("-the-end") << true;
        QTest::newRow("must not be markup") << QByteArray("<b>").append(QByteArray(180, 'x')).append("</b>") << true;
    }
    void headlineGivesUpItsMiddle()
    {
        QFETCH(QByteArray, kid);
        QFETCH(bool, cut);
        addMade({made(jose::KeyType::Ec, kid)});
        auto *title = part<ElidedLabel>("keyTitle");
        QTRY_COMPARE(title->text() != title->whole(), cut);
        QCOMPARE(title->whole(), QString::fromUtf8(kid));
        QVERIFY(title->fontMetrics().horizontalAdvance(title->text()) <= title->contentsRect().width());
        QCOMPARE(title->text().contains(QChar(0x2026)), cut);
        QVERIFY(!cut || title->text().endsWith(title->whole().right(3))); // its end is there
        QCOMPARE(title->toolTip().isEmpty(), !cut);
        QVERIFY(!title->toolTip().contains(QStringLiteral("<b>")));
        QCOMPARE(title->accessibleName(), title->whole());
    }

    void enterPressesWhatHasTheFocus_data()
    {
        QTest::addColumn<QByteArray>("button");
        QTest::addColumn<int>("key");
        QTest::addColumn<bool>("pressed");
        QTest::newRow("a push button") << QByteArray("newKeyButton") << int(Qt::Key_Return) << true;
        QTest::newRow("of the number pad") << QByteArray("newKeyButton") << int(Qt::Key_Enter) << true;
        QTest::newRow("a tool button") << QByteArray("removeKeysButton") << int(Qt::Key_Return) << true;
        QTest::newRow("a toggle") << QByteArray("showPrivateMembers") << int(Qt::Key_Return) << true;
        QTest::newRow("a menu") << QByteArray("keysExportButton") << int(Qt::Key_Return) << true;
        QTest::newRow("must fail: another key") << QByteArray("newKeyButton") << int(Qt::Key_A) << false;
        QTest::newRow("must fail: it is disabled") << QByteArray("redoKeysButton") << int(Qt::Key_Return) << false;
        QTest::newRow("must fail: a field") << QByteArray("keyKid") << int(Qt::Key_Return) << false;
    }
    void enterPressesWhatHasTheFocus()
    {
        QFETCH(QByteArray, button);
        QFETCH(int, key);
        QFETCH(bool, pressed);
        addMade({made(jose::KeyType::Ec, "a"), made(jose::KeyType::Ec, "b")});
        m_keys->activateWindow();
        auto *widget = part<QWidget>(button.constData());
        part<QTreeView>("keysTable")->setFocus(); // stays there where the button cannot have it
        widget->setFocus();
        QTest::keyClick(widget, Qt::Key(key));
        auto *menu = part<QMenu>("keysExportButtonMenu");
        const auto happened = [&] {
            return shown<NewKeyDialog>("newKeyDialog") || entries().size() == 1 || part<QToolButton>("showPrivateMembers")->isChecked() ||
                   menu->isVisible();
        };
        if (pressed)
            QTRY_VERIFY(happened());
        else
            QVERIFY(!happened());
        menu->hide();
        QVERIFY(m_keys->isVisible());
    }
};

QTEST_MAIN(TestKeys)
#include "tst_keys.moc"
