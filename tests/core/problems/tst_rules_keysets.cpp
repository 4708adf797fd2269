// What the key set of a validator tells, as its key host or its file gave it: whether there is one at all, and whether the tokens that this
// file signs would be verified with it.
#include "core/text/problems.h"
#include "tests/core/problems/signerworld.h"

#include <QTest>

#include <set>

using namespace tokenlab;
using namespace tokenlab::problems;

namespace {

QByteArray q(const char *text)
{
    return inQuotes(text);
}

const QByteArray at = "/endpoints/1/extra_config/auth~1validator";

QByteArray privateSet(const std::vector<jose::Key> &keys)
{
    jose::KeySet set;
    set.keys = keys;
    return jose::writePrivateSet(set).view().toByteArray();
}
QByteArray publicSet(const std::vector<jose::Key> &keys)
{
    jose::KeySet set;
    set.keys = keys;
    return jose::writePublicSet(set);
}

// A login that signs with a file's key, and an endpoint that wants tokens.
QByteArray document(const char *alg, const char *validator, const char *issuerHost = "keys")
{
    QByteArray text = withEndpoint({}, {}, {},
                                   q("'auth/signer':{'alg':'") + alg +
                                       q("','kid':'k','keys_to_sign':['a'],'disable_jwk_security':true,'jwk_url':'http://") + issuerHost +
                                       q("/private','jwk_local_path':'private.json'}"));
    text.chop(2);
    return text + q(",{'endpoint':'/p','backend':[{'url_pattern':'/p'}],'extra_config':{'auth/validator':{'disable_jwk_security':true,") +
           q(validator) + "}}}]}";
}

struct Sets {
    QByteArray signer;                        // private.json
    QByteArray file;                          // of the validator, by jwk_local_path
    std::optional<twin::DownloadSupply> host; // of the validator, by jwk_url; none: nobody has asked
};

void checkSets(const QByteArray &text, const Sets &sets, Checked &out)
{
    const auto service = gateway::load(text, QStringLiteral("krakend.json"));
    if (!service)
        return;
    World world;
    world.files["private.json"] = sets.signer;
    std::vector<EndpointFacts> facts;
    for (const gateway::EndpointConfig &endpoint : service->endpoints) {
        facts.push_back(factsOf(endpoint, world));
        twin::Supplies supplies;
        supplies.keyFile = twin::FileSupply(sets.file);
        const twin::ValidatorStep step = twin::buildValidator(endpoint, supplies);
        if (const auto *state = std::get_if<twin::ValidatorState>(&step); state && state->enabled) {
            facts.back().validator = *state;
            facts.back().validator->download = sets.host;
            facts.back().validator->downloadHangs = sets.host && !*sets.host && sets.host->error().kind == http::TransportError::Timeout;
        }
    }
    checkDocument(text, out, std::move(facts));
}

twin::DownloadSupply served(const QByteArray &body, const char *type = "application/json", int status = 200)
{
    return keyReply(body, type, status);
}
twin::DownloadSupply failing(http::TransportError::Kind kind)
{
    return fail(http::TransportError{kind, "dial tcp 127.0.0.1:1: connect: connection refused", "http://keys/set"});
}

struct Row {
    const char *code;
    const char *what;
    QByteArray text;
    Sets sets;
    const char *member = nullptr; // none: it must not be raised
    Severity severity = Severity::Warning;
};

} // namespace

class TestRulesKeySets : public QObject
{
    Q_OBJECT

private:
    std::vector<Row> m_rows;

private Q_SLOTS:
    void initTestCase()
    {
        const jose::Key rsa = *jose::generateRsa(2048, "k"), otherRsa = *jose::generateRsa(2048, "k"),
                        elsewhere = *jose::generateRsa(2048, "q");
        const jose::Key secret = *jose::generateOct(64, "k"), otherSecret = *jose::generateOct(64, "k"),
                        otherName = *jose::generateOct(64, "q");
        const QByteArray rs = document("RS256", "'alg':'RS256','jwk_url':'http://keys/set'"),
                         hs = document("HS256", "'alg':'HS256','jwk_url':'http://keys/set'"),
                         rsFile = document("RS256", "'alg':'RS256','jwk_local_path':'public.json','jwk_url':'http://keys/set'"),
                         foreign = document("RS256", "'alg':'RS256','jwk_url':'http://idp/set'");
        const QByteArray rsSigner = privateSet({rsa}), hsSigner = privateSet({secret});
        const auto row = [&](const char *code, const char *what, const QByteArray &text, const Sets &sets, const char *member,
                             Severity severity = Severity::Warning) {
            m_rows.push_back({code, what, text, sets, member, severity});
        };
        row("validator-keys", "refused", rs, {rsSigner, {}, failing(http::TransportError::Refused)}, "jwk_url");
        row("validator-keys", "refused, HS256", hs, {hsSigner, {}, failing(http::TransportError::Refused)}, "jwk_url");
        row("validator-keys", "of another host", foreign, {rsSigner, {}, failing(http::TransportError::Refused)}, "jwk_url");
        row("validator-keys", "html", rs, {rsSigner, {}, served("x", "text/html")}, "jwk_url");
        row("validator-keys", "404 page not found", rs, {rsSigner, {}, served("404 page not found", "text/plain", 404)}, "jwk_url");
        row("validator-keys", "empty", rs, {rsSigner, {}, served("{}")}, "jwk_url");
        row("validator-keys", "there", rs, {rsSigner, {}, served(publicSet({rsa}))}, nullptr);
        row("validator-keys", "nobody asked", rs, {rsSigner, {}, {}}, nullptr);
        row("validator-keys-silent", "silent", rs, {rsSigner, {}, failing(http::TransportError::Timeout)}, "jwk_url");
        row("validator-keys-silent", "there", rs, {rsSigner, {}, served(publicSet({rsa}))}, nullptr);
        row("fit-kid-missing", "RS256, other keys", rs, {rsSigner, {}, served(publicSet({elsewhere}))}, "jwk_url");
        row("fit-kid-missing", "HS256, other keys", hs, {hsSigner, {}, served(privateSet({otherName}))}, "jwk_url");
        row("fit-kid-missing", "in its file", rsFile, {rsSigner, publicSet({elsewhere}), {}}, "jwk_local_path");
        row("fit-kid-missing", "perhaps somebody else's", foreign, {rsSigner, {}, served(publicSet({elsewhere}))}, "jwk_url",
            Severity::Hint);
        row("fit-kid-missing", "another algorithm of another host", document("HS256", "'alg':'RS256','jwk_url':'http://idp/set'"),
            {hsSigner, {}, served(publicSet({elsewhere}))}, nullptr);
        row("fit-kid-missing", "there", rs, {rsSigner, {}, served(publicSet({elsewhere, rsa}))}, nullptr);
        row("fit-kid-missing", "no set at all", rs, {rsSigner, {}, failing(http::TransportError::Refused)}, nullptr);
        row("fit-private-key", "under another URL", rs, {rsSigner, {}, served(privateSet({rsa}))}, "jwk_url");
        row("fit-private-key", "in another file", rsFile, {rsSigner, privateSet({rsa}), {}}, "jwk_local_path");
        row("fit-private-key", "public", rs, {rsSigner, {}, served(publicSet({rsa}))}, nullptr);
        row("fit-private-key", "a secret is as it should be", hs, {hsSigner, {}, served(privateSet({secret}))}, nullptr);
        row("fit-key-differs", "RS256", rs, {rsSigner, {}, served(publicSet({otherRsa}))}, "jwk_url");
        row("fit-key-differs", "HS256", hs, {hsSigner, {}, served(privateSet({otherSecret}))}, "jwk_url");
        row("fit-key-differs", "the same", rs, {rsSigner, {}, served(publicSet({rsa}))}, nullptr);
        row("fit-key-differs", "the signer is not at hand", hs, {privateSet({}), {}, served(privateSet({otherSecret}))}, nullptr);
        row("fit-other-set", "the same secret", hs, {hsSigner, {}, served(privateSet({secret}))}, "jwk_url", Severity::Hint);
        row("fit-other-set", "said better", hs, {hsSigner, {}, served(privateSet({otherSecret}))}, nullptr);
    }

    void raised_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            QTest::addRow("%s: %s%s", m_rows[i].code, m_rows[i].member ? "" : "must not: ", m_rows[i].what) << int(i);
    }
    void raised()
    {
        QFETCH(int, index);
        const Row &row = m_rows[std::size_t(index)];
        Checked checked;
        checkSets(row.text, row.sets, checked);
        QVERIFY2(checked.input.service, row.text.constData());
        const Problem *problem = findProblem(checked.problems, row.code);
        QVERIFY2((problem != nullptr) == (row.member != nullptr), row.text.constData());
        if (!problem)
            return;
        QCOMPARE(problem->pointer, at + '/' + row.member);
        QVERIFY(problem->severity == row.severity);
        const QString message = text::message(*problem);
        QVERIFY2(!message.contains(u'%') && message.size() > 20, qPrintable(message));
    }

    // The gateway's words, and what becomes of the requests.
    void words()
    {
        Checked checked;
        checkSets(document("HS256", "'alg':'HS256','jwk_url':'http://keys/set'"),
                  {privateSet({*jose::generateOct(64, "k")}), {}, failing(http::TransportError::Refused)}, checked);
        const Problem *problem = findProblem(checked.problems, "validator-keys");
        QVERIFY(problem && problem->effect == Problem::ValidatorOff);
        QCOMPARE(problem->gateway, QByteArray("ERROR [ENDPOINT: /p][JWTValidator] Unable to validate the token: Get \"http://keys/set\": "
                                              "dial tcp 127.0.0.1:1: connect: connection refused"));
    }

    void everyCodeOfSetsHasBothRows()
    {
        std::set<QByteArray> must, mustNot;
        for (const Row &row : m_rows)
            (row.member ? must : mustNot).insert(row.code);
        QVERIFY(must.size() >= 6);
        QVERIFY(must == mustNot);
    }
};

QTEST_GUILESS_MAIN(TestRulesKeySets)
#include "tst_rules_keysets.moc"
