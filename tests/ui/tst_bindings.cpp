// The dialog of the bindings: what it lists of the file, what it takes, what it refuses.
#include "ui/bindings/bindingsdialog.h"
#include "ui/bindings/bindingsmodel.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QTreeView>

using namespace tokenlab;
using namespace tokenlab::ui;

namespace {

// JSON with ' for ".
QByteArray dq(QByteArray text)
{
    return text.replace('\'', '"');
}

} // namespace

class TestBindings : public QObject
{
    Q_OBJECT

    gateway::ServiceConfig m_service;

    [[nodiscard]] static QStringList column(const BindingsModel &model, int column)
    {
        QStringList texts;
        for (int row = 0; row < model.rowCount(); ++row)
            texts << model.index(row, column).data().toString();
        return texts;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QByteArray backend =
            dq("'backend':[{'host':['https://login'],'url_pattern':'/x'},{'host':['https://login'],'url_pattern':'/y'}]");
        auto loaded = gateway::load(dq("{'version':3,'client_tls':{'ca_certs':['/etc/own.pem']},'endpoints':[{'endpoint':'/a',") + backend +
                                        dq(",'extra_config':{'auth/signer':{'alg':'HS256','kid':'k','keys_to_sign':['a'],") +
                                        dq("'jwk_url':'https://login/jwk.json','jwk_local_ca':'ca.pem'}}},{'endpoint':'/b',") + backend +
                                        dq(",'extra_config':{'auth/signer':{'alg':'HS256','kid':'k','keys_to_sign':['a'],") +
                                        dq("'jwk_local_path':'keys.json','disable_jwk_security':true}}}]}"),
                                    QStringLiteral("krakend.json"));
        QVERIFY(loaded.ok());
        m_service = std::move(loaded).value();
    }

    void listsTheFile()
    {
        lab::Bindings bindings;
        bindings.add({"https://login", "http://127.0.0.1:8400"});
        bindings.add({"https://elsewhere/x", "http://127.0.0.1:1"});
        BindingsModel model(&m_service, bindings);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(column(model, BindingsModel::FromColumn),
                 QStringList({QStringLiteral("https://login"), QStringLiteral("https://login/jwk.json"), QStringLiteral("keys.json"),
                              QStringLiteral("ca.pem"), QStringLiteral("/etc/own.pem"), QStringLiteral("https://elsewhere/x")}));
        QCOMPARE(column(model, BindingsModel::KindColumn).first(), QStringLiteral("Host"));
        QCOMPARE(column(model, BindingsModel::KindColumn).last(), QStringLiteral("By hand"));
        QCOMPARE(model.bindings().all().size(), std::size_t(2));
        // The key URL has no binding of its own; its host's acts on it.
        QCOMPARE(model.index(1, BindingsModel::ToColumn).data().toString(), QStringLiteral("http://127.0.0.1:8400/jwk.json"));
        QCOMPARE(model.index(2, BindingsModel::ToColumn).data().toString(), QStringLiteral("as it is"));
        QVERIFY(!(model.flags(model.index(0, BindingsModel::FromColumn)) & Qt::ItemIsEditable));
        QVERIFY(model.flags(model.index(5, BindingsModel::FromColumn)) & Qt::ItemIsEditable);
        QVERIFY(!model.setData(model.index(0, BindingsModel::FromColumn), QStringLiteral("x"), Qt::EditRole));
        // Emptied, a binding is gone.
        QVERIFY(model.setData(model.index(0, BindingsModel::ToColumn), QString(), Qt::EditRole));
        QCOMPARE(model.bindings().all().size(), std::size_t(1));
        model.removeRowByHand(0); // the file's rows stay
        QCOMPARE(model.rowCount(), 6);
        model.removeRowByHand(5);
        QCOMPARE(model.rowCount(), 5);
        QVERIFY(BindingsModel(nullptr, {}).bindings().all().empty());
    }

    void checks_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<bool>("good");
        QTest::newRow("host to URL") << QStringLiteral("https://h") << QStringLiteral("http://127.0.0.1:8400") << true;
        QTest::newRow("key URL to file") << QStringLiteral("https://h/k.json") << QStringLiteral("./k.json") << true;
        QTest::newRow("file to file") << QStringLiteral("k.json") << QStringLiteral("/tmp/k.json") << true;
        QTest::newRow("not begun") << QString() << QString() << true;
        QTest::newRow("must fail: file to URL") << QStringLiteral("k.json") << QStringLiteral("http://h/k.json") << false;
        QTest::newRow("must fail: no scheme of ours") << QStringLiteral("https://h") << QStringLiteral("ftp://h") << false;
        QTest::newRow("must fail: no host") << QStringLiteral("https://h") << QStringLiteral("http:///x") << false;
        QTest::newRow("must fail: from nothing") << QString() << QStringLiteral("http://h") << false;
        QTest::newRow("must fail: to nothing") << QStringLiteral("https://h") << QString() << false;
        QTest::newRow("must fail: twice") << QStringLiteral("https://login") << QStringLiteral("http://h") << false;
    }
    void checks()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(bool, good);
        lab::Bindings bindings;
        bindings.add({"https://login", "http://127.0.0.1:8400"});
        BindingsDialog dialog(&m_service, bindings);
        auto *table = dialog.findChild<QTreeView *>(QStringLiteral("bindingsTable"));
        auto *use = dialog.findChild<QPushButton *>(QStringLiteral("useBindings"));
        QVERIFY(use->isEnabled());
        dialog.findChild<QPushButton *>(QStringLiteral("addBinding"))->click();
        const int row = table->model()->rowCount() - 1;
        table->model()->setData(table->model()->index(row, BindingsModel::FromColumn), from, Qt::EditRole);
        table->model()->setData(table->model()->index(row, BindingsModel::ToColumn), to, Qt::EditRole);
        QCOMPARE(use->isEnabled(), good);
        QCOMPARE(dialog.findChild<QLabel *>(QStringLiteral("bindingsError"))->text().isEmpty(), good);
        if (good && !from.isEmpty())
            QCOMPARE(dialog.bindings().all().back().to, to.toUtf8());
    }

    void hostNeedsAUrl()
    {
        BindingsModel model(&m_service, {});
        QVERIFY(model.setData(model.index(0, BindingsModel::ToColumn), QStringLiteral("./file"), Qt::EditRole));
        QVERIFY(!model.error(0).isEmpty());
        QVERIFY(model.setData(model.index(1, BindingsModel::ToColumn), QStringLiteral("./file"), Qt::EditRole));
        QVERIFY(model.error(1).isEmpty()); // a key URL may be a file here
        QCOMPARE(model.firstError()->first, 0);
    }

    void deleteKey()
    {
        lab::Bindings bindings;
        bindings.add({"https://login", "http://127.0.0.1:8400"});
        BindingsDialog dialog(&m_service, bindings);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        auto *table = dialog.findChild<QTreeView *>(QStringLiteral("bindingsTable"));
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Delete);
        QVERIFY(dialog.bindings().all().empty());
    }
};

QTEST_MAIN(TestBindings)
#include "tst_bindings.moc"
