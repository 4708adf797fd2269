#include "core/lab/bindings.h"

#include <QTest>

using namespace tokenlab;

class TestBindings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to"); // empty: refused
        const auto row = [](const char *text, const char *from, const char *to) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(from) << QByteArray(to);
        };
        row("https://backend=http://127.0.0.1:8400", "https://backend", "http://127.0.0.1:8400");
        row("/etc/k.json=./k.json", "/etc/k.json", "./k.json");
        row("https://h/j?a=b=/tmp/j.json", "https://h/j?a=b", "/tmp/j.json");
        row("https://h/j?a=b=https://l/?c=d", "https://h/j?a=b", "https://l/?c=d");
        row("k=v.json=../x=y", "k=v.json", "../x=y");
        row("https://h=keys.json", "https://h", "keys.json");
        row("a.json=b.json", "a.json", "b.json");
        row("no separator", "", "");
        row("=http://h", "", "");
        row("https://h=", "", "");
        row("", "", "");
    }
    void parses()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        const auto binding = lab::parseBinding(text);
        QCOMPARE(binding.ok(), !to.isEmpty());
        if (!binding) {
            QCOMPARE(binding.error().text, text);
            return;
        }
        QCOMPARE(binding->from, from);
        QCOMPARE(binding->to, to);
    }

    void bindsUrls_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("to"); // empty: not bound
        const auto row = [](const char *url, const char *to) { QTest::newRow(url) << QByteArray(url) << QByteArray(to); };
        row("https://h", "http://127.0.0.1:1");
        row("https://h/x?y=z", "http://127.0.0.1:1/x?y=z");
        row("https://h?y", "http://127.0.0.1:1?y");
        row("https://h/keys/a", "http://127.0.0.1:2/k/a"); // the longer one
        row("https://h/keys", "http://127.0.0.1:2/k");
        row("https://h/keysmore", "http://127.0.0.1:1/keysmore");
        row("https://slash/x", "http://127.0.0.1:3/x");
        row("https://file/jwk", "./keys.json");
        row("https://h2/x", "");
        row("https://h:8443/x", "");
        row("http://h/x", "");
        row("/etc/k.json", "");
    }
    void bindsUrls()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, to);
        QCOMPARE(m_bindings.url(url).value_or(QByteArray()), to);
        if (const lab::Binding *binding = m_bindings.forUrl(url))
            QCOMPARE(lab::unbound(to, *binding), url);
    }

    void bindsFiles_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("to");
        const auto row = [](const char *path, const char *to) { QTest::newRow(path) << QByteArray(path) << QByteArray(to); };
        row("/etc/k.json", "./k.json");
        row("/etc/krakend/ca.pem", "./ca/ca.pem");
        row("/etc/k.jsonx", "");
        row("/etc", "");
        row("https://h", "");
    }
    void bindsFiles()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, to);
        QCOMPARE(m_bindings.file(path).value_or(QByteArray()), to);
    }

    void initTestCase()
    {
        for (const char *text :
             {"https://h=http://127.0.0.1:1", "https://h/keys=http://127.0.0.1:2/k", "https://slash/=http://127.0.0.1:3/",
              "https://file/jwk=./keys.json", "/etc/k.json=./k.json", "/etc/krakend=./ca"}) {
            const auto binding = lab::parseBinding(text);
            QVERIFY2(binding.ok(), text);
            m_bindings.add(*binding);
        }
    }

private:
    lab::Bindings m_bindings;
};

QTEST_GUILESS_MAIN(TestBindings)
#include "tst_bindings.moc"
