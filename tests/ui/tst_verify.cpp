// Signatures on the token cards: keys from elsewhere, from a file, a URL, a pasted text or a validator of the document; what is said, that
// it stays, and that signing and checking are never mixed.
#include "core/jose/keynumbers.h"
#include "core/keys/entry.h"
#include "core/playground/demo.h"
#include "tests/core/jose/verifyworld.h"
#include "tests/support/turnoftheloop.h"
#include "ui/keys/keyquestions.h"
#include "ui/tokens/signaturedesk.h"
#include "ui/tokens/signaturesection.h"
#include "ui/tokens/tokenspanel.h"
#include "ui/tokens/verifykeysdialog.h"
#include "ui/widgets/basics.h"
#include "walker.h"
#include "windowfixture.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QGuiApplication>
#include <QLabel>
#include <QProgressBar>
#include <QSignalSpy>
#include <QToolButton>

using namespace tokenlab;
using namespace tokenlab::ui;
namespace world = verifyworld;

namespace {

QByteArray privateSet(const QByteArray &kind)
{
    return "{\"keys\":[" + world::keyOf(kind).toPrivateJwk().view().toByteArray() + "]}";
}

QByteArray publicPem(const QByteArray &kind)
{
    return *jose::publicPem(world::keyOf(kind));
}

// Another spelling of the same signature: the unused bits of its last character set.
QByteArray otherSpelling(QByteArray token)
{
    static const QByteArray alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    token.back() = alphabet[alphabet.indexOf(token.back()) + 1];
    return token;
}

QByteArray derOf(const QByteArray &fixed)
{
    const auto integer = [](QByteArray number) {
        while (number.size() > 1 && number[0] == '\0')
            number.remove(0, 1);
        if (number[0] & char(0x80))
            number.prepend('\0');
        return QByteArray("\x02") + char(number.size()) + number;
    };
    const QByteArray both = integer(fixed.first(32)) + integer(fixed.sliced(32));
    return QByteArray("\x30") + char(both.size()) + both;
}

ChosenKeys chosenFrom(const QByteArray &json)
{
    auto keys = jose::readVerificationKeys(json);
    return {{}, QStringLiteral("test.json"), std::make_shared<const jose::VerificationKeys>(keys ? *keys : jose::VerificationKeys())};
}

} // namespace

class TestVerify : public QObject, private WindowFixture
{
    Q_OBJECT

    playground::DemoBackend m_tls{systemNow};

    TokensPanel *panel() { return child<TokensPanel>("tokenCards"); }
    SignatureDesk *desk() { return panel()->signatures(); }
    VerifyKeysDialog *dialog()
    {
        for (auto *one : m_window->findChildren<VerifyKeysDialog *>()) {
            if (one->isVisible())
                return one;
        }
        return nullptr;
    }
    template <class T>
    T *part(const char *name)
    {
        T *found = dialog() ? dialog()->findChild<T *>(QString::fromLatin1(name)) : nullptr;
        if (!found)
            qFatal("no %s in the dialog", name);
        return found;
    }
    template <class T>
    T *onCard(std::size_t index, const char *name)
    {
        T *found = cards()[index]->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("no %s on the card", name);
        return found;
    }
    QString words(std::size_t card = 0)
    {
        auto *label = onCard<QLabel>(card, "signatureWords");
        return label->isVisibleTo(cards()[card]) ? label->text() : QString();
    }
    void ask()
    {
        onCard<QToolButton>(0, "signatureChoose")->click();
        QVERIFY(dialog());
    }
    void from(VerifySource::Kind kind)
    {
        auto *box = part<QComboBox>("verifyFrom");
        box->setCurrentIndex(box->findData(kind));
    }
    QString error() { return dialog() && part<QLabel>("verifyError")->isVisible() ? part<QLabel>("verifyError")->text() : QString(); }
    // A document whose signer has this key; its login answers with one object to sign.
    void openSigning(playground::Server &backend, const QByteArray &alg, const QByteArray &kind)
    {
        QVERIFY(backend.isListening());
        const QByteArray keys = write("private.json", privateSet(kind)).toUtf8();
        m_window->openPath(
            write("krakend.json", configuration(backend.origin(), "\"jwk_local_path\":\"" + keys + '"').replace("HS256", alg)));
        QTRY_VERIFY(session()->isSettled());
        send();
        QTRY_COMPARE(cards().size(), std::size_t(1));
        QTRY_VERIFY(!cards()[0]->token().isEmpty());
    }
    static playground::Script login(const playground::ServerRequest &)
    {
        playground::Script script;
        script.headers.append("Content-Type", "application/json");
        script.body = "{\"access_token\":{\"sub\":\"john\"}}";
        return script;
    }

private Q_SLOTS:
    void initTestCase()
    {
        keepSettingsApart();
        static QTemporaryDir folder;
        QVERIFY(m_tls.start(0, true));
        const auto port = m_tls.startHttps(0, true, folder.path());
        QVERIFY2(port.ok(), port ? "" : qPrintable(port.error().text));
    }
    void init()
    {
        QVERIFY(openWindow());
        QTRY_VERIFY(session()->isSettled());
        send();
        QTRY_COMPARE(cards().size(), std::size_t(2));
    }
    void cleanup() { m_window.reset(); }

    void signedIsNotChecked()
    {
        for (std::size_t i = 0; i < 2; ++i) {
            QCOMPARE(onCard<QLabel>(i, "signatureNote")->text(), QStringLiteral("not checked"));
            QVERIFY(onCard<Pill>(i, "signaturePill")->isHidden());
            QVERIFY(words(i).isEmpty());
            QVERIFY(onCard<QToolButton>(i, "signatureClear")->isHidden());
        }
        desk()->choose(chosenFrom(world::setOfKind("P-256")));
        for (TokenCard *card : cards()) { // it is signed all the same
            QStringList pills;
            for (Pill *pill : card->findChildren<Pill *>())
                pills << pill->text();
            QVERIFY2(pills.contains(QStringLiteral("signed")), qPrintable(pills.join(QLatin1Char(','))));
        }
        QCOMPARE(onCard<Pill>(0, "signaturePill")->tone(), Tone::Bad);
    }

    // What is refused, by its name, on a card as it is shown.
    void reasons_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const QByteArray &token, const QByteArray &keys, SignatureState::Kind kind,
                            const char *said) { QTest::newRow(name) << token << keys << int(kind) << QString::fromUtf8(said); };
        const auto right = SignatureState::Right, wrong = SignatureState::Wrong;
        const jose::Key mallory = world::keyOf("P-256'");
        const auto es = [](const QByteArray &header, const jose::Key &key) {
            return world::compact(header, world::claims, key, jose::Algorithm::ES256);
        };
        const QByteArray ours = world::setOfKind("P-256");
        row("right: HS256", world::good("HS256"), world::setOfKind("oct"), right, "HS256, key \u201ck\u201d (a secret of 64 bytes)");
        row("right: RS256", world::good("RS256"), world::setOfKind("RSA"), right, "RSA, 2048 bits");
        row("right: ES256", world::good("ES256"), ours, right, "EC P-256");
        row("right: EdDSA", world::good("EdDSA"), world::setOfKind("Ed25519"), right, "Ed25519");
        row("right: a jwk beside it, told", es(world::header("ES256", ",\"jwk\":" + world::jwkOf(mallory)), world::keyOf("P-256")), ours,
            right, "ES256");
        row("must fail: none", world::b64("{\"alg\":\"none\"}") + '.' + world::b64(world::claims) + '.', ours, wrong, "not signed at all");
        row("must fail: HMAC with the public key", world::hsWith(world::jwkOf(world::keyOf("RSA"))), world::setOfKind("RSA"), wrong,
            "RS/HS confusion");
        row("must fail: another key", world::good("ES256"), world::setOfKind("P-256'"), wrong, "not the key's");
        row("must fail: kid not there", es("{\"alg\":\"ES256\",\"kid\":\"other\"}", world::keyOf("P-256")), ours, wrong,
            "no key has the kid \u201cother\u201d");
        row("must fail: embedded jwk", es("{\"alg\":\"ES256\",\"kid\":\"m\",\"jwk\":" + world::jwkOf(mallory) + '}', mallory), ours, wrong,
            "brings its own key (\u201cjwk\u201d)");
        row("must fail: jku", es("{\"alg\":\"ES256\",\"kid\":\"m\",\"jku\":\"m.example\"}", mallory), ours, wrong, "\u201cjku\u201d");
        row("must fail: crit", world::good("ES256", ",\"crit\":[\"exp\"],\"exp\":1"), ours, wrong,
            "\u201ccrit\u201d names \u201cexp\u201d");
        row("must fail: b64", world::good("ES256", ",\"b64\":false"), ours, wrong, "b64");
        row("must fail: spare bits", otherSpelling(world::good("HS256")), world::setOfKind("oct"), wrong, "spelled in another way");
        row("must fail: padding", world::good("HS256") + "==", world::setOfKind("oct"), wrong, "padding");
        row("must fail: DER", world::withSignature(world::good("ES256"), derOf(world::signatureOf(world::good("ES256")))), ours, wrong,
            "ASN.1 (DER)");
        row("must fail: r is zero", world::withSignature(world::good("ES256"), QByteArray(32, '\0') + QByteArray(32, '\1')), ours, wrong,
            "r of the signature is zero");
        row("must fail: alg twice", es("{\"alg\":\"none\",\"alg\":\"ES256\"}", world::keyOf("P-256")), ours, wrong, "twice");
        row("must fail: no keys", world::good("ES256"), "{\"keys\":[]}", wrong, "no key to verify with");
        row("must fail: markup in what is not ours", es("{\"alg\":\"<b>ES\",\"kid\":\"k\"}", world::keyOf("P-256")), ours, wrong, "<b>ES");
    }
    void reasons()
    {
        QFETCH(QByteArray, token);
        QFETCH(QByteArray, keys);
        QFETCH(int, kind);
        QFETCH(QString, said);
        desk()->choose(chosenFrom(keys));
        desk()->setTokens({token});
        TokenCard card;
        twin::FieldOutcome field;
        field.name = "access_token";
        field.kind = twin::FieldOutcome::Signed;
        field.token = token;
        card.showField(field, {}, systemNow());
        card.showSignature(*desk(), systemNow());
        card.show();
        const SignatureState state = desk()->state(token, systemNow());
        QCOMPARE(int(state.kind), kind);
        auto *label = card.findChild<QLabel *>(QStringLiteral("signatureWords"));
        QVERIFY2(label->text().contains(said, Qt::CaseInsensitive), qPrintable(label->text()));
        QCOMPARE(label->textFormat(), Qt::PlainText);
        auto *pill = card.findChild<Pill *>(QStringLiteral("signaturePill"));
        QCOMPARE(pill->tone(), kind == SignatureState::Right ? Tone::Good : Tone::Bad);
        QVERIFY(card.findChild<QLabel *>(QStringLiteral("signatureSource"))->text().contains(QStringLiteral("test.json")));
    }

    void keysFrom_data()
    {
        QTest::addColumn<int>("source");
        QTest::addColumn<QByteArray>("alg"); // of the token that is checked
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("taken");
        QTest::addColumn<QString>("said"); // on the card, or in the dialog
        const auto row = [](const char *name, VerifySource::Kind source, const char *alg, const QByteArray &content, bool taken,
                            const char *said) {
            QTest::newRow(name) << int(source) << QByteArray(alg) << content << taken << QString::fromUtf8(said);
        };
        const char *const right = "The signature is right";
        const auto file = VerifySource::File, paste = VerifySource::Pasted;
        const QByteArray secret = QByteArray(world::keyOf("oct").d()->octets.view().toByteArray());
        row("file: public set", file, "ES256", world::setOfKind("P-256"), true, right);
        row("file: private set", file, "RS256", privateSet("RSA"), true, right);
        row("file: JWK", file, "EdDSA", world::jwkOf(world::keyOf("Ed25519")), true, right);
        row("file: PEM", file, "RS256", publicPem("RSA"), true, right);
        row("file: another key", file, "ES256", publicPem("P-256'"), true, "not the key's");
        row("file: a secret in hex, of two readings", file, "HS256", secret.toHex(), true, right);
        row("paste: set", paste, "ES256", world::setOfKind("P-256"), true, right);
        row("paste: PEM with its lines", paste, "ES256", publicPem("P-256"), true, right);
        row("paste: a secret in hex, of two readings", paste, "HS256", secret.toHex(), true, right);
        row("must fail, file: JSON that is none", file, "ES256", "{\"keys\":[,]}", false, "keys.txt, line 1, column 10");
        row("must fail, file: no set", file, "ES256", "[]", false, "neither a JWK set nor a JWK");
        row("must fail, file: damaged PEM", file, "ES256", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", false,
            "keys.txt");
        row("must fail, file: empty set", file, "ES256", "{\"keys\":[]}", false, "holds no key");
        row("must fail, file: kinds that nobody knows", file, "ES256", "{\"keys\":[{\"kty\":\"AKP\"}]}", false, "no key that can be used");
        row("must fail, paste: JSON that is none", paste, "ES256", "{", false, "The pasted text");
    }
    void keysFrom()
    {
        QFETCH(int, source);
        QFETCH(QByteArray, alg);
        QFETCH(QByteArray, content);
        QFETCH(bool, taken);
        QFETCH(QString, said);
        playground::Server backend(&TestVerify::login);
        QVERIFY(backend.listen());
        openSigning(backend, alg, world::kindFor(*jose::algorithmFromName(alg)));
        ask();
        from(VerifySource::Kind(source));
        QVERIFY(!part<QPushButton>("verifyTake")->isEnabled()); // nothing is given yet
        if (source == VerifySource::File) {
            part<QLineEdit>("verifyFile")->setText(write("keys.txt", content));
        } else {
            QGuiApplication::clipboard()->setText(QString::fromUtf8(content));
            part<QPushButton>("verifyPasteButton")->click();
            QCOMPARE(part<QLineEdit>("verifyPaste")->echoMode(), QLineEdit::Password);
        }
        QTest::keyClick(dialog(), Qt::Key_Return);
        if (said == QLatin1String("The signature is right") && alg == "HS256") {
            ReadingDialog *reading = nullptr;
            QTRY_VERIFY((reading = dialog() ? dialog()->findChild<ReadingDialog *>() : nullptr));
            auto *choice = reading->findChild<QComboBox *>(QStringLiteral("readingChoice"));
            for (int i = 0; i < choice->count(); ++i) {
                if (choice->itemText(i).contains(QStringLiteral("hex"), Qt::CaseInsensitive))
                    choice->setCurrentIndex(i);
            }
            reading->accept();
        }
        if (taken) {
            QTRY_VERIFY(!dialog());
            QTRY_VERIFY2(words().contains(said), qPrintable(words()));
            return;
        }
        QTRY_VERIFY2(error().contains(said), qPrintable(error()));
        QVERIFY(!desk()->chosen());
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QTRY_VERIFY(!dialog());
    }

    void keysFromUrl_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("extra"); // words: box, ca, pin, wrong-pin, bad-pin, no-ca
        QTest::addColumn<bool>("taken");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const char *url, const char *extra, bool taken, const char *said) {
            QTest::newRow(name) << QString::fromUtf8(url) << QString::fromUtf8(extra) << taken << QString::fromUtf8(said);
        };
        const char *const right = "The signature is right";
        row("http, with the box", "KEYS/set", "box", true, right);
        row("http, other keys", "KEYS/others", "box", true, "not the key's");
        row("http, PEM", "KEYS/pem", "box", true, right);
        row("https with its authority", "TLS/jwk/symmetric.json", "ca", true, "Refused");
        row("https with authority and pin", "TLS/jwk/symmetric.json", "ca pin", true, "Refused");
        row("https, whoever answers", "TLS/jwk/symmetric.json", "box", true, "Refused");
        row("through the document's binding", "http://your-backend/jwk/symmetric.json", "box", true, right);
        row("must fail: http", "KEYS/set", "", false, "not protected");
        row("must fail: not trusted", "TLS/jwk/symmetric.json", "", false, "not trusted");
        row("must fail: another pin", "TLS/jwk/symmetric.json", "ca wrong-pin", false, "pin");
        row("must fail: a pin that is none", "TLS/jwk/symmetric.json", "ca bad-pin", false, "SHA-256");
        row("must fail: no such authority", "TLS/jwk/symmetric.json", "no-ca", false, "cannot be read");
        row("must fail: 404", "KEYS/nothing", "box", false, "answers 404");
        row("must fail: an error's page", "KEYS/page", "box", false, "neither a JWK set nor a key file");
        row("must fail: cut", "KEYS/cut", "box", false, "breaks off");
        row("must fail: nobody there", "http://127.0.0.1:1/k", "box", false, "othing listens");
        row("must fail: no URL", "keys.example/jwks", "box", false, "no http or https URL");
    }
    void keysFromUrl()
    {
        QFETCH(QString, url);
        QFETCH(QString, extra);
        QFETCH(bool, taken);
        QFETCH(QString, said);
        const bool demo = url.contains(QStringLiteral("your-backend"));
        playground::Server backend(&TestVerify::login);
        playground::Server keys([](const playground::ServerRequest &request) {
            playground::Script script;
            if (request.target == "/set" || request.target == "/cut")
                script.body = world::setOfKind("P-256");
            else if (request.target == "/others")
                script.body = world::setOfKind("P-256'");
            else if (request.target == "/pem")
                script.body = publicPem("P-256");
            else if (request.target == "/page")
                script.body = "<html>Please log in</html>";
            else
                script.status = 404;
            if (request.target == "/cut") {
                script.raw = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + script.body;
                script.closeAfter = script.raw.size();
            }
            return script;
        });
        QVERIFY(backend.listen());
        QVERIFY(keys.listen());
        if (!demo)
            openSigning(backend, "ES256", "P-256");
        url.replace(QStringLiteral("KEYS"), QString::fromUtf8(keys.origin()))
            .replace(QStringLiteral("TLS"), QString::fromUtf8(m_tls.tls()->origin));
        ask();
        from(VerifySource::Url);
        part<QLineEdit>("verifyUrl")->setText(url);
        QCOMPARE(part<QLabel>("verifyBound")->isVisible(), demo);
        const QStringList given = extra.split(QLatin1Char(' '));
        if (given.contains(QStringLiteral("box")))
            part<QCheckBox>("verifyInsecure")->click();
        if (given.contains(QStringLiteral("ca")))
            part<QLineEdit>("verifyCa")->setText(m_tls.tls()->caFile);
        if (given.contains(QStringLiteral("no-ca")))
            part<QLineEdit>("verifyCa")->setText(QStringLiteral("/no/such/ca.pem"));
        if (given.contains(QStringLiteral("pin")))
            part<QLineEdit>("verifyPins")->setText(QString::fromUtf8(m_tls.tls()->leafPin));
        if (given.contains(QStringLiteral("wrong-pin")))
            part<QLineEdit>("verifyPins")->setText(QString::fromLatin1(QByteArray(32, 'x').toBase64()));
        if (given.contains(QStringLiteral("bad-pin")))
            part<QLineEdit>("verifyPins")->setText(QStringLiteral("abc"));
        part<QPushButton>("verifyTake")->click();
        if (!taken) {
            QTRY_VERIFY2(error().contains(said), qPrintable(error()));
            QVERIFY(!part<QProgressBar>("verifyProgress")->isVisible());
            QVERIFY(!desk()->chosen());
            return;
        }
        QTRY_VERIFY2(!dialog(), qPrintable(error()));
        if (said == QLatin1String("Refused")) // the playground's set has no key of that name
            QTRY_COMPARE(onCard<Pill>(0, "signaturePill")->tone(), Tone::Bad);
        else
            QTRY_VERIFY2(words().contains(said), qPrintable(words()));
        QVERIFY(onCard<QLabel>(0, "signatureSource")->text().contains(url));
        // Asked again, what was given is there.
        ask();
        QCOMPARE(part<QLineEdit>("verifyUrl")->text(), url);
        QCOMPARE(part<QCheckBox>("verifyInsecure")->isChecked(), given.contains(QStringLiteral("box")));
    }

    void silenceIsEscapedFrom()
    {
        playground::Server silent([](const playground::ServerRequest &) {
            playground::Script script;
            script.silent = true;
            return script;
        });
        QVERIFY(silent.listen());
        ask();
        from(VerifySource::Url);
        part<QLineEdit>("verifyUrl")->setText(QString::fromUtf8(silent.origin() + "/k"));
        part<QCheckBox>("verifyInsecure")->click();
        part<QPushButton>("verifyTake")->click();
        QTRY_COMPARE(silent.received().size(), std::size_t(1));
        QVERIFY(part<QProgressBar>("verifyProgress")->isVisible());
        QVERIFY(!part<QPushButton>("verifyTake")->isEnabled());
        QTest::keyClick(dialog(), Qt::Key_Escape); // the download first, then the dialog
        QVERIFY(dialog());
        QVERIFY(!part<QProgressBar>("verifyProgress")->isVisible());
        QVERIFY(part<QPushButton>("verifyTake")->isEnabled());
        QTRY_COMPARE(silent.openConnections(), qint64(0));
        // Closed by Return on the button that has the focus, too.
        auto *cancel = dialog()->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Cancel);
        cancel->setFocus();
        QTest::keyClick(cancel, Qt::Key_Return);
        QTRY_VERIFY(!dialog());
        QVERIFY(!desk()->chosen());
    }

    void staysForAllCardsAndRuns()
    {
        desk()->choose(chosenFrom(QByteArray(keySet).replace("\"kid\":\"k\"", "\"kid\":\"sim2\"")));
        for (std::size_t i = 0; i < 2; ++i) {
            QVERIFY2(words(i).startsWith(QStringLiteral("The signature is right")) ||
                         !cards()[i]->findChild<QWidget *>(QStringLiteral("signatureSection"))->isVisibleTo(cards()[i]),
                     qPrintable(words(i)));
            QCOMPARE(onCard<Pill>(i, "signaturePill")->tone(), Tone::Good); // on a folded card, too
        }
        // An edited payload is another token.
        const QByteArray before = cards()[0]->token();
        session()->editReply(0, "{\"access_token\":{\"sub\":\"somebody else\"}}");
        QTRY_VERIFY(!cards().empty() && cards().back()->token() != before && !cards().back()->token().isEmpty());
        const auto signedCard = std::size_t(cards()[0]->token().isEmpty() ? 1 : 0);
        QTRY_COMPARE(onCard<Pill>(signedCard, "signaturePill")->tone(), Tone::Good);
        // So is another document's, whose key is another one.
        playground::Server backend(&TestVerify::login);
        QVERIFY(backend.listen());
        openSigning(backend, "ES256", "P-256");
        QVERIFY(desk()->chosen());
        QTRY_COMPARE(onCard<Pill>(0, "signaturePill")->tone(), Tone::Bad);
        onCard<QToolButton>(0, "signatureClear")->click();
        QVERIFY(!desk()->chosen());
        QVERIFY(onCard<Pill>(0, "signaturePill")->isHidden());
        QCOMPARE(onCard<QLabel>(0, "signatureNote")->text(), QStringLiteral("not checked"));
    }

    void sendChecksAgain()
    {
        desk()->choose(chosenFrom(QByteArray(keySet).replace("\"kid\":\"k\"", "\"kid\":\"sim2\"")));
        QSignalSpy spy(desk(), &SignatureDesk::changed);
        session()->setDraft([this] {
            RequestDraft draft = session()->draft();
            draft.body = "{\"user\":\"john\",\"pass\":\"guess\"}"; // refused: no token
            return draft;
        }());
        send();
        QTRY_VERIFY(session()->isSettled());
        QVERIFY(!spy.isEmpty());
        for (TokenCard *card : cards())
            QVERIFY(card->findChild<Pill *>(QStringLiteral("signaturePill"))->isHidden());
    }

    void validatorsSet()
    {
        // GET /account of the demonstration has its set from the playground.
        QTRY_VERIFY(onCard<QLabel>(0, "signatureNote") != nullptr);
        auto *verdict = onCard<Pill>(0, "verdictPill");
        QTRY_VERIFY(!verdict->text().isEmpty());
        ask();
        from(VerifySource::Validator);
        QVERIFY2(part<QLabel>("verifyValidator")->text().contains(QStringLiteral("symmetric.json")),
                 qPrintable(part<QLabel>("verifyValidator")->text()));
        part<QPushButton>("verifyTake")->click();
        QTRY_VERIFY2(words().contains(QStringLiteral("The signature is right")), qPrintable(words()));
        QVERIFY(onCard<QLabel>(0, "signatureSource")->text().contains(QStringLiteral("GET /account")));
        // A new run loads the sets anew.
        send();
        QTRY_VERIFY(session()->isSettled());
        QTRY_VERIFY2(words().contains(QStringLiteral("The signature is right")), qPrintable(words()));
        // Another document has no such validator, and it is said.
        playground::Server backend(&TestVerify::login);
        QVERIFY(backend.listen());
        openSigning(backend, "ES256", "P-256");
        QTRY_VERIFY2(words().contains(QStringLiteral("No validator")), qPrintable(words()));
        QVERIFY(onCard<Pill>(0, "signaturePill")->isHidden());
        ask();
        QCOMPARE(part<QComboBox>("verifyFrom")->findData(VerifySource::Validator), -1);
    }

    void largeAndLate()
    {
        const jose::Key key = world::keyOf("oct");
        const QByteArray large =
            world::compact(world::header("HS256"), "{\"x\":\"" + QByteArray(2'000'000, 'x') + "\"}", key, jose::Algorithm::HS256);
        QVERIFY(large.size() > workedAtOnce);
        desk()->setTokens({large});
        std::vector<SignatureState::Kind> seen;
        desk()->choose(chosenFrom(world::setOfKind("P-256"))); // refused, but overtaken
        QCOMPARE(desk()->state(large, systemNow()).kind, SignatureState::Checking);
        connect(desk(), &SignatureDesk::changed, this, [&] { seen.push_back(desk()->state(large, systemNow()).kind); });
        desk()->choose(chosenFrom(world::setOfKind("oct")));
        QTRY_COMPARE(desk()->state(large, systemNow()).kind, SignatureState::Right);
        QVERIFY(std::find(seen.begin(), seen.end(), SignatureState::Wrong) == seen.end());
        desk()->disconnect(this);
        // What is taken away while it is looked at stays away.
        desk()->setTokens({large, large + "x"});
        desk()->clear();
        QCOMPARE(desk()->state(large, systemNow()).kind, SignatureState::Unchecked);
        QVERIFY(test::turnOfTheLoop());
        QCOMPARE(desk()->state(large, systemNow()).kind, SignatureState::Unchecked);
    }

    void secretsStayInside()
    {
        const QByteArray secret = "a marked secret of these tests, 12345";
        QByteArray pasted = secret;
        ask();
        from(VerifySource::Pasted);
        auto *field = part<QLineEdit>("verifyPaste");
        QTest::keyClicks(field, QString::fromUtf8(pasted));
        QVERIFY(!field->displayText().contains(QString::fromUtf8(secret)));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY(!dialog());
        QVERIFY(desk()->chosen());
        QCOMPARE(desk()->chosen()->keys->set.keys.size(), std::size_t(1));
        QTRY_VERIFY(m_window->findChildren<VerifyKeysDialog *>().isEmpty());
        for (const QWidget *widget : QApplication::allWidgets()) {
            QByteArray texts = widget->toolTip().toUtf8() + widget->accessibleName().toUtf8();
            if (const auto *label = qobject_cast<const QLabel *>(widget))
                texts += label->text().toUtf8();
            if (const auto *edit = qobject_cast<const QLineEdit *>(widget))
                texts += edit->text().toUtf8();
            QVERIFY2(!texts.contains(secret), qPrintable(widget->objectName()));
        }
        // Asked again it is not there any more; neither is it in the settings.
        ask();
        QVERIFY(part<QLineEdit>("verifyPaste")->text().isEmpty());
        dialog()->reject();
        m_window->close();
        QSettings settings;
        settings.sync();
        QFile file(settings.fileName());
        if (file.open(QIODevice::ReadOnly)) {
            const QByteArray stored = file.readAll();
            QVERIFY(!stored.contains(secret));
            QVERIFY(!stored.contains("verify"));
        }
    }

    void tooLongToPaste()
    {
        ask();
        from(VerifySource::Pasted);
        part<QLineEdit>("verifyPaste")->setText(QString(100'000, QLatin1Char('x')));
        part<QPushButton>("verifyTake")->click();
        QVERIFY2(error().contains(QStringLiteral("as a file")), qPrintable(error()));
        part<QLineEdit>("verifyPaste")->clear();
        QVERIFY(error().isEmpty());
        QVERIFY(!part<QPushButton>("verifyTake")->isEnabled());
        QGuiApplication::clipboard()->clear();
        part<QPushButton>("verifyPasteButton")->click();
        QVERIFY(error().contains(QStringLiteral("no text")));
    }

    void namedForEverybody()
    {
        ask();
        for (const auto kind : {VerifySource::File, VerifySource::Url, VerifySource::Pasted}) {
            from(kind);
            QCOMPARE(nameless(dialog()), QStringList());
        }
        dialog()->reject();
        desk()->choose(chosenFrom(world::setOfKind("P-256")));
        QCOMPARE(nameless(panel()), QStringList());
        for (const char *name : {"signatureChoose", "signatureClear"})
            QVERIFY(onCard<QToolButton>(0, name)->focusPolicy() & Qt::TabFocus);
        QVERIFY(child<QAction>("checkSignaturesAction")->isEnabled());
        child<QAction>("checkSignaturesAction")->trigger();
        QVERIFY(dialog());
    }
};

QTEST_MAIN(TestVerify)
#include "tst_verify.moc"
