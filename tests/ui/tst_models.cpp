// Every model takes a whole value, tells its views properly and shows outside data inert.
#include "ui/endpoint/endpointmodel.h"
#include "ui/log/logmodel.h"
#include "ui/log/tracemodel.h"
#include "ui/request/headersmodel.h"
#include "ui/tokens/tokenmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace tokenlab;
using namespace tokenlab::ui;

class TestModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endpoints_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("signing");
        const QByteArray backend = R"("backend":[{"host":["http://h:8000"],"url_pattern":"/x"}])";
        QTest::newRow("one that signs, one that does not")
            << QByteArray(R"({"version":3,"endpoints":[{"endpoint":"/a",)" + backend +
                          R"(,"extra_config":{"auth/signer":{}}},{"endpoint":"/b",)" + backend + "}]}")
            << 2 << 1;
        QTest::newRow("none") << QByteArray(R"({"version":3})") << 0 << 0;
        QTest::newRow("must fail: refused by the gateway, no rows") << QByteArray(R"({"version":2})") << 0 << 0;
    }
    void endpoints()
    {
        QFETCH(QByteArray, file);
        EndpointModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        EndpointFilter filter;
        filter.setSourceModel(&model);
        QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto loaded = gateway::load(file, QStringLiteral("krakend.json"));
        model.setService(loaded ? std::make_shared<const gateway::ServiceConfig>(std::move(loaded).value()) : nullptr);
        QTEST(model.rowCount(), "rows");
        filter.setSigningOnly(true);
        QTEST(filter.rowCount(), "signing");
        model.setService({});
        QCOMPARE(filter.rowCount(), 0);
    }

    void log()
    {
        LogModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setLines({"ERROR [ENDPOINT: /token][JWTSigner] no\x1b[31m", "WARNING x"});
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(!model.index(0, 0).data().toString().contains(QChar(0x1b)));
        model.setLines({});
        QCOMPARE(model.rowCount(), 0);
    }

    void trace()
    {
        TraceModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        twin::TraceStep step;
        step.stage = twin::Stage::Sign;
        step.state = twin::StepState::Failed;
        model.setTrace({step, step});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, TraceModel::StageColumn).data().toString(), QStringLiteral("Sign"));
        model.setTrace({});
        QCOMPARE(model.rowCount(), 0);
    }

    void headers()
    {
        HeadersModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        twin::Dropped dropped;
        dropped.name = "Authorization";
        dropped.value = "Bearer x";
        dropped.fix = "input_headers";
        model.setHeaders({{"Content-Type", "application/json"}}, {dropped});
        QCOMPARE(model.rowCount(), 2);
        const auto struck = [&](int row) { return model.index(row, 0).data(Qt::FontRole).value<QFont>().strikeOut(); };
        QVERIFY(!struck(0)); // what was sent is not struck through
        QVERIFY(struck(1));
        QVERIFY(!model.index(1, HeadersModel::NoteColumn).data().toString().isEmpty());
    }

    void token_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<int>("parts");
        QTest::addColumn<QString>("firstClaim");
        QTest::newRow("RFC 7519 3.1")
            << QByteArray("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
                          "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
                          "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
            << 3 << QStringLiteral("exp");
        QTest::newRow("must fail: no token") << QByteArray("hello") << 0 << QString();
    }
    void token()
    {
        QFETCH(QByteArray, token);
        QFETCH(int, parts);
        TokenModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto decoded = jose::decodeToken(token);
        model.setToken(decoded, Instant{1700000000});
        if (parts == 0) {
            // However far the text can be taken apart, nothing of it may look like claims.
            QCOMPARE(model.rowCount(model.index(1, 0)), 0);
            return;
        }
        QCOMPARE(model.rowCount(), parts);
        const QModelIndex payload = model.index(1, 0);
        QTEST(model.index(0, TokenModel::ClaimColumn, payload).data().toString(), "firstClaim");
        QVERIFY(!model.index(0, TokenModel::MeaningColumn, payload).data().toString().isEmpty());
        const QString before = model.index(0, TokenModel::MeaningColumn, payload).data().toString();
        model.setNow(Instant{1300819000});
        QVERIFY(model.index(0, TokenModel::MeaningColumn, payload).data().toString() != before);
    }
};

QTEST_MAIN(TestModels)
#include "tst_models.moc"
