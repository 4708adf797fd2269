// What `krakend check` prints, merged into the problems of the rules; and an inspection over real sockets.
#include "core/lab/checkmerge.h"
#include "core/lab/inspection.h"
#include "tests/support/turnoftheloop.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace tokenlab;

Q_DECLARE_METATYPE(tokenlab::lab::CheckAnswer)

namespace {

problems::Problem problemAt(const char *code, const QByteArray &pointer)
{
    problems::Problem problem;
    problem.code = problems::findCode(code);
    problem.pointer = pointer;
    return problem;
}

const QByteArray text =
    QByteArray("{'version':3,'endpoints':[{'endpoint':'/t','extra_config':{'auth/signer':{'typ':'x','alg':5}}}]}").replace('\'', '"');
const QByteArray signer = "/endpoints/0/extra_config/auth~1signer";

} // namespace

class TestCheckMerge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void merged_data()
    {
        QTest::addColumn<lab::CheckAnswer>("answer");
        QTest::addColumn<std::size_t>("count"); // of problems then; one of typ was there before
        QTest::addColumn<bool>("lint");         // of that one
        QTest::addColumn<bool>("error");        // one was added that ends the start
        lab::CheckAnswer answer;
        answer.kind = lab::CheckAnswer::Ok;
        QTest::newRow("nothing") << answer << std::size_t(1) << false << false;
        answer.kind = lab::CheckAnswer::NotRun;
        QTest::newRow("not run") << answer << std::size_t(1) << false << false;
        answer.kind = lab::CheckAnswer::Lint;
        answer.violations = {{signer, "additional properties 'typ' not allowed", 0}};
        QTest::newRow("the member that is known") << answer << std::size_t(1) << true << false;
        answer.violations = {{signer + "/typ", "got string, want number", 0}};
        QTest::newRow("the place that is known") << answer << std::size_t(1) << true << false;
        answer.violations = {{signer + "/alg", "got number, want string", 0}};
        QTest::newRow("something new") << answer << std::size_t(2) << false << false;
        answer.kind = lab::CheckAnswer::Parse;
        answer.exitCode = 1;
        answer.text = "unsupported version: 2 (want: 3)";
        QTest::newRow("it would not start") << answer << std::size_t(2) << false << true;
    }
    void merged()
    {
        QFETCH(lab::CheckAnswer, answer);
        QFETCH(std::size_t, count);
        QFETCH(bool, lint);
        QFETCH(bool, error);
        const auto tree = json::SyntaxTree::parse(text);
        QVERIFY(tree.ok());
        std::vector<problems::Problem> list{problemAt("typ-schema", signer + "/typ")};
        lab::mergeKrakendCheck(answer, &*tree, list);
        QCOMPARE(list.size(), count);
        QCOMPARE(list.front().lint, lint);
        if (count > 1) {
            QCOMPARE(QByteArray(list.back().code->id.data(), qsizetype(list.back().code->id.size())), QByteArray("krakend-check"));
            QCOMPARE(list.back().severity == problems::Severity::Error, error);
            QCOMPARE(list.back().effect == problems::Problem::NoStart, error);
        }
    }

    void aKnownEndOfTheStartIsSaidOnce()
    {
        problems::Problem known = problemAt("config-version", "/version");
        known.effect = problems::Problem::NoStart;
        std::vector<problems::Problem> list{known};
        lab::CheckAnswer answer;
        answer.kind = lab::CheckAnswer::Parse;
        answer.text = "unsupported version: 2 (want: 3)";
        lab::mergeKrakendCheck(answer, nullptr, list);
        QCOMPARE(list.size(), std::size_t(1));
    }

    // Files are looked at, what is not asked for is not, and destroying it early is quiet.
    void inspects()
    {
        QTemporaryDir folder;
        const QByteArray path = folder.filePath(QStringLiteral("k.json")).toUtf8();
        QFile file(QString::fromUtf8(path));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAA\"}]}") > 0);
        file.close();
        const auto endpoint = [&](const QByteArray &name, const QByteArray &kid) {
            return "{\"endpoint\":\"" + name +
                   "\",\"backend\":[{\"url_pattern\":\"/x\"}],\"extra_config\":{\"auth/signer\":{\"alg\":\"HS256\"," + "\"kid\":\"" + kid +
                   "\",\"keys_to_sign\":[\"a\"],\"disable_jwk_security\":true,\"jwk_local_path\":\"" + path + "\"}}}";
        };
        auto service =
            gateway::load("{\"version\":3,\"host\":[\"h\"],\"endpoints\":[" + endpoint("/a", "k") + ',' + endpoint("/b", "no") + "]}",
                          QStringLiteral("krakend.json"));
        QVERIFY(service.ok());
        const auto shared = std::make_shared<const gateway::ServiceConfig>(*std::move(service));
        lab::Inspected seen;
        lab::Inspection all(shared, {}, {});
        connect(&all, &lab::Inspection::finished, this, [&seen](const lab::Inspected &inspected) { seen = inspected; });
        QSignalSpy done(&all, &lab::Inspection::finished);
        all.start();
        QVERIFY(done.wait(10000));
        QCOMPARE(seen.endpoints.size(), std::size_t(2));
        QVERIFY(seen.endpoints[0].signer && seen.endpoints[0].signer->signer);
        QVERIFY(seen.endpoints[1].signer && seen.endpoints[1].signer->error);
        QVERIFY(seen.endpoints[0].files.contains(path));
        lab::Inspection some(shared, {}, {});
        some.setEndpoints({1});
        connect(&some, &lab::Inspection::finished, this, [&seen](const lab::Inspected &inspected) { seen = inspected; });
        QSignalSpy doneToo(&some, &lab::Inspection::finished);
        some.start();
        QVERIFY(doneToo.wait(10000));
        QVERIFY(!seen.endpoints[0].signer && seen.endpoints[1].signer);
        {
            lab::Inspection early(shared, {}, {});
            early.start();
        }
        QVERIFY(test::turnOfTheLoop());
    }
};

QTEST_GUILESS_MAIN(TestCheckMerge)
#include "tst_checkmerge.moc"
