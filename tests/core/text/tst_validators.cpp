// Verdicts of auth/validator in words, and what each protected endpoint of a file says to one token.
#include "core/text/validators.h"

#include <QtTest>

using namespace tokenlab;

namespace {

constexpr qint64 now = 1795487580; // 24 Nov 2026, 02:33 UTC

using Rule = twin::ValidatorRule;

twin::ValidatorVerdict verdictOf(Rule rule, int status = 401)
{
    twin::ValidatorVerdict verdict;
    verdict.decided = rule;
    verdict.status = status;
    return verdict;
}

QByteArray q(QByteArray text)
{
    return text.replace('\'', '"');
}

} // namespace

Q_DECLARE_METATYPE(tokenlab::twin::ValidatorVerdict)
Q_DECLARE_METATYPE(tokenlab::twin::ValidatorError)

class ValidatorsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reasons_data()
    {
        QTest::addColumn<twin::ValidatorVerdict>("verdict");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, Rule rule, const char *reason,
                            const std::function<void(twin::ValidatorVerdict &)> &change = {}) {
            twin::ValidatorVerdict verdict = verdictOf(rule, rule == Rule::Passed ? 200 : 401);
            if (change)
                change(verdict);
            QTest::newRow(name) << verdict << QString::fromUtf8(reason);
        };
        using V = twin::ValidatorVerdict;
        row("passed", Rule::Passed, "all checks pass");
        row("set-up", Rule::Setup, "the validator is not set up: no", [](V &v) { v.gatewayText = "no"; });
        row("no token", Rule::NoToken, "no token in the request");
        row("not three parts", Rule::Malformed, "no token: a compact one has three parts with two dots between them",
            [](V &v) { v.gatewayText = "compact JWS format must have three parts"; });
        row("not base64url", Rule::Malformed, "the token is not base64url throughout",
            [](V &v) { v.gatewayText = "illegal base64 data at input byte 3"; });
        row("else malformed", Rule::Malformed, "the token cannot be read (x)", [](V &v) { v.gatewayText = "x"; });
        row("algorithm", Rule::Algorithm, "signed with \u201cHS256\u201d, but the validator wants RS256", [](V &v) {
            v.found = "HS256";
            v.expected = "RS256";
        });
        row("no algorithm", Rule::Algorithm, "signed with no alg, but the validator wants RS256", [](V &v) { v.expected = "RS256"; });
        row("key host", Rule::KeyHost, "no key set: refused", [](V &v) { v.gatewayText = "refused"; });
        row("key missing", Rule::KeyMissing, "the key set has no key for \u201ck\u201d", [](V &v) { v.found = "k"; });
        row("key missing in the file", Rule::KeyMissing, "the key file has no key for no kid", [](V &v) { v.member = "jwk_local_path"; });
        row("key missing, panic", Rule::KeyMissingCrash,
            "the key set has no key for no kid, while jwk_url answers: the gateway panics at this request");
        row("private key", Rule::KeyKind, "the key set holds a private key; the validator wants the public half");
        row("crit", Rule::Critical, "the header's crit names what the gateway does not understand");
        row("signature", Rule::Signature, "the signature does not match");
        row("no claims", Rule::ClaimTypes, "the payload is no object of claims (x)", [](V &v) { v.gatewayText = "x"; });
        row("claim twice", Rule::ClaimTypes, "sub stands twice in the payload", [](V &v) {
            v.claim = "/sub";
            v.gatewayText = "duplicate key 'sub'";
        });
        row("exp as a text", Rule::ClaimTypes, "exp must be a number of seconds", [](V &v) { v.claim = "/exp"; });
        row("aud as a number", Rule::ClaimTypes, "aud must be a text or a list of texts", [](V &v) { v.claim = "/aud"; });
        row("sub as a number", Rule::ClaimTypes, "sub must be a text", [](V &v) { v.claim = "/sub"; });
        row("issuer", Rule::Issuer, "issued by \u201ca\u201d, wanted b", [](V &v) {
            v.found = "a";
            v.expected = "b";
        });
        row("no issuer", Rule::Issuer, "issued by nobody (no iss), wanted b", [](V &v) { v.expected = "b"; });
        row("audience", Rule::Audience, "audience (no aud) lacks b", [](V &v) { v.expected = "b"; });
        row("nbf", Rule::NotBefore, "not valid before nbf, in 2 minutes", [](V &v) { v.found = QByteArray::number(now + 120); });
        row("exp", Rule::Expired, "expired 22 months ago", [](V &v) { v.found = "1735689600"; });
        row("iat", Rule::IssuedAt, "issued in the future, in 1 second", [](V &v) { v.found = QByteArray::number(now + 1); });
        row("claim's value", Rule::ClaimValues, "a claim cannot be read (x)", [](V &v) { v.gatewayText = "x"; });
        row("roles", Rule::Roles, "a/b has \u201cuser\u201d, wanted admin", [](V &v) {
            v.claim = "/a~1b";
            v.found = "user";
            v.expected = "admin";
        });
        row("no scopes", Rule::Scopes, "scope has nothing of use, wanted r", [](V &v) {
            v.claim = "/scope";
            v.expected = "r";
        });
        row("roles, panic", Rule::RolesCrash, "roles has an element that is no text: the gateway panics at this request",
            [](V &v) { v.claim = "/roles"; });
        row("hangs", Rule::Hangs, "the key host stays silent, and the gateway waits for it for ever");
        row("unknown", Rule::Unknown, "the key set is not known here");
        row("what is found is made inert", Rule::Issuer, "issued by \u201c\u241b[2J\u201d, wanted b", [](V &v) {
            v.found = "\x1b[2J";
            v.expected = "b";
        });
    }
    void reasons()
    {
        QFETCH(twin::ValidatorVerdict, verdict);
        QFETCH(QString, reason);
        QCOMPARE(text::validatorReason(verdict, {now}), reason);
        // As a sentence: a capital and a full stop.
        QString whole = reason + QLatin1Char('.');
        whole[0] = whole[0].toUpper();
        QCOMPARE(text::validatorSentence(verdict, {now}), whole);
    }
    // A table that any text fits would say nothing: another verdict must not get the same words.
    void otherWords()
    {
        QVERIFY(text::validatorReason(verdictOf(Rule::Signature), {now}) != text::validatorReason(verdictOf(Rule::NoToken), {now}));
        QVERIFY(text::validatorRuleSentence("\u00a78.99 nothing").isEmpty());
        QCOMPARE(text::validatorRuleSentence("\u00a78.9 exp"), QStringLiteral("The token has expired."));
    }

    void ofEndpoints_data()
    {
        QTest::addColumn<QByteArray>("validator"); // empty: the endpoint has none
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<bool>("known");   // its state is there
        QTest::addColumn<QString>("said"); // empty: nothing at all
        const QByteArray good = q("{'alg':'HS256','jwk_url':'https://idp.test/k'}");
        QTest::newRow("no validator") << QByteArray() << QByteArray("a.b.c") << true << QString();
        QTest::newRow("not looked at") << good << QByteArray("a.b.c") << false
                                       << QStringLiteral("GET /a/{id}: cannot tell, the key set is not known here");
        QTest::newRow("no token at all") << good << QByteArray("x") << true
                                         << QStringLiteral(
                                                "GET /a/{id}: 401, no token: a compact one has three parts with two dots between them");
        QTest::newRow("another algorithm") << good << QByteArray("eyJhbGciOiJSUzI1NiJ9.e30.AA") << true
                                           << QStringLiteral(
                                                  "GET /a/{id}: 401, signed with \u201cRS256\u201d, but the validator wants HS256");
        QTest::newRow("a header of its own") << q("{'alg':'HS256','jwk_url':'https://idp.test/k','auth_header_name':'X-Token'}")
                                             << QByteArray("x") << true
                                             << QStringLiteral(
                                                    "GET /a/{id}: 401, no token: a compact one has three parts with two dots between them");
        QTest::newRow("must fail: the gateway ends") << q("{'alg':'nope','jwk_url':'https://idp.test/k'}") << QByteArray("x") << true
                                                     << QStringLiteral("GET /a/{id}: the gateway would not start, ");
    }
    void ofEndpoints()
    {
        QFETCH(QByteArray, validator);
        QFETCH(QByteArray, token);
        QFETCH(bool, known);
        QFETCH(QString, said);
        const QByteArray extra = validator.isEmpty() ? QByteArray() : q(",'extra_config':{'auth/validator':") + validator + '}';
        const auto service =
            gateway::load(q("{'version':3,'endpoints':[{'endpoint':'/open','backend':[{'host':['http://h'],'url_pattern':'/'}]},"
                            "{'endpoint':'/a/{id}','backend':[{'host':['http://h'],'url_pattern':'/'}]") +
                              extra + "}]}",
                          QStringLiteral("krakend.json"));
        QVERIFY(service.ok());
        std::map<std::size_t, twin::ValidatorState> states;
        if (known && !validator.isEmpty()) {
            twin::ValidatorStep step = twin::buildValidator(service->endpoints[1], {});
            QVERIFY(std::holds_alternative<twin::ValidatorState>(step));
            states.emplace(1, std::get<twin::ValidatorState>(std::move(step)));
        }
        const auto verdicts = twin::verdictsFor(*service, states, token, {now});
        QCOMPARE(verdicts.size(), std::size_t(said.isEmpty() ? 0 : 1));
        if (verdicts.empty())
            return;
        QCOMPARE(verdicts.front().endpoint, std::size_t(1));
        QVERIFY2(text::sentence(verdicts.front(), {now}).startsWith(said), qPrintable(text::sentence(verdicts.front(), {now})));
    }

    void passes()
    {
        twin::EndpointVerdict one;
        one.method = "GET";
        one.path = "/a";
        one.verdict = verdictOf(Rule::Passed, 200);
        QCOMPARE(text::sentence(one, {now}), QStringLiteral("GET /a: passes"));
        one.verdict.incomplete = true;
        QCOMPARE(text::sentence(one, {now}), QStringLiteral("GET /a: 200, unless validation/cel rejects it"));
    }

    void starts_data()
    {
        QTest::addColumn<bool>("fatal");
        QTest::addColumn<bool>("crash");
        QTest::addColumn<QString>("said");
        QTest::newRow("401 for ever") << false << false << QStringLiteral("auth/validator answers 401 to everybody: x.");
        QTest::newRow("ends") << true << false << QStringLiteral("The gateway ends at its start over auth/validator: x.");
        QTest::newRow("crashes") << false << true << QStringLiteral("The gateway crashes at its start over auth/validator: x.");
    }
    void starts()
    {
        QFETCH(bool, fatal);
        QFETCH(bool, crash);
        twin::ValidatorError error;
        error.text = "x";
        error.fatal = fatal;
        error.crash = crash;
        QTEST(text::sentence(error), "said");
    }
};

QTEST_GUILESS_MAIN(ValidatorsTest)
#include "tst_validators.moc"
