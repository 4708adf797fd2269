// Errors, verdicts and steps: each sentence says what happened, where, and what to do.
#include "core/text/text.h"

#include <QtTest>

using namespace tokenlab;

class ErrorsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // Every start-up text of the gateway gets a sentence of our own with a remedy. Specification §1.5, §2, §3, §6.2, §10.
    void startErrors_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<QString>("wanted");
        const auto row = [](const char *words, const char *wanted) {
            QTest::newRow(words) << QByteArray(words) << QString::fromUtf8(wanted);
        };
        row("JWK client is using an insecure connection to the JWK service", "disable_jwk_security");
        row("decoding fingerprint #0: illegal base64 data at input byte 60", "jwk_fingerprints");
        row("failed to append \"ca.pem\" to RootCAs: open ca.pem: no such file or directory", "jwk_local_ca");
        row("open k.json: no such file or directory", "key file");
        row("read k: is a directory", "key file");
        row("Get \"\": unsupported protocol scheme \"\"", "no key with this kid");
        row("no Keys have been found", "no key with this kid");
        row("no Keys has been found", "empty");
        row("should have a JSON content type for JWKS endpoint", "Content-Type");
        row("go-jose/go-jose: unknown/unsupported algorithm", "oct key");
        row("go-jose/go-jose: unsupported key type/format", "public");
        row("go-jose/go-jose: invalid RSA key, missing n/e values", "malformed");
        row("json: cannot unmarshal number into Go struct field SignerConfig.kid of type string", "wrong type");
        row("Get \"http://127.0.0.1:1/x\": dial tcp 127.0.0.1:1: connect: connection refused", "othing listens");
        row("Get \"https://h/\": tls: failed to verify certificate: x509: certificate signed by unknown authority", "not trusted");
        row("Get \"https://h/\": JWK client did not find a pinned key", "pin");
        row("Get \"https://h/\": EOF", "EOF");
        row("cipher: message authentication failed", "cypher_key");
        row("secrets (code=Unknown): localsecrets: Decrypt failed", "secret_url");
        row("unexpected EOF", "cut short");
    }
    void startErrors()
    {
        QFETCH(QByteArray, words);
        QFETCH(QString, wanted);
        twin::StartError error;
        error.text = words;
        const QString sentence = text::sentence(error);
        QVERIFY2(sentence.contains(wanted), qPrintable(sentence));
        QVERIFY2(sentence.at(0).isUpper() && sentence.endsWith(QLatin1Char('.')), qPrintable(sentence));
        QVERIFY2(!sentence.contains(QStringLiteral("%1")), qPrintable(sentence));
    }

    void unknownWordsAreKept()
    {
        twin::StartError error;
        error.text = "something %2 new";
        QCOMPARE(text::sentence(error), QStringLiteral("Something %2 new."));
        error.crash = true;
        QVERIFY(text::sentence(error).contains(QStringLiteral("crash")));
        error.crash = false;
        error.hangs = true;
        QVERIFY(text::sentence(error).contains(QStringLiteral("silent")));
    }

    void transportErrors()
    {
        QSet<QString> seen;
        for (int kind = http::TransportError::BadUrl; kind <= http::TransportError::Other; ++kind) {
            const QString sentence = text::sentence(http::TransportError{http::TransportError::Kind(kind), "words", "http://h/"});
            QVERIFY(sentence.contains(QStringLiteral("http://h/")) && sentence.contains(QStringLiteral("words")));
            QVERIFY2(!seen.contains(sentence), qPrintable(sentence));
            seen.insert(sentence);
        }
    }

    void places_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<qsizetype>("offset");
        QTest::addColumn<QString>("wanted");
        QTest::newRow("third line") << QByteArray("{\n\"a\":1,\n}") << qsizetype(9) << QStringLiteral("k.json, line 3, column 1");
        QTest::newRow("columns count characters") << QByteArray("{\"\xc3\xa9\":x") << qsizetype(6) << QStringLiteral("line 1, column 6");
        QTest::newRow("empty") << QByteArray() << qsizetype(0) << QStringLiteral("empty");
        QTest::newRow("blank") << QByteArray(" \n") << qsizetype(2) << QStringLiteral("empty");
        QTest::newRow("BOM") << QByteArray("\xef\xbb\xbf{}") << qsizetype(0) << QStringLiteral("byte order mark");
        QTest::newRow("UTF-16") << QByteArray("\xff\xfe{\0", 4) << qsizetype(0) << QStringLiteral("UTF-16");
        QTest::newRow("binary") << QByteArray("\x7f"
                                              "ELF\0\0",
                                              6)
                                << qsizetype(0) << QStringLiteral("binary");
        QTest::newRow("hostile file name") << QByteArray("x") << qsizetype(0) << QStringLiteral("line 1");
    }
    void places()
    {
        QFETCH(QByteArray, source);
        QFETCH(qsizetype, offset);
        QFETCH(QString, wanted);
        gateway::ConfigError error;
        error.text = "words";
        error.offset = offset;
        const QString sentence = text::sentence(error, QStringLiteral("k.json"), source);
        QVERIFY2(sentence.contains(wanted), qPrintable(sentence));
        QVERIFY2(sentence.contains(QStringLiteral("words")), qPrintable(sentence));
        QVERIFY(text::sentence(error, QStringLiteral("%1%2"), source).startsWith(QStringLiteral("%1%2, line")));
    }

    void configErrorsWithoutPlace()
    {
        gateway::ConfigError error{gateway::ConfigError::Parse, "unsupported version: 2 (want: 3)", "/version", -1};
        QCOMPARE(text::sentence(error, QStringLiteral("k.json"), "{\"version\":2}"),
                 QStringLiteral("k.json, /version: unsupported version: 2 (want: 3)"));
        error.kind = gateway::ConfigError::NotReadYet;
        QVERIFY(text::sentence(error, QStringLiteral("k.yml"), "a: 1").contains(QStringLiteral("not read yet")));
        error.kind = gateway::ConfigError::Unreadable;
        QVERIFY(text::sentence(error, QStringLiteral("k"), {}).contains(QStringLiteral("cannot be read")));
    }

    void closedConnections_data()
    {
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QString>("verdict");
        for (const char *name : {"write_timeout", "read_timeout", "read_header_timeout"})
            QTest::newRow(name) << QByteArray("/") + name
                                << QStringLiteral("Would close the connection without an answer: %1 is over").arg(QLatin1String(name));
    }
    void closedConnections()
    {
        QFETCH(QByteArray, pointer);
        twin::Outcome outcome;
        outcome.verdict = twin::Verdict::Refused;
        outcome.brokenOff = true;
        twin::TraceStep &earlier = outcome.trace.emplace_back(); // the backend's failure is nobody's business any more
        earlier.stage = twin::Stage::Backend;
        earlier.state = twin::StepState::Failed;
        earlier.pointer = "/endpoints/0/backend/0";
        twin::TraceStep &step = outcome.trace.emplace_back();
        step.stage = twin::Stage::Reply;
        step.state = twin::StepState::Failed;
        step.pointer = pointer;
        QTEST(text::verdict(outcome), "verdict");
    }

    void verdicts()
    {
        twin::Outcome outcome;
        outcome.verdict = twin::Verdict::Signed;
        outcome.response.status = 200;
        QCOMPARE(text::verdict(outcome), QStringLiteral("Would answer 200, all signed"));

        outcome.verdict = twin::Verdict::PartlySigned;
        outcome.fields = {{"a", twin::FieldOutcome::Signed, {}, {}}, {"b", twin::FieldOutcome::Missing, {}, {}}};
        QVERIFY(text::verdict(outcome).startsWith(QStringLiteral("Would answer 200, but only 1 of 2 signed")));

        outcome.verdict = twin::Verdict::Unsigned;
        QVERIFY(text::verdict(outcome).contains(QStringLiteral("nothing is signed")));
        outcome.signs = false; // nothing was to be signed
        QCOMPARE(text::verdict(outcome), QStringLiteral("Would answer 200; this endpoint has no signer"));

        outcome.verdict = twin::Verdict::Refused;
        outcome.response.status = 401;
        outcome.signerError = twin::StartError{};
        outcome.signerError->text = "no Keys have been found";
        QCOMPARE(text::verdict(outcome), QStringLiteral("Would answer 401: signer not built, the key set has no key with this kid"));

        outcome.signerError->text = "Get \"http://h/\": dial tcp: lookup h on 127.0.0.53:53: no such host";
        QCOMPARE(text::verdict(outcome), QStringLiteral("Would answer 401: signer not built, the key host's name is not known"));

        outcome.verdict = twin::Verdict::DoesNotStart;
        outcome.startError = "unsupported version: 2 (want: 3)";
        QCOMPARE(text::verdict(outcome), QStringLiteral("Would not start: unsupported version: 2 (want: 3)"));
        outcome.startError = "decoding failed due to the following error(s):\n\n'timeout' time: invalid duration";
        QCOMPARE(text::verdict(outcome),
                 QStringLiteral("Would not start: decoding failed due to the following error(s): 'timeout' time: invalid duration"));
        outcome.hangs = true;
        QVERIFY(text::verdict(outcome).contains(QStringLiteral("hang")));

        outcome.verdict = twin::Verdict::Incomplete;
        outcome.notSimulated = {"modifier/lua-proxy"};
        QVERIFY(text::verdict(outcome).contains(QStringLiteral("modifier/lua-proxy")));
        QVERIFY2(!text::verdict(outcome).contains(QStringLiteral("Would answer")), "only what is known is promised");
    }

    void refusedByTheBackend()
    {
        twin::Outcome outcome;
        outcome.verdict = twin::Verdict::Refused;
        outcome.response.status = 400;
        twin::BackendExchange backend;
        http::Reply reply;
        reply.status = 401;
        backend.reply = Result<http::Reply, http::TransportError>(reply);
        outcome.backends.push_back(backend);
        QCOMPARE(text::verdict(outcome), QStringLiteral("Would answer 400: the backend answered 401"));
    }

    void everyStageHasWords()
    {
        QSet<QString> titles;
        for (int stage = int(twin::Stage::Config); stage <= int(twin::Stage::Validators); ++stage) {
            twin::TraceStep step;
            step.stage = twin::Stage(stage);
            titles.insert(text::stageTitle(step.stage));
            QVERIFY(!text::why(step).isEmpty());
            for (const auto state : {twin::StepState::Ok, twin::StepState::Failed, twin::StepState::Skipped, twin::StepState::Warning}) {
                step.state = state;
                QVERIFY(!text::step(step).isEmpty());
            }
        }
        QCOMPARE(titles.size(), 8);
    }

    // What Token Lab does not play or cannot see is named; `Failed.` tells nobody anything.
    void openSteps_data()
    {
        QTest::addColumn<twin::Stage>("stage");
        QTest::addColumn<QByteArray>("detail");
        QTest::addColumn<QString>("sentence");
        QTest::addColumn<QString>("verdict");
        QTest::newRow("encoding xml") << twin::Stage::Shape << QByteArray("xml")
                                      << QStringLiteral("xml is not played here: what the gateway makes of this answer is unknown.")
                                      << QString();
        QTest::newRow("interim answer") << twin::Stage::Backend << QByteArray("103 \xc2\xb7 19 ms")
                                        << QStringLiteral("The interim answer 103 ") << QStringLiteral("interim answer 103");
        QTest::newRow("head unseen") << twin::Stage::Backend << QByteArray("200") << QStringLiteral("The answer 200 cannot be read here")
                                     << QStringLiteral("cannot be read here");
        QTest::newRow("another endpoint") << twin::Stage::Request << QByteArray("/refresh") << QStringLiteral("/refresh")
                                          << QStringLiteral("taken by /refresh");
        QTest::newRow("key host's interim answer") << twin::Stage::Key << QByteArray("an interim answer came first")
                                                   << QStringLiteral("an interim answer came first") << QStringLiteral("key host");
        QTest::newRow("must fail to be open: a silent key host hangs")
            << twin::Stage::Key << QByteArray("http://h/jwk.json") << QStringLiteral("stays silent") << QString();
    }
    void openSteps()
    {
        QFETCH(twin::Stage, stage);
        QFETCH(QByteArray, detail);
        QFETCH(QString, sentence);
        QFETCH(QString, verdict);
        twin::TraceStep step;
        step.stage = stage;
        step.state = twin::StepState::Failed;
        step.detail = detail;
        QVERIFY2(text::step(step).contains(sentence), qPrintable(text::step(step)));
        if (verdict.isEmpty())
            return;
        twin::Outcome outcome;
        outcome.verdict = twin::Verdict::Incomplete;
        outcome.trace.push_back(step);
        QVERIFY2(text::verdict(outcome).contains(verdict), qPrintable(text::verdict(outcome)));
    }

    void failedSteps()
    {
        twin::TraceStep step;
        step.stage = twin::Stage::Backend;
        step.state = twin::StepState::Failed;
        step.gatewayText = "invalid status code 401 [POST /token-issuer]: http://h/token-issuer";
        QVERIFY(text::step(step).contains(QStringLiteral("return_error_details")));
        step.stage = twin::Stage::Sign;
        step.gatewayText = "go-jose/go-jose: expected 384 bit key, got 256 bits instead";
        QVERIFY(text::step(step).contains(QStringLiteral("P-384")));
        step.state = twin::StepState::Skipped;
        step.gatewayText.clear();
        QCOMPARE(text::step(step), QStringLiteral("Not reached."));
    }
};

QTEST_GUILESS_MAIN(ErrorsTest)
#include "tst_errors.moc"
